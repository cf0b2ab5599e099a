"""The second step: whether the name of the server, or of the proxy, has an address."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any, Final

from .step import Notes

if TYPE_CHECKING:
    from .line import Route
    from .step import Step

NAME: Final = "DNS"


def look(route: Route, seconds: float) -> tuple[Step, list[Any]]:
    """Look up whom this machine connects to: the proxy if there is one, else the server.

    Returns:
        The step, and the addresses as getaddrinfo gives them; none if it failed.
    """
    host, port = route.peer
    notes = Notes(NAME, f"the addresses of {host}" + (", the proxy" if route.proxy else ""))
    found = _in_time(host, port, seconds)
    if isinstance(found, Exception):
        notes.fail(*_trouble(route, found, seconds))
        return notes.step(), []
    notes.saw(*dict.fromkeys(str(entry[4][0]) for entry in found))
    if route.proxy:
        notes.saw(f"{route.host} is looked up by the proxy, not here")
    return notes.step(), found


def _in_time(host: str, port: int, seconds: float) -> list[Any] | Exception:
    """The addresses, or what went wrong. A resolver has no time limit of its own."""
    found: list[list[Any] | Exception] = [TimeoutError()]

    def ask() -> None:
        try:
            found[0] = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            found[0] = error

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return found[0]


def _trouble(route: Route, error: Exception, seconds: float) -> tuple[str, ...]:
    host = route.peer[0]
    if isinstance(error, TimeoutError):
        return (
            f"no answer about {host} within {seconds:g} seconds",
            "see whether this machine is online, and which DNS server it asks",
        )
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return (
            f"{host} could not be looked up just now: no DNS server answered",
            "see whether this machine is online, and which DNS server it asks",
        )
    text = f"the host name {host} was not found"
    if route.proxy:
        return text, "check its spelling in ACULAB_PROXY (or --proxy)"
    return (
        text,
        "check its spelling in the base URL, and whether this machine is online",
        "where only a proxy may look up names, give that proxy: ACULAB_PROXY",
    )
