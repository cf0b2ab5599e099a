"""What a signal handler or another thread raises into a request comes out at once, as it is.

Its cause is the error of the start, with the outcome. Nothing is retried, nothing is left behind.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import gc
import logging
import os
import signal
import socket
import threading
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from aculab_wrappers import AculabError, Call, OutboundClient, Outcome, TransportError
from aculab_wrappers._core import deadline, exchange, operations, outcome, sockets

from ..transport.sockets import PATIENCE, answer, closed_port
from .asking import CALL, ID, SoftLimit, client, ids_of, judged, start, starting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Peer, Server

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a signal is sent to one process")

LONG: Final = 9.0
"""Seconds that what is interrupted would otherwise take."""
AT_ONCE: Final = 4.0


# ---- Handlers


class Handler:
    """An object that is called as a handler."""

    def __init__(self, stop: BaseException) -> None:
        self._stop = stop

    def __call__(self, number: int, frame: FrameType | None) -> None:
        raise self._stop

    def method(self, _number: int, _frame: FrameType | None) -> None:
        raise self._stop


def plain(stop: BaseException) -> Any:
    def raises(number: int, frame: FrameType | None) -> None:
        raise stop

    return raises


def with_any_arguments(stop: BaseException) -> Any:
    def raises(*_: object) -> None:
        raise stop

    return raises


def restored_first(stop: BaseException) -> Any:
    def raises(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise stop

    return raises


def in_a_generator(stop: BaseException) -> Any:
    def waits() -> Iterator[None]:
        yield
        raise stop

    waiting = waits()
    next(waiting)

    def raises(_number: int, _frame: FrameType | None) -> None:
        next(waiting)

    return raises


def with_a_context(stop: BaseException) -> Any:
    def raises(_number: int, _frame: FrameType | None) -> None:
        try:
            raise ValueError("what the handler had before")
        except ValueError:
            raise stop  # noqa: B904

    return raises


HANDLERS: dict[str, Callable[[BaseException], Any]] = {
    "a function": plain,
    "a function of any arguments": with_any_arguments,
    "an object": Handler,
    "a method": lambda stop: Handler(stop).method,
    "a partial": lambda stop: functools.partial(Handler(stop)),
    "one that is restored before it raises": restored_first,
    "a generator": in_a_generator,
    "one with a context": with_a_context,
}
STOPS: dict[str, Callable[[], BaseException]] = {
    "an exception of its own": SoftLimit,
    "TimeoutError": TimeoutError,
    "TimeoutError with a text": lambda: TimeoutError("timed out"),
    "OSError": lambda: OSError(5, "an I/O error"),
    "ConnectionResetError": lambda: ConnectionResetError(104, "reset"),
    "KeyboardInterrupt": KeyboardInterrupt,
    "SystemExit": lambda: SystemExit(3),
}
PAIRS: Final = [
    *((handler, "TimeoutError") for handler in HANDLERS),
    *(("a function", stop) for stop in STOPS),
]


def ring() -> None:
    """Send the signal to the thread of the tests."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)


@contextlib.contextmanager
def handled_by(handler: Any) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)


# ---- Phases


@dataclass
class Scene:
    """Where a start is broken off."""

    serve: Serve
    certificates: Certificates
    patch: pytest.MonkeyPatch
    alarm: Callable[[], object] = ring
    is_async: bool = False
    """Whether the thread has to go on by itself before it sees what was put there for it."""

    def script(self, *does: Callable[[Peer], object]) -> Callable[[Peer], None]:
        def play(peer: Peer) -> None:
            for one in does[:-1]:
                one(peer)
            self.alarm()
            does[-1](peer)
            peer.pause(PATIENCE)  # until it has gone

        return play

    def before(self, holder: Any, name: str) -> None:
        """Have the alarm go off where a function of ours is called for the first time."""
        original = getattr(holder, name)
        is_due = [True]

        def called(*args: Any, **more: Any) -> Any:
            if is_due:
                is_due.clear()
                self.alarm()
            return original(*args, **more)

        self.patch.setattr(holder, name, called)


def silent(peer: Peer) -> None:
    """Say nothing."""


