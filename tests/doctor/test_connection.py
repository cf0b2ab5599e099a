"""DNS, the proxy and the port: every way in which they fail, and what is said then."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers._core.settings import Settings
from aculab_wrappers.doctor.connection import Route

from ..transport.sockets import answer, closed_port, reply
from .conftest import PROXY_PASSWORD, step

if TYPE_CHECKING:
    from aculab_wrappers.sandbox import Sandbox

    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Peer
    from .conftest import Doctor
from .walk import date, dated, refusing, states, to_server


def test_a_name_that_does_not_resolve(doctor: Doctor, account: dict[str, str]) -> None:
    result = doctor("--base-url", "https://no-such-name.invalid")
    assert result.code == 1
    text = step(result.out, "DNS")
    assert "the host name no-such-name.invalid was not found" in text
    assert "check its spelling in the base URL" in text
    assert states(result.out) == ["ok", "failed", "not tried", "not tried", "ok", "not tried"]


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "the host name some.host was not found"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "could not be looked up just now"),
        (UnicodeError("label too long"), "the host name some.host was not found"),
    ],
)
def test_the_kinds_of_failed_lookups(
    doctor: Doctor,
    account: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
    says: str,
) -> None:
    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert says in step(doctor("--base-url", "https://some.host").out, "DNS")


def test_a_proxy_whose_name_does_not_resolve(
    doctor: Doctor, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "x")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    monkeypatch.setenv("ACULAB_PROXY", f"http://me:{PROXY_PASSWORD}@proxy.invalid:3128")
    text = step(doctor().out, "DNS")
    assert "the host name proxy.invalid was not found" in text
    assert "check its spelling in ACULAB_PROXY" in text


def test_an_address_of_ipv6_has_brackets() -> None:
    route = Route(Settings.checked("https://[::1]:8443").resolve())
    assert (route.authority, route.peer_host, route.peer_port) == ("[::1]:8443", "::1", 8443)


def test_a_resolver_that_never_answers(
    doctor: Doctor, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: over.wait(10))
    begin = time.monotonic()
    result = doctor("--base-url", "https://some.host", "--timeout", "0.1")
    assert time.monotonic() - begin < 4
    over.set()
    assert "no answer about some.host within 0.1 seconds" in step(result.out, "DNS")


def test_every_address_is_listed(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(cloud.base_url.rpartition(":")[2])
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
               for address in ("127.9.9.9", "127.0.0.1")]  # fmt: skip
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: entries)
    result = doctor()
    assert "127.9.9.9\n" in step(result.out, "DNS")
    assert result.code == 0
    text = step(result.out, "Proxy and port")
    assert f"connected to 127.0.0.1, port {port}" in text
    assert "no connection to 127.9.9.9: connection refused" in text


def test_plain_http_goes_to_this_machine_alone(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda peer: peer.read_to_end(), reply(dated()))
    far = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", server.port))
    near = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
    base_url = f"http://localhost:{server.port}"
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [far])
    result = doctor("--base-url", base_url)
    assert result.code == 1
    assert "localhost is another machine here" in step(result.out, "DNS")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [far, near])
    result = doctor("--base-url", base_url)
    assert result.code == 0
    assert "192.0.2.1" not in step(result.out, "Proxy and port")


def test_a_port_where_nobody_listens(
    doctor: Doctor, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closed_port() as port:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))])  # fmt: skip
        result = doctor("--base-url", "https://some.host")
        here = doctor("--base-url", f"https://127.0.0.1:{port}")
    assert result.code == 1
    text = step(result.out, "Proxy and port")
    assert "no connection to 127.0.0.1: connection refused" in text
    assert "set ACULAB_PROXY" in text
    assert "ACULAB_PROXY" not in step(here.out, "Proxy and port")
    assert states(result.out) == ["ok", "ok", "failed", "not tried", "ok", "not tried"]


BASIC = b'Proxy-Authenticate: Basic realm="canary"'


@pytest.mark.parametrize(
    ("login", "said", "says"),
    [
        ("", refusing(b"407 Who", BASIC), "it wants a user name and password: ACULAB_PROXY="),
        ("me:canary@", refusing(b"407 Who", BASIC), "its user name or password is wrong"),
        ("", refusing(b"407 Who", b"Proxy-Authenticate: NTLM"), "it wants ntlm, and this package"),
        ("", refusing(b"407 Who"), "it offers: it does not say"),
        ("", refusing(b"502 Bad"), "the proxy cannot reach ws.aculabcloud.net:443 itself"),
        ("", refusing(b"403 No"), "the proxy does not allow ws.aculabcloud.net:443"),
        ("", b"SSH-2.0-canary\r\n", "what came is no HTTP answer"),
        ("", b"", "the connection ended before an answer"),
    ],
)
def test_a_proxy_that_makes_no_tunnel(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    login: str,
    said: bytes,
    says: str,
) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(said)

    proxy = serve(script)
    monkeypatch.setenv("ACULAB_PROXY", f"http://{login}127.0.0.1:{proxy.port}")
    result = doctor()
    assert result.code == 1
    text = step(result.out, "Proxy and port")
    assert says in text
    assert text.startswith("Proxy and port: failed")
    assert "ws.aculabcloud.net is looked up by the proxy" in step(result.out, "DNS")
    (asked,) = proxy.requests
    assert asked.line == "CONNECT ws.aculabcloud.net:443 HTTP/1.1"
    assert asked.has("Proxy-Authorization") == bool(login)
    assert not asked.has("Authorization")


def test_a_proxy_that_is_not_there(
    doctor: Doctor, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closed_port() as port:
        monkeypatch.setenv("ACULAB_PROXY", f"http://me:{PROXY_PASSWORD}@127.0.0.1:{port}")
        text = step(doctor().out, "Proxy and port")
    assert "a firewall" not in text
    assert f"that is the proxy http://127.0.0.1:{port}: correct ACULAB_PROXY" in text


def test_a_proxy_that_is_silent(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_PROXY", serve(lambda peer: peer.hush()).url)
    text = step(doctor("--timeout", "0.5").out, "Proxy and port")
    assert "CONNECT ws.aculabcloud.net:443: no answer in time" in text


def test_a_proxy_that_is_silent_before_tls(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(lambda peer: peer.hush())
    monkeypatch.setenv("ACULAB_PROXY", f"https://127.0.0.1:{proxy.port}")
    text = step(doctor("--timeout", "0.5").out, "Proxy and port")
    assert "no TLS with the proxy: no answer in time" in text


@pytest.mark.parametrize("outer", ["http", "https"])
def test_through_a_proxy(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    outer: str,
) -> None:
    origin = serve(reply(dated()), tls=certificates.good)

    def relay(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
        peer.relay(origin.port)

    proxy = serve(relay, tls=certificates.good if outer == "https" else None)
    to_server(monkeypatch, origin, certificates.file)
    monkeypatch.setenv("ACULAB_PROXY", f"{outer}://me:canary@localhost:{proxy.port}")
    monkeypatch.setenv("HTTPS_PROXY", "http://canary")
    result = doctor()
    assert result.code == 0, result.out
    assert states(result.out) == ["ok"] * 6
    assert f"CONNECT localhost:{origin.port}, with a user name: the tunnel is there" in result.out
    assert [request.line for request in origin.requests] == ["GET / HTTP/1.1"]


def test_a_proxy_whose_tls_is_not_trusted(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy = serve(reply(), tls=certificates.good)
    monkeypatch.setenv("ACULAB_PROXY", f"https://localhost:{proxy.port}")
    text = step(doctor().out, "Proxy and port")
    assert "is not trusted: unable to get local issuer certificate" in text
    assert "write http://" in text


@pytest.mark.parametrize(("status", "code"), [(b"404 Not Found", 0), (b"502 Bad Gateway", 1)])
def test_plain_http_through_a_proxy(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    status: bytes,
    code: int,
) -> None:
    proxy = serve(
        lambda peer: peer.read_to_end(),
        reply(answer(b"", b"HTTP/1.1 " + status, date(dt.datetime.now(tz=dt.UTC)))),
    )
    monkeypatch.setenv("ACULAB_PROXY", f"http://me:canary@127.0.0.1:{proxy.port}")
    result = doctor("--base-url", "http://127.0.0.1:1/cloud")
    assert result.code == code
    assert proxy.requests[0].line == "GET http://127.0.0.1:1/cloud/ HTTP/1.1"
    assert ("the proxy's answer" in step(result.out, "Clock")) == bool(code)
