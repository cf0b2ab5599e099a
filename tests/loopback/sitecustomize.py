"""Keeps a Python process on this machine: it reaches no other, and asks no name server.

Python runs it in the processes that tests start, because its folder is on their PYTHONPATH, and
`tests/conftest.py` in the process of the tests. An audit hook sees what a patched function of
`socket` would not: what another library or C code does. One thing it sees too late: a name that
is given to `socket.connect` itself is looked up before it is refused.
"""

from __future__ import annotations

import sys
from typing import Any

_REACHES = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


def stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse another machine's address, and know no name but localhost."""
    if event in _LOOKS_UP:
        _look_up(arguments[0])
    elif event in _REACHES and isinstance(arguments[1], tuple) and arguments[1]:
        host = _text(arguments[1][0])  # of anything but a tuple it is no address of the Internet
        if not (host in {"localhost", "::1"} or host.startswith("127.")):
            raise AssertionError(f"a test tried to reach {host}")


def _look_up(given: str | bytes | bytearray | None) -> None:
    # Not before the process itself needs it: tests look at what is imported.
    import ipaddress
    import socket

    host = _text(given)
    if host in {"", "localhost"}:
        return
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise socket.gaierror(
            socket.EAI_NONAME, f"a test asked for {host}, and tests know no name but localhost"
        ) from None


def _text(host: str | bytes | bytearray | None) -> str:
    if host is None:
        return ""
    return host if isinstance(host, str) else host.decode("ascii", "replace")


sys.addaudithook(stay_here)