def request_of(peer: Peer) -> None:
    peer.read_request()


def look_up(scene: Scene) -> tuple[Server, dict[str, Any]]:
    server = scene.serve(starting)
    scene.before(socket, "getaddrinfo")
    return server, {"base_url": f"http://localhost:{server.port}"}


def connecting(scene: Scene) -> tuple[Server, dict[str, Any]]:
    server = scene.serve(starting)
    scene.before(sockets, "connect_to")
    return server, {"base_url": server.url}


def connected(scene: Scene) -> tuple[Server, dict[str, Any]]:
    server = scene.serve(starting)
    scene.before(exchange.Exchange, "fail")
    return server, {"base_url": server.url}


def tunnelling(scene: Scene) -> tuple[Server, dict[str, Any]]:
    def refuses(peer: Peer) -> None:
        if scene.is_async:
            peer.say(b"HTTP/1.1 502 no\r\n\r\n")

    server = scene.serve(scene.script(request_of, refuses), starting)
    proxy = f"http://127.0.0.1:{server.port}"
    return server, {"base_url": "https://localhost", "proxy": proxy}


def shaking_hands(scene: Scene) -> tuple[Server, dict[str, Any]]:
    def garbage(peer: Peer) -> None:
        if scene.is_async:
            peer.say(b"HTTP/1.1 400 no TLS\r\n\r\n")

    server = scene.serve(scene.script(Peer_read, garbage), starting)
    ca = scene.certificates.file
    return server, {"base_url": f"https://localhost:{server.port}", "ca_bundle": ca}


def Peer_read(peer: Peer) -> None:
    peer.read_some()


def writing(scene: Scene) -> tuple[Server, dict[str, Any]]:
    def more(peer: Peer) -> None:
        if scene.is_async:
            peer.sock.close()

    def first(peer: Peer) -> None:
        peer.narrow()
        peer.read_head()

    return scene.serve(scene.script(first, more), starting), {}


def waiting(scene: Scene) -> tuple[Server, dict[str, Any]]:
    def closes(peer: Peer) -> None:
        if scene.is_async:
            peer.sock.close()

    return scene.serve(scene.script(request_of, closes), starting), {}


def in_the_body(scene: Scene) -> tuple[Server, dict[str, Any]]:
    """The alarm goes off when the client has taken the head, and waits for the rest."""
    original = sockets.receive
    taken: list[int] = []

    def received(*args: Any, **more: Any) -> int:
        if taken:
            scene.alarm()
        count = original(*args, **more)
        taken.append(count)
        return count

    def half(peer: Peer) -> None:
        peer.read_request()
        peer.say(answer(b'["%s", "id-9"]' % ID.encode())[:-5])
        if not scene.is_async:
            peer.pause(PATIENCE)

    scene.patch.setattr(sockets, "receive", received)
    return scene.serve(half, starting), {}


def parsing(scene: Scene) -> tuple[Server, dict[str, Any]]:
    scene.before(outcome, "read_ids")
    return scene.serve(starting), {}


def logging_it(scene: Scene) -> tuple[Server, dict[str, Any]]:
    class Rings(logging.Handler):
        is_due = True

        def emit(self, record: logging.LogRecord) -> None:
            if self.is_due:
                self.is_due = False
                scene.alarm()

    log = logging.getLogger("aculab_wrappers")
    handler = Rings()
    scene.patch.setattr(log, "handlers", [handler])
    scene.patch.setattr(log, "level", logging.INFO)
    log.manager._clear_cache()  # type: ignore[attr-defined]
    return scene.serve(starting), {}


START: dict[str, tuple[Callable[[Scene], tuple[Server, dict[str, Any]]], Outcome, bool]] = {
    "looking up a name": (look_up, Outcome.NOT_SENT, False),
    "connecting": (connecting, Outcome.NOT_SENT, False),
    "after connecting": (connected, Outcome.NOT_SENT, False),
    "waiting for a proxy's tunnel": (tunnelling, Outcome.NOT_SENT, False),
    "in the TLS handshake": (shaking_hands, Outcome.NOT_SENT, False),
    "writing a large body": (writing, Outcome.UNKNOWN, False),
    "waiting for the answer": (waiting, Outcome.UNKNOWN, False),
    "in the body": (in_the_body, Outcome.UNKNOWN, True),
    "parsing": (parsing, Outcome.UNKNOWN, True),
    "logging": (logging_it, Outcome.UNKNOWN, True),
}
LARGE: Final = tuple(Call("sip:a@b", token="x" * 6000) for _ in range(1500))


