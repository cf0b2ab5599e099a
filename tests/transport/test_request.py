"""What goes over the wire, and what cannot change it."""

from __future__ import annotations

import os
import platform
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers._core.transport import MAX_BODY
from aculab_wrappers._version import __version__

from .asking import BODY, PASSWORD, USER, basic, request, transport
from .sockets import answer, closed_port, reply

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Certificates, Serve


def test_a_request_is_exactly_these_bytes(serve: Serve) -> None:
    server = serve(reply())
    transport(server).send(request())
    (sent,) = server.requests
    assert sent.line == "POST /service_start HTTP/1.1"
    assert dict(sent.headers) == {
        "Host": f"127.0.0.1:{server.port}",
        "User-Agent": f"aculab-wrappers/{__version__} (Python {platform.python_version()})",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Authorization": basic(USER, PASSWORD),
        "Connection": "close",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(BODY)),
    }
    assert len(sent.headers) == 8
    assert sent.body == BODY


def test_what_has_no_form_has_no_body(serve: Serve) -> None:
    server = serve(reply())
    transport(server).send(replace(request(form=()), method="GET", accept=None))
    (sent,) = server.requests
    assert sent.line == "GET /service_start HTTP/1.1"
    assert {name for name, _ in sent.headers} == {
        *("Host", "User-Agent", "Accept-Encoding", "Authorization", "Connection")
    }
    assert sent.body == b""


def test_a_path_of_the_base_url_goes_first(serve: Serve) -> None:
    server = serve(reply())
    transport(server.url + "/a/b/").send(request())
    assert server.requests[0].target == "/a/b/service_start"


def test_the_answer_comes_back_as_it_is(serve: Serve) -> None:
    server = serve(reply(answer(b'["id"]', b"HTTP/1.1 200 OK", b"X-Two: 1", b"X-Two: 2")))
    got = transport(server).send(request())
    assert got.status == 200
    assert got.body == b'["id"]'
    assert got.fault is None
    assert got.headers == (
        ("X-Two", "1"),
        ("X-Two", "2"),
        ("Connection", "close"),
        ("Content-Length", "6"),
    )


def test_each_request_has_a_connection_of_its_own_which_is_closed(serve: Serve) -> None:
    server = serve(reply())
    carrier = transport(server)
    for count in range(1, 4):
        carrier.send(request())
        server.wait_for(lambda count=count: server.ended == count)  # type: ignore[misc]
    assert server.connections == server.posts == 3


@pytest.mark.parametrize("length", [2, MAX_BODY + 1, MAX_BODY + 100_000])
def test_the_connection_is_closed_even_when_the_server_would_keep_it(
    serve: Serve, length: int
) -> None:
    body = b"x" * length
    server = serve(reply(answer(body, b"HTTP/1.1 200 OK", b"Connection: keep-alive")))
    transport(server).send(request())
    server.wait_for(lambda: server.ended == 1)


def test_a_stray_second_answer_is_read_by_nobody(serve: Serve) -> None:
    server = serve(reply(answer(b'["first"]') + answer(b'["stray"]')), reply(answer(b'["own"]')))
    carrier = transport(server)
    assert carrier.send(request()).body == b'["first"]'
    assert carrier.send(request()).body == b'["own"]'


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_like_any_other(serve: Serve, status: int) -> None:
    elsewhere = serve(reply())
    location = f"Location: {elsewhere.url}/service_start".encode()
    server = serve(reply(answer(b"", b"HTTP/1.1 %d Elsewhere" % status, location)))
    got = transport(server).send(request())
    assert (got.status, got.header("location")) == (status, f"{elsewhere.url}/service_start")
    assert (server.posts, server.connections, elsewhere.connections) == (1, 1, 0)


@pytest.mark.parametrize("status", [401, 407, 408, 413, 421, 425, 429, 500, 502, 503, 504])
def test_no_status_makes_it_send_again(serve: Serve, status: int) -> None:
    head = b"HTTP/1.1 %d No" % status
    server = serve(
        reply(answer(b"no", head, b"Retry-After: 0", b'WWW-Authenticate: Basic realm="x"'))
    )
    assert transport(server).send(request()).status == status
    assert (server.posts, server.connections) == (1, 1)


def test_cookies_are_not_kept(serve: Serve) -> None:
    server = serve(reply(answer(b"[]", b"HTTP/1.1 200 OK", b"Set-Cookie: session=1; Path=/")))
    carrier = transport(server)
    carrier.send(request())
    carrier.send(request())
    assert not any(sent.has("Cookie") for sent in server.requests)


def test_an_ipv6_address_is_an_address(serve: Serve) -> None:
    try:
        server = serve(reply(), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    transport(server).send(request())
    assert server.requests[0].header("Host") == f"[::1]:{server.port}"


def test_netrc_has_no_say(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\ndefault login a password b\n")
    netrc.chmod(0o600)
    for name, value in (("HOME", tmp_path), ("USERPROFILE", tmp_path), ("NETRC", netrc)):
        monkeypatch.setenv(name, str(value))
    server = serve(reply())
    transport(server).send(request())
    assert server.requests[0].header("Authorization") == basic(USER, PASSWORD)


@pytest.mark.parametrize("over_tls", [False, True])
def test_other_programs_settings_have_no_say(
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    over_tls: bool,
) -> None:
    keys = tmp_path / "keys.log"
    nobody = tmp_path / "nobody.pem"
    nobody.write_text("")
    server = serve(reply(), tls=certificates.good if over_tls else None)
    with closed_port() as port:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
            monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{port}")
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.setenv(name, str(nobody))
        monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
        got = transport(server, ca=certificates.file).send(request())
    assert got.status == 200
    assert not keys.exists()


def test_a_client_starts_and_follows_calls_over_it(serve: Serve) -> None:
    server = serve(reply(answer(b'["id-1"]')), reply(answer(b"{}")))
    client = OutboundClient(
        "1-2-0", "user@example.com", "My Service", PASSWORD, base_url=server.url, timeout=5
    )
    (started,) = client.start(Call("+441908273800"))
    assert started.id == "id-1"
    assert server.requests[0].target == "/service_start"
    assert server.posts == 1
    assert os.environ.get("ACULAB_BASE_URL") is None
