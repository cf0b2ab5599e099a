"""Rows 36, 37 and 40: forks, threads, and what is called from inside a start."""

from __future__ import annotations

import logging
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pytest

from aculab_wrappers import AculabError, Call, Invocation, NotSentError, php
from aculab_wrappers._core import sockets

from ..transport.asking import PASSWORD
from .bench import Missed
from .cloud import (
    own_ids,
    posts,
    says,
    tokens,
)
from .row import (
    STRAIGHT,
    Way,
    started,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from .bench import Bench
    from .row import Row


MANY: Final = 64
CHILDREN: Final = 8
OFTEN: Final = 10


def call(name: object) -> Call:
    return Call("+441908273800", token=str(name))


def own(bench: Bench, name: str) -> bool:
    return [one.id for one in bench.start(call(name))] == [f"id-of-{name}"]


def forked(bench: Bench) -> list[Invocation]:
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    assert own(bench, "parent")
    children = []
    for number in range(CHILDREN):
        child = os.fork()
        if child == 0:
            right = False
            try:
                right = all(own(bench, f"{number}-{turn}") for turn in range(OFTEN))
            finally:
                os._exit(0 if right else 1)
        children.append(child)
    assert all(own(bench, f"parent-{turn}") for turn in range(OFTEN))
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * CHILDREN
    return bench.start(call("last"))


def threaded(bench: Bench) -> list[Invocation]:
    barrier = threading.Barrier(MANY, timeout=10)
    bench.client()

    def ask(number: int) -> bool:
        barrier.wait()
        return own(bench, f"{number}-a") and own(bench, f"{number}-b")

    with ThreadPoolExecutor(MANY) as threads:
        assert all(threads.map(ask, range(MANY)))
    return bench.start(call("last"))


def each_once(bench: Bench) -> None:
    names = [name for request in posts(bench.cloud) for name in tokens(request)]
    assert len(names) == len(set(names))


class Hostile(logging.Handler):
    """A log handler that does something else than write."""

    def __init__(self, does: Callable[[str], object]) -> None:
        super().__init__(logging.DEBUG)
        self._does = does

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("urllib3"):
            self._does(record.getMessage())


def logging_to(make: Callable[[Bench], Callable[[str], object]]) -> Callable[[Bench], None]:
    def arrange(bench: Bench) -> None:
        handler = Hostile(make(bench))
        logging.root.addHandler(handler)
        bench.stack.callback(logging.root.removeHandler, handler)

    return arrange


def raises_in_log(pattern: str) -> Callable[[Bench], Callable[[str], object]]:
    def make(_bench: Bench) -> Callable[[str], object]:
        def does(message: str) -> None:
            if re.search(pattern, message):
                raise RuntimeError("this handler cannot write")

        return does

    return make


def starts_within(bench: Bench) -> None:
    """Start again, once, from inside a start: where a signal handler may run."""
    inner: list[object] = []
    bench.notes["inner"] = inner
    connect_to = sockets.connect_to

    def interrupted(*args: Any) -> Any:
        if not inner:
            inner.append(None)
            try:
                inner[0] = bench.start(call("inner"))
            except AculabError as error:
                inner[0] = error
        return connect_to(*args)

    bench.patch.setattr(sockets, "connect_to", interrupted)


def refused_to_start_again(bench: Bench) -> None:
    (inner,) = bench.notes["inner"]
    if not isinstance(inner, NotSentError):
        raise Missed(f"the start inside a start came to {inner!r}")


def with_callback(make: Callable[[php.OutboundService], Callable[[int, str], object]]) -> Any:
    """Start as PHP does, which has a callback for errors and keeps the error to itself."""

    def run(bench: Bench) -> list[Invocation]:
        service = php.OutboundService("1-2-0", "user@example.com", "My Service", PASSWORD)
        service._client = bench.client()
        service.setErrorCallback(make(service))
        service.startInstance(php.OutboundInstanceConfiguration("+441908273800"))
        if service.last_error is None:
            raise Missed("the error of the start is lost")
        raise service.last_error

    return run


def raises(_service: php.OutboundService) -> Callable[[int, str], object]:
    def callback(_code: int, _text: str) -> None:
        raise RuntimeError("this callback cannot write")

    return callback


def starts_again(service: php.OutboundService) -> Callable[[int, str], object]:
    again = [php.OutboundInstanceConfiguration("+441908273801")]

    def callback(_code: int, _text: str) -> None:
        if again:
            service.startInstance(again.pop())

    return callback


ROWS: Final[tuple[Row, ...]] = (
    started(
        36,
        "",
        "forks",
        own_ids(),
        # Not over TLS: the test's own server runs in threads of the process that forks, and a
        # child would be born with whatever lock of the TLS library one of them holds.
        ways=(Way.PLAIN,),
        run=forked,
        ids=("id-of-last",),
        starts=2 + OFTEN * (CHILDREN + 1),
        tries=2 + OFTEN * (CHILDREN + 1),
        check=each_once,
        within=12.0,
    ),
    started(
        37,
        "",
        "64 threads on one client",
        own_ids(),
        run=threaded,
        ids=("id-of-last",),
        starts=2 * MANY + 1,
        tries=2 * MANY + 1,
        check=each_once,
        timeout=20.0,
        within=15.0,
    ),
    started(40, "a", "a log handler raises", says(), arrange=logging_to(raises_in_log(""))),
    started(
        40,
        "b",
        "a log handler raises at the answer",
        says(),
        arrange=logging_to(raises_in_log('" 200 ')),
    ),
    started(
        40,
        "c",
        "a signal handler starts again",
        says(),
        arrange=starts_within,
        check=refused_to_start_again,
        tries=2,
    ),
    unknown(
        40,
        "d",
        "PHP's error callback raises",
        says(b"no", b"500 No"),
        run=with_callback(raises),
        ways=STRAIGHT,
    ),
    unknown(
        40,
        "e",
        "PHP's error callback starts again",
        says(b"no", b"500 No"),
        run=with_callback(starts_again),
        tries=2,
        ways=STRAIGHT,
    ),
)
