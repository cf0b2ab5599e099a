"""Through an HTTP proxy: by a whole URL, or by a tunnel."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers import OutboundClient, StatusError

from .asking import (
    PASSWORD,
    PROXY_PASSWORD,
    PROXY_USER,
    USER,
    basic,
    failure,
    request,
    transport,
)
from .sockets import Peer, answer, closed_port, reply, tunnel

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Certificates, Serve

ORIGIN = "http://127.0.0.1:9"  # discard: nobody connects to it, the proxy answers by itself


@pytest.mark.parametrize(
    ("absolute_uri", "target"),
    [
        (None, ORIGIN + "/service_start"),
        (True, ORIGIN + "/service_start"),
        (False, "/service_start"),
    ],
)
@pytest.mark.parametrize("over_tls", [False, True])
def test_http_asks_the_proxy(
    serve: Serve, certificates: Certificates, absolute_uri: bool | None, target: str, over_tls: bool
) -> None:
    proxy = serve(reply(), tls=certificates.good if over_tls else None)
    carrier = transport(ORIGIN, proxy=proxy, absolute_uri=absolute_uri, ca=certificates.file)
    assert carrier.send(request()).status == 200
    (sent,) = proxy.requests
    assert sent.line == f"POST {target} HTTP/1.1"
    assert sent.header("Host") == "127.0.0.1:9"
    assert sent.header("Authorization") == basic(USER, PASSWORD)
    assert sent.header("Proxy-Authorization") == basic(PROXY_USER, PROXY_PASSWORD)
    assert len(sent.headers) == 9


@pytest.mark.parametrize("absolute_uri", [None, False, True])
def test_a_path_beyond_ascii_is_escaped(serve: Serve, absolute_uri: bool | None) -> None:
    proxy = serve(reply())
    transport(f"{ORIGIN}/é", proxy=proxy, absolute_uri=absolute_uri).send(request())
    (sent,) = proxy.requests
    target = "/%C3%A9/service_start"
    assert sent.line == f"POST {target if absolute_uri is False else ORIGIN + target} HTTP/1.1"


def test_a_proxy_without_a_user_is_told_none(serve: Serve) -> None:
    proxy = serve(reply())
    transport(ORIGIN, proxy=f"tcp://127.0.0.1:{proxy.port}").send(request())
    assert not proxy.requests[0].has("Proxy-Authorization")


@pytest.mark.parametrize("absolute_uri", [None, False, True])
@pytest.mark.parametrize("over_tls", [False, True])
def test_https_goes_through_a_tunnel(
    serve: Serve, certificates: Certificates, absolute_uri: bool | None, over_tls: bool
) -> None:
    origin = serve(reply(), tls=certificates.good)

    def relay(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
        peer.relay(origin.port)

    proxy = serve(relay, tls=certificates.good if over_tls else None)
    carrier = transport(origin, proxy=proxy, absolute_uri=absolute_uri, ca=certificates.file)
    assert carrier.send(request()).body == b'["id-1"]'
    (connect,) = proxy.requests
    assert connect.line.startswith(f"CONNECT localhost:{origin.port} HTTP/1.")
    assert connect.header("Proxy-Authorization") == basic(PROXY_USER, PROXY_PASSWORD)
    assert not connect.has("Authorization")
    (sent,) = origin.requests
    prefix = origin.url if absolute_uri else ""
    assert sent.line == f"POST {prefix}/service_start HTTP/1.1"
    assert sent.header("Host") == f"localhost:{origin.port}"
    assert sent.header("Authorization") == basic(USER, PASSWORD)
    assert not sent.has("Proxy-Authorization")
    assert len(sent.headers) == 8
    assert (proxy.connections, origin.connections) == (1, 1)
    origin.wait_for(lambda: origin.ended == 1)


def test_a_large_exchange_goes_through_tls_inside_tls(
    serve: Serve, certificates: Certificates
) -> None:
    origin = serve(reply(answer(b"x" * 1_000_000)), tls=certificates.good)

    def relay(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.relay(origin.port)

    proxy = serve(relay, tls=certificates.good)
    carrier = transport(origin, proxy=proxy, ca=certificates.file)
    got = carrier.send(request(form=(("to", "1" * 1_000_000),)))
    assert (len(got.body), got.fault) == (1_000_000, None)


def test_each_request_has_a_tunnel_of_its_own(serve: Serve, certificates: Certificates) -> None:
    proxy = serve(tunnel(reply(), certificates.good))
    carrier = transport("https://localhost", proxy=proxy, ca=certificates.file)
    for _ in range(2):
        carrier.send(request())
    assert [sent.method for sent in proxy.requests] == ["CONNECT", "POST"] * 2
    assert proxy.connections == 2


def refuses(data: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(data)

    return script


def resets(peer: Peer) -> None:
    peer.read_request()
    peer.reset()


NO_TUNNEL: dict[str, tuple[Callable[[Peer], object], bool, str]] = {
    "407": (refuses(answer(b"no", b"HTTP/1.1 407 Who are you?")), False, "HTTP 407"),
    "403": (refuses(answer(b"no", b"HTTP/1.1 403 No")), False, "HTTP 403"),
    "502": (refuses(answer(b"no", b"HTTP/1.1 502 Bad Gateway")), True, "HTTP 502"),
    "503": (refuses(answer(b"no", b"HTTP/1.1 503 Busy")), True, "HTTP 503"),
    "504": (refuses(answer(b"no", b"HTTP/1.1 504 Late")), True, "HTTP 504"),
    "302": (refuses(b"HTTP/1.1 302 Login\r\nLocation: http://x/\r\n\r\n"), False, "HTTP 302"),
    "interim, then 407": (
        refuses(b"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 407 No\r\n\r\n"),
        False,
        "HTTP 100",
    ),
    "interim flood": (refuses(b"HTTP/1.1 100 Go\r\n\r\n" * 17), False, "HTTP 100"),
    "junk": (refuses(b"SSH-2.0-OpenSSH_9\r\n\r\n"), False, "not HTTP"),
    "endless line": (refuses(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000), False, "not HTTP"),
    "closed": (refuses(b""), True, "no tunnel"),
    "reset": (resets, True, "no tunnel"),
    "closed after 200": (refuses(b"HTTP/1.1 200 OK\r\n\r\n"), True, "cloud.example broke off"),
    "stall": (Peer.hush, True, "within 0.5 seconds"),
}


@pytest.mark.parametrize("kind", NO_TUNNEL)
def test_without_a_tunnel_nothing_is_sent(
    serve: Serve, certificates: Certificates, kind: str
) -> None:
    script, transient, word = NO_TUNNEL[kind]
    proxy = serve(script)
    carrier = transport("https://cloud.example", proxy=proxy, ca=certificates.file, timeout=0.5)
    error = failure(carrier)
    assert (error.sent, error.transient) == (False, transient), error
    assert word in str(error)
    assert (proxy.posts, proxy.connections) == (0, 1)


@pytest.mark.parametrize("origin", ["https://cloud.example", ORIGIN])
def test_a_proxy_that_refuses_connections(origin: str) -> None:
    with closed_port() as port:
        error = failure(transport(origin, proxy=f"http://127.0.0.1:{port}"))
    assert (error.sent, error.transient) == (False, True)
    assert str(error) == f"no connection to 127.0.0.1:{port}: connection refused"


@pytest.mark.parametrize("kind", ["wrong name", "expired", "unknown authority"])
def test_a_proxy_that_cannot_prove_its_name_learns_nothing(
    serve: Serve, certificates: Certificates, kind: str
) -> None:
    proxy = serve(reply(), tls=certificates.bad[kind])
    for origin in ("https://cloud.example", ORIGIN):
        error = failure(transport(origin, proxy=proxy, ca=certificates.file))
        assert (error.sent, error.transient) == (False, False)
        assert "certificate of localhost" in str(error)
    assert proxy.requests == []


def test_407_over_http_is_an_answer(serve: Serve) -> None:
    proxy = serve(reply(answer(b"who?", b"HTTP/1.1 407 Who are you?")))
    assert transport(ORIGIN, proxy=proxy).send(request()).status == 407
    assert proxy.posts == 1


def test_a_proxy_by_its_ipv6_address(serve: Serve, certificates: Certificates) -> None:
    try:
        proxy = serve(tunnel(reply(), certificates.good), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    address = f"http://{PROXY_USER}:{PROXY_PASSWORD}@[::1]:{proxy.port}"
    carrier = transport("https://localhost", proxy=address, ca=certificates.file)
    assert carrier.send(request()).status == 200


def test_a_client_through_a_proxy(serve: Serve) -> None:
    proxy = serve(reply(answer(b"busy", b"HTTP/1.1 503 Busy")))
    client = OutboundClient(
        "1-2-0",
        "user@example.com",
        "My Service",
        PASSWORD,
        base_url=ORIGIN,
        timeout=5,
        proxy=f"http://127.0.0.1:{proxy.port}",
    )
    with pytest.raises(StatusError) as caught:
        client.status("id-1")
    assert caught.value.http_status == 503
    assert proxy.requests[0].target.startswith(ORIGIN)
