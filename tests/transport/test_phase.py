"""Whether a byte of the request had left, and whether the cause may pass by itself."""

from __future__ import annotations

import socket
import ssl
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers._core import sockets
from aculab_wrappers._core.exchange import current
from aculab_wrappers.errors import TransportError

from .asking import failure, frames, request, transport
from .sockets import Peer, closed_port, reply, tunnel

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Certificates, Serve


def reset_first(peer: Peer) -> None:
    peer.read_some()
    peer.reset()


def not_tls(peer: Peer) -> None:
    peer.read_some()
    peer.say(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    peer.read_to_end()


HANDSHAKES: dict[str, tuple[Callable[[Peer], object], bool]] = {
    "silent": (Peer.hush, True),
    "reset": (reset_first, True),
    "closed": (Peer.read_some, True),
    "closed at once": (lambda peer: None, True),
    "plain text": (not_tls, False),
}


@pytest.mark.parametrize("kind", HANDSHAKES)
@pytest.mark.parametrize("proxied", [False, True])
def test_nothing_is_sent_over_a_failed_handshake(
    serve: Serve, certificates: Certificates, kind: str, proxied: bool
) -> None:
    script, transient = HANDSHAKES[kind]

    def through(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        script(peer)

    server = serve(through if proxied else script)
    url = "https://cloud.example" if proxied else f"https://localhost:{server.port}"
    carrier = transport(url, proxy=server if proxied else None, ca=certificates.file, timeout=0.5)
    error = failure(carrier)
    assert (error.sent, error.transient) == (False, transient), error
    word = {"silent": "0.5 seconds", "plain text": "no TLS"}.get(kind, "broke off the TLS")
    assert word in str(error)
    assert (server.posts, server.connections) == (0, 1)


@pytest.mark.parametrize("kind", ["wrong name", "expired", "unknown authority"])
def test_nothing_is_sent_to_a_server_that_cannot_prove_its_name(
    serve: Serve, certificates: Certificates, kind: str
) -> None:
    server = serve(reply(), tls=certificates.bad[kind])
    error = failure(transport(server, ca=certificates.file))
    assert (error.sent, error.transient) == (False, False)
    assert "localhost" in str(error)
    assert "certificate" in str(error)
    assert (server.posts, server.connections) == (0, 1)


def test_a_certificate_behind_a_proxy_is_the_origins(
    serve: Serve, certificates: Certificates
) -> None:
    proxy = serve(tunnel(reply(), certificates.bad["wrong name"]))
    error = failure(transport("https://cloud.example", proxy=proxy, ca=certificates.file))
    assert (error.sent, error.transient) == (False, False)
    assert "the certificate of cloud.example is not trusted" in str(error)


def test_nothing_is_sent_below_tls_1_2(serve: Serve, certificates: Certificates) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    server = serve(reply(), tls=context)
    error = failure(transport(server, ca=certificates.file))
    assert (error.sent, error.transient) == (False, False)
    assert "TLS 1.2" in str(error)


def test_a_refused_connection_may_pass() -> None:
    with closed_port() as port:
        error = failure(transport(f"http://127.0.0.1:{port}"))
    assert (error.sent, error.transient) == (False, True)
    assert str(error) == f"no connection to 127.0.0.1:{port}: connection refused"


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_AGAIN])
def test_an_unknown_host(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def no_address(*args: object, **kwargs: object) -> Any:
        raise socket.gaierror(code, "no")

    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    error = failure(transport("https://cloud.example"))
    assert (error.sent, error.transient) == (False, code == socket.EAI_AGAIN)
    assert str(error) == "the host name cloud.example was not found"


@pytest.mark.parametrize("host", ["a..example", "a" * 64 + ".example"])
def test_a_host_that_no_resolver_takes(host: str) -> None:
    error = failure(transport(f"https://{host}"))
    assert (error.sent, error.transient) == (False, False)


def addresses(monkeypatch: pytest.MonkeyPatch, *found: tuple[int, tuple[Any, ...]]) -> None:
    entries = [(family, socket.SOCK_STREAM, 6, "", address) for family, address in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: entries)


def test_the_second_address_serves_when_the_first_is_dead(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(reply())
    with closed_port() as port:
        addresses(
            monkeypatch,
            (socket.AF_INET, ("127.0.0.1", port)),
            (socket.AF_INET, ("127.0.0.1", server.port)),
        )
        assert transport(server).send(request()).status == 200
    assert (server.posts, server.connections) == (1, 1)


def test_an_address_of_a_family_that_is_not_there_is_passed_over(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(reply())
    addresses(monkeypatch, (9999, ("::1", 1)), (socket.AF_INET, ("127.0.0.1", server.port)))
    assert transport(server).send(request()).status == 200


def test_a_trouble_that_passed_is_not_blamed_for_the_next(
    serve: Serve, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(reset_first)
    with closed_port() as port:
        addresses(
            monkeypatch,
            (socket.AF_INET, ("127.0.0.1", port)),
            (socket.AF_INET, ("127.0.0.1", server.port)),
        )
        error = failure(transport(f"https://localhost:{server.port}", ca=certificates.file))
    assert (error.sent, error.transient) == (False, True)
    assert "refused" not in str(error)


def test_no_address_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses(monkeypatch)
    assert not failure(transport("https://cloud.example")).sent


def closes(peer: Peer) -> None:
    peer.read_request()


def resets(peer: Peer) -> None:
    peer.read_request()
    peer.reset()


def hushes(peer: Peer) -> None:
    peer.read_request()
    peer.hush()


def says(data: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(data)

    return script


AFTER: dict[str, Callable[[Peer], object]] = {
    "closed": closes,
    "reset": resets,
    "silence": hushes,
    "half a status line": says(b"HTTP/1.1 20"),
    "junk": says(b"220 smtp.example ESMTP\r\n"),
    "a status of four digits": says(b"HTTP/1.1 2000 OK\r\n\r\n"),
    "a status that is none": says(b"HTTP/1.1 two OK\r\n\r\n"),
    "another protocol": says(b"HTTP/3.0 200 OK\r\n\r\n"),
    "an endless line": says(b"HTTP/1.1 200 " + b"x" * 70_000),
    "too many headers": says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 180_000 + b"\r\n"),
    "an endless header": says(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000),
}


@pytest.mark.parametrize("kind", AFTER)
@pytest.mark.parametrize("way", ["plain", "tls", "tunnel"])
def test_once_a_byte_has_left_nothing_is_proven(
    serve: Serve, certificates: Certificates, kind: str, way: str
) -> None:
    script = AFTER[kind]
    if way == "tunnel":
        server = serve(tunnel(script, certificates.good))
        carrier = transport(
            f"https://localhost:{server.port}", proxy=server, ca=certificates.file, timeout=0.5
        )
    else:
        server = serve(script, tls=certificates.good if way == "tls" else None)
        carrier = transport(server, ca=certificates.file, timeout=0.5)
    error = failure(carrier)
    assert error.sent
    assert (server.posts, server.connections) == (1, 1)


def test_bad_tls_after_the_request(serve: Serve, certificates: Certificates) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        with peer.under() as sock:
            sock.sendall(b"this is no TLS record")
        peer.hush()

    server = serve(script, tls=certificates.good)
    error = failure(transport(server, ca=certificates.file))
    assert error.sent
    assert (server.posts, server.connections) == (1, 1)


@pytest.mark.parametrize("over_tls", [False, True])
def test_half_a_request_counts_as_sent(
    serve: Serve, certificates: Certificates, over_tls: bool
) -> None:
    def script(peer: Peer) -> None:
        peer.read_head()
        peer.reset()

    server = serve(script, tls=certificates.good if over_tls else None)
    with pytest.raises(TransportError) as caught:
        transport(server, ca=certificates.file).send(request(form=(("to", "1" * 8_000_000),)))
    assert caught.value.sent
    assert (server.posts, server.connections) == (0, 1)


def test_nothing_of_an_exchange_stays_behind(serve: Serve) -> None:
    failure(transport(serve(resets)))
    assert current.get(None) is None


def test_no_frame_of_another_package_hangs_on_an_error(serve: Serve) -> None:
    error = failure(transport(serve(resets)))
    assert {name for name in frames(error) if not name.endswith("transport.asking")} == {
        "aculab_wrappers._core.transport"
    }


FORGED = b"\x1b[2J forged \xe2\x80\xa8"


@pytest.mark.parametrize("proxied", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        FORGED,
        b"HTTP/1.1 " + FORGED + b"\r\n\r\n",
        b"HTTP/1.1 407 " + FORGED + b"\r\n" + FORGED + b": x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + FORGED + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + FORGED + b"\r\n\r\n",
    ],
)
def test_no_word_of_a_server_is_in_an_error_or_a_fault(
    serve: Serve, certificates: Certificates, proxied: bool, data: bytes
) -> None:
    server = serve(says(data))
    carrier = transport(
        "https://cloud.example" if proxied else server,
        proxy=server if proxied else None,
        ca=certificates.file,
    )
    try:
        said = carrier.send(request()).fault or ""
    except TransportError as error:
        said = str(error)
    assert said.isprintable()
    assert "forged" not in said


@pytest.mark.parametrize("kind", [BrokenPipeError, ConnectionResetError, ConnectionAbortedError])
@pytest.mark.parametrize("over_tls", [False, True])
def test_a_pipe_that_breaks_while_connecting_is_no_answer(
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    over_tls: bool,
    kind: type[OSError],
) -> None:
    """urllib3 passes over a broken pipe, and looks for an early answer."""

    def breaks(*_args: object) -> Any:
        raise kind(32, "broken")

    server = serve(reply(), tls=certificates.good if over_tls else None)
    monkeypatch.setattr(sockets, "connect", breaks)
    error = failure(transport(server, ca=certificates.file))
    assert (error.sent, error.transient) == (False, True)
    assert server.connections == 0
