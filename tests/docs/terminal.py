"""A shell on a terminal: what a person sees who types the commands of a page."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Self

_MARK: Final = "--- end of this command ---"
_LONGEST: Final = 30.0


class Terminal:
    """A shell that keeps its folder and its variables from one command to the next.

    80 columns, no colours, no cursor movements. Standard input is empty.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._read, other_end = pty.openpty()
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env={**environment, "TERM": "dumb", "COLUMNS": "80", "LANG": "C.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=other_end,
            stderr=other_end,
            start_new_session=True,
        )
        os.close(other_end)
        self._text = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self._shell.pid, signal.SIGKILL)
        self._shell.wait()
        assert self._shell.stdin is not None
        self._shell.stdin.close()
        os.close(self._read)

    def run(self, command: str) -> list[str]:
        """What the command shows, line by line, once it has ended."""
        self._type(f"{{ {command}\n}} </dev/null; ended=$?; echo '{_MARK}'; (exit $ended)")
        return self._until(re.escape(_MARK)).splitlines()

    def leave_running(self, command: str, until: str) -> list[str]:
        """What a command shows that does not end, up to the line `until`."""
        self._type(f"{command} </dev/null")
        return [*self._until(re.escape(until) + r"\s*\n").splitlines(), until]

    def _type(self, text: str) -> None:
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{text}\n".encode())
        self._shell.stdin.flush()

    def _until(self, end: str) -> str:
        over = time.monotonic() + _LONGEST
        while not (found := re.search(end, self._text)):
            left = over - time.monotonic()
            ready, _, _ = select.select([self._read], [], [], max(left, 0.0))
            assert ready, f"nothing more came after: {self._text!r}"
            self._text += os.read(self._read, 65_536).decode().replace("\r\n", "\n")
        before, self._text = self._text[: found.start()], self._text[found.end() :].lstrip("\n")
        return before
