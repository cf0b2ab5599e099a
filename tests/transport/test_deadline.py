"""The time is one budget for the whole exchange, whatever the server drips into it."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers._core import deadline, sockets
from aculab_wrappers.errors import TransportError

from .asking import BODY, request, transport
from .sockets import PATIENCE, Peer, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aculab_wrappers._core.transport import NetworkTransport

    from .conftest import Certificates, Serve

LIMIT = 0.3
LARGE = (("to", "1" * 2_000_000),)  # more than fits between two that take little at a time
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@contextlib.contextmanager
def in_time(least: float = LIMIT * 0.9) -> Iterator[None]:
    start = time.monotonic()
    yield
    took = time.monotonic() - start
    assert least <= took < 1.5, f"it took {took:.2f} s"


def dripping(first: bytes, then: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(first)
        while True:
            peer.drip(then)

    return script


def flooding(first: bytes, then: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(first)
        while True:
            peer.say(then)

    return script


def hushing(peer: Peer) -> None:
    peer.read_request()
    peer.hush()


def unanswered(carrier: NetworkTransport, **asked: Any) -> TransportError:
    with in_time(), pytest.raises(TransportError) as caught:
        carrier.send(request(**asked))
    assert f"within {LIMIT:g} seconds" in str(caught.value)
    assert caught.value.transient
    return caught.value


HEADS: dict[str, Callable[[Peer], None]] = {
    "silence": hushing,
    "status line": dripping(b"HTTP/1.1 200 ", b"x"),
    "header": dripping(HEAD + b"X: ", b"y"),
    "headers": dripping(HEAD, b"X:\r\n"),
    "interim answers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers of an interim answer": dripping(b"HTTP/1.1 103 Early Hints\r\n", b"X: y\r\n"),
}


@pytest.mark.parametrize(
    ("kind", "over_tls"),
    [*((kind, False) for kind in HEADS), ("silence", True), ("header", True)],
)
def test_a_head_that_never_ends(
    serve: Serve, certificates: Certificates, kind: str, over_tls: bool
) -> None:
    server = serve(HEADS[kind], tls=certificates.good if over_tls else None)
    assert unanswered(transport(server, timeout=LIMIT, ca=certificates.file)).sent
    assert server.posts == 1


def test_a_flood_of_headers_is_cut(serve: Serve) -> None:
    server = serve(flooding(b"HTTP/1.1 103 Early Hints\r\n", b"X: y\r\n" * 5000))
    with pytest.raises(TransportError, match="got more than 100 headers"):
        transport(server, timeout=60).send(request())
    assert server.posts == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (HEAD + b"Content-Length: 5000\r\n\r\n", b"x"),
        (HEAD + b"\r\n", b"x"),
        (CHUNKED, b"1\r\nx\r\n"),
        (CHUNKED + b"1\r\nx\r\n1;", b"e"),
        (CHUNKED + b"1\r\nx\r\n0\r\n", b"T: x\r\n"),
    ],
    ids=["length", "close", "chunks", "chunk size", "trailers"],
)
def test_a_body_that_drips_is_cut_at_the_deadline(serve: Serve, first: bytes, then: bytes) -> None:
    server = serve(dripping(first, then))
    with in_time():
        got = transport(server, timeout=LIMIT).send(request())
    assert got.status == 200
    assert got.body.strip(b"x") == b""
    assert got.fault is not None
    assert "time" in got.fault


@pytest.mark.parametrize(
    ("first", "then"), [(HEAD + b"\r\n", b"x" * 50_000), (CHUNKED, b"3\r\nxxx\r\n" * 5000)]
)
def test_an_endless_body_is_cut(serve: Serve, first: bytes, then: bytes) -> None:
    server = serve(flooding(first, then))
    with in_time(least=0):
        got = transport(server, timeout=LIMIT).send(request())
    assert got.body.strip(b"x") == b""
    assert got.fault is not None


def test_a_server_that_does_not_read(serve: Serve, small_buffers: None) -> None:
    def hushes(peer: Peer) -> None:
        peer.narrow()
        peer.hush()

    server = serve(hushes)
    assert unanswered(transport(server, timeout=LIMIT), form=LARGE).sent


@pytest.mark.parametrize("over_tls", [False, True])
def test_a_server_that_reads_slowly(
    serve: Serve, certificates: Certificates, small_buffers: None, over_tls: bool
) -> None:
    def sips(peer: Peer) -> None:
        peer.narrow()
        while peer.read_some():
            peer.pause(0.03)

    server = serve(sips, tls=certificates.good if over_tls else None)
    carrier = transport(server, timeout=LIMIT, ca=certificates.file)
    assert unanswered(carrier, form=LARGE).sent


def test_a_proxy_that_passes_on_slowly(
    serve: Serve, certificates: Certificates, small_buffers: None
) -> None:
    def through(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.narrow()
        peer.relay(origin.port, pause=0.02)

    origin = serve(reply(), tls=certificates.good)
    proxy = serve(through, tls=certificates.good)
    carrier = transport(origin, proxy=proxy, timeout=LIMIT, ca=certificates.file)
    assert unanswered(carrier, form=LARGE).sent


def test_the_smaller_of_two_timeouts_counts(serve: Serve) -> None:
    server = serve(Peer.hush)
    assert unanswered(transport(server, timeout=30), timeout=LIMIT).sent
    assert unanswered(transport(server, timeout=LIMIT), timeout=30).sent


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_no_time_sends_nothing(serve: Serve, seconds: float) -> None:
    server = serve(reply())
    with pytest.raises(TransportError) as caught:
        transport(server).send(request(seconds))
    assert not caught.value.sent
    assert server.connections == 0


TLS_DRIP = b"\x16\x03\x03\x40\x00" + b"\x02" * 500


@pytest.mark.parametrize("drips", [b"", TLS_DRIP])
def test_a_handshake_that_never_ends(
    serve: Serve, certificates: Certificates, drips: bytes
) -> None:
    def script(peer: Peer) -> None:
        peer.read_some()
        peer.drip(drips)
        peer.hush()

    server = serve(script)
    carrier = transport(f"https://localhost:{server.port}", ca=certificates.file, timeout=LIMIT)
    assert not unanswered(carrier).sent


def test_a_handshake_has_no_more_than_the_time_left(
    serve: Serve, certificates: Certificates
) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.pause(0.8)
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.hush()

    carrier = transport(
        "https://cloud.example", proxy=serve(script), timeout=0.9, ca=certificates.file
    )
    with in_time(), pytest.raises(TransportError, match=r"within 0\.9 seconds"):
        carrier.send(request())


def test_a_handshake_has_all_the_time_left(
    serve: Serve, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(Peer.hush)
    entry = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: [entry, entry])
    carrier = transport(f"https://localhost:{server.port}", ca=certificates.file, timeout=LIMIT)
    assert not unanswered(carrier).sent
    assert server.connections == 1


SLOW_HEADERS = HEAD + b"X: y\r\n" * 500


@pytest.mark.parametrize(
    ("drips", "over_tls"),
    [
        (b"", False),
        (b"HTTP/1.1 200 " + b"x" * 500, False),
        (SLOW_HEADERS, False),
        (SLOW_HEADERS, True),
    ],
)
def test_a_connect_that_never_ends(
    serve: Serve, certificates: Certificates, drips: bytes, over_tls: bool
) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.drip(drips)
        peer.hush()

    proxy = serve(script, tls=certificates.good if over_tls else None)
    carrier = transport("https://cloud.example", proxy=proxy, timeout=LIMIT, ca=certificates.file)
    assert not unanswered(carrier).sent
    assert proxy.connections == 1


@pytest.mark.parametrize("drips", [b"", TLS_DRIP])
@pytest.mark.parametrize("over_tls", [False, True])
def test_a_handshake_in_a_tunnel_that_never_ends(
    serve: Serve, certificates: Certificates, drips: bytes, over_tls: bool
) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.read_some()
        peer.drip(drips)
        peer.hush()

    proxy = serve(script, tls=certificates.good if over_tls else None)
    carrier = transport("https://cloud.example", proxy=proxy, timeout=LIMIT, ca=certificates.file)
    assert not unanswered(carrier).sent


def test_nothing_leaves_after_a_resolver_that_took_too_long(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(reply())
    look_up = socket.getaddrinfo

    def slow(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.3)
        return look_up(*args, **kwargs)

    carrier = transport(server, timeout=0.2)
    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", slow)
        with pytest.raises(TransportError) as caught:
            carrier.send(request())
    assert not caught.value.sent
    assert server.connections == 0


def test_a_connection_that_came_too_late_is_not_used(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(reply())
    connect = sockets.connect

    def slow(*args: Any) -> socket.socket:
        sock = connect(*args)
        time.sleep(0.3)
        return sock

    monkeypatch.setattr(sockets, "connect", slow)
    with pytest.raises(TransportError) as caught:
        transport(server, timeout=0.2).send(request())
    assert not caught.value.sent
    assert server.posts == 0


@pytest.mark.parametrize("over_tls", [False, True])
@pytest.mark.parametrize("came", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"])
def test_what_came_while_the_program_was_stopped_is_taken_once(
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    came: bytes,
    over_tls: bool,
) -> None:
    said = threading.Event()

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(came)
        said.set()
        peer.hush()

    send_some, passed = sockets.send_some, [0.0]

    def stopped(sock: Any, data: memoryview, seconds: float) -> int:
        count = send_some(sock, data, seconds)
        if bytes(data).endswith(BODY):
            assert said.wait(PATIENCE)
            time.sleep(0.05)  # until it is there
            passed[0] = 60.0
        return count

    clock = deadline.clock
    monkeypatch.setattr(deadline, "clock", lambda: clock() + passed[0])
    server = serve(script, tls=certificates.good if over_tls else None)
    carrier = transport(server, timeout=5, ca=certificates.file)
    monkeypatch.setattr(sockets, "send_some", stopped)
    if came:
        assert carrier.send(request()).body == b"[]"
    else:
        with pytest.raises(TransportError, match="no answer within 5 seconds") as caught:
            carrier.send(request())
        assert caught.value.sent


def test_addresses_share_the_time(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(reply())
    connect_to, passed = sockets.connect_to, [0.0]
    shares: list[float] = []

    def black_hole(entry: Any, seconds: float) -> socket.socket:
        if entry[4][1] == server.port:
            return connect_to(entry, seconds)
        shares.append(seconds)
        passed[0] += seconds
        raise TimeoutError("timed out")

    clock = deadline.clock
    monkeypatch.setattr(deadline, "clock", lambda: clock() + passed[0])
    holes = [("127.0.0.1", 1), ("127.0.0.1", 2), ("127.0.0.1", server.port)]
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in holes]
    monkeypatch.setattr(sockets, "resolve", lambda *_: entries)
    monkeypatch.setattr(sockets, "connect_to", black_hole)
    assert transport(server, timeout=9).send(request()).status == 200
    assert [round(seconds, 1) for seconds in shares] == [3.0, 3.0]


def test_a_full_backlog_is_not_sent() -> None:
    # Nobody accepts: the kernel takes a few connections by itself, and then none.
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        address = deaf.getsockname()
        with contextlib.ExitStack() as stack:
            for _ in itertools.repeat(None, 8):
                filler = stack.enter_context(socket.socket())
                filler.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    filler.connect(address)
            error = unanswered(transport(f"http://127.0.0.1:{address[1]}", timeout=LIMIT))
    assert not error.sent
