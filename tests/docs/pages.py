"""The pages under docs/, and every block of code in them."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"

_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,}|~{3,}) *(?P<language>[\w+-]*)(?P<rest>.*)$")
_SNIPPET = re.compile(r'^-+8<-+ +"(?P<path>[^":]+)(?::(?P<section>[\w-]+))?"$')
_RUN = (".py", ".php", ".toml", ".ini")  # the last two by the programs that read them
_WRITTEN = "<!-- what follows is written by:"
_WRITTEN_ENDS = "<!-- end of what is written by it -->"


class Kind(enum.Enum):
    """What keeps a block from drifting."""

    EXAMPLE = "a file under docs/examples/ that a test runs"
    OUTPUT = "a file beside an example: what it prints, or the same in another form"
    PRINTED = "a sample of Aculab's page, held against the parity suite's transcript"
    DOCTEST = "a session with Python that a test runs"
    CONSOLE = "a session with a shell that a test runs"
    WRITTEN = "written by a program, and compared with what it would write"


_TYPED: Final = {"pycon": (">>> ", Kind.DOCTEST), "console": ("$ ", Kind.CONSOLE)}


@dataclass(frozen=True)
class Block:
    """A fenced block of code, as its page has it: snippets are not filled in."""

    page: str
    line: int
    language: str
    rest: str
    text: str
    written: bool

    @property
    def where(self) -> str:
        return f"docs/{self.page}:{self.line}"

    @property
    def snippets(self) -> list[tuple[str, str | None]]:
        """The files that the block is made of, each with its section, if it is made of files."""
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        found = [_SNIPPET.match(line) for line in lines]
        return [(one["path"], one["section"]) for one in found if one] if all(found) else []

    @property
    def kind(self) -> Kind | None:
        """What keeps it from drifting; None if nothing does."""
        folders = {path.partition("/")[0] for path, _ in self.snippets}
        if folders == {"printed"}:
            return Kind.PRINTED
        if folders == {"examples"}:
            run = all(path.endswith(_RUN) for path, _ in self.snippets)
            return Kind.EXAMPLE if run else Kind.OUTPUT
        if self.written:
            return Kind.WRITTEN
        begins, kind = _TYPED.get(self.language, ("", None))
        return kind if self.text.startswith(begins) else None


def pages() -> list[str]:
    """Every page, by its path under docs/."""
    return sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return list(_blocks(page, text_of(page).splitlines()))


def every_block() -> list[Block]:
    return [block for page in pages() for block in blocks(page)]


def _blocks(page: str, lines: list[str]) -> Iterator[Block]:
    written, opened, body = False, None, list[str]()
    for number, line in enumerate(lines, 1):
        if opened is None:
            written = (written or line.startswith(_WRITTEN)) and line != _WRITTEN_ENDS
            if fence := _FENCE.match(line):
                opened, body = (number, fence), []
            continue
        start, fence = opened
        if line.strip() == fence["marks"]:
            text = "".join(f"{part}\n" for part in body)
            yield Block(page, start, fence["language"], fence["rest"], text, written)
            opened = None
        else:
            body.append(line.removeprefix(fence["indent"]))
    assert opened is None, f"docs/{page}: the block at line {opened} never ends"


def headings(page: str) -> list[str]:
    """The texts of a page's headings, without the code marks."""
    found = re.findall(r"(?m)^#+ +(.+?)(?: +\{[^}]*\})? *$", text_of(page))
    return [heading.replace("`", "") for heading in found]


def rows(page: str) -> list[list[str]]:
    """The cells of every row of a page's tables."""
    lines = re.findall(r"(?m)^\| (.*) \|$", text_of(page))
    return [re.split(r" (?<!\\)\| ", line) for line in lines]
