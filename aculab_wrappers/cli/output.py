"""What people, pipes and programs read. Results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def printable(text: str) -> str:
    """`text` with what could move a terminal's cursor shown as an escape. Line ends stay."""
    return "".join(
        mark if mark.isprintable() or mark == "\n" else mark.encode("unicode_escape").decode()
        for mark in text
    )


def say(message: str) -> None:
    """A message for people."""
    click.echo(printable(message), err=True)


def emit_json(document: object) -> None:
    """The one JSON document of a command."""
    click.echo(json.dumps(document, indent=2))


def emit_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; in a pipe one line for each row, its cells apart by a tab.

    The first column is the id, so that `wait -` can read what `start` wrote.
    """
    cells = [[printable(cell).replace("\n", " ") for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cells:
            click.echo("\t".join(row))
        return
    table = Table(show_edge=False, pad_edge=False)
    for place, column in enumerate(columns):
        # An id stays on one line, where it can be copied.
        width = max((len(row[0]) for row in cells), default=0) if place == 0 else None
        table.add_column(column, overflow="fold", min_width=width)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console(file=sys.stdout, highlight=False).print(table)


def progress(unit: str) -> Progress:
    """A progress bar on stderr, or nothing at all if that is no terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
        # A thread that draws could be the one to take a signal that must break a socket's wait.
        auto_refresh=False,
    )


def utc(moment: Any) -> str | None:
    """A datetime as text, or None."""
    return None if moment is None else str(moment.isoformat())


def places(given: Sequence[str]) -> str:
    """The places "line 2", "line 3", "line 9" in short: "lines 2-3, 9"."""
    kind, _, _ = given[0].rpartition(" ")
    parts: list[list[int]] = []
    for place in given:
        tail = place.rpartition(" ")[2]
        if not tail.isdigit():
            return ", ".join(given)
        number = int(tail)
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    kind += "s" if len(given) > 1 else ""
    return f"{kind} " + ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
