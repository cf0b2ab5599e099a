"""Budget 8: what the sandbox costs its server, and whether many live calls slow it down."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Final

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox

from . import contestants
from .contestants import ACCOUNT, FROM
from .counting import function_calls
from .growth import GROWTH, cpu_growth_row, growth_row
from .rounds import cpu, race
from .row import Row, at_most, compared
from .sandbox_server import serving_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from .contestants import Run

SIZES: Final = (1_000, 2_000, 10_000, 100_000)

_OURS: Final = "the sandbox"
_EMPTY: Final = "an empty handler, same server"
_ROUNDS: Final = 30
_FEW_ROUNDS: Final = 3
_TIMES: Final = 25
_WHOLE_LIFE: Final = 3_600.0


def rows() -> list[Row]:
    found = [_start_row()]
    for name, make in DOINGS.items():
        what = f"sandbox: {name}"
        found += [
            growth_row("function calls", what, SIZES, partial(_calls, make), GROWTH),
            cpu_growth_row(what, SIZES, partial(_per_call, make), _FEW_ROUNDS),
        ]
    return found


def live(count: int) -> tuple[Sandbox, list[str]]:
    """A sandbox with so many started calls, and their ids."""
    sandbox = Sandbox(time="manual", calls_per_second=math.inf, seed=1)
    client = OutboundClient(*ACCOUNT, transport=sandbox)
    calls = [Call(f"4419082{number:05}", FROM) for number in range(count)]
    return sandbox, [one.id for one in client.start(calls)]


def advance(count: int) -> Run:
    """Live through all of so many calls, once."""
    sandbox, _ = live(count)

    def run() -> None:
        sandbox.advance(_WHOLE_LIFE)
        assert sandbox.counts["COMPLETED"] == count

    return run


def status(count: int) -> Run:
    """Ask for the status of so many calls."""
    sandbox, ids = live(count)
    client = OutboundClient(*ACCOUNT, transport=sandbox)
    return lambda: client.status(ids)


DOINGS: Final[dict[str, Callable[[int], Run]]] = {
    "a live call's whole life": advance,
    "the status of a live call": status,
}


def _start_row() -> Row:
    with serving_sandbox() as (sandbox, other, spent):
        turns = {
            name: _turn(contestants.http_client(base), spent)
            for name, base in ((_OURS, sandbox), (_EMPTY, other))
        }
        costs = race(turns, _ROUNDS)
    return compared("sandbox: one start, CPU of the server", costs, _OURS, _EMPTY, at_most(2))


def _turn(run: Run, spent: Callable[[], float]) -> Callable[[], float]:
    def turn() -> float:
        begin = spent()
        for _ in range(_TIMES):
            assert run()
        return (spent() - begin) / _TIMES

    return turn


def _calls(make: Callable[[int], Run], count: int) -> float:
    return function_calls(make(count))


def _per_call(make: Callable[[int], Run], count: int, times: int) -> Callable[[], float]:
    def turn() -> float:
        runs = [make(count) for _ in range(times)]  # each can be done once
        return sum(cpu(run, 1)() for run in runs) / times / count

    return turn
