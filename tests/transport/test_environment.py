"""The ACULAB_ variables: read when a request is made, and only for what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aculab_wrappers._core.settings import Settings
from aculab_wrappers._core.transport import NetworkTransport
from aculab_wrappers.errors import InvalidInputError, TransportError

from .asking import PROXY_PASSWORD, PROXY_USER, SECRETS, basic, request, told
from .sockets import Peer, closed_port, reply

if TYPE_CHECKING:
    from .conftest import Certificates, Serve


def test_the_base_url_is_read_when_sending(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = serve(reply()), serve(reply())
    carrier = NetworkTransport()
    monkeypatch.setenv("ACULAB_BASE_URL", first.url + "/")
    carrier.send(request())
    monkeypatch.setenv("ACULAB_BASE_URL", second.url)
    carrier.send(request())
    NetworkTransport(Settings.checked(base_url=first.url)).send(request())
    assert (first.posts, second.posts) == (2, 1)


def test_the_proxy_is_read_when_sending(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server, first, second = serve(reply()), serve(reply()), serve(reply())
    carrier = NetworkTransport(Settings.checked(base_url=server.url))
    user = f"{PROXY_USER}:{PROXY_PASSWORD}@"
    monkeypatch.setenv("ACULAB_PROXY", f"http://{user}127.0.0.1:{first.port}")
    carrier.send(request())
    explicit = Settings.checked(base_url=server.url, proxy=f"http://127.0.0.1:{second.port}")
    NetworkTransport(explicit).send(request())
    monkeypatch.delenv("ACULAB_PROXY")
    carrier.send(request())
    assert (first.posts, second.posts, server.posts) == (1, 1, 1)
    sent = first.requests[0]
    assert sent.header("Proxy-Authorization") == basic(PROXY_USER, PROXY_PASSWORD)
    assert not second.requests[0].has("Proxy-Authorization")


def test_the_bundle_is_read_when_sending(
    serve: Serve, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(reply(), tls=certificates.good)
    carrier = NetworkTransport(Settings.checked(base_url=server.url))
    with pytest.raises(TransportError):
        carrier.send(request())
    monkeypatch.setenv("ACULAB_CA_BUNDLE", str(certificates.file))
    assert carrier.send(request()).status == 200
    assert server.posts == 1


def test_the_timeout_is_read_when_sending(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(Peer.hush)
    carrier = NetworkTransport(Settings.checked(base_url=server.url))
    monkeypatch.setenv("ACULAB_TIMEOUT", "0.1")
    with pytest.raises(TransportError, match=r"within 0\.1 seconds"):
        carrier.send(request())
    explicit = NetworkTransport(Settings.checked(base_url=server.url, timeout=0.2))
    with pytest.raises(TransportError, match=r"within 0\.2 seconds"):
        explicit.send(request())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACULAB_BASE_URL", "ftp://user:canary@127.0.0.1"),
        ("ACULAB_BASE_URL", "https://user:canary@127.0.0.1"),
        ("ACULAB_BASE_URL", "http://canary.example"),
        ("ACULAB_BASE_URL", "https://127.0.0.1/?canary"),
        ("ACULAB_BASE_URL", "canary"),
        ("ACULAB_PROXY", "socks5://user:canary@127.0.0.1:1080"),
        ("ACULAB_PROXY", "user:canary@127.0.0.1:1080"),
        ("ACULAB_PROXY", "http://user:canary@127.0.0.1:port"),
        ("ACULAB_PROXY", "http://user:canary@"),
        ("ACULAB_PROXY", "http://user:canary\x01@127.0.0.1"),
        ("ACULAB_TIMEOUT", "soon"),
        ("ACULAB_TIMEOUT", "0"),
        ("ACULAB_TIMEOUT", "-1"),
        ("ACULAB_TIMEOUT", "nan"),
        ("ACULAB_TIMEOUT", "inf"),
        ("ACULAB_CA_BUNDLE", "/no/such/bundle.pem"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with closed_port() as port:
        monkeypatch.setenv("ACULAB_BASE_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv(name, value)
        with pytest.raises(InvalidInputError) as caught:
            NetworkTransport().send(request())
    assert str(caught.value).startswith(name)
    shown = told(caught.value)
    assert not [secret for secret in SECRETS if secret in shown]


def test_an_empty_value_is_none(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(reply())
    for name in ("ACULAB_PROXY", "ACULAB_CA_BUNDLE", "ACULAB_TIMEOUT"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("ACULAB_BASE_URL", server.url)
    assert NetworkTransport().send(request()).status == 200
