"""What people, pipes and programs read. Results on stdout, everything else on stderr."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import sys
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PIPE_WIDTH: Final = 100
"""Columns of a table that is written to a file or a pipe."""


@contextlib.contextmanager
def usable_streams() -> Iterator[None]:
    """Make stdin, stdout and stderr usable while this is entered, whatever they are.

    A closed stream counts as missing (None), as it does when Python itself finds it closed. Without
    a stdout, results go to stderr: an id must come out.
    """
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if getattr(stream, "closed", False):
            setattr(sys, name, None)
        elif name != "stdin" and isinstance(stream, io.TextIOWrapper):
            # An id must come out whatever the terminal can show.
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors="backslashreplace")
    with contextlib.redirect_stdout(sys.stdout or sys.stderr):
        yield


def is_terminal(stream: Any) -> bool:
    """Return whether `stream` is a terminal. One that is missing or cannot say is none."""
    try:
        return bool(stream.isatty())
    except (AttributeError, OSError, ValueError):
        return False


def printable(text: str) -> str:
    """`text` with what could move a terminal's cursor shown as an escape. Line ends stay."""
    return "".join(
        mark if mark.isprintable() or mark == "\n" else mark.encode("unicode_escape").decode()
        for mark in text
    )


def say(message: str) -> bool:
    """Write a message for people to stderr. Returns False if it could not be written."""
    try:
        click.echo(printable(message), err=True)
    except (OSError, ValueError):
        return False
    return sys.stderr is not None


def emit_json(document: object) -> None:
    """Write the one JSON document of a command to stdout. Raises OSError."""
    _write(json.dumps(document, indent=2) + "\n")


def emit_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table to a terminal; to a pipe one line for each row, its cells separated by tabs.

    The first column is the id, so that `wait -` can read what `start` wrote.

    Raises:
        OSError: stdout is missing or cannot be written.
    """
    cells = [[printable(cell).replace("\n", " ") for cell in row] for row in rows]
    if not is_terminal(sys.stdout):
        for row in cells:
            _write("\t".join(row) + "\n")
        return
    table = Table(show_edge=False, pad_edge=False)
    for place, column in enumerate(columns):
        # An id stays on one line, where it can be copied.
        width = max((len(row[0]) for row in cells), default=0) if place == 0 else None
        table.add_column(column, overflow="fold", min_width=width)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    print_table(table)


def print_table(table: Table) -> None:
    """Print a rich table: as wide as the terminal, or as plain text to a pipe. Raises OSError."""
    if is_terminal(sys.stdout):
        Console(highlight=False).print(table)
        return
    plain = Console(
        file=io.StringIO(), width=_PIPE_WIDTH, force_terminal=False, color_system=None,
        highlight=False,
    )  # fmt: skip
    with plain.capture() as text:
        plain.print(table)
    _write(text.get())


def _write(text: str) -> None:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "it is closed", "stdout")
    click.echo(text, nl=False)


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
        # FORCE_COLOR and TTY_COMPATIBLE make a terminal of a pipe for rich, not for its reader.
        disable=not (is_terminal(sys.stderr) and console.is_interactive),
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
