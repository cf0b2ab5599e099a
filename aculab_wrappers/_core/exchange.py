"""One request on its way, as our own connection sees it: how far it is, and what has come back."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from .deadline import Deadline

if TYPE_CHECKING:
    import io

    from urllib3 import HTTPConnectionPool
    from urllib3.connection import HTTPConnection

CONNECT_TIMEOUT: Final = 10.0
"""Most seconds until the request's first byte: name, connection, tunnel and TLS handshake."""
MAX_HEAD: Final = 1_048_576
"""Most bytes that come beside the body: heads, interim answers, the frames of chunks."""
_DRAIN: Final = (1.0, 5.0)
"""Seconds of silence, and in all, after which no rest of an unreadable answer is awaited."""


class Exchange:
    """One request on its way, as our own connection sees it.

    Attributes:
        deadline: The end of it all. Until the first byte, CONNECT_TIMEOUT is the limit.
        limit: Most bytes of the answer, head and frames included.
        repeatable: Whether a program that stands between us and our connection may send it again.
        handled: What the caller is handling; no failure of the request has to do with it.
        connection: The connection that carries it, once one of ours does.
        is_witnessed: Whether nothing foreign stands between our transport and that connection.
        is_sent: True from just before the first byte of the request.
        is_reused: Whether the connection was kept from an earlier request.
        reason: Why there is no connection, in words, if that is known.
        transient: Whether that may pass by itself.
        readers: What its answers are read from: several where another program sends it again.
        received: What came in, as it came.
        early: What of it came while the request was still being written.
        fault: Why the end of the body cannot be relied on, or None.
        pool: The pool that the connection is taken from.
        target: What the request line asks for: a path, or for a proxy the whole URL.
    """

    def __init__(self, seconds: float, limit: int, *, repeatable: bool = False) -> None:
        self.handled, self.repeatable = sys.exception(), repeatable
        self.deadline = Deadline(seconds)
        self._connecting = Deadline(min(seconds, CONNECT_TIMEOUT))
        self._draining: Deadline | None = None
        self.limit = limit
        self.connection: HTTPConnection | None = None
        self.is_witnessed = self.is_sent = self.is_reused = False
        self.reason: str | None = None
        self.transient = True
        self.received, self.early = bytearray(), bytearray()
        self.fault: str | None = None
        self.readers: list[io.RawIOBase] = []
        self.pool: HTTPConnectionPool | None = None
        self.target = "/"

    @property
    def current_limit(self) -> Deadline:
        """The deadline of the whole, or before the first byte that of connecting."""
        return self.deadline if self.is_sent else self._connecting

    def remaining(self) -> float:
        """Return the seconds that the next step may last. Raises TimeoutError."""
        left = self.current_limit.remaining()
        if self._draining:
            return min(left, self._draining.remaining(), _DRAIN[0])
        return left

    def drain(self) -> None:
        """From here on only look what else comes, for a short while."""
        self._draining = Deadline(_DRAIN[1])

    def close(self) -> None:
        """Close what it was sent over, also where another program has let it lie."""
        for reader in self.readers:
            reader.close()
        if self.connection is not None:
            self.connection.close()

    def forget(self) -> None:
        """Let go of what may know the exchange."""
        self.readers.clear()
        self.connection = self.pool = None

    def fail(self, reason: str | None, transient: bool = True) -> None:
        """Note why there is no connection; None takes that back."""
        self.reason, self.transient = reason, transient


current: ContextVar[Exchange | None] = ContextVar("current", default=None)
"""The exchange that connections made in this context serve. Set by the transport."""


def current_exchange() -> Exchange:
    """Return the exchange of this context; a new one where a foreign program sends by itself."""
    return current.get() or Exchange(CONNECT_TIMEOUT, MAX_HEAD)