def start_from(asking: OutboundClient, phase: str) -> Any:
    return asking.start(LARGE if "large" in phase else CALL)


@contextlib.contextmanager
def nothing_left_open() -> Iterator[None]:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", ResourceWarning)
        yield
        gc.collect()
    assert [str(one.message) for one in found if one.category is ResourceWarning] == []


@pytest.fixture
def scene(
    serve: Serve, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    @contextlib.contextmanager
    def made(**more: Any) -> Iterator[Scene]:
        with monkeypatch.context() as patch:
            yield Scene(serve, certificates, patch, **more)
        logging.getLogger("aculab_wrappers").manager._clear_cache()  # type: ignore[attr-defined]

    return made


@pytest.mark.parametrize("phase", START)
def test_what_a_signal_handler_raises_into_a_start_comes_out_with_the_outcome(
    scene: Callable[..., Any], phase: str
) -> None:
    arrange, expected, has_ids = START[phase]
    with nothing_left_open():
        for handler, kind in PAIRS:
            stop = STOPS[kind]()
            with scene() as here, handled_by(HANDLERS[handler](stop)):
                server, options = arrange(here)
                asking = client(**{"base_url": server.url, "timeout": LONG, **options})
                began = time.monotonic()
                with pytest.raises(BaseException) as caught:  # noqa: PT011
                    start_from(asking, phase)
                took = time.monotonic() - began
            what = f"{kind} by {handler}: {caught.value!r}"
            assert caught.value is stop, what
            found = judged(caught.value)
            assert found.outcome is expected, what
            assert (ID in found.ids) == has_ids, what
            assert took < AT_ONCE, what
            assert server.connections <= 1, what
            assert ids_of(client(f"http://127.0.0.1:{server.port}").start(CALL)) == (ID,), what
            server.close()


def test_what_a_handler_raises_again_does_not_bring_the_outcome_of_the_start_before(
    scene: Callable[..., Any],
) -> None:
    stop = SoftLimit()
    for phase in ("connecting", "waiting for the answer", "connecting", "logging", "parsing"):
        arrange, expected, has_ids = START[phase]
        with scene() as here, handled_by(plain(stop)):
            server, options = arrange(here)
            with pytest.raises(SoftLimit) as caught:
                client(**{"base_url": server.url, **options}).start(CALL)
        found = judged(caught.value)
        assert found.outcome is expected, phase
        assert (ID in found.ids) == has_ids, phase


@pytest.mark.parametrize("kind", STOPS)
def test_what_is_raised_in_the_pause_before_a_retry_ends_the_start(
    scene: Callable[..., Any], kind: str
) -> None:
    stop = STOPS[kind]()
    with scene() as here, handled_by(plain(stop)), closed_port() as port:
        here.before(deadline, "pause")
        with pytest.raises(BaseException) as caught:  # noqa: PT011
            client(f"http://127.0.0.1:{port}").start(CALL)
    assert caught.value is stop
    found = judged(caught.value)
    assert found.outcome is Outcome.NOT_SENT


def test_what_the_caller_is_handling_has_nothing_to_do_with_it(
    serve: Serve, pauses: list[float]
) -> None:
    """A start in an except block: the exception before it is not one from outside."""
    with handled_by(plain(TimeoutError())), closed_port() as port:
        try:
            ring()
            time.sleep(LONG)
        except TimeoutError:
            found = start(client(f"http://127.0.0.1:{port}"))
        else:
            raise AssertionError("it did not ring")
    assert isinstance(found.error, AculabError)
    assert found.outcome is Outcome.NOT_SENT
    assert len(pauses) == 2


# ---- Another thread


def in_thread(asks: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(asks())
        except BaseException as error:
            found.append(error)

    return threading.Thread(target=run, daemon=True), found


@pytest.mark.parametrize("kind", [SoftLimit, TimeoutError, KeyboardInterrupt])
@pytest.mark.parametrize("phase", START)
def test_what_another_thread_raises_into_a_start_comes_out_with_the_outcome(
    scene: Callable[..., Any], phase: str, kind: type[BaseException]
) -> None:
    arrange, expected, has_ids = START[phase]
    target: list[int] = []
    is_due = [True]

    def alarm() -> None:
        if is_due:
            is_due.clear()
            raise_in(target[0], kind)

    with nothing_left_open(), scene(alarm=alarm, is_async=True) as here:
        server, options = arrange(here)
        asking = client(**{"base_url": server.url, "timeout": LONG, **options})

        def asks() -> Any:
            target.append(threading.get_ident())
            return start_from(asking, phase)

        thread, found = in_thread(asks)
        thread.start()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        result = judged(found[0])
        assert type(found[0]) is kind, found
        assert result.outcome is expected, found
        assert (ID in result.ids) == has_ids
        assert server.connections <= 1
        found.clear()


def raise_in(thread: int, kind: type[BaseException]) -> None:
    count = ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), ctypes.py_object(kind)
    )
    assert count == 1


