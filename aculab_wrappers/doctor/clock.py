"""The last step: an HTTP answer, and this machine's clock against the date in it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from .._core.heads import NoHeadError
from .._core.failures import describe_os_error
from .line import Line, NoTunnelError
from .step import Notes

if TYPE_CHECKING:
    from .._core.http import HttpResponse
    from .line import Route
    from .step import Step

NAME: Final = "Clock"
_MOST: Final = 300.0
_PLAUSIBLE: Final = 2.0  # a date has whole seconds, and an answer takes its time


def look(route: Route, addresses: list[Any], seconds: float) -> Step:
    """Ask for the server's first page, without a password, and compare its date."""
    notes = Notes(NAME, f"the Date of the answer to GET {route.base}/, sent without a password")
    with Line(route, addresses, seconds).open() as line:
        try:
            line.reach()
            before = time.time()
            answer = line.ask("GET", "/", {"Accept": "*/*"})
            here = (before + time.time()) / 2
        except (NoHeadError, NoTunnelError, OSError) as error:
            _unanswered(notes, error, seconds)
            return notes.step()
    notes.saw(f"it answers: HTTP {answer.status}")
    if route.proxy and not route.secure and answer.status in (407, 502, 503, 504):
        notes.fail(f"that is the proxy's answer, not the server's: HTTP {answer.status}",
                   "see whether the proxy may reach the server, and wants a password")  # fmt: skip
    else:
        _compare(notes, answer, here)
    return notes.step()


def _unanswered(notes: Notes, error: Exception, seconds: float) -> None:
    if isinstance(error, TimeoutError):
        notes.fail(f"no answer within {seconds:g} seconds",
                   "what listens there takes connections and says nothing: see whether it is the "
                   "right port, and whether the server is well")  # fmt: skip
        return
    text = words(error) if isinstance(error, OSError) else str(error)
    notes.fail(f"no HTTP answer: {text or 'the proxy made no tunnel this time'}",
               "see whether a web server listens on that port")  # fmt: skip


def _compare(notes: Notes, answer: HttpResponse, here: float) -> None:
    text = answer.header("Date")
    try:
        there = parsedate_to_datetime(text or "").timestamp()
    except (ValueError, OverflowError, OSError):
        notes.warn("the answer has no date that can be read: the clock could not be checked",
                   "compare this machine's clock by hand: it says "
                   f"{datetime.fromtimestamp(here, tz=UTC):%Y-%m-%d %H:%M:%S} UTC")  # fmt: skip
        return
    apart = here - there
    if abs(apart) <= _PLAUSIBLE:
        notes.saw("this machine's clock agrees with the server's")
        return
    way = "ahead of" if apart > 0 else "behind"
    said = f"this machine's clock is {_span(abs(apart))} {way} the server's"
    if abs(apart) > _MOST:
        notes.warn(said, "set this machine's clock, by NTP say: certificates and the time of a "
                   "call's status are judged by it")  # fmt: skip
    else:
        notes.saw(said)


def _span(seconds: float) -> str:
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"
