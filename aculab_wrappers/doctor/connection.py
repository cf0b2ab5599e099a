"""The third step: the proxy if there is one, and the port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .._core.heads import NoHeadError
from .._core.settings import _LOOPBACK
from .._core.failures import describe_os_error
from .line import Line, NoTunnelError, tls_words
from .step import Notes

if TYPE_CHECKING:
    from .._core.heads import Head
    from .line import Route
    from .step import Step

NAME: Final = "Proxy and port"
_SCHEMES: Final = ("basic", "digest", "negotiate", "ntlm")


def look(route: Route, addresses: list[Any], seconds: float) -> Step:
    """Connect, and have the proxy make its tunnel."""
    host, port = route.peer
    what = f"the proxy at {host}:{port}" if route.proxy else f"{host}, port {port}, without a proxy"
    notes = Notes(NAME, what)
    with Line(route, addresses, seconds).open() as line:
        try:
            notes.saw(f"connected to {line.connect()}, port {port}")
        except OSError:
            _unconnected(notes, line, route)
        else:
            _proxy(notes, line, route)
        finally:
            if not notes.failed:
                notes.saw(*(f"{_refusal(who, why)}" for who, why in line.refused))
    return notes.step()


def _unconnected(notes: Notes, line: Line, route: Route) -> None:
    texts = [_refusal(who, why) for who, why in line.refused]
    for text in texts[:-1]:
        notes.saw(text)
    advice = ["see whether the address and the port are right, and whether it is running there"]
    if route.proxy:
        advice.append(
            f"that is the proxy {route.proxy.url}: correct ACULAB_PROXY or --proxy, or leave it out"
        )
    elif not _LOOPBACK.match(route.host):
        advice.append("a firewall may let only a proxy out: ask which, and set ACULAB_PROXY")
    notes.fail(texts[-1], *advice)


def _refusal(who: str, why: OSError) -> str:
    return f"no connection to {who}: {words(why)}"


def _proxy(notes: Notes, line: Line, route: Route) -> None:
    if route.proxy is None:
        return
    login = "with a user name" if route.proxy.authorization() else "without a user name"
    try:
        line.greet_proxy()
    except OSError as error:
        notes.fail(f"no TLS with the proxy: {tls_words(error, route.peer[0])}",
                   "most proxies are spoken to in plain http: write http:// in its address, or "
                   "give the certificates that it is trusted by in ACULAB_CA_BUNDLE")  # fmt: skip
        return
    if not route.secure:
        notes.saw("plain http needs no tunnel; requests are handed to the proxy")
        return
    try:
        line.tunnel()
        notes.saw(f"CONNECT {route.authority}, {login}: the tunnel is there")
    except NoTunnelError as refused:
        notes.fail(
            f"CONNECT {route.authority}, {login}: refused with HTTP {refused.head.status}",
            *_refused(route, refused.head),
        )
    except NoHeadError as error:
        notes.fail(
            f"CONNECT {route.authority}: {error}",
            "see whether that is an HTTP proxy, and that its port is not a SOCKS or a web port",
        )
    except OSError as error:
        notes.fail(
            f"CONNECT {route.authority}: {words(error)}",
            "the proxy took the connection and then gave no tunnel: ask who runs it whether it "
            f"may reach {route.authority}",
        )


def _refused(route: Route, head: Head) -> tuple[str, ...]:
    """What to do about a proxy's refusal."""
    if head.status == 407:
        asked = [text.split(" ")[0] for text in head.members("proxy-authenticate")]
        schemes = ", ".join(name for name in _SCHEMES if name in asked)
        first = (
            "its user name or password is wrong: correct ACULAB_PROXY"
            if route.proxy and route.proxy.authorization()
            else "it wants a user name and password: ACULAB_PROXY=http://user:password@host:port"
        )
        if schemes and "basic" not in asked:
            return (
                f"it wants {schemes}, and this package speaks only basic to proxies",
                "ask for a proxy with basic authentication, or run one of your own in between",
            )
        return (first, f"percent-encode @ : / in them (it offers: {schemes or 'it does not say'})")
    if head.status in (502, 503, 504):
        return (f"the proxy cannot reach {route.authority} itself: see whether it may just now",)
    return (f"the proxy does not allow {route.authority}: ask who runs it to",)
