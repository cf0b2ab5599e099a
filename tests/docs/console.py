"""What the console blocks show, held against what comes.

    python -m tests.docs.console            say which blocks differ
    python -m tests.docs.console --write    put in what came

A page's blocks run in order in one shell, those with a title in another beside it, in a folder that
holds the files of docs/examples, and of the folder there that is called like the page. A line that
begins with `$` is typed. What follows it must come, but for this:

- An id (32 hexadecimal digits) stands for the id that comes in its place, here and further on.
- A port of 127.0.0.1 stands for a free one.
- A line `...` stands for any lines.
- How long tests took stands for any time.
- RUNNING at the end of a line is as good as QUEUED: the clock of a sandbox that runs is real.
- Blanks at the end of a line do not count.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .pages import DOCS, Kind, blocks, every_block, text_of
from .terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .pages import Block

_ID: Final = re.compile(r"\b[0-9a-f]{32}\b")
_PORT: Final = re.compile(r"\b127\.0\.0\.1:(\d+)\b|--port (\d+)\b")
_TOOK: Final = re.compile(r"\bin \d+\.\d+s\b")
_HOW_FAR: Final = re.compile(r"\t(QUEUED|RUNNING)$")
_ANY: Final = "..."


@dataclass(frozen=True)
class Typed:
    """A command of a block, and the lines that the page shows after it."""

    command: str
    shown: list[str]


@dataclass
class Session:
    """What stands for what on a page: ids and ports as shown, and as they came."""

    places: dict[str, str] = field(default_factory=dict)

    def real(self, text: str) -> str:
        """A line of the page with the ids and ports of this run."""
        for port in {found[1] or found[2] for found in _PORT.finditer(text)}:
            self.places.setdefault(port, free_port())
        return self._exchanged(text, self.places)

    def shown(self, text: str) -> str:
        """A line of this run with the ids and ports of the page."""
        return self._exchanged(text, {came: shown for shown, came in self.places.items()})

    def learn(self, shown: list[str], came: list[str]) -> None:
        """Take the ids that came in the order of those that the page shows."""
        wanted = [id_ for line in shown for id_ in _ID.findall(line)]
        for id_, real in zip(wanted, [i for line in came for i in _ID.findall(line)], strict=False):
            self.places.setdefault(id_, real)

    @staticmethod
    def _exchanged(text: str, names: dict[str, str]) -> str:
        for old, new in names.items():
            text = re.sub(rf"\b{old}\b", new, text)
        return text


def pages_with_consoles() -> list[str]:
    return sorted({block.page for block in every_block() if block.kind is Kind.CONSOLE})


def typed(block: Block) -> list[Typed]:
    """The commands of a block. A line that ends with a backslash goes on in the next."""
    found: list[Typed] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append(Typed(line[2:], []))
        elif found and found[-1].command.endswith("\\") and not found[-1].shown:
            found[-1] = Typed(f"{found[-1].command}\n{line}", [])
        else:
            found[-1].shown.append(line)
    return found


def differences(page: str) -> Iterator[tuple[Block, Typed, list[str]]]:
    """The commands of a page that show something else: with what came, as the page would say it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for file in _files_for(page):
            shutil.copy(file, folder)
        shells: dict[str, Terminal] = {}
        session = Session()
        for block in blocks(page):
            if block.kind is not Kind.CONSOLE:
                continue
            if block.rest not in shells:
                shells[block.rest] = stack.enter_context(Terminal(folder, environment(folder)))
            for one in typed(block):
                came = _run(shells[block.rest], one, session, stays=bool(block.rest.strip()))
                session.learn(one.shown, came)
                came = [session.shown(line).rstrip() for line in came]
                if not same(one.shown, came):
                    yield block, one, came


def _run(shell: Terminal, one: Typed, session: Session, *, stays: bool) -> list[str]:
    command = session.real(one.command)
    if stays:
        last = next(line for line in reversed(one.shown) if line != _ANY)
        return shell.leave_running(command, session.real(last))
    return shell.run(command)


def same(shown: list[str], came: list[str]) -> bool:
    """Whether what came is what is shown, where a line of three dots is any lines."""
    parts = [".*" if line == _ANY else re.escape(f"{_untimed(line)}\n") for line in shown]
    text = "".join(f"{_untimed(line)}\n" for line in came)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _untimed(line: str) -> str:
    return _HOW_FAR.sub("\tSTATUS", _TOOK.sub("in TIME", line))


def _files_for(page: str) -> list[Path]:
    """What is in the folder where the commands of a page are typed."""
    examples = DOCS / "examples"
    there = [*examples.iterdir(), *(examples / page.removesuffix(".md")).iterdir()]
    return [path for path in there if path.is_file()]


def environment(folder: Path) -> dict[str, str]:
    """No setting of the developer's own machine, and this installation's programs first."""
    beside = Path(sys.executable).parent
    kept = {name: os.environ[name] for name in ("COVERAGE_PROCESS_CONFIG",) if name in os.environ}
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / ".config")}
    return {**kept, **home, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"}


def free_port() -> str:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return str(sock.getsockname()[1])


def write(page: str) -> None:
    """Put into the page what came."""
    text = text_of(page)
    for _, one, came in differences(page):
        old = "\n".join([f"$ {one.command}", *one.shown])
        assert text.count(f"{old}\n") == 1, f"the same block twice: {old}"
        text = text.replace(f"{old}\n", "\n".join([f"$ {one.command}", *came]) + "\n")
    (DOCS / page).write_text(text, encoding="utf-8")


def main() -> int:
    if sys.argv[1:] == ["--write"]:
        for page in pages_with_consoles():
            write(page)
        return 0
    found = [found for page in pages_with_consoles() for found in differences(page)]
    for block, one, came in found:
        print(f"{block.where}: $ {one.command}", *came, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
