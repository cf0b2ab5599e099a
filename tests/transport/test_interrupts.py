"""What is raised in the middle of a request, and is no failure of the network."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from aculab_wrappers import Call, NotSentError, OutboundClient, UnknownOutcomeError
from aculab_wrappers._core import connection
from aculab_wrappers.errors import TransportError

from .asking import PASSWORD, SECRETS, frames, request, told, transport
from .sockets import Peer, answer, reply, tunnel

if TYPE_CHECKING:
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
    "resolving": (connection, "resolve", False),
    "looking up": (socket, "getaddrinfo", False),
    "connecting": (connection, "connect", False),
    "connecting to one": (connection, "connect_to", False),
    "handshake": (ssl.SSLSocket, "do_handshake", False),
    "tunnel": (connection, "receive", False),
    "writing": (connection, "send_some", True),
    "reading": (connection, "receive", True),
    "head": (http.client.HTTPResponse, "begin", True),
    "body": (urllib3.HTTPResponse, "read1", True),
}


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
        tunnel(reply(), certificates.good) if proxied else reply(),
        tls=None if proxied else certificates.good,
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
        patched.setattr(connection, "receive", raising(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            carrier.send(request())
    server.wait_for(lambda: server.ended == 1)
    assert carrier.send(request()).body == b'["next"]'
