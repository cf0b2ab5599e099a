"""Each step: how it goes well, every way in which it fails, and what it says then."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
import trustme

from aculab_wrappers.doctor.line import Route

from ..transport.sockets import answer, closed_port, reply
from .conftest import PROXY_PASSWORD, step

if TYPE_CHECKING:
    from pathlib import Path

    from aculab_wrappers.sandbox import Sandbox

    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Peer, Server
    from .conftest import Doctor

STEPS = ("Configuration", "DNS", "Proxy and port", "TLS", "Credentials", "Clock")


def states(text: str) -> list[str]:
    return [step(text, name).splitlines()[0].split(": ")[1] for name in STEPS]


def to_server(monkeypatch: pytest.MonkeyPatch, server: Server, ca: Path | None = None) -> None:
    monkeypatch.setenv("ACULAB_BASE_URL", server.url)
    if ca:
        monkeypatch.setenv("ACULAB_CA_BUNDLE", str(ca))


def date(moment: dt.datetime) -> bytes:
    return b"Date: " + format_datetime(moment, usegmt=True).encode()


def dated(hours: float = 0.0) -> bytes:
    return answer(b"", b"HTTP/1.1 404 Not Found",
                  date(dt.datetime.now(tz=dt.UTC) + dt.timedelta(hours=hours)))  # fmt: skip


def test_all_is_well(doctor: Doctor, cloud: Sandbox) -> None:
    result = doctor()
    assert result.code == 0
    assert states(result.out) == ["ok"] * 6
    assert "TLSv1.3" in step(result.out, "TLS")
    assert "issued by aculab-wrappers sandbox" in step(result.out, "TLS")
    assert "agrees" in step(result.out, "Clock")
    assert "127.0.0.1" in step(result.out, "DNS")
    assert "--check-assumptions" in result.err
    assert "to do" not in result.out


def test_without_an_account_the_way_is_examined(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLOUD_ID", "USERNAME", "SERVICE", "SERVICE_PASSWORD"):
        monkeypatch.delenv(f"ACULAB_{name}")
    result = doctor()
    assert result.code == 0
    assert states(result.out) == ["ok", "ok", "ok", "ok", "warning", "ok"]
    assert "no account is given" in step(result.out, "Credentials")


# Configuration


def test_each_value_is_told_with_where_it_comes_from(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_TIMEOUT", "7")
    monkeypatch.setenv("ACULAB_PROXY", "")
    text = step(doctor("--cloud-id", "1-2-1", "--timeout", "5").out, "Configuration")
    assert f"{cloud.base_url}  (ACULAB_BASE_URL)" in text
    assert "5 s  (--timeout)" in text
    assert "none  (default)" in text
    assert "1-2-1  (--cloud-id)" in text
    assert "user name  set, not shown  (ACULAB_USERNAME)" in text
    assert "ACULAB_PROXY is set and empty" in text
    assert "Python 3" in text
    assert "OpenSSL" in text
    assert "requests 2" in text


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("ACULAB_BASEURL", "ACULAB_BASE_URL"),
        ("aculab_timeout", "ACULAB_TIMEOUT"),
        ("ACULAB_PASSWORD", "ACULAB_SERVICE_PASSWORD"),
    ],
)
def test_a_variable_that_nothing_reads_is_pointed_out(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str, near: str
) -> None:
    monkeypatch.setenv(name, "canary-elsewhere")
    result = doctor()
    assert result.code == 0
    text = step(result.out, "Configuration")
    assert text.startswith("Configuration: warning")
    assert f"{name} is set, and nothing reads it" in text
    assert f"rename {name} to {near}" in text


def test_a_variable_of_another_program(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_X", "canary")
    assert "unset ACULAB_X, unless" in step(doctor().out, "Configuration")


def test_all_mistakes_show_at_once_and_nothing_is_tried(
    doctor: Doctor, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_BASE_URL", "http://ws.aculabcloud.net")
    monkeypatch.setenv("ACULAB_TIMEOUT", "soon")
    monkeypatch.setenv("ACULAB_PROXY", f"socks://me:{PROXY_PASSWORD}@proxy:1080")
    monkeypatch.setenv("ACULAB_CA_BUNDLE", "nowhere.pem")
    result = doctor()
    assert result.code == 2
    text = step(result.out, "Configuration")
    assert "ACULAB_BASE_URL is plain http to another machine" in text
    assert "ACULAB_TIMEOUT must be a number" in text
    assert "ACULAB_PROXY must start with" in text
    assert "no file or folder 'nowhere.pem'" in text
    assert "correct ACULAB_PROXY, or unset it" in text
    assert states(result.out) == ["failed", *["not tried"] * 3, "ok", "not tried"]
    assert "needs what failed before, Configuration" in step(result.out, "Clock")
    assert "Failed: Configuration." in result.err


def test_an_option_that_cannot_be_used(doctor: Doctor, account: dict[str, str]) -> None:
    result = doctor("--base-url", "ftp://example.com")
    assert result.code == 2
    assert "base_url must start with https://" in step(result.out, "Configuration")


def test_a_bundle_without_certificates(
    doctor: Doctor, account: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    result = doctor("--ca-bundle", tmp_path / "empty.pem")
    assert result.code == 2
    assert "it holds no PEM certificates" in step(result.out, "Configuration")


@pytest.mark.parametrize("path", ["/service_start", "/Service%5Fstart/", "/x/service_status"])
def test_a_base_url_that_names_a_web_service_is_never_asked(
    doctor: Doctor, cloud: Sandbox, path: str
) -> None:
    result = doctor("--check-assumptions", "--base-url", cloud.base_url + path)
    assert result.code == 2
    assert "the base URL holds the name of a web service" in step(result.err, "Configuration")
    assert cloud.peek(10) == []


def test_a_library_that_cannot_be_relied_on(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = "aculab_wrappers._core.transport._unreliable_urllib3"
    monkeypatch.setattr(where, lambda: "urllib3 is too old here")
    assert "urllib3 is too old here" in step(doctor().out, "Configuration")


def test_the_proxies_of_other_programs_are_named_without_their_values(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:{PROXY_PASSWORD}@proxy:1")
    text = step(doctor().out, "Configuration")
    assert "HTTPS_PROXY: set, and not read by this package" in text
    assert "put its address into ACULAB_PROXY" in text
    assert text.startswith("Configuration: warning")


# DNS


def test_a_name_that_does_not_resolve(doctor: Doctor, account: dict[str, str]) -> None:
    result = doctor("--base-url", "https://no-such-name.invalid")
    assert result.code == 1
    text = step(result.out, "DNS")
    # Which of the two it is depends on whether this machine has a resolver at all.
    assert "no-such-name.invalid was not found" in text or "no DNS server answered" in text
    assert "to do" in text
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
    route = Route("https://[::1]:8443", None, None)
    assert (route.authority, route.peer) == ("[::1]:8443", ("::1", 8443))


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


# Proxy and port


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


def refusing(status: bytes, *headers: bytes) -> bytes:
    return answer(b"", b"HTTP/1.1 " + status, *headers)


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


# TLS


@pytest.mark.parametrize(
    ("kind", "says", "advice"),
    [
        ("wrong name", "the certificate is for another host than localhost", "a name that"),
        ("expired", "the certificate has expired", "this machine's clock is right"),
        ("unknown authority", "the certificate is not trusted", "counts alone, in place of"),
    ],
)
def test_a_certificate_that_does_not_hold(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    says: str,
    advice: str,
) -> None:
    server = serve(reply(), tls=certificates.bad[kind])
    to_server(monkeypatch, server, certificates.file)
    result = doctor()
    assert result.code == 1
    text = step(result.out, "TLS")
    assert says in text
    assert advice in text
    assert "issued by trustme" in text
    name = "elsewhere.example" if kind == "wrong name" else "localhost"
    assert f"the certificate is for {name}" in text
    assert ("to 2020-01-01" in text) == (kind == "expired")
    assert states(result.out)[3:] == ["failed", "ok", "not tried"]
    assert server.requests == []


def test_a_certificate_that_is_shown_once_only(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = certificates.bad["wrong name"]
    server = serve(
        lambda peer: peer.read_to_end(),
        lambda peer: peer.start_tls(context),
        lambda peer: peer.reset(),
    )
    monkeypatch.setenv("ACULAB_CA_BUNDLE", str(certificates.file))
    text = step(doctor("--base-url", f"https://localhost:{server.port}").out, "TLS")
    assert "the certificate is for another host than localhost" in text
    assert "issued by" not in text


def test_a_certificate_that_does_not_hold_yet(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import ssl

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    future = dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=2)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_before=future).configure_cert(context)
    to_server(monkeypatch, serve(reply(), tls=context), tmp_path / "ca.pem")
    assert "the certificate is not valid yet" in step(doctor().out, "TLS")


def test_without_a_bundle_the_advice_is_to_name_one(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_server(monkeypatch, serve(reply(), tls=certificates.good))
    assert "name that file in ACULAB_CA_BUNDLE" in step(doctor().out, "TLS")


def test_a_certificate_that_ends_soon(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import ssl

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    soon = dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=3, hours=1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_after=soon).configure_cert(context)
    to_server(monkeypatch, serve(reply(dated()), tls=context), tmp_path / "ca.pem")
    result = doctor()
    assert result.code == 0
    assert "TLS: warning" in result.out
    assert "it holds for 3 more days" in step(result.out, "TLS")


def test_a_server_that_speaks_no_tls(doctor: Doctor, account: dict[str, str], serve: Serve) -> None:
    def script(peer: Peer) -> None:
        peer.read_some()
        peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server = serve(lambda peer: peer.read_to_end(), script)
    text = step(doctor("--base-url", f"https://127.0.0.1:{server.port}").out, "TLS")
    assert "no TLS 1.2 or newer with 127.0.0.1" in text


@pytest.mark.parametrize("silent", [True, False])
def test_a_handshake_that_does_not_end(
    doctor: Doctor, account: dict[str, str], serve: Serve, silent: bool
) -> None:
    server = serve(lambda peer: peer.hush() if silent else None)
    base = f"https://127.0.0.1:{server.port}"
    text = step(doctor("--base-url", base, "--timeout", "0.5" if silent else "5").out, "TLS")
    assert ("did not answer the handshake in time" in text) == silent
    assert ("broke off the TLS handshake" in text) != silent


def test_a_connection_that_does_not_come_again(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def once(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def never(peer: Peer) -> None:
        peer.read_request()
        peer.say(refusing(b"503 Busy"))

    monkeypatch.setenv("ACULAB_PROXY", serve(once, never).url)
    assert "did not come again" in step(doctor().out, "TLS")


# Credentials


@pytest.mark.parametrize(
    ("name", "text", "says", "advice"),
    [
        ("CLOUD_ID", "1-2", "cloud id: cloud_id must be three numbers", "like 1-2-0"),
        ("CLOUD_ID", "1-2-0/user@example.com", "cloud id: cloud_id must be", "on their own"),
        ("USERNAME", "a:b", "user name: username must not hold ':'", ""),
        ("USERNAME", "1-2-0/a", "user name: username must not hold '/'", "joins them with '/'"),
        ("SERVICE", "a/b", "service name: service_name must not hold '/'", "on their own"),
        ("SERVICE", "", "service name: missing", "set ACULAB_SERVICE, or give --service"),
        ("SERVICE_PASSWORD", "canary\x07", "service_password holds a control character", ""),
    ],
)
def test_what_cannot_be_a_login(
    doctor: Doctor,
    cloud: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    text: str,
    says: str,
    advice: str,
) -> None:
    monkeypatch.setenv(f"ACULAB_{name}", text)
    result = doctor()
    assert result.code == 2
    told = step(result.out, "Credentials")
    assert says in told
    assert advice in told
    assert states(result.out) == ["ok", "ok", "ok", "ok", "failed", "ok"]


@pytest.mark.parametrize("name", ["USERNAME", "SERVICE_PASSWORD"])
def test_a_blank_at_the_end(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"ACULAB_{name}", "canary ")
    result = doctor()
    assert result.code == 0
    assert "begins or ends with a blank" in step(result.out, "Credentials")
    assert "with a warning: Credentials" in result.err


def test_no_password(doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACULAB_SERVICE_PASSWORD")
    result = doctor()
    assert result.code == 0
    assert "service password: none is given" in step(result.out, "Credentials")
    needed = doctor("--check-assumptions")
    assert needed.code == 2
    assert "Nothing was asked to check the assumptions" in needed.err
    assert needed.out == ""


def test_a_password_file(doctor: Doctor, cloud: Sandbox, tmp_path: Path) -> None:
    result = doctor("--password-file", tmp_path / "nowhere")
    assert result.code == 2
    assert "nowhere: cannot be read" in step(result.out, "Credentials")


# Clock


@pytest.mark.parametrize(
    ("hours", "says", "state"),
    [
        (1.0, "60 minutes behind the server's", "warning"),
        (-1.0, "60 minutes ahead of the server's", "warning"),
        (-0.025, "seconds ahead of the server's", "ok"),
        (0.0, "agrees with the server's", "ok"),
    ],
)
def test_the_clock(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    hours: float,
    says: str,
    state: str,
) -> None:
    server = serve(lambda peer: peer.read_to_end(), lambda peer: reply(dated(hours))(peer))
    to_server(monkeypatch, server)
    result = doctor()
    assert result.code == 0
    text = step(result.out, "Clock")
    assert says in text
    assert text.startswith(f"Clock: {state}")
    (asked,) = server.requests
    assert asked.line == "GET / HTTP/1.1"
    assert not asked.has("Authorization")


@pytest.mark.parametrize("headers", [(), (b"Date: yesterday",)])
def test_an_answer_without_a_date(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    headers: tuple[bytes, ...],
) -> None:
    server = serve(
        lambda peer: peer.read_to_end(), reply(answer(b"", b"HTTP/1.1 200 OK", *headers))
    )
    to_server(monkeypatch, server)
    assert "no date that can be read" in step(doctor().out, "Clock")


def test_a_server_that_never_answers(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_server(monkeypatch, serve(lambda peer: peer.hush()))
    result = doctor("--timeout", "0.5")
    assert result.code == 1
    assert "no answer within 0.5 seconds" in step(result.out, "Clock")


def test_a_server_that_speaks_no_http(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda peer: peer.read_to_end(), reply(b"SSH-2.0-x\r\n"))
    to_server(monkeypatch, server)
    assert "no HTTP answer: what came is no HTTP answer" in step(doctor().out, "Clock")
