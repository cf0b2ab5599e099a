"""The form of the credentials, and the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..transport.sockets import answer, reply
from .conftest import step

if TYPE_CHECKING:
    from pathlib import Path

    from aculab_wrappers.sandbox import Sandbox

    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Peer
    from .conftest import Doctor
from .walk import dated, refusing, states, to_server


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


@pytest.mark.parametrize(
    ("hours", "says", "state"),
    [
        (1.0, "60 minutes behind the server's", "warning"),
        (-26.0, "26 hours ahead of the server's", "warning"),
        (9600.0, "400 days behind the server's", "warning"),
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
    def script(peer: Peer) -> None:
        reply(dated(hours))(peer)  # by now: the test may have waited

    server = serve(lambda peer: peer.read_to_end(), script)
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


def test_a_server_that_resets_the_connection(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.reset()

    to_server(monkeypatch, serve(lambda peer: peer.read_to_end(), script))
    assert "no HTTP answer: connection reset by peer" in step(doctor().out, "Clock")


def test_a_proxy_whose_tunnel_is_there_no_more(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    origin = serve(lambda peer: peer.read_to_end(), tls=certificates.good)

    def relay(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.relay(origin.port)

    def refuse(peer: Peer) -> None:
        peer.read_request()
        peer.say(refusing(b"503 Busy"))

    to_server(monkeypatch, origin, certificates.file)
    monkeypatch.setenv("ACULAB_PROXY", serve(relay, relay, refuse).url)
    assert "the proxy made no tunnel this time" in step(doctor().out, "Clock")
