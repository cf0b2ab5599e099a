"""Where requests go: what is taken, what is refused, and that no message quotes a secret."""

from __future__ import annotations

import pickle
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import InvalidInputError, OutboundClient
from aculab_wrappers._core.settings import Proxy, Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_the_defaults_are_the_clouds_own() -> None:
    settings = Settings.checked()

    assert settings.base() == "https://ws.aculabcloud.net"
    assert settings.seconds() == 30.0
    assert settings.way() is None
    assert settings.trust() is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("https://ws-1-2-0.aculabcloud.net", "https://ws-1-2-0.aculabcloud.net"),
        ("https://ws-1-2-0.aculabcloud.net/", "https://ws-1-2-0.aculabcloud.net"),
        ("https://example.com:8443/cloud/", "https://example.com:8443/cloud"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://127.1.2.3", "http://127.1.2.3"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_base_url_is_https_or_loopback(given: str, wanted: str) -> None:
    assert Settings.checked(given).base() == wanted


@pytest.mark.parametrize(
    "bad",
    [
        "http://example.com",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1@example.com",
        "ftp://127.0.0.1",
        "127.0.0.1:8080",
        "//example.com",
        "https://",
        "https://user:canary@example.com",
        "https://example.com/?canary=1",
        "https://example.com/#canary",
        "https://exam ple.com",
        "https://example.com:port",
        "https://example.com:99999",
        "https://example.com:0",
        "https://example.com\n",
        "https://еxample.com",
        "",
        b"https://example.com",
        5,
    ],
)
def test_anything_else_is_refused_before_anything_is_sent(bad: Any) -> None:
    with pytest.raises(InvalidInputError, match="^base_url ") as caught:
        OutboundClient("1-2-0", "u", "s", "p", base_url=bad)

    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "url", "authorization"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128", None),
        ("tcp://proxy.example:3128", "http://proxy.example:3128", None),
        ("https://proxy.example", "https://proxy.example:443", None),
        ("http://proxy.example", "http://proxy.example:80", None),
        ("http://[::1]:3128", "http://[::1]:3128", None),
        # echo -n 'user:p@ss' | base64
        ("http://user:p%40ss@proxy.example:1", "http://proxy.example:1", "Basic dXNlcjpwQHNz"),
        ("tcp://user:p@ss@proxy.example:1", "http://proxy.example:1", "Basic dXNlcjpwQHNz"),
        # echo -n 'user:' | base64
        ("http://user@proxy.example:1", "http://proxy.example:1", "Basic dXNlcjo="),
    ],
)
def test_a_proxy_keeps_its_password_to_itself(
    given: str, url: str, authorization: str | None
) -> None:
    proxy = Proxy(given, "proxy")

    assert (proxy.url, proxy.authorization()) == (url, authorization)
    assert repr(proxy) == f"<Proxy {url}>"
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(proxy)


@pytest.mark.parametrize(
    "bad",
    [
        "proxy.example:3128",
        "user:canary@proxy.example:3128",
        "socks5://user:canary@proxy.example:1",
        "tcp://user:canary@proxy.example",
        "http://user:canary@",
        "http://user:canary@proxy.example:canary",
        "http://user:canary@pro xy.example:1",
        "http://user:canary\n@proxy.example:1",
        "http://[canary",
        "",
        7,
    ],
)
def test_a_bad_proxy_address_is_never_quoted(bad: Any) -> None:
    holder = [bad]
    with pytest.raises(InvalidInputError, match="^proxy ") as caught:
        OutboundClient("1-2-0", "u", "s", "p", proxy=holder.pop())

    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    own, *frames = told.stack
    assert own.name == "test_a_bad_proxy_address_is_never_quoted"
    assert "canary" not in repr([frame.locals for frame in frames]) + str(caught.value)


@pytest.mark.parametrize("bad", [0, -1, "5", True, float("nan"), float("inf"), [1]])
def test_a_timeout_is_a_number_of_seconds(bad: Any) -> None:
    with pytest.raises(InvalidInputError, match="^timeout must be a number of seconds"):
        OutboundClient("1-2-0", "u", "s", "p", timeout=bad)


@pytest.mark.parametrize("bad", ["no such file", 5])
def test_a_ca_bundle_must_exist(bad: Any) -> None:
    with pytest.raises(InvalidInputError, match="^ca_bundle"):
        OutboundClient("1-2-0", "u", "s", "p", ca_bundle=bad)


def test_the_environment_serves_what_was_not_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings.checked()
    bundle = tmp_path / "ca.pem"
    bundle.touch()

    monkeypatch.setenv("ACULAB_BASE_URL", "http://127.0.0.1:8080/")
    monkeypatch.setenv("ACULAB_TIMEOUT", "2.5")
    monkeypatch.setenv("ACULAB_PROXY", "tcp://127.0.0.1:3128")
    monkeypatch.setenv("ACULAB_CA_BUNDLE", str(bundle))

    way = settings.way()
    assert way is not None
    assert settings.base() == "http://127.0.0.1:8080"
    assert settings.seconds() == 2.5
    assert way.url == "http://127.0.0.1:3128"
    assert settings.trust() == str(bundle)


def test_an_explicit_argument_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Settings.checked(
        "https://example.com", 9, "http://explicit.example:1", tmp_path, None
    )
    for name in ("BASE_URL", "TIMEOUT", "PROXY", "CA_BUNDLE"):
        monkeypatch.setenv(f"ACULAB_{name}", "junk")

    way = settings.way()
    assert way is not None
    assert settings.base() == "https://example.com"
    assert settings.seconds() == 9.0
    assert way.url == "http://explicit.example:1"
    assert settings.trust() == str(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("ACULAB_BASE_URL", "http://example.com/", Settings.base),
        ("ACULAB_TIMEOUT", "soon", Settings.seconds),
        ("ACULAB_TIMEOUT", "-1", Settings.seconds),
        ("ACULAB_PROXY", "user:canary@proxy", Settings.way),
        ("ACULAB_CA_BUNDLE", "no such file", Settings.trust),
    ],
)
def test_a_bad_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, read: Any
) -> None:
    monkeypatch.setenv(name, text)

    with pytest.raises(InvalidInputError, match=f"^{name}") as caught:
        read(Settings.checked())

    assert "canary" not in str(caught.value)


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACULAB_BASE_URL", "")

    assert Settings.checked().base() == "https://ws.aculabcloud.net"


def test_settings_do_not_show_a_proxy_password() -> None:
    settings = Settings.checked(proxy="http://user:canary@proxy.example:1")

    assert "canary" not in repr(settings)
