"""JSON lines that show damage, and a file that they are appended to, each on disk before the next.

Every line ends with a check sum over itself and all sound lines before it, so that a changed, lost
or moved line is seen. A last line without its line end is what a crash leaves: it is *torn*, counts
for nothing, and is closed with a mark by the next writer.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import zlib
from typing import TYPE_CHECKING, Any, Final, Self

from filelock import FileLock, Timeout

from .errors import CommandError, os_reason
from .locks import acquire

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType


_TORN: Final = b" #torn"
_CHECK = re.compile(rb'\A(\{.+),"check":"([0-9a-f]{8})"\}\Z')


def line_of(entry: Mapping[str, Any], before: int) -> tuple[bytes, int]:
    """The line for `entry`, and the check sum that the next one continues from."""
    text = json.dumps(entry, separators=(",", ":")).encode("ascii")
    check = zlib.crc32(text, before)
    return b'%s,"check":"%08x"}\n' % (text[:-1], check), check


class CheckedLines:
    """What a file of checked lines holds.

    Attributes:
        entries: (line number, entry) of each sound line.
        check: The check sum that the next line continues from.
        torn: True when the last line has no line end.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.entries: list[tuple[int, dict[str, Any]]] = []
        self.check = 0
        *lines, tail = data.split(b"\n")
        self.torn = bool(tail)
        for number, line in enumerate(lines, 1):
            if not line.endswith(_TORN):
                self.entries.append((number, self._entry(line, f"{name}, line {number}")))

    def _entry(self, line: bytes, where: str) -> dict[str, Any]:
        found = _CHECK.match(line)
        text = found[1] + b"}" if found else b""
        check = zlib.crc32(text, self.check)
        if not found or check != int(found[2], 16):
            raise CommandError(
                f"{where}: damaged or changed by hand, or a line before it is missing. What it "
                f"said is not guessed: restore the file, or look up by hand which calls were "
                f"started"
            )
        self.check = check
        entry: dict[str, Any] = json.loads(text)
        return entry


class Appender:
    """Appends checked lines to a file; each is on disk when `append` returns.

    Args:
        path: The file. It is created, readable by its owner only, when it is not there.
        held: What it holds already; None when it is not there.
    """

    def __init__(self, path: str, held: CheckedLines | None, first: Mapping[str, Any]) -> None:
        self._check = held.check if held is not None else _create(path, first)
        self._dead = False
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
        if held is not None and held.torn:
            self._write(_TORN + b"\n")

    def append(self, entry: Mapping[str, Any]) -> None:
        """Write one line and sync it.

        Raises:
            OSError: it may not be on disk. From then on every append fails: after a failed sync
                the next one can succeed without having written what the failed one lost.
        """
        line, check = line_of(entry, self._check)
        self._write(line)
        self._check = check

    def close(self) -> None:
        """Close the file. Everything in it is on disk already."""
        with contextlib.suppress(OSError):
            os.close(self._file)

    def _write(self, data: bytes) -> None:
        if self._dead:
            raise OSError("an earlier write failed")
        self._dead = True
        _write_all(self._file, data)
        os.fsync(self._file)
        self._dead = False


def _create(path: str, first: Mapping[str, Any]) -> int:
    """Create the file with its first line, all or nothing. Returns the check sum."""
    line, check = line_of(first, 0)
    new = f"{path}.new"
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        _write_all(file, line)
        os.fsync(file)
    finally:
        os.close(file)
    os.replace(new, path)
    if os.name != "nt":  # there a folder cannot be opened, nor synced
        folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return check


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


class Lock:
    """At most one process at a time writes `path`. A second is told at once."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = FileLock(f"{path}.lock", timeout=0, mode=0o600)

    def __enter__(self) -> Self:
        folder = os.path.dirname(self._path) or "."
        if not os.path.isdir(folder):  # filelock would make it, out of a mistyped name
            raise CommandError(f"{self._path}: there is no folder {folder}. Nothing was sent")
        try:
            acquire(self._lock)
        except Timeout:
            raise CommandError(
                f"{self._path}: another run is writing this results file. Wait for it to end"
            ) from None
        except OSError as error:
            raise CommandError(
                f"{self._path}: no results file can be made there: {os_reason(error)}. Name "
                f"another with --results. Nothing was sent"
            ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()
