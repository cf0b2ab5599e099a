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
    yield from _result(run)
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    yield f"Measured on {run.date}, on {run.machine}, in {run.seconds:.0f} seconds,"
    yield f"with {versions}."
    yield ""
    for budget, rows in run.found:
        yield from _section(budget, rows)


def _result(run: Run) -> Iterator[str]:
    limited = [row for _, rows in run.found for row in rows if row.verdict in {HELD, MISSED}]
    if not run.missed:
        yield from (f"All {len(limited)} rows with a budget hold it.", "")
        return
    yield from (f"Of {len(limited)} rows with a budget, {len(run.missed)} miss it:", "")
    for row in run.missed:
        what, _ours, against, _theirs, compared, limit, _verdict = cells(row)
        yield f"- {what}, against {against}: {compared}, {limit} wanted"
    yield ""


def _section(budget: Budget, rows: list[Row]) -> Iterator[str]:
    yield from (f"### {budget.number}. {budget.title}", "", budget.about, "")
    yield from pages.table(HEAD, [_marked(row) for row in rows])


def _marked(row: Row) -> list[str]:
    *rest, verdict = cells(row)
    return [*rest, f"**{verdict}**" if verdict == MISSED else verdict]
