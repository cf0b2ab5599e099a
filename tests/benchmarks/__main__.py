"""Measure what this package costs beside others, and hold it to its budgets.

    python -m tests.benchmarks                          all budgets, some minutes
    python -m tests.benchmarks --only start poll        some of them
    python -m tests.benchmarks --write                  and write docs/performance.md from the run
    python -m tests.benchmarks --json FILE              and keep every raw figure

Loopback only. Ends with 1 when a budget is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from .budgets import BUDGETS
from .page import written
from .run import run
from .table import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .budgets import Budget

_WIDE: Final = 180
"""Columns of the table where no terminal says how many there are."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.write and asked.only:
        parser.error("--write writes the whole page: leave out --only")
    console, progress = Console(), Console(stderr=True)
    if not console.is_terminal:
        console = Console(width=_WIDE)
    chosen = [budget for budget in BUDGETS if not asked.only or budget.name in asked.only]

    def tell(budget: Budget) -> None:
        progress.print(f"{budget.number} of {len(BUDGETS)}: {budget.title}", style="dim")

    found = run(chosen, tell)
    console.print(table(found))
    console.print(f"{found.machine}; {found.date}; {found.seconds:.0f} s", style="dim")
    console.print(", ".join(f"{name} {version}" for name, version in found.versions.items()))
    if asked.write:
        written(found).write()
    if asked.json:
        asked.json.write_text(json.dumps(found.as_json(), indent=1) + "\n", "utf-8")
    if found.missed:
        console.print(f"{len(found.missed)} of the budgets' rows missed", style="bold red")
    return 1 if found.missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=(__doc__ or "").partition("\n")[0]
    )
    names = [budget.name for budget in BUDGETS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every raw figure, as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
