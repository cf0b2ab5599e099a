"""No failure tells a password: not its text, not its causes, not its frames, not the log."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import Call, OutboundClient, StartError
from aculab_wrappers._core.connection import WatchedHttpConnection
from aculab_wrappers.errors import TransportError

from .asking import (
    PASSWORD,
    PROXY_PASSWORD,
    PROXY_USER,
    SECRETS,
    chain,
    request,
    told,
    transport,
    turn_on_every_log,
)
from .sockets import Peer, answer, closed_port, reply, tunnel

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers._core.transport import NetworkTransport

    from .conftest import Certificates, Serve


def closes(peer: Peer) -> None:
    peer.read_request()


def resets(peer: Peer) -> None:
    peer.read_request()
    peer.reset()


def resets_early(peer: Peer) -> None:
    peer.read_head()
    peer.reset()


def echoes(peer: Peer) -> None:
    """Say what a debugging page would: the request's own headers, some where no header can be."""
    told = [text for name, text in peer.read_request().headers if "uthorization" in name]
    for text in told:
        line = text.encode()
        body = b"\r\n " + line + b"\r\n" + line + b"\r\n: " + line + b"\r\n\r\n" + line
        peer.say(b"HTTP/1.1 500 " + line + body)


def says(data: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(data)

    return script


def no_tunnel(script: Callable[[Peer], object]) -> Callable[[Peer], object]:
    """What a proxy does that does not do its work: a plain answer would be a tunnel."""
    return closes if script is SCRIPTS["answer"] else script


SCRIPTS: dict[str, Callable[[Peer], object]] = {
    "answer": reply(),
    "closed": closes,
    "reset": resets,
    "silence": Peer.hush,
    "junk": says(b"junk\r\n"),
    "too many headers": says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 101 + b"\r\n"),
    "a header that is none": says(answer(b"[]", b"HTTP/1.1 200 OK", b"no colon", b": no name")),
    "short": says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n["),
    "redirect": reply(answer(b"", b"HTTP/1.1 307 There", b"Location: http://127.0.0.1:9/")),
    "unauthorized": reply(answer(b"", b"HTTP/1.1 401 No", b'WWW-Authenticate: Basic realm="x"')),
    "proxy auth": reply(answer(b"", b"HTTP/1.1 407 No", b'Proxy-Authenticate: Basic realm="x"')),
    "reset while sending": resets_early,
    "echo": echoes,
}
WAYS = ["plain", "tls", "bad certificate", "proxy", "tunnel", "no tunnel", "tls proxy", "refused"]


@pytest.fixture
def nothing_told(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[BaseException | None], None]:
    """Turn on every log there is; the check looks into all of them, and into an error."""
    turn_on_every_log(caplog, monkeypatch)

    def check(error: BaseException | None) -> None:
        logged = [f"{record.getMessage()} {record.__dict__!r}" for record in caplog.records]
        logged += [
            told(record.exc_info[1])
            for record in caplog.records
            if record.exc_info and record.exc_info[1]
        ]
        printed = capfd.readouterr()
        shown = "\n".join([*logged, caplog.text, printed.out, printed.err])
        assert "header:" not in printed.out + printed.err
        if error is not None:
            shown += told(error)
        assert not [secret for secret in SECRETS if secret in shown]

    return check


def carrier_for(
    way: str, script: Callable[[Peer], object], serve: Serve, certificates: Certificates
) -> NetworkTransport:
    good = certificates.good
    options: dict[str, Any] = {"ca": certificates.file, "timeout": 0.3}
    if way == "refused":
        with closed_port() as port:
            proxy = f"http://{PROXY_USER}:{PROXY_PASSWORD}@127.0.0.1:{port}"
            return transport("https://localhost", proxy=proxy, **options)
    if way in ("plain", "tls", "bad certificate"):
        tls = {"plain": None, "tls": good}.get(way, certificates.bad["expired"])
        return transport(serve(script, tls=tls), **options)
    if way == "proxy":
        return transport("http://127.0.0.1:9", proxy=serve(script), **options)
    through = tunnel(script, good) if way == "tunnel" else no_tunnel(script)
    proxied = serve(through, tls=good if way == "tls proxy" else None)
    return transport("https://localhost", proxy=proxied, **options)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", SCRIPTS)
def test_no_failure_tells_a_password(
    serve: Serve,
    certificates: Certificates,
    nothing_told: Callable[[BaseException | None], None],
    kind: str,
    way: str,
) -> None:
    carrier = carrier_for(way, SCRIPTS[kind], serve, certificates)
    form = (("to", "1" * 4_000_000),) if kind == "reset while sending" else (("to", "1"),)
    error = None
    try:
        got = carrier.send(request(form=form))
        if kind != "echo":
            assert not [secret for secret in SECRETS if secret in repr(got)]
    except TransportError as caught:
        error = caught
        assert list(chain(error)) == [error]
    nothing_told(error)


def test_no_failure_of_the_resolver_tells_a_password(
    monkeypatch: pytest.MonkeyPatch, nothing_told: Callable[[BaseException | None], None]
) -> None:
    def no_address(*args: object, **kwargs: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "no")

    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    proxy = f"http://{PROXY_USER}:{PROXY_PASSWORD}@proxy.example:3128"
    with pytest.raises(TransportError) as caught:
        transport("https://localhost", proxy=proxy).send(request())
    nothing_told(caught.value)


@pytest.mark.parametrize("kind", ["closed", "reset", "silence", "junk", "short", "unauthorized"])
def test_no_failed_start_tells_a_password(
    serve: Serve, nothing_told: Callable[[BaseException | None], None], kind: str
) -> None:
    server = serve(SCRIPTS[kind])
    proxy = f"http://{PROXY_USER}:{PROXY_PASSWORD}@127.0.0.1:{server.port}"
    client = OutboundClient(
        "1-2-0",
        "user@example.com",
        "My Service",
        PASSWORD,
        base_url="http://127.0.0.1:9",
        timeout=0.3,
        proxy=proxy,
    )
    with pytest.raises(StartError) as caught:
        client.start(Call("+441908273800"))
    nothing_told(caught.value)
    assert server.posts + server.connections >= 1


def test_a_connections_own_debug_output_is_off() -> None:
    assert WatchedHttpConnection.debuglevel == 0
