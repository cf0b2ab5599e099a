"""The one clock, and a time limit that every step of a piece of work shares."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Event

clock = time.monotonic
"""Seconds that never jump. Every time limit of this package is read from it."""


class Deadline:
    """A point in time, `seconds` from now, until which work may last."""

    __slots__ = ("_end", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Return the seconds left, always above 0.

        Raises:
            TimeoutError: the time is over.
        """
        left = self._end - clock()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left

    def remaining_or_zero(self) -> float:
        """Return the seconds left, or 0."""
        return max(self._end - clock(), 0.0)

    @property
    def is_expired(self) -> bool:
        """Whether the time is over."""
        return clock() >= self._end


def pause(seconds: float, cancel: Event | None = None) -> None:
    """Wait, or less when `cancel` is set meanwhile."""
    # Not an Event of our own: a Ctrl-C inside its wait can come out as a RuntimeError.
    if cancel is None:
        time.sleep(seconds)
    else:
        cancel.wait(seconds)
