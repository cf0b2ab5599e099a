"""Who may ask: each rule of the guard, as a table."""

from __future__ import annotations

import pytest

from aculab_wrappers.sandbox.guard import refusal

HERE = "127.0.0.1:8080"
PATHS = (
    "/",
    "/service_start?outbound_parameters={}",
    "/service_status",
    "/service/v1/outbound_queues",
    "/service/v1/outbound/phones/queue",
    "/sandbox/state",
    "/sandbox/purge",
    "/nowhere",
)
BROWSER = {"User-Agent": "Mozilla/5.0 (X11) Firefox/130", "Accept-Language": "en-GB"}


def status(
    headers: dict[str, str] | list[tuple[str, str]],
    *,
    method: str = "GET",
    target: str = "/service_start",
    scheme: str = "http",
) -> int | None:
    """The status of the refusal, or None when the request is let in."""
    pairs = list(headers.items()) if isinstance(headers, dict) else headers
    found = refusal(method, target, pairs, scheme=scheme, host_names={"desk.example"})
    assert found is None or found.code == f"HTTP {found.status}"
    return found.status if found else None


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:8080",
        "192.168.1.5:80",
        "[::1]:8080",
        "[2001:db8::1]",
        "localhost",
        "LocalHost.:8080",
        "desk.example",
        "Desk.Example:1",
        "a.b.localhost",
        "ws.aculabcloud.net",
        "ws-1-2-0.aculabcloud.net:443",
        "WS-0-2-0.AculabCloud.NET",
    ],
)
def test_names_that_it_goes_by(host: str) -> None:
    assert status({"Host": host}) is None
    assert status({}, target=f"http://{host}/service_start") is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "notlocalhost",
        "sub.desk.example",
        "ws.aculabcloud.net.evil.example",
        "evil-ws.aculabcloud.net",
        "ws-evil.aculabcloud.net",
        "wsx1-2-0.aculabcloud.net",
        "ws.aculabcloud.network",
        "2130706433",  # 127.0.0.1 to some resolvers
        "127.1",
        "0.0.0.0:8080",
        "[::]:8080",
        ".",
        "..localhost.x",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_names_that_somebody_else_chose(host: str, path: str) -> None:
    assert status({"Host": host}, target=path) == 421
    assert status({"Host": HERE}, target=f"http://{host}{path}") == 421


@pytest.mark.parametrize(
    "host",
    [
        "",
        "a b",
        "127.0.0.1,127.0.0.1",
        "user@127.0.0.1",
        "127.0.0.1/",
        "http://127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:port",
        "127.0.0.1:123456",
        "::1",
        "[::1",
        "localhost\n",
        "localhóst",
        "١٢٧.0.0.1",
    ],
)
def test_a_host_that_is_none(host: str) -> None:
    assert status({"Host": host}) == 400


def test_a_host_that_comes_twice() -> None:
    assert status([("Host", HERE), ("host", HERE)]) == 400
    assert status([("Host", HERE), ("Host", HERE)], target=f"http://{HERE}/") == 400


def test_no_host_is_no_browser() -> None:
    assert status({}) is None
    assert status({"Origin": f"http://{HERE}"}) == 403


def test_an_unknown_name_is_explained_and_not_quoted_at_length() -> None:
    found = refusal("GET", "/", [("Host", "mac.local:1")], scheme="http", host_names=())
    long = refusal("GET", "/", [("Host", "a" * 9000)], scheme="http", host_names=())

    assert found is not None
    assert "host_names=['mac.local']" in found.text
    assert long is not None
    assert len(long.text) < 600


def test_what_stands_before_the_host_of_an_absolute_target_is_no_host() -> None:
    assert status({}, target="http://evil.example:x@127.0.0.1:80/service_start") is None
    found = refusal("GET", "http://me:secret@evil.example/", [], scheme="http", host_names=())

    assert found is not None
    assert found.status == 421
    assert "secret" not in repr(found)


def test_the_authority_of_an_absolute_target_counts_in_hosts_place() -> None:
    assert status({"Host": "evil.example"}, target="http://ws.aculabcloud.net/x") is None


