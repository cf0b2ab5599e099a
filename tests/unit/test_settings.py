"""Where requests go: what is taken, what is refused, and that no message quotes a secret."""

from __future__ import annotations

import pickle
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import InvalidInputError, OutboundClient
from aculab_wrappers._core.settings import Proxy, Resolved, Settings, is_loopback

if TYPE_CHECKING:
    from pathlib import Path


def test_the_defaults_are_the_clouds_own() -> None:
    assert Settings.checked().resolve() == Resolved(
        "https://ws.aculabcloud.net", 30.0, None, None, None
    )


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
    assert Settings.checked(given).resolve().base_url == wanted


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

    assert settings.resolve() == Resolved(
        "http://127.0.0.1:8080", 2.5, Proxy("http://127.0.0.1:3128", "proxy"), str(bundle), None
    )


def test_an_explicit_argument_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    proxy = "http://explicit.example:1"
    settings = Settings.checked("https://example.com", 9, proxy, tmp_path, None)
    for name in ("BASE_URL", "TIMEOUT", "PROXY", "CA_BUNDLE"):
        monkeypatch.setenv(f"ACULAB_{name}", "junk")

    assert settings.resolve() == Resolved(
        "https://example.com", 9.0, Proxy(proxy, "proxy"), str(tmp_path), None
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ACULAB_BASE_URL", "http://example.com/"),
        ("ACULAB_TIMEOUT", "soon"),
        ("ACULAB_TIMEOUT", "-1"),
        ("ACULAB_PROXY", "user:canary@proxy"),
        ("ACULAB_CA_BUNDLE", "no such file"),
    ],
)
def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(name, text)

    with pytest.raises(InvalidInputError, match=f"^{name}") as caught:
        Settings.checked().resolve()

    assert "canary" not in str(caught.value)


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACULAB_BASE_URL", "")

    assert Settings.checked().resolve().base_url == "https://ws.aculabcloud.net"


def test_settings_do_not_show_a_proxy_password() -> None:
    settings = Settings.checked(proxy="http://user:canary@proxy.example:1")

    assert "canary" not in repr(settings)


def test_proxies_are_equal_by_address_and_login() -> None:
    same, other = "http://user:one@proxy.example:1", "http://user:two@proxy.example:1"

    assert Proxy(same, "proxy") == Proxy(same, "proxy")
    assert hash(Proxy(same, "proxy")) == hash(Proxy(same, "proxy"))
    assert Proxy(same, "proxy") != Proxy(other, "proxy")
    assert Proxy(same, "proxy") != same


@pytest.mark.parametrize(
    ("address", "password"),
    [("http://u:p%3Aw@x:1", "p:w"), ("http://u@x:1", ""), ("http://x:1", "")],
)
def test_a_proxys_password_is_known_to_those_who_must_find_it(address: str, password: str) -> None:
    assert Proxy(address, "proxy").password() == password


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        *((host, True) for host in ("localhost", "LOCALHOST.", "127.0.0.1", "127.255.0.9", "::1")),
        ("::ffff:127.0.0.1", True),
        *((host, False) for host in ("", "10.0.0.1", "::", "::ffff:10.0.0.1", "0.0.0.0")),
        # What looks like loopback, and is looked up by name.
        *((host, False) for host in ("127.1", "127.0.0.1.example", "0x7f.0.0.1", "2130706433")),
        *((host, False) for host in ("localhost.example", "127.0.0.01", "localhost..example")),
    ],
)
def test_what_always_means_this_machine(host: str, wanted: bool) -> None:
    assert is_loopback(host) is wanted


HERE, CLOUD = "http://127.0.0.1:8080", "https://ws.aculabcloud.net"
NEAR, FAR = "http://127.0.0.1:3128", "http://proxy.example:3128"


@pytest.mark.parametrize(("base_url", "proxy"), [(HERE, NEAR), (CLOUD, NEAR), (CLOUD, FAR)])
def test_a_proxy_serves_https_and_one_on_this_machine_all(
    monkeypatch: pytest.MonkeyPatch, base_url: str, proxy: str
) -> None:
    wanted = Proxy(proxy, "proxy")
    assert Settings.checked(base_url, proxy=proxy).resolve().proxy == wanted

    monkeypatch.setenv("ACULAB_PROXY", proxy)
    assert Settings.checked(base_url).resolve().proxy == wanted


def test_plain_http_is_not_asked_for_through_a_proxy_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InvalidInputError, match="the proxy is on another machine"):
        Settings.checked(HERE, proxy=FAR).resolve()

    monkeypatch.setenv("ACULAB_PROXY", FAR)
    assert Settings.checked(HERE).resolve().proxy is None


@pytest.mark.parametrize(
    ("url", "proxy", "absolute_uri", "whole"),
    [
        (HERE, None, None, False),
        (HERE, None, True, False),
        (HERE, NEAR, None, True),
        (HERE, NEAR, False, False),
        (CLOUD, NEAR, None, False),
        (CLOUD, NEAR, True, True),
    ],
)
def test_a_whole_url_is_asked_of_a_proxy_alone(
    url: str, proxy: str | None, absolute_uri: bool | None, whole: bool
) -> None:
    settings = Settings.checked(url, proxy=proxy, absolute_uri=absolute_uri)

    assert settings.resolve().asks_whole_url is whole


@pytest.mark.parametrize("value", ["1", "yes", "true"])
def test_where_a_sandbox_is_required_only_this_machine_is_asked(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ACULAB_SANDBOX_REQUIRED", value)

    assert Settings.checked(HERE).resolve().base_url == HERE
    for base_url in (None, CLOUD):
        with pytest.raises(InvalidInputError, match=f"^ACULAB_SANDBOX_REQUIRED .* to {CLOUD}: "):
            Settings.checked(base_url).resolve()


@pytest.mark.parametrize("value", ["", "0"])
def test_a_sandbox_is_not_required_by_no_value(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ACULAB_SANDBOX_REQUIRED", value)

    assert Settings.checked(CLOUD).resolve().base_url == CLOUD


def test_no_traceback_of_a_bad_variable_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACULAB_PROXY", "ftp://user:canary@proxy.example")

    with pytest.raises(InvalidInputError) as caught:
        Settings.checked().resolve()

    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "canary" not in repr([frame.locals for frame in told.stack])