# ---- Polls


def poll_parsing(scene: Scene) -> tuple[Server, dict[str, Any]]:
    scene.before(operations, "read_object")
    return scene.serve(starting), {}


def poll_pausing(scene: Scene) -> tuple[Server, dict[str, Any]]:
    scene.before(deadline, "pause")
    return scene.serve(starting), {}


def updating(scene: Scene) -> tuple[Server, dict[str, Any]]:
    return scene.serve(starting), {"on_update": scene.alarm}


POLL: dict[str, Callable[[Scene], tuple[Server, dict[str, Any]]]] = {
    "looking up a name": look_up,
    "connecting": connecting,
    "waiting for a proxy's tunnel": tunnelling,
    "in the TLS handshake": shaking_hands,
    "waiting for the answer": waiting,
    "in the body": in_the_body,
    "parsing": poll_parsing,
    "in the pause": poll_pausing,
    "in on_update": updating,
}


def poll(asking: OutboundClient, asks: str, told: Callable[[], object] | None) -> None:
    if asks == "status":
        asking.status(ID)
    else:
        update = (lambda _news: told()) if told else None
        asking.wait([ID], timeout=LONG, poll=0.001, on_update=update)


@pytest.mark.parametrize(
    ("phase", "asks"),
    [(phase, "wait") for phase in POLL]
    + [(phase, "status") for phase in POLL if phase not in ("in the pause", "in on_update")],
)
def test_what_a_signal_handler_raises_into_a_poll_comes_out_at_once(
    scene: Callable[..., Any], phase: str, asks: str
) -> None:
    with nothing_left_open():
        for handler, kind in PAIRS:
            stop = STOPS[kind]()
            with scene() as here, handled_by(HANDLERS[handler](stop)):
                server, options = POLL[phase](here)
                told = options.pop("on_update", None)
                began = time.monotonic()
                with (
                    client(**{"base_url": server.url, "timeout": LONG, **options}) as asking,
                    pytest.raises(BaseException) as caught,  # noqa: PT011
                ):
                    poll(asking, asks, told)
                took = time.monotonic() - began
            what = f"{kind} by {handler}: {caught.value!r}"
            assert caught.value is stop, what
            assert took < AT_ONCE, what
            assert server.connections <= 1, what
            with client(f"http://127.0.0.1:{server.port}") as again:
                assert ids_of(again.start(CALL)) == (ID,), what
            server.close()


def test_the_polls_own_error_is_the_cause(scene: Callable[..., Any]) -> None:
    stop = SoftLimit()
    with scene() as here, handled_by(plain(stop)):
        server, _ = waiting(here)
        with client(server.url) as asking, pytest.raises(SoftLimit) as caught:
            asking.status(ID)
    assert isinstance(caught.value.__cause__, TransportError)
