"""The programs under docs/examples: run against a sandbox, each beside what it prints.

    python -m tests.docs.examples            say which of them print something else
    python -m tests.docs.examples --write    put what they print into the files beside them

What `name.py` prints is in `name.txt`. An id there stands for any id. Those of the tutorial and of
the page on testing are run by the console blocks there.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import sys
import time
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
PASSWORD: Final = {"ACULAB_SERVICE_PASSWORD": "MyOutboundServicePassword"}

# Where the clock of the world counts. In all others, sleeping moves the sandbox's clock.
_REAL_TIME: Final = ("idiomatic/cancel.py", "idiomatic/timeout.py")
_ID: Final = re.compile(r"\b[0-9a-f]{32}\b")


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
        password = PASSWORD
        if program.endswith("ported.py"):
            password = {"ACULAB_SERVICE_PASSWORD": "myOutboundServicePassword"}
        stack.enter_context(mock.patch.dict(os.environ, {**cloud.environment(), **password}))
        if not real:
            stack.enter_context(mock.patch.object(time, "sleep", cloud.advance))
        stack.enter_context(contextlib.redirect_stdout(said))
        runpy.run_path(str(DOCS / program), run_name="__main__")
    return said.getvalue(), cloud


def shown(program: str) -> str:
    """What the pages say that the program prints."""
    path = _beside(program)
    return path.read_text(encoding="utf-8") if path.exists() else ""


def without_ids(text: str) -> str:
    return _ID.sub("ID", text)


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
