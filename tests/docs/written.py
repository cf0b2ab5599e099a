"""The parts of pages that a program writes: between two marks, and compared by a test."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .pages import DOCS, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BEGIN: Final = "<!-- what follows is written by: "
_END: Final = "<!-- end of what is written by it -->"


@dataclass(frozen=True)
class Written:
    """The part of a page that a program writes.

    Attributes:
        page: The page's path under docs/.
        command: What writes it, to be typed in the root of a checkout.
        text: What it writes.
    """

    page: str
    command: str
    text: Callable[[], str]

    @property
    def stale(self) -> str:
        """Why the page is not what it should be, or ""."""
        if self._renewed() == text_of(self.page):
            return ""
        return f"docs/{self.page} is not up to date: run `{self.command} --write`"

    def write(self) -> None:
        (DOCS / self.page).write_text(self._renewed(), encoding="utf-8")

    def _renewed(self) -> str:
        begin = f"{_BEGIN}{self.command} --write -->"
        page = text_of(self.page)
        assert page.count(begin) == 1, f"docs/{self.page} has not its marks"
        before, _, rest = page.partition(begin)
        old, _, after = rest.partition(_END)
        # A page may have parts of several programs: one that never ends would take the next.
        ends = _END in rest and _BEGIN not in old
        assert ends, f"docs/{self.page}: the part of {self.command} never ends"
        return f"{before}{begin}\n\n{self.text().strip()}\n\n{_END}{after}"


def main(
    written: Sequence[Written], about: str | None, arguments: Sequence[str] | None = None
) -> int:
    """Write the parts, or say which of them are stale."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--write", action="store_true", help="write the pages; without, check them")
    asked = parser.parse_args(arguments)
    stale = [part.stale for part in written if part.stale]
    if asked.write:
        for part in written:
            part.write()
        return 0
    print("\n".join(stale) or "nothing to write")
    return 1 if stale else 0


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in Markdown, and the empty line after it."""
    return [_line(head), _line(["---"] * len(head)), *map(_line, rows), ""]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def code(text: str) -> str:
    """The text as code in a line or a table's cell, where `|` would end the cell."""
    if "|" not in text:
        return f"`` {text} ``" if "`" in text else f"`{text}`"
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "*_[]\\":
        plain = plain.replace(mark, f"&#{ord(mark)};")
    return f"<code>{plain.replace('|', '&#124;')}</code>"
