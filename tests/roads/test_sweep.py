"""An exception at every so many opcodes of a start: nothing is lost, and nothing is left behind.

ACULAB_TEST_SWEEP=1 looks at each opcode, =7 at each seventh: it takes minutes, and an hour for a
closed port. The variable is read when this module is imported: tests do not see it.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import sys
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from traceback import walk_stack
from typing import TYPE_CHECKING, Any, Final

import pytest

from aculab_wrappers import Call, OutboundClient, Outcome, StartError

from ..transport.sockets import answer, closed_port
from .asking import client, judged, starts_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Peer, Server

ASKED: Final = int(os.environ.get("ACULAB_TEST_SWEEP") or 0)
STRIDES: Final = {"plain": 97, "TLS": 97, "closed": 499}  # a start that fails has more opcodes
BARE: Final = frozenset(("aculab_wrappers.client.start", "aculab_wrappers._core.session.start"))
"""Where no cause can be told: before the start has begun, and when it has returned."""


class Injected(Exception):
    """What comes from outside."""


FINAL: Final = ("urllib3.response.closed", "weakref.__call__")
"""What Python asks when it finalizes an object, and lets nothing out of."""


WAITS: Final = "threading"
"""How many opcodes a wait for another thread has is chance, and so is what is met there."""


class Numbered:
    """Starts what it is asked to start, each time under another id."""

    def __init__(self) -> None:
        self._numbers = itertools.count(7000)

    def __call__(self, peer: Peer) -> None:
        peer.read_request()
        peer.say(answer(b'["id-%d"]' % next(self._numbers)))


@dataclass
class Sweep:
    """Raises at one opcode of what it runs, and knows where that was."""

    at: int
    passed: int = 0
    where: str = ""
    stop: BaseException = field(default_factory=Injected)

    def run(self, asks: Callable[[], Any]) -> Any:
        before = sys.gettrace()
        gc.disable()  # what it would finalize has nothing to do with the start
        sys.settrace(self._enter)
        try:
            return asks()
        finally:
            sys.settrace(before)
            gc.enable()

    def _enter(self, frame: FrameType, _event: str, _argument: object) -> Any:
        if frame.f_globals.get("__name__") in (__name__, WAITS):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._step

    def _step(self, frame: FrameType, event: str, _argument: object) -> Any:
        if event == "opcode":
            self.passed += 1
            if self.passed >= self.at and not is_final(frame):
                self.where = place_of(frame)
                raise self.stop  # which ends the tracing as well
        return self._step


def is_final(frame: FrameType) -> bool:
    return any(place_of(one) in FINAL for one, _ in walk_stack(frame))


def place_of(frame: FrameType) -> str:
    return f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}"


@dataclass
class Seen:
    """What came of a start that was broken off at one point."""

    at: int
    where: str
    outcome: Outcome | None

    @property
    def token(self) -> str:
        return f"at-{self.at}-"


def swept(asking: Callable[[], OutboundClient], stride: int, first: int) -> list[Seen]:
    """Break off a start at each `stride`th opcode, and start the next one after each."""
    found: list[Seen] = []
    at = first
    while True:
        sweep = Sweep(at)
        client_ = asking()
        call = Call("sip:a@b", token=f"at-{at}-")
        error: BaseException | None = None
        ignored: list[object] = []
        hook = sys.unraisablehook
        sys.unraisablehook = ignored.append
        try:
            sweep.run(lambda: client_.start(call))  # noqa: B023
        except BaseException as caught:
            error = caught
        finally:
            sys.unraisablehook = hook
        if not sweep.where:
            assert error is None or isinstance(error, StartError)
            return found
        if error is None:
            assert ignored, f"swallowed in {sweep.where}"
            found.append(Seen(at, sweep.where, Outcome.STARTED))
        else:
            found.append(Seen(at, sweep.where, judged(error).outcome))
            assert error is sweep.stop or isinstance(error, StartError), (sweep.where, error)
        with contextlib.suppress(StartError):  # a closed port is refused each time
            assert len(client_.start(Call("sip:a@b"))) == 1
        at += stride


@pytest.fixture(params=["plain", "TLS", "closed"])
def road(
    request: pytest.FixtureRequest,
    serve: Serve,
    certificates: Certificates,
    pauses: list[float],
) -> Any:
    """The server of a start, the options of its client, and how many opcodes to go on at a time."""
    stride = ASKED or STRIDES[request.param]
    if request.param == "closed":
        with closed_port() as port:
            yield None, {"base_url": f"http://127.0.0.1:{port}"}, stride
        return
    server = serve(Numbered(), tls=certificates.good if request.param == "TLS" else None)
    options = {"base_url": server.url, "ca_bundle": certificates.file}
    yield server, options, stride


@pytest.mark.skipif(sys.version_info[:2] == (3, 12), reason="3.12 traces opcodes now and then")
def test_an_exception_at_any_point_of_a_start_has_its_outcome_as_its_cause(
    road: tuple[Server | None, dict[str, Any], int],
) -> None:
    server, options, stride = road
    with contextlib.suppress(StartError):  # what it imports is not swept
        client(**options).start(Call("sip:a@b"))
    with warnings.catch_warnings():
        # Between two opcodes, a socket may belong to nobody yet.
        warnings.simplefilter("ignore", ResourceWarning)
        shared = client(**options)
        # An exception between two opcodes can leave another one as the one that its thread handles.
        with ThreadPoolExecutor(1) as thread:
            found = thread.submit(swept, lambda: shared, stride, first=1).result()
        gc.collect()
    assert len(found) > 30
    bare = [one for one in found if one.outcome is None]
    if server is not None:
        starts_at(server)  # it has read all
        for one in found:
            reached = starts_in(server, one.token)
            assert reached <= 1, one
            if one.outcome is Outcome.NOT_SENT:
                assert reached == 0, one
    if ASKED:
        sys.stderr.write(f"{len(found)} points; bare: {summary(bare)}\n")
    assert set(summary(bare)) <= BARE, summary(bare)


def starts_in(server: Server, token: str) -> int:
    return sum(token.encode() in request.body for request in server.requests)


def summary(found: list[Seen]) -> dict[str, int]:
    return dict(Counter(one.where for one in found))
