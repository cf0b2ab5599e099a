"""Rows 20 and 32 to 35: whatever else might send a start once more."""

from __future__ import annotations

import json
import random
import socket
import time
import warnings
from typing import TYPE_CHECKING, Any, Final

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from aculab_wrappers import AculabError, Call, Invocation

from ..transport.sockets import answer
from .cloud import (
    cut,
    own_ids,
    relaying,
    says,
    starts,
    under_tls,
    whole,
)
from .row import (
    SECURE,
    STRAIGHT,
    not_sent,
    started,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..transport.sockets import Peer
    from .bench import Bench
    from .row import Row


FEW: Final = 12


def call(name: object) -> Call:
    return Call("+441908273800", token=str(name))


def closes_soon(peer: Peer) -> None:
    peer.pause(random.uniform(0, 0.004))


def one_after_another(bench: Bench) -> list[Invocation]:
    for number in range(FEW - 1):
        (one,) = bench.start(call(number))
        assert one.id == f"id-of-{number}"
        time.sleep(0.002)
    return bench.start(call("last"))


def own_connections(bench: Bench) -> None:
    assert bench.cloud.connections == bench.row.tries


def doubled(merge: Callable[[list[bytes]], list[bytes]]) -> Any:
    """A middle box that sends the request twice to an origin that issues two ids."""

    def arrange(bench: Bench) -> None:
        origin = bench.other(says(b'["id-1"]'), says(b'["id-2"]'))
        bench.script = relaying(origin, merge)

    return arrange


def twice_at_the_origin(bench: Bench) -> None:
    assert starts(bench.others[0]) == 2


def merged(came: list[bytes]) -> list[bytes]:
    lists = [json.loads(data.partition(b"\r\n\r\n")[2]) for data in came]
    return [answer(json.dumps([id_ for ids in lists for id_ in ids]).encode())]


def twice(bench: Bench) -> list[Invocation]:
    bench.start(bench.row.calls)
    return bench.start(bench.row.calls)


USUALLY_CAUGHT: Final = (
    OSError,
    ConnectionError,
    TimeoutError,
    EOFError,
    ValueError,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
)


def retried_on(*kinds: type[Exception], when: Callable[[Any], bool] = lambda _: True) -> Any:
    """As a decorator for retries does it: three attempts at whatever raises one of `kinds`."""

    def run(bench: Bench) -> list[Invocation]:
        for _ in range(2):
            try:
                return bench.start()
            except kinds as error:
                if not when(error):
                    raise
        return bench.start()

    return run


def nobody_at_first(bench: Bench) -> None:
    found = [bench.nobody(), bench.nobody()]
    assert bench.way in STRAIGHT

    bench.resolve((socket.AF_INET, lambda: found.pop() if found else bench.cloud.port))


def for_all_methods() -> Retry:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # about this very surprise
        return Retry(3, allowed_methods=[])


def session_of_its_own(bench: Bench) -> None:
    session = bench.stack.enter_context(requests.Session())
    session.mount("https://", HTTPAdapter(max_retries=3))
    session.mount("http://", HTTPAdapter(max_retries=for_all_methods()))
    bench.options["transport"] = session


def retries_for_all(bench: Bench) -> None:
    """Retries turned on for everything in the process that uses urllib3."""
    bench.patch.setattr(Retry, "DEFAULT", for_all_methods())
    bench.patch.setattr("requests.adapters.DEFAULT_RETRIES", 3)


ROWS: Final[tuple[Row, ...]] = (
    started(
        20,
        "",
        "an idle connection closed as we send",
        own_ids(keep_alive=True, then=closes_soon),
        ways=STRAIGHT,
        run=one_after_another,
        starts=FEW,
        tries=FEW,
        ids=("id-of-last",),
        check=own_connections,
    ),
    started(
        32,
        "a",
        "sent twice by a middle box, one answer passed on",
        arrange=doubled(lambda came: came[:1]),
        check=twice_at_the_origin,
    ),
    started(
        32,
        "b",
        "sent twice, both ids in one answer",
        arrange=doubled(merged),
        check=twice_at_the_origin,
        mismatch=True,
        ids=("id-1", "id-2"),
    ),
    started(
        32,
        "c",
        "sent twice, two answers: the first one counts",
        arrange=doubled(lambda came: [b"".join(came)]),
        check=twice_at_the_origin,
    ),
    unknown(
        33,
        "",
        "a cache answers the second start with the first's id",
        says(),
        run=twice,
        starts=2,
        tries=2,
        ids=("id-1",),
    ),
    unknown(
        34,
        "a",
        "a decorator starts again on what it usually catches",
        cut(),
        run=retried_on(*USUALLY_CAUGHT),
    ),
    unknown(
        34,
        "b",
        "the same, in silence",
        whole(),
        timeout=0.4,
        waits=True,
        within=3.0,
        run=retried_on(*USUALLY_CAUGHT),
    ),
    unknown(
        34,
        "c",
        "a decorator that asks `retryable`",
        cut(),
        run=retried_on(AculabError, when=lambda error: bool(getattr(error, "retryable", False))),
    ),
    started(
        34,
        "d",
        "the same where nothing was sent",
        says(),
        ways=STRAIGHT,
        arrange=nobody_at_first,
        run=retried_on(AculabError, when=lambda error: bool(getattr(error, "retryable", False))),
    ),
    not_sent(
        35,
        "a",
        "a session with retries for a transport",
        under_tls(b"this is no TLS record"),
        arrange=session_of_its_own,
        ways=SECURE,
    ),
    unknown(
        35,
        "b",
        "retries turned on everywhere, bad TLS",
        under_tls(b"this is no TLS record"),
        arrange=retries_for_all,
        ways=SECURE,
    ),
    unknown(35, "c", "retries turned on everywhere, no answer", cut(), arrange=retries_for_all),
)
