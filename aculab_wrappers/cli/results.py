"""The results file: what became of each row, on disk before the next one is dialled.

For each start an *intent* is written before the request leaves, and an outcome after it. An intent
without an outcome is what a crash in the middle leaves: that row is unknown, and is never dialled
again. Lines hold `to` and `token`, so that a human can look for the call; never a password.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from ..errors import Outcome
from ..sandbox.quoting import quoted
from .checked_lines import Appender, CheckedLines, Lock
from .errors import CommandError, os_reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from .rows import Row

FORMAT: Final = "aculab-wrappers results"
VERSION: Final = 1

_INTENT = "intent"
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_SETTLED = frozenset((Outcome.STARTED, Outcome.UNKNOWN))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the file says of one row."""

    to: str
    token: str | None
    outcome: Outcome
    where: str
    ids: tuple[str, ...] = ()
    pending: bool = False

    @property
    def settled(self) -> bool:
        """Whether the row must not be dialled again."""
        return self.outcome in _SETTLED


@dataclass(frozen=True, slots=True)
class Account:
    """Whose results a file holds: those of one service on one cloud."""

    service: str
    cloud: str


def row_key(row: Row, account: Account) -> str:
    """The name of a row: its content, its ordinal among equal rows, and the service."""
    text = json.dumps([account.service, row.call.to_wire(), row.ordinal], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_results(path: str, account: Account) -> tuple[dict[str, Entry], CheckedLines]:
    """What a results file says, by row.

    Raises:
        CommandError: it is not one, or of another service, or newer, or damaged.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise CommandError(f"{path}: cannot be read: {os_reason(error)}") from None
    _check_first_line(path, data, account)
    lines = CheckedLines(data, path)
    entries: dict[str, Entry] = {}
    for number, line in lines.entries[1:]:
        try:
            _take(entries, line)
        except (KeyError, TypeError, ValueError):
            raise CommandError(
                f"{path}, line {number}: does not follow from the lines before it. The file is "
                f"damaged, and what it said is not guessed"
            ) from None
    return entries, lines


def _check_first_line(path: str, data: bytes, account: Account) -> None:
    # It is never torn: the file is created together with it.
    line, end, _ = data.partition(b"\n")
    first: Any = None
    with contextlib.suppress(ValueError, RecursionError):
        first = json.loads(line)
    if not end or not isinstance(first, dict) or first.get("format") != FORMAT:
        raise CommandError(f"{path}: is not a results file of this program. Name another file")
    if first.get("version") != VERSION:
        raise CommandError(
            f"{path}: was written by another version of this program (format "
            f"{quoted(first.get('version'))}, this one reads {VERSION}). Update, or name another "
            f"file"
        )
    for word, mine in (("service", account.service), ("cloud", account.cloud)):
        if first.get(word) != mine:
            raise CommandError(
                f"{path}: holds the results of the {word} {quoted(first.get(word))}, and this is "
                f"{mine!r}. Name another file with --results"
            )


def _take(entries: dict[str, Entry], line: dict[str, Any]) -> None:
    """One line's news. Raises KeyError, TypeError or ValueError if it cannot follow."""
    key, event = line["row"], line["event"]
    before = entries.get(key)
    if event == _INTENT:
        if before is not None and before.settled:
            raise ValueError(event)
        entries[key] = Entry(
            line["to"], line.get("token"), Outcome.UNKNOWN, line["where"], pending=True
        )
        return
    if before is None or not before.pending:
        raise ValueError(event)
    ids = tuple(line.get("ids", ()))
    if any(not isinstance(id_, str) for id_ in ids):
        raise TypeError(key)
    entries[key] = Entry(before.to, before.token, _OUTCOMES[event], before.where, ids)


class Results:
    """The results file of a run, locked while this is entered.

    Args:
        path: The file. Created with the first intent, readable by its owner only.
        account: Whose results they are.

    Raises:
        CommandError: on entering: locked, foreign, newer or damaged.
    """

    def __init__(self, path: str, account: Account) -> None:
        self.path = path
        self.entries: dict[str, Entry] = {}
        self._account = account
        self._lock = Lock(path)
        self._held: CheckedLines | None = None
        self._file: Appender | None = None

    def __enter__(self) -> Self:
        self._lock.__enter__()
        try:
            if os.path.lexists(self.path):
                self.entries, self._held = read_results(self.path, self._account)
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
        self._lock.__exit__(kind, error, traceback)

    def key(self, row: Row) -> str:
        """The name under which `entries` holds a row."""
        return row_key(row, self._account)

    def intend(self, row: Row) -> None:
        """Write that this row's start is about to be sent.

        Raises:
            OSError: it may not be on disk, so nothing must be sent.
        """
        if self._file is None:
            self._file = Appender(self.path, self._held, self._first_line())
        self._append(row, _INTENT, {**row.call.to_wire(), "where": row.where})

    def record(
        self,
        row: Row,
        outcome: Outcome,
        *,
        ids: Sequence[str] = (),
        hinted_ids: Sequence[str] = (),
        message: str = "",
    ) -> None:
        """Write what became of it.

        Raises:
            OSError: it may not be on disk: what is known exists only here.
        """
        news = {"ids": list(ids), "hinted_ids": list(hinted_ids), "message": message}
        self._append(row, outcome.value, {name: value for name, value in news.items() if value})

    def _append(self, row: Row, event: str, news: dict[str, Any]) -> None:
        assert self._file is not None
        entry = {"event": event, "row": self.key(row), "at": _now(), **news}
        self._file.append(entry)

    def _first_line(self) -> dict[str, Any]:
        account = self._account
        return {
            "format": FORMAT,
            "version": VERSION,
            "service": account.service,
            "cloud": account.cloud,
            "at": _now(),
        }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
