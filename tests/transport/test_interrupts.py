"""What is raised in the middle of a request, and is no failure of the network."""

from __future__ import annotations

import http.client
import itertools
import signal
import socket
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from aculab_wrappers import Call, NotSentError, OutboundClient, UnknownOutcomeError
from aculab_wrappers._core import sockets
from aculab_wrappers._core.deadline import Deadline
from aculab_wrappers.errors import TransportError

from .asking import PASSWORD, SECRETS, frames, request, told, transport
from .sockets import Peer, answer, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .conftest import Certificates, Serve


class Cancelled(BaseException):
    """What a framework raises into a thread."""


def raising(stop: type[BaseException]) -> Any:
    def raises(*args: object, **kwargs: object) -> Any:
        if isinstance(args[0], ssl.SSLSocket) and args[0].server_side:
            return SHAKE_HANDS(args[0])  # the server's end, in another thread
        try:
            raise ValueError(PASSWORD)
        except ValueError:
            raise stop  # noqa: B904  with a context, as in the middle of somebody's handler

    return raises


SHAKE_HANDS = ssl.SSLSocket.do_handshake
POINTS: dict[str, tuple[Any, str, bool]] = {
    "resolving": (sockets, "resolve", False),
    "looking up": (socket, "getaddrinfo", False),
    "connecting": (sockets, "connect", False),
    "connecting to one": (sockets, "connect_to", False),
    "handshake": (ssl.SSLSocket, "do_handshake", False),
    "tunnel": (sockets, "receive", False),
    "writing": (sockets, "send_some", True),
    "reading": (sockets, "receive", True),
    "head": (http.client.HTTPResponse, "begin", True),
    "body": (urllib3.HTTPResponse, "read1", True),
}


def no_more_than_a_tunnel(peer: Peer) -> None:
    peer.read_request()
    peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
    peer.read_to_end()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, Cancelled])
def test_an_interrupt_comes_out_with_what_is_known(
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    point: str,
    stop: type[BaseException],
) -> None:
    holder, name, sent = POINTS[point]
    proxied = point == "tunnel"
    server = serve(
        no_more_than_a_tunnel if proxied else reply(), tls=None if proxied else certificates.good
    )
    carrier = transport(
        "https://localhost" if proxied else server,
        proxy=server if proxied else None,
        ca=certificates.file,
    )
    monkeypatch.setattr(holder, name, raising(stop))
    with pytest.raises(stop) as caught:
        carrier.send(request())
    cause = caught.value.__cause__
    assert isinstance(cause, TransportError)
    assert cause.sent is sent
    assert caught.value.__context__ in (None, cause)
    shown = told(caught.value)
    assert not [secret for secret in SECRETS if secret in shown]
    assert {name for name in frames(caught.value) if "test" not in name} == {
        "aculab_wrappers._core.transport"
    }


@pytest.mark.parametrize("error", [MemoryError, RecursionError, ssl.SSLError, ConnectionResetError])
@pytest.mark.parametrize("point", ["resolving", "writing", "reading"])
def test_what_the_road_can_raise_is_the_requests_failure(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, point: str, error: type[Exception]
) -> None:
    holder, name, sent = POINTS[point]
    server = serve(reply())
    monkeypatch.setattr(holder, name, raising(error))
    with pytest.raises(TransportError) as caught:
        transport(server).send(request())
    assert caught.value.sent is sent
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("point", ["connecting", "reading"])
def test_a_start_says_what_became_of_it(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    holder, name, sent = POINTS[point]
    server = serve(reply())
    client = OutboundClient(
        "1-2-0", "user@example.com", "My Service", PASSWORD, base_url=server.url, timeout=5
    )
    monkeypatch.setattr(holder, name, raising(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt) as caught:
        client.start(Call("+441908273800"))
    assert isinstance(caught.value.__cause__, UnknownOutcomeError if sent else NotSentError)
    shown = told(caught.value)
    assert not [secret for secret in SECRETS if secret in shown]


def test_an_interrupt_leaves_nothing_behind(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def watched(peer: Peer) -> None:
        peer.read_request()
        peer.read_to_end()

    server = serve(watched, reply(answer(b'["next"]')))
    carrier = transport(server)
    with monkeypatch.context() as patched:
        patched.setattr(sockets, "receive", raising(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            carrier.send(request())
    server.wait_for(lambda: server.ended == 1)
    assert carrier.send(request()).body == b'["next"]'


class TimeLimit:
    """A signal handler that raises what the road raises as well."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def at(self, name: str, count: int, arrive: Callable[[], object] = bool) -> None:
        """Have the signal come instead of that call of a step of the connection."""
        step, left = getattr(sockets, name), itertools.count(1)

        def stopped(*args: Any) -> Any:
            if next(left) == count:
                arrive()
                signal.raise_signal(signal.SIGUSR1)
            return step(*args)

        self._patch.setattr(sockets, name, stopped)


@pytest.fixture
def time_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[TimeLimit]:
    if not hasattr(signal, "SIGUSR1"):
        pytest.skip("this system has no such signal")

    def handler(_number: int, _frame: object) -> None:
        raise TimeoutError("the task's time is over")

    before = signal.signal(signal.SIGUSR1, handler)
    yield TimeLimit(monkeypatch)
    signal.signal(signal.SIGUSR1, before)


def test_a_time_limit_while_connecting_is_no_address_without_an_answer(
    serve: Serve, time_limit: TimeLimit
) -> None:
    server = serve(reply())
    entry = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
    time_limit.at("connect_to", 1)
    with pytest.raises(TimeoutError, match="the task's time"):
        sockets.connect([entry, entry], Deadline(5))
    assert server.connections == 0


@pytest.mark.parametrize(
    ("step", "count", "said", "sent"),
    [
        ("connect_to", 1, b"", False),
        ("send_some", 1, b"", True),
        ("receive", 1, answer(), True),
        ("receive", 2, b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n[", True),
        ("receive", 2, b"no HTTP at all\r\n", True),
    ],
    ids=["connecting", "sending", "before the head", "in the body", "behind what is no answer"],
)
def test_a_time_limit_comes_out_as_it_is_wherever_it_strikes(
    serve: Serve, time_limit: TimeLimit, step: str, count: int, said: bytes, sent: bool
) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(said)
        peer.hush()

    carrier = transport(serve(script))
    time_limit.at(step, count)
    with pytest.raises(TimeoutError, match="the task's time") as caught:
        carrier.send(request())
    assert isinstance(caught.value.__cause__, TransportError)
    assert caught.value.__cause__.sent is sent


def test_a_time_limit_while_an_early_answer_is_looked_for(
    serve: Serve, small_buffers: None, time_limit: TimeLimit
) -> None:
    def script(peer: Peer) -> None:
        peer.narrow()
        peer.read_head()
        peer.hush()

    carrier = transport(serve(script))
    time_limit.at("receive", 1)
    with pytest.raises(TimeoutError, match="the task's time") as caught:
        carrier.send(request(form=(("to", "1" * 2_000_000),)))
    assert isinstance(caught.value.__cause__, TransportError)
    assert caught.value.__cause__.sent
