"""The table of faults, rows 1 to 59: everything about a start and its transport.

Each row says how the fault comes about and what must come of the start. For all of them: never
more starts than were asked for, an error of ours, an end in time, and no secret told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import (
    rows_again,
    rows_connect,
    rows_content,
    rows_framing,
    rows_interrupts,
    rows_program,
    rows_proxy,
    rows_trust,
    rows_unclear,
)

if TYPE_CHECKING:
    from .row import Row

ROWS: Final[tuple[Row, ...]] = (
    *rows_connect.ROWS,
    *rows_trust.ROWS,
    *rows_proxy.ROWS,
    *rows_unclear.ROWS,
    *rows_again.ROWS,
    *rows_program.ROWS,
    *rows_interrupts.ROWS,
    *rows_framing.ROWS,
    *rows_content.ROWS,
)

NOT_INJECTABLE: Final[dict[str, str]] = {
    "13b": "urllib3-future takes the place of urllib3 in a whole environment: put it into one, "
    "and run this folder there. By hand, with 2.25.904: every start comes out unknown, its id lost",
}
"""What cannot be brought about in a test: its row, and why."""

NOT_YET: Final[dict[str, str]] = {
    "8-no-alternative-name": "the name of a certificate's subject is taken for a server's name",
    "22c": "over TLS, a write that fails takes with it the answer that came before",
    "32c": "a second answer on the connection is not read, and its id is lost",
    "40a": "urllib3's own log lines are written from inside a start",
    "40b": "urllib3 logs between the head of the answer and its body: the id is lost",
    "41d": "more than 16 interim answers are refused, and the answer after them is lost",
    "44b": "a length that is none counts as no length: the list that came whole is taken",
    "44c": "two lengths are an error of urllib3's, before any of the body is kept",
    "44d": "two lengths are an error of urllib3's, before any of the body is kept",
    "44e": "a length that is none counts as no length: the list that came whole is taken",
    "44f": "a length that is none counts as no length: the list that came whole is taken",
    "46b": "a gzip body is kept and not searched for ids",
    "46c": "a gzip body is kept and not searched for ids",
    "51a": "http.client takes 100 headers: what follows them is lost",
    "51b": "http.client takes 100 headers: what follows them is lost",
    "51c": "http.client takes lines of 64 KiB: what follows a longer one is lost",
    "52-junk-kept": "of an answer whose first line cannot be read nothing is kept",
    "52-0.9-kept": "of an answer whose first line cannot be read nothing is kept",
    "52-200x-kept": "of an answer whose first line cannot be read nothing is kept",
    "52-99-kept": "of an answer whose first line cannot be read nothing is kept",
    "52-3.0-kept": "of an answer whose first line cannot be read nothing is kept",
    "52-half-kept": "of an answer whose first line cannot be read nothing is kept",
    "53b": "the message says that there is no list of ids, not that somebody else has answered",
    "55-surrogate": "an id that UTF-8 cannot carry is taken",
    "55-nul": "an id with a NUL is taken",
    "59e": "an id with a slash is asked for as if it were any other",
}
"""Rows whose target is not met: the row's id, or its id and its way, and what happens instead."""
