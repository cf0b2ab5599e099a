"""Budget 5: many calls in one start, without the network."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from aculab_wrappers import Call, OutboundClient

from .contestants import ACCOUNT, FROM
from .counting import calls_of, instructions, valgrind
from .growth import GROWTH, cpu_growth_row, growth_row
from .in_memory import answering, ids
from .rounds import cpu, race
from .row import Row, absent, at_most, compared

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers._core.http import HttpRequest

    from .contestants import Run

MANY: Final = 10_000
SIZES: Final = (100, 1_000, 10_000, 100_000)

_WHAT: Final = "a call of a start"
_OURS: Final = "this package"
_BARE: Final = "json.dumps, urlencode, json.loads"
_ROUNDS: Final = 15
_FEW_ROUNDS: Final = 5
_VALGRIND_SIZES: Final = (100, 1_100, 4_000, 12_000)


def rows() -> list[Row]:
    assert our_body(100) == bare_body(100), "not the same work"
    turns = {_OURS: cpu(batch(MANY, _ROUNDS + 1), 1), _BARE: cpu(bare(MANY), 1)}
    costs = race(turns, _ROUNDS)
    return [
        compared(f"a start of {MANY:,} calls, in memory, CPU", costs, _OURS, _BARE, at_most(1.8)),
        growth_row("function calls", _WHAT, SIZES, function_calls_of, GROWTH),
        _instructions_row(),
        cpu_growth_row(_WHAT, SIZES, _each, _FEW_ROUNDS),
    ]


def batch(count: int, times: int) -> Run:
    """A start of so many calls, to be run so often: build, check, encode, and read the answer."""
    client, wanted = OutboundClient(*ACCOUNT, timeout=None), numbers(count)
    answers = iter([ids(count) for _ in range(times)])

    def answer(request: HttpRequest) -> bytes:
        assert request.body  # it is made when it is asked for
        return next(answers)

    def run() -> object:
        with answering(answer):
            return client.start([Call(to, from_, token=token) for to, from_, token in wanted])

    return run


def bare(count: int) -> Run:
    """The same work on the same data, as somebody does it who checks nothing."""
    calls = [{"to": to, "from": from_, "token": token} for to, from_, token in numbers(count)]
    answer = ids(count)
    return lambda: (_form(calls), json.loads(answer))


def numbers(count: int) -> list[tuple[str, str, str]]:
    """What is to be called, from where, and with which token."""
    return [(f"4419082{number:05}", FROM, f"row {number}") for number in range(count)]


def function_calls_of(count: int) -> float:
    """The function calls of a start of so many."""
    return calls_of(batch(count, 3))


def without_collector(count: int) -> None:
    """One start of so many, and no garbage collector, whose work is that of the whole program."""
    gc.disable()
    batch(count, 1)()


def our_body(count: int) -> bytes:
    """The body that such a start sends."""
    sent: list[bytes] = []

    def answer(request: HttpRequest) -> bytes:
        sent.append(request.body)
        return ids(count)

    with answering(answer):
        client = OutboundClient(*ACCOUNT, timeout=None)
        client.start([Call(to, from_, token=token) for to, from_, token in numbers(count)])
    return sent[0]


def bare_body(count: int) -> bytes:
    """The body of the bare work."""
    return _form([{"to": to, "from": from_, "token": token} for to, from_, token in numbers(count)])


def _form(calls: list[dict[str, str]]) -> bytes:
    text = json.dumps(calls, separators=(",", ":"))
    return urlencode({"outbound_parameters": text}).encode()


def _instructions_row() -> Row:
    """By instructions, and up to fewer calls: valgrind takes some fifty times as long."""
    if not valgrind():
        return absent(f"{_WHAT}, by instructions", "valgrind", at_most(GROWTH))
    program = (
        f"import sys; from {__name__} import without_collector; without_collector(int(sys.argv[1]))"
    )

    def cost(count: int) -> float:
        return instructions(program, str(count))

    cost(1)  # what is compiled is compiled
    return growth_row("instructions", _WHAT, _VALGRIND_SIZES, cost, GROWTH)


def _each(count: int, times: int) -> Callable[[], float]:
    turn = cpu(batch(count, times * (_FEW_ROUNDS + 1)), times)
    return lambda: turn() / count
