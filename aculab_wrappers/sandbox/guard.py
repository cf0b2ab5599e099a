"""Who may ask: no web page that a developer happens to visit, under no name that it chose.

A browser is the danger on one's own machine: any page can send requests to 127.0.0.1, and a page
whose own name is made to mean 127.0.0.1 (DNS rebinding) can read the answers too. A browser says
truthfully by which name it calls (Host), which page asks (Origin) and how that page is related
(Sec-Fetch-Site). The rules hold for every path. Programs send only Host, and notice nothing.

Source: RFC 9110 7.2 and 7.4, RFC 6454, W3C Fetch Metadata. Evidence: the real cloud has none of
    this; it is this sandbox's own safety.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from .answers import http_problem
from .quoting import quoted
from .requests import authority_of, split_target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .answers import Problem

    Headers = Iterable[tuple[str, str]]

_HOST: Final = (
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?"
)
_AUTHORITY: Final = re.compile(rf"\A{_HOST}\Z")
_ORIGIN: Final = re.compile(rf"\A(?P<scheme>https?)://{_HOST}\Z")
_OF_THE_CLOUD: Final = re.compile(r"\Aws(-[0-9]+(-[0-9]+)*)?\.aculabcloud\.net\Z")
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}


def refusal(
    method: str, target: str, headers: Headers, *, scheme: str, host_names: Collection[str]
) -> Problem | None:
    """Why a request must not be answered, or None when it may be.

    Args:
        method: As in the request line.
        target: As in the request line. The authority of an absolute one counts in Host's place.
        headers: All of them, repeated ones too.
        scheme: "https" when the server speaks TLS, else "http".
        host_names: Further names of the sandbox, in small letters.
    """
    found: dict[str, list[str]] = {}
    for name, text in headers:
        found.setdefault(name.lower(), []).append(text.strip(" \t"))
    hosts = found.get("host", [])
    if len(hosts) > 1:
        return http_problem(400, "Bad Request: Host came more than once")
    absolute = authority_of(target)
    if absolute is not None:
        scheme, hosts = absolute[0], [absolute[1]]
    address = _address(scheme, hosts[0]) if hosts else None
    if hosts and address is None:
        return http_problem(400, "Bad Request: Host is no name or IP address, with or without port")
    # No browser leaves Host out.
    if address is not None and not _is_ours(address[1], host_names):
        return _unknown_name(address[1])
    return _foreign_origin(found.get("origin", []), address) or _foreign_page(method, target, found)


def _address(scheme: str, authority: str) -> tuple[str, str, str] | None:
    """Scheme, host and port, in a form that can be compared."""
    match = _AUTHORITY.match(authority)
    return _parts(scheme, match) if match else None


def _parts(scheme: str, match: re.Match[str]) -> tuple[str, str, str]:
    host = (match["six"] or match["name"].removesuffix(".")).lower()
    port = (match["port"] or _DEFAULT_PORTS.get(scheme, "")).lstrip("0")
    return scheme, host, port


def _is_ours(host: str, host_names: Collection[str]) -> bool:
    try:
        # Rebinding takes a name, so any address will do, but for 0.0.0.0 and ::. Browsers took
        # those for this machine without counting them as such.
        return not ip_address(host).is_unspecified
    except ValueError:
        pass
    local = host == "localhost" or host.endswith(".localhost")
    return local or host in host_names or bool(_OF_THE_CLOUD.match(host))


def _unknown_name(host: str) -> Problem:
    shown = quoted(host)
    return http_problem(
        421,
        f"Misdirected Request: this sandbox does not go by the name {shown}. It does by its IP "
        f"address, localhost, ws.aculabcloud.net and ws-<cloud id>.aculabcloud.net; start it with "
        f"host_names=[{shown}] to add that one",
    )


def _foreign_origin(origins: list[str], address: tuple[str, str, str] | None) -> Problem | None:
    if not origins:
        return None
    match = _ORIGIN.match(origins[0])
    if len(origins) == 1 and match and _parts(match["scheme"], match) == address:
        return None
    return http_problem(
        403,
        "Forbidden: a web page from elsewhere asks (its Origin is not the address that the request "
        "was sent to), and pages may not use this sandbox",
    )


def _foreign_page(method: str, target: str, found: dict[str, list[str]]) -> Problem | None:
    path = split_target(target)[0]
    sites = found.get("sec-fetch-site")
    if sites is None:
        return _unknown_page(method, path, found)
    # A link to the console, or its address typed ("none"), shows it and does no more.
    if all(site in ("same-origin", "none") for site in sites) or (
        (method, path) == ("GET", "/")
        and found.get("sec-fetch-mode") == ["navigate"]
        and found.get("sec-fetch-dest") == ["document"]
    ):
        return None
    return http_problem(
        403,
        "Forbidden: a web page from elsewhere asks (Sec-Fetch-Site), and pages may not use this "
        "sandbox. A link may lead to its console, /",
    )


def _unknown_page(method: str, path: str, found: dict[str, list[str]]) -> Problem | None:
    """Browsers say which page asks only over https and to this machine, and old ones never.

    So elsewhere a picture's address could start a call. Who both calls itself Mozilla and prefers a
    language is a browser: PowerShell does only the first. It may still look at the console, where
    nothing changes unless by POST.
    """
    agent = "".join(found.get("user-agent", []))
    is_browser = agent.startswith("Mozilla/") and "accept-language" in found
    looks = method in ("GET", "HEAD") and (path == "/" or path.startswith("/sandbox/"))
    if not is_browser or "origin" in found or looks:
        return None
    return http_problem(
        403,
        "Forbidden: a browser asks and does not say for which page (Sec-Fetch-Site is missing). "
        "Use the console, /, or a program",
    )
