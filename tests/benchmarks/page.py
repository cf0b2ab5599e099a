"""docs/performance.md, as a run of the benchmarks fills it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..docs import written as pages
from .row import HELD, MISSED
from .table import HEAD, cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .budgets import Budget
    from .row import Row
    from .run import Run

PAGE: Final = "performance.md"
COMMAND: Final = "python -m tests.benchmarks"


def written(run: Run) -> pages.Written:
    """The part of the page that a run writes."""
    return pages.Written(PAGE, COMMAND, lambda: "\n".join(_lines(run)))


def _lines(run: Run) -> Iterator[str]:
    yield _result(run)
    yield ""
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    yield f"Measured on {run.date}, on {run.machine}, in {run.seconds:.0f} seconds,"
    yield f"with {versions}."
    yield ""
    for budget, rows in run.found:
        yield from _section(budget, rows)


def _result(run: Run) -> str:
    limited = [row for _, rows in run.found for row in rows if row.verdict in {HELD, MISSED}]
    if not run.missed:
        return f"All {len(limited)} rows with a budget hold it."
    names = "; ".join(f"{row.what}, against {row.against}" for row in run.missed)
    return f"Of {len(limited)} rows with a budget, {len(run.missed)} miss it: {names}."


def _section(budget: Budget, rows: list[Row]) -> Iterator[str]:
    yield from (f"### {budget.number}. {budget.title}", "", budget.about, "")
    yield from pages.table(HEAD, [_marked(row) for row in rows])


def _marked(row: Row) -> list[str]:
    *rest, verdict = cells(row)
    return [*rest, f"**{verdict}**" if verdict == MISSED else verdict]
