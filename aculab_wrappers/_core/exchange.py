"""One request on its way: its deadline, how far it has come, and what has come back."""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .incoming import Incoming

_LONGEST_WAY: Final = 10.0
"""Most seconds until the request's first byte: name, connection, tunnel and TLS handshake."""


class Exchange:
    """One request on its way: its deadline, and how far it has come.

    The way there has a share of the time: what stalls before anything was sent can be tried again.

    Attributes:
        most: Most bytes of the answer's body that are read.
        sent: True from just before the first byte of the request.
        trouble: What went wrong, in words, if it is known.
        transient: Whether that may pass by itself.
        incoming: The answer, from when the first byte of it is waited for.
    """

    __slots__ = (
        "_begin",
        "_lull",
        "_seconds",
        "_until",
        "incoming",
        "most",
        "sent",
        "transient",
        "trouble",
    )

    def __init__(self, seconds: float, most: int) -> None:
        self._begin, self._seconds = time.monotonic(), seconds
        self._lull = self._until = float("inf")
        self.most = most
        self.sent = False
        self.trouble: str | None = None
        self.transient = True
        self.incoming: Incoming | None = None

    @property
    def limit(self) -> float:
        """The seconds from the beginning to the deadline, of the way there or of the whole."""
        return self._seconds if self.sent else min(self._seconds, _LONGEST_WAY)

    def left(self) -> float:
        """Seconds that a wait may last, above 0. Raises TimeoutError after the deadline."""
        now = time.monotonic()
        left = min(self._begin + self.limit, self._until) - now
        if left <= 0:
            raise TimeoutError("the time for the whole exchange is over")
        return min(left, self._lull)

    @property
    def over(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self._begin + self.limit

    def linger(self, lull: float, longest: float) -> None:
        """From here on only look what else comes, until nothing does for `lull` seconds."""
        self._lull, self._until = lull, time.monotonic() + longest

    def blame(self, trouble: str | None, transient: bool = True) -> None:
        """Say what went wrong; None takes that back."""
        self.trouble, self.transient = trouble, transient


current: ContextVar[Exchange] = ContextVar("current")
"""The exchange that connections made in this thread serve. Set by the transport."""
