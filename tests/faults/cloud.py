"""The cloud's side of the faults: scripts over raw sockets, and the count of what reached it.

The count is the cloud's own, of requests that came in whole: nothing that the client says of
itself goes into it. A script that has said its piece goes on reading, and so counts whatever
else the client may send.
"""

from __future__ import annotations

import contextlib
import json
import socket
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from ..transport.sockets import Peer, Request, Server, answer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from .row import Script

OK: Final = b"HTTP/1.1 200 OK\r\n"
CHUNKED: Final = OK + b"Transfer-Encoding: chunked\r\n\r\n"
ID: Final = b'["id-1"]'


def starts(server: Server) -> int:
    """How many whole requests to start something the cloud has counted."""
    return sum(request.target.endswith("/service_start") for request in posts(server))


def posts(server: Server) -> list[Request]:
    return [request for request in server.requests if request.method != "CONNECT"]


def count_on(peer: Peer) -> None:
    """Count whatever else comes, until the client closes."""
    with contextlib.suppress(OSError, EOFError):
        while True:
            peer.read_request()


def swallow(peer: Peer) -> None:
    """Read what comes without looking at it, until the client closes."""
    while peer.read_some():
        pass


def whole(*parts: bytes, pause: float = 0.0) -> Script:
    """Read the request, answer in these parts, and leave the connection open."""

    def script(peer: Peer) -> None:
        peer.read_request()
        for number, part in enumerate(parts):
            if number and pause:
                peer.pause(pause)
            peer.say(part)
        count_on(peer)

    return script


def cut(*parts: bytes, pause: float = 0.0) -> Script:
    """The same, and then end the connection."""

    def script(peer: Peer) -> None:
        peer.read_request()
        for number, part in enumerate(parts):
            if number and pause:
                peer.pause(pause)
            peer.say(part)

    return script


def broken(data: bytes) -> Script:
    """The same, and then reset the connection."""

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(data)
        peer.pause(0.05)  # a reset may overtake what was said just before it
        peer.reset()

    return script


def says(body: bytes = ID, status: bytes = b"200 OK", *headers: bytes) -> Script:
    """A whole and proper answer."""
    return whole(answer(body, b"HTTP/1.1 " + status, *headers))


def dripping(first: bytes, then: bytes, pause: float = 0.02) -> Script:
    """Say `first`, and then `then` over and over, a byte at a time."""

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(first)
        while True:
            peer.drip(then, pause)

    return script


def flooding(first: bytes, then: bytes) -> Script:
    """Say `first`, and then `then` over and over, as fast as the client takes it."""

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(first)
        while True:
            peer.say(then)

    return script


def late(seconds: float, data: bytes) -> Script:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.pause(seconds)
        peer.say(data)

    return script


def under_tls(data: bytes) -> Script:
    """Read the request over TLS, and answer in clear bytes on the connection below."""

    def script(peer: Peer) -> None:
        peer.read_request()
        with peer.under() as sock:
            sock.sendall(data)
        count_on(peer)

    return script


def early(data: bytes) -> Script:
    """Answer after the head, and reset while the body is still on its way."""

    def script(peer: Peer) -> None:
        peer.read_head()
        peer.say(data)
        peer.pause(0.05)
        peer.reset()

    return script


def tls_with(context: ssl.SSLContext, then: Script) -> Script:
    def script(peer: Peer) -> None:
        peer.start_tls(context)
        then(peer)

    return script


def tokens(request: Request) -> list[str]:
    """The tokens of the calls that a request starts."""
    (found,) = parse_qs(request.body.decode())["outbound_parameters"]
    calls = json.loads(found)
    return [call["token"] for call in (calls if isinstance(calls, list) else [calls])]


def own_ids(*, keep_alive: bool = False, then: Callable[[Peer], object] = count_on) -> Script:
    """Give each call an id that tells which call it is for."""

    def script(peer: Peer) -> None:
        made = [f"id-of-{token}" for token in tokens(peer.read_request())]
        more = (b"Connection: keep-alive",) if keep_alive else ()
        peer.say(answer(json.dumps(made).encode(), b"HTTP/1.1 200 OK", *more))
        then(peer)

    return script


def relaying(origin: Server, merge: Callable[[list[bytes]], Iterable[bytes]]) -> Script:
    """A middle box that sends each request on twice, and makes one answer of the two."""

    def script(peer: Peer) -> None:
        request = peer.read_request()
        came = [forwarded(origin, request) for _ in range(2)]
        for data in merge(came):
            peer.say(data)
        count_on(peer)

    return script


def forwarded(origin: Server, request: Request) -> bytes:
    """The answer to `request` when it is sent on to `origin`."""
    lines = [request.line, *(f"{name}: {text}" for name, text in request.headers), "", ""]
    with socket.create_connection(("127.0.0.1", origin.port), 5) as sock:
        sock.sendall("\r\n".join(lines).encode("latin-1") + request.body)
        sock.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sock.recv(65_536), b""))
