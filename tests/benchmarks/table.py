"""The table: for a terminal, and for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table

from .row import ABSENT, HELD, MISSED, SHOWN, Row, shown

if TYPE_CHECKING:
    from .run import Run

HEAD: Final = (
    "what",
    "ours",
    "held against",
    "theirs",
    "compared (quartiles)",
    "budget",
    "verdict",
)

_STYLES: Final = {HELD: "green", MISSED: "bold red", SHOWN: "dim", ABSENT: "yellow"}


def table(run: Run) -> Table:
    """All rows of a run, for a terminal."""
    made = Table("#", *HEAD, header_style="bold")
    for budget, rows in run.found:
        for row in rows:
            made.add_row(str(budget.number), *cells(row), style=_STYLES[row.verdict])
        made.add_section()
    return made


def cells(row: Row) -> list[str]:
    """A row, as text under the head."""
    judged = limit = ""
    if row.judged:
        spread = (row.judged.low, row.judged.high)
        judged = _figure(row.judged.median, row.unit)
        if min(spread) != max(spread):
            judged += f" ({' to '.join(_figure(value, row.unit) for value in spread)})"
        judged += f" {row.unit}"
    if row.limit:
        limit = f"{row.limit.word} {row.limit.value:g} {row.unit}"
    return [row.what, row.ours, row.against, row.theirs, judged, limit, row.verdict]


def _figure(value: float, unit: str) -> str:
    return f"{value:.2f}" if unit == "×" else shown(value, "")
