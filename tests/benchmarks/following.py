"""Budget 6: news of many followed calls, and what each of them takes in memory."""

from __future__ import annotations

import gc
import itertools
import json
import sys
import tracemalloc
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from aculab_wrappers import csharp, java, php
from aculab_wrappers._core.operations import STATUS_BATCH

from .contestants import ACCOUNT, FROM
from .counting import function_calls
from .growth import GROWTH, cpu_growth_row, growth_row
from .in_memory import answering
from .rounds import cpu
from .row import Row, Spread, at_most, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aculab_wrappers._core.values import Invocation

MOST_BYTES: Final = 400
"""Most bytes that a followed call may take, over its strings."""
SIZES: Final = (1_000, 2_000, 10_000, 100_000)

_ROUNDS: Final = 5
_REPORT: Final = {
    "status": "RUNNING",
    "status_detail": "",
    "application_status_eta": None,
}


@dataclass(frozen=True)
class Followed:
    """Calls that were started through a face, and are followed by it.

    Attributes:
        update: Asks the cloud for news of all.
        known: What the face holds of them.
    """

    update: Callable[[], object]
    known: Callable[[], Iterable[Invocation]]


def rows() -> list[Row]:
    found = []
    for face in MEASURED:
        what = f"{face}: news of a followed call"
        found += [
            growth_row("function calls", what, SIZES, partial(update_calls, face), GROWTH),
            cpu_growth_row(what, SIZES, partial(_per_call, face), _ROUNDS),
            _memory_row(face),
        ]
    return found


def update_calls(face: str, count: int) -> float:
    """The function calls of an update of so many."""
    followed, answers = FACES[face](count), itertools.cycle(news(count))
    with answering(lambda _: next(answers)):
        followed.update()
        return function_calls(followed.update)


def bytes_of_each(face: str, count: int) -> float:
    """What each of so many followed calls takes in memory, without its strings."""
    gc.collect()
    tracemalloc.start()
    try:
        answers = news(count)
        before = tracemalloc.get_traced_memory()[0]
        followed = FACES[face](count)
        waiting = iter(answers)
        with answering(lambda _: next(waiting)):
            followed.update()
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    return (taken - _strings(followed.known())) / count


def news(count: int) -> list[bytes]:
    """The answers to requests for news of so many, all of them running."""
    known = [_id(number) for number in range(count)]
    batches = (known[first : first + STATUS_BATCH] for first in range(0, count, STATUS_BATCH))
    return [
        json.dumps(
            {id_: {**_REPORT, "application_instance_id": f"app-{id_}"} for id_ in batch}
        ).encode()
        for batch in batches
    ]


def _id(number: int) -> str:
    return f"{number:032x}"


def _ids(count: int) -> bytes:
    return json.dumps([_id(number) for number in range(count)]).encode()


def _strings(known: Iterable[Invocation]) -> int:
    """The bytes of all different strings."""
    found: dict[int, str] = {}
    for item in known:
        call = item.call
        texts = [item.id, item.status, item.status_detail, item.application_instance_id]
        if call:
            texts += [call.to, call.from_, call.token, call.outbound_parameters]  # type: ignore[list-item]
        found.update((id(text), text) for text in texts if text)
    return sum(map(sys.getsizeof, found.values()))


def _destination(number: int) -> str:
    return f"4419082{number:05}"


def _csharp(count: int) -> Followed:
    service, calls = csharp.OutboundRESTAPIService(*ACCOUNT), csharp.List[csharp.OutboundCall]()
    for number in range(count):
        calls.Add(csharp.OutboundCall(_destination(number), FROM))
    with answering(lambda _: _ids(count)):
        service.Start(calls)
    return Followed(service.UpdateStatus, lambda: [one._invocation for one in service._started])


def _java(count: int) -> Followed:
    service, calls = java.OutboundRESTAPIService(*ACCOUNT), java.ArrayList[java.OutboundCall]()
    for number in range(count):
        calls.add(java.OutboundCall(_destination(number), FROM))
    with answering(lambda _: _ids(count)):
        service.start(calls)
    return Followed(service.updateStatus, lambda: [one._invocation for one in service._started])


def _php(count: int) -> Followed:
    service = php.OutboundService(*ACCOUNT)
    configurations = [
        php.OutboundInstanceConfiguration(_destination(number), FROM) for number in range(count)
    ]
    with answering(lambda _: _ids(count)):
        started = service.startInstance(configurations)
    assert isinstance(started, list)
    return Followed(lambda: service.getInstanceStatus(started), service._heard.values)


FACES: Final[dict[str, Callable[[int], Followed]]] = {
    "csharp": _csharp,
    "java": _java,
    "php": _php,
}
"""The faces that follow what they have started; vb is csharp by another name."""

MEASURED: Final = ("csharp", "php")
"""Those that stand for all: java holds what csharp holds. The tests count the calls of all."""


def _per_call(face: str, count: int, times: int) -> Callable[[], float]:
    followed, answers = FACES[face](count), itertools.cycle(news(count))
    turn = cpu(followed.update, times)

    def per_call() -> float:
        with answering(lambda _: next(answers)):
            return turn() / count

    return per_call


def _memory_row(face: str) -> Row:
    count = SIZES[-1]
    taken = bytes_of_each(face, count)
    return Row(
        f"{face}: memory of a followed call, {count:,} of them",
        shown(taken, "bytes"),
        "its strings alone",
        "",
        Spread.of([taken]),
        at_most(MOST_BYTES),
        "bytes",
        {"bytes": [taken]},
    )