@pytest.mark.parametrize(
    ("origin", "host", "scheme"),
    [
        (f"http://{HERE}", HERE, "http"),
        ("http://127.0.0.1", "127.0.0.1", "http"),
        ("http://127.0.0.1", "127.0.0.1:80", "http"),
        ("https://localhost", "localhost:443", "https"),
        ("http://LOCALHOST:1", "localhost:1", "http"),
        ("https://[::1]:8080", "[::1]:8080", "https"),
    ],
)
def test_an_origin_that_is_the_sandbox_itself(origin: str, host: str, scheme: str) -> None:
    assert status({"Host": host, "Origin": origin}, method="POST", scheme=scheme) is None


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:80",
        "http://127.0.0.1:3000",
        "http://localhost:8080",
        f"https://{HERE}",
        f"ftp://{HERE}",
        f"http://{HERE}/",
        f"http://{HERE} https://evil.example",
        f"http://x@{HERE}",
        HERE,
        "null",
        "",
        "file://",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
@pytest.mark.parametrize("path", PATHS)
def test_an_origin_from_elsewhere(origin: str, method: str, path: str) -> None:
    assert status({"Host": HERE, "Origin": origin}, method=method, target=path) == 403


def test_an_origin_that_comes_twice() -> None:
    origin = ("Origin", f"http://{HERE}")
    assert status([("Host", HERE), origin]) is None
    assert status([("Host", HERE), origin, origin]) == 403


def test_an_origin_is_compared_with_an_absolute_target() -> None:
    origin = {"Origin": "http://ws.aculabcloud.net"}
    assert status(origin, target="http://ws.aculabcloud.net/", scheme="https") is None
    assert status(origin, target="https://ws.aculabcloud.net/") == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
@pytest.mark.parametrize("path", PATHS)
def test_the_consoles_own_requests_and_a_typed_address(site: str, path: str) -> None:
    headers = {"Host": HERE, "Sec-Fetch-Site": site, **BROWSER}
    assert status(headers, target=path) is None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "else"])
@pytest.mark.parametrize("mode", ["no-cors", "cors", "navigate", "websocket"])
@pytest.mark.parametrize("path", PATHS[1:])
def test_a_picture_a_frame_a_link_or_a_script_elsewhere(site: str, mode: str, path: str) -> None:
    headers = {"Host": HERE, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
    headers["Sec-Fetch-Dest"] = "document" if mode == "navigate" else "image"
    assert status(headers, target=path) == 403


@pytest.mark.parametrize(
    ("method", "mode", "dest", "expected"),
    [
        ("GET", "navigate", "document", None),
        ("POST", "navigate", "document", 403),
        ("HEAD", "navigate", "document", 403),
        ("GET", "navigate", "iframe", 403),
        ("GET", "navigate", "", 403),
        ("GET", "no-cors", "image", 403),
        ("GET", "cors", "empty", 403),
    ],
)
def test_a_link_may_lead_to_the_console(
    method: str, mode: str, dest: str, expected: int | None
) -> None:
    headers = {"Host": HERE, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode}
    headers["Sec-Fetch-Dest"] = dest

    assert status(headers, method=method, target="/") == expected


def test_one_bad_site_of_two_is_enough() -> None:
    site = "Sec-Fetch-Site"
    pairs = [("Host", HERE), (site, "same-origin"), (site, "cross-site")]
    assert status(pairs) == 403


@pytest.mark.parametrize("path", PATHS)
def test_a_browser_that_does_not_say_which_page_asks(path: str) -> None:
    """As all of them where another machine is asked over plain http."""
    headers = {"Host": "192.168.1.5:8080", **BROWSER}
    console = path == "/" or path.startswith("/sandbox/")
    assert status(headers, target=path) == (None if console else 403)
    assert status(headers, method="POST", target=path) == 403
    assert status({**headers, "Origin": "http://192.168.1.5:8080"}, target=path) is None


@pytest.mark.parametrize(
    "agent",
    ["curl/8.5", "Java/21", "Mozilla/5.0 (Windows NT 10.0) WindowsPowerShell/5.1", ""],
)
def test_programs_notice_nothing(agent: str) -> None:
    assert status({"Host": HERE, "User-Agent": agent}) is None
