"""What time it is in a sandbox, and who looks."""

from __future__ import annotations

import threading
from time import monotonic
from time import time as wall_clock
from typing import TYPE_CHECKING, Final, Literal, get_args

from ..errors import InvalidInputError
from .cloud import LAST_MOMENT
from .quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

Time = Literal["immediate", "polls", "manual", "real"]

FIRST_MOMENT: Final = 1_735_689_600.0
"""Where a virtual clock begins: 2025-01-01 00:00:00 UTC, always, so that answers repeat."""

_LONGEST_PAUSE: Final = 0.25
_SHORTEST_PAUSE: Final = 0.01


def checked_time(time: object) -> Time:
    """How time passes.

    Raises:
        InvalidInputError: in no way that is known.
    """
    for known in get_args(Time):
        if time == known:
            return known  # type: ignore[no-any-return]
    raise InvalidInputError(
        f"time must be 'immediate', 'polls', 'manual' or 'real', not {quoted(time)}"
    )


def checked_seconds(seconds: object) -> float:
    """How far to advance.

    Raises:
        InvalidInputError: negative, no number, or beyond the year 9999.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise InvalidInputError(f"seconds must be a number, not {type(seconds).__name__}")
    if not 0 <= seconds <= LAST_MOMENT:  # NaN is refused too
        raise InvalidInputError("seconds must be 0 or more, and the clock ends with the year 9999")
    return float(seconds)


class RealClock:
    """The time that passes, plus what was skipped."""

    def __init__(self) -> None:
        self._offset = wall_clock() - monotonic()

    def now(self) -> float:
        """Epoch seconds. Never goes back, whatever is done to the machine's own clock."""
        return monotonic() + self._offset

    def advance(self, seconds: float) -> None:
        """Skip so much."""
        self._offset += seconds

    def go_on_from(self, moment: float) -> None:
        """Stand where real time stands, but not before this moment."""
        self._offset = max(moment, wall_clock()) - monotonic()


class Ticker:
    """A thread that looks at the clock whenever something is due, until it is stopped.

    Args:
        look: Does what is due, and returns after how many seconds there is more; None: unknown.
    """

    def __init__(self, look: Callable[[], float | None]) -> None:
        self._look = look
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tick, name="aculab-sandbox-clock", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _tick(self) -> None:
        pause = 0.0
        while not self._stop.wait(pause):
            left = self._look()
            # A start that comes meanwhile is due no earlier than a second later.
            pause = _LONGEST_PAUSE if left is None else min(left, _LONGEST_PAUSE)
            pause = max(pause, _SHORTEST_PAUSE)
