"""The programs under docs/examples: run against a sandbox, each beside what it prints.

    python -m tests.docs.examples            say which of them print something else
    python -m tests.docs.examples --write    put what they print into the files beside them

What `name.py` prints is in `name.txt`. An id there stands for any id, and a number of milliseconds
for any. Those of the tutorial and of the page on testing are run by the console blocks there.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import subprocess
import sys
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from unittest import mock

from aculab_wrappers.sandbox import DEFAULT_SERVICES, Sandbox, Service

from .dialects import tabs
from .pages import DOCS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aculab_wrappers.parity.samples import Snippet

FOLDERS: Final = (DOCS / "examples", DOCS / "printed" / "python")
BY_CONSOLE: Final = ("examples/tutorial/", "examples/testing/")
ACCOUNT: Final = {
    "ACULAB_CLOUD_ID": "1-2-0",
    "ACULAB_USERNAME": "user@example.com",
    "ACULAB_SERVICE": "MyOutboundService",
    "ACULAB_SERVICE_PASSWORD": "MyOutboundServicePassword",
}
MODULES: Final = {"examples/stub.py": "responses"}
"""What a program needs beside this package. It answers in the place of a sandbox."""

# Where the clock of the world counts. In all others, sleeping moves the sandbox's clock.
_REAL_TIME: Final = ("idiomatic/cancel.py", "idiomatic/timeout.py")
# What changes the whole process: its log handlers, and what a signal does.
_IN_A_PROCESS: Final = ("examples/logging/", "examples/stopped.py")
_MAX_SECONDS: Final = 60
_ID: Final = re.compile(r"\b[0-9a-f]{32}\b")
_TOOK: Final = re.compile(r"\b\d+ ms\b")


def programs() -> list[str]:
    """Every program of the pages but those that console blocks run, by its path under docs/."""
    found = [path for folder in FOLDERS for path in folder.rglob("*.py")]
    names = sorted(path.relative_to(DOCS).as_posix() for path in found)
    return [name for name in names if not name.startswith(BY_CONSOLE)]


def run(program: str, services: Iterable[Service] = DEFAULT_SERVICES) -> tuple[str, Sandbox]:
    """What the program prints, and the sandbox that was there for it. Some make one themselves.

    `ported.py` is the third sample of the C# tab: it takes that sample's password.
    """
    said = io.StringIO()
    real = program.endswith(_REAL_TIME)
    with contextlib.ExitStack() as stack:
        cloud = stack.enter_context(Sandbox(services, time="real" if real else "manual"))
        account = dict(ACCOUNT)
        if program.endswith("ported.py"):
            account["ACULAB_SERVICE_PASSWORD"] = "myOutboundServicePassword"
        address = {} if program in MODULES else cloud.environment()
        stack.enter_context(mock.patch.dict(os.environ, {**address, **account}))
        if program.startswith(_IN_A_PROCESS):
            return _run_in_a_process(program), cloud
        if not real:
            stack.enter_context(mock.patch.object(time, "sleep", cloud.advance))
        stack.enter_context(contextlib.redirect_stdout(said))
        runpy.run_path(str(DOCS / program), run_name="__main__")
    return said.getvalue(), cloud


def _run_in_a_process(program: str) -> str:
    """Return what the program prints: to both streams, in the order in which it came."""
    return subprocess.run(
        [sys.executable, "-u", DOCS / program],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=_MAX_SECONDS,
        check=True,
    ).stdout


def shown(program: str) -> str:
    """What the pages say that the program prints."""
    path = _beside(program)
    return path.read_text(encoding="utf-8") if path.exists() else ""


def without_ids(text: str) -> str:
    """Return the text without what is another in each run: ids, and how long something took."""
    return _TOOK.sub("N ms", _ID.sub("ID", text))


def sample_of(program: str) -> Snippet | None:
    """The sample of Aculab's page that the program is a port of."""
    _, dialect, name = program.split("/") if program.count("/") == 2 else ("", "", "")
    if dialect not in tabs():
        return None
    return next(one for one in tabs()[dialect].samples if f"{one.quotation.title}.py" == name)


def service_of(sample: Snippet) -> Service:
    cloud_id, username, name = sample.user.split("/")
    return Service(username, name, sample.password, sample.destination, cloud_id=cloud_id)


def _beside(program: str) -> Path:
    return (DOCS / program).with_suffix(".txt")


def main() -> int:
    stale = [
        (program, came)
        for program in programs()
        if sample_of(program) is None
        if find_spec(MODULES.get(program, "aculab_wrappers"))
        for came, _ in [run(program)]
        if without_ids(came) != without_ids(shown(program))
    ]
    for program, came in stale:
        print(f"docs/{program} prints:", came, sep="\n")
        if sys.argv[1:] == ["--write"]:
            _beside(program).write_text(came, encoding="utf-8")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
