"""The calls of a file. All of it is read and checked before anything is dialled."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from .._core.values import Call
from ..errors import InvalidInputError
from ..sandbox.quoting import quoted
from .errors import CommandError, listed, os_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIELDS: Final = ("to", "from", "token", "outbound_parameters")
"""The columns of a CSV file and the keys of a JSON object: the wire's words."""

FORMATS: Final = ("csv", "json", "jsonl")

_SUFFIXES = {"csv": "csv", "json": "json", "jsonl": "jsonl", "ndjson": "jsonl"}


@dataclass(frozen=True, slots=True)
class Row:
    """One call, and where it stands.

    Attributes:
        call: What is to be called.
        where: Where the row is, for people: "line 4", "item 2".
        ordinal: 1 for the first of several rows with the same content, 2 for the second, ...
    """

    call: Call
    where: str
    ordinal: int = 1


def read_stdin() -> bytes:
    """Return all of stdin.

    Raises:
        CommandError: there is no stdin, as in a daemon, or it cannot be read.
    """
    if sys.stdin is None:
        raise CommandError("stdin is closed: there is nothing to read")
    try:
        # Another program's stand-in, such as io.StringIO, may hold text alone.
        binary = getattr(sys.stdin, "buffer", None)
        return sys.stdin.read().encode() if binary is None else binary.read()
    except OSError as error:
        raise CommandError(f"stdin: cannot be read: {os_reason(error)}") from None


def format_of(path: str) -> str:
    """The format that a file's suffix names.

    Raises:
        CommandError: none does.
    """
    found = _SUFFIXES.get(path.rpartition(".")[2].lower())
    if found is None:
        raise CommandError(
            f"{path}: the name does not say what it holds: add --format csv, json or jsonl"
        )
    return found


def read_rows(data: bytes, format_: str, name: str) -> list[Row]:
    """Every row of a file.

    Args:
        data: The file's bytes: UTF-8, with or without a byte order mark.
        format_: One of FORMATS.
        name: The file's name, for messages.

    Raises:
        CommandError: the file or a row cannot be used; it names row and field.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CommandError(f"{name}, line {line}: not UTF-8. Save the file as UTF-8") from None
    reader = {"csv": _csv, "json": _json, "jsonl": _json_lines}[format_]
    rows: list[Row] = []
    problems: list[str] = []
    seen: dict[Call, int] = {}
    for where, record in reader(text, name):
        try:
            call = _call(record)
        except InvalidInputError as error:
            problems.append(f"{name}, {where}: {error}")
            continue
        seen[call] = seen.get(call, 0) + 1
        rows.append(Row(call, where, seen[call]))
    if problems:
        raise listed(problems, "Nothing was sent. Correct the file and run it again.")
    if not rows:
        raise CommandError(f"{name}: holds no calls: there is nothing to start")
    return rows


def _call(record: object) -> Call:
    """One object in the wire's keys as a call. A member that is null, or absent, is not set."""
    if not isinstance(record, dict):
        raise InvalidInputError(f"an object with {_words(FIELDS)} wanted, not {_kind(record)}")
    unknown = [key for key in record if key not in FIELDS]
    if unknown:
        raise InvalidInputError(
            f"unknown field {quoted(unknown[0])}: the fields are {_words(FIELDS)}"
        )
    values = {key: value for key, value in record.items() if value is not None}
    for key, value in values.items():
        if not isinstance(value, str):
            raise InvalidInputError(f"{key} must be text in quotes, not {_kind(value)}")
    if "to" not in values:
        raise InvalidInputError("to is missing: it must name a destination")
    return Call(
        values["to"],
        values.get("from"),
        token=values.get("token"),
        outbound_parameters=values.get("outbound_parameters"),
    )


def _csv(text: str, name: str) -> Iterator[tuple[str, object]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] = []
    before = 0
    try:
        for cells in reader:
            # A record may span lines: people look for its first.
            line, before = before + 1, reader.line_num
            if not any(cells):
                continue
            if not columns:
                columns = _columns(cells, f"{name}, line {line}")
            elif len(cells) != len(columns):
                raise CommandError(
                    f"{name}, line {line}: {len(cells)} cells, but the header names "
                    f"{len(columns)} columns. Put a cell that holds a comma in double quotes"
                )
            else:
                yield (
                    f"line {line}",
                    {column: cell for column, cell in zip(columns, cells, strict=True) if cell},
                )
    except csv.Error as error:
        raise CommandError(f"{name}, line {reader.line_num}: not CSV: {error}") from None


def _columns(cells: Iterable[str], where: str) -> list[str]:
    columns = [cell.strip() for cell in cells]
    # A file that is no list at all may hold a password: then nothing of it is quoted.
    words = {word for column in columns for word in re.findall("[a-z_]+", column.lower())}
    is_list = not words.isdisjoint(FIELDS)
    for column in columns:
        if column not in FIELDS:
            shown = quoted(column) if is_list else f"of {len(column)} characters, not shown here"
            hint = " (columns are separated by commas)" if ";" in column or "\t" in column else ""
            raise CommandError(
                f"{where}: unknown column {shown}{hint}: the first line must name the columns, "
                f"which are {_words(FIELDS)}"
            )
        if columns.count(column) > 1:
            raise CommandError(f"{where}: the column {column!r} is there twice")
    if "to" not in columns:
        raise CommandError(f"{where}: the column 'to' is missing: it must name the destinations")
    return columns


def _json(text: str, name: str) -> Iterator[tuple[str, object]]:
    found = _decoded(text, name, 1)
    if isinstance(found, list):
        yield from ((f"item {number}", item) for number, item in enumerate(found, 1))
    else:
        yield "item 1", found


def _json_lines(text: str, name: str) -> Iterator[tuple[str, object]]:
    # Not splitlines: a JSON string may hold U+2028, which splitlines takes for a line end.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"line {number}", _decoded(line, name, number)


def _decoded(text: str, name: str, line: int) -> object:
    try:
        found: object = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        where = f"{name}, line {line + error.lineno - 1}, column {error.colno}"
        raise CommandError(f"{where}: not JSON: {error.msg}") from None
    except RecursionError:
        raise CommandError(f"{name}, line {line}: nested too deeply for a list of calls") from None
    except ValueError as error:
        raise CommandError(f"{name}, line {line}: {error}") from None
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"an object names {quoted(key)} twice")
        made[key] = value
    return made


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _kind(found: object) -> str:
    if isinstance(found, bool) or found is None:
        return json.dumps(found)
    kinds = {dict: "an object", list: "an array", str: "text", int: "a number", float: "a number"}
    return kinds.get(type(found), type(found).__name__)


def _words(names: Iterable[str]) -> str:
    return ", ".join(names)
