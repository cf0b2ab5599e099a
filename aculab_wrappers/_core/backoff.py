"""How long to wait before trying again: pure arithmetic, no clock and no sleep."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .http import HttpResponse

_SECONDS = re.compile(r"\A[0-9]{1,10}\Z")
_LEAST: Final = 1.0
MAX_RETRY_AFTER: Final = 60.0
"""Most seconds that a server's Retry-After is kept to."""


def full_jitter(attempt: int, first: float, most: float) -> float:
    """Return seconds to wait after that many failed attempts: anything up to a limit that doubles.

    "Full jitter": many programs that failed together do not come back together.
    """
    return random() * min(most, first * 2.0 ** (attempt - 1))  # noqa: S311  guards nothing


def retry_after(response: HttpResponse | None) -> float | None:
    """Return the seconds that a server asks to wait, 1 to 60, or None if it does not ask.

    A date is taken relative to the answer's own Date, so that a wrong clock does not matter.
    """
    asked = None if response is None else response.header("Retry-After")
    if response is None or asked is None:
        return None
    asked = asked.strip()
    if _SECONDS.match(asked):
        return min(max(float(asked), _LEAST), MAX_RETRY_AFTER)
    then = _read_date(asked)
    now = _read_date(response.header("Date") or "") or datetime.now(UTC)
    if then is None:
        return None
    return min(max((then - now).total_seconds(), _LEAST), MAX_RETRY_AFTER)


def _read_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
