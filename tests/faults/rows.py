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
    "13c": "urllib3-future itself in the place of urllib3, for which row 13b has a stand-in: needs "
    "an environment of its own. By hand, with 2.25.904: refused, and nothing is sent",
}
"""What cannot be brought about in a test: its row, and why."""

NOT_YET: Final[dict[str, str]] = {}
"""Rows whose target is not met: the row's id, or its id and its way, and what happens instead."""
