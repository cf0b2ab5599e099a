"""The steps of a connection, one by one: look up, connect, send, receive, each within a limit.

They are public so that the doctor can take them alone, and tests can put a fault in their place.
"""

from __future__ import annotations

import encodings.idna  # noqa: F401  getaddrinfo imports it with the first name
import functools
import socket
import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, Protocol

from . import deadline
from .failures import is_from_outside

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Buffer

_AVOID_SECONDS: Final = 300.0
"""How long an address that gave no answer is tried after the others."""
_MAX_AVOIDED: Final = 100


class Limit(Protocol):
    """What says how long a step may still last: a Deadline or an Exchange."""

    def remaining(self) -> float:
        """Return the seconds left, above 0. Raises TimeoutError when there are none."""
        ...


def resolve(host: str, port: int, limit: Limit) -> list[Any]:
    """Look up a host, as getaddrinfo does, within the limit.

    A look-up has no time limit of its own: it is made in a thread, which may be left behind.

    Raises:
        OSError: the look-up failed.
        TimeoutError: no answer in time.
    """

    def look_up() -> list[Any]:
        try:
            return socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        except UnicodeError:  # a label that is empty, or longer than 63 characters
            raise socket.gaierror(socket.EAI_NONAME, "no host name") from None

    def ask() -> None:
        try:
            found.append(look_up())
        except BaseException as error:  # of this thread, it is raised in the other one
            found.append(error)

    if _is_address(host):
        return look_up()
    found: list[list[Any] | BaseException] = []
    thread = threading.Thread(target=ask, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no thread to be had: without a time limit, then
        return look_up()
    thread.join(limit.remaining())
    if not found:
        raise TimeoutError("no answer from the name server")
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def connect(
    addresses: list[Any],
    limit: Limit,
    on_failure: Callable[[Any, OSError], object] | None = None,
) -> socket.socket:
    """Connect to the first address that answers, sharing the time among those left.

    An address that gave no answer in its share is tried last for some minutes.

    Args:
        addresses: As `resolve` returns them.
        limit: How long it may take.
        on_failure: Is told of each address that gave no connection, and why.

    Raises:
        OSError: of the last address.
    """
    now = deadline.clock()
    ordered = addresses
    if _avoided:
        ordered = sorted(addresses, key=lambda entry: _avoided.get(entry[4], 0.0) > now)
    for rest in range(len(ordered), 0, -1):
        entry = ordered[-rest]
        share = limit.remaining() / rest
        try:
            return connect_to(entry, share)
        except OSError as error:
            if is_from_outside(error):
                raise
            if isinstance(error, TimeoutError):
                _avoid(entry[4])
            if on_failure:
                on_failure(entry, error)
            if rest == 1:
                raise
    raise OSError("no address")


_avoided: dict[Any, float] = {}


def _avoid(address: Any) -> None:
    if len(_avoided) >= _MAX_AVOIDED:
        _avoided.clear()
    _avoided[address] = deadline.clock() + _AVOID_SECONDS


def connect_to(entry: Any, seconds: float) -> socket.socket:
    """Return a connection to one address of getaddrinfo."""
    family, kind, protocol, _, address = entry
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(seconds)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


def send_some(sock: Any, data: memoryview, seconds: float) -> int:
    """Send what the socket takes, and return how many bytes that was."""
    sock.settimeout(seconds)
    count: int = sock.send(data)
    return count


def receive(sock: Any, buffer: Buffer, seconds: float) -> int:
    """Receive what comes, and return how many bytes that was; 0 at the end."""
    sock.settimeout(seconds)
    count: int = sock.recv_into(buffer)
    return count


@functools.lru_cache(maxsize=64)
def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
