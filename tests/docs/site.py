"""The built site, as a browser gets it: what each page holds, and where its links lead."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

_LOADED: Final = {"script": "src", "img": "src", "link": "href"}
_NOT_LOADED: Final = ("next", "prev", "canonical")


@dataclass
class Row:
    """A row of a table."""

    text: str = ""
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """What a page holds.

    Attributes:
        ids: What a link can lead to.
        links: Where its links lead, as they are written.
        loaded: What a browser loads with it: scripts, pictures, styles.
        rows: The rows of its tables.
        blocks: The text of its blocks of code.
        labels: The labels of its tabs.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.rows: list[Row] = []
        self.blocks: list[str] = []
        self.labels: list[str] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: text or "" for name, text in attrs}
        self._open(tag, found)
        ids = {found["id"]} if "id" in found else set()
        self.ids |= ids
        row = self.rows[-1] if "tr" in self._inside else None
        if row:
            row.ids |= ids
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
            if row:
                row.links.append(found["href"])
        source = found.get(_LOADED.get(tag, ""))
        if source and found.get("rel") not in _NOT_LOADED:
            self.loaded.append(source)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if "tr" in self._inside:
            self.rows[-1].text += data
        if "pre" in self._inside:
            self.blocks[-1] += data
        if "label" in self._inside:
            self.labels[-1] += data

    def _open(self, tag: str, found: dict[str, str]) -> None:
        if tag == "tr":
            self.rows.append(Row())
        elif tag == "pre":
            self.blocks.append("")
        elif tag == "label" and found.get("for", "").startswith("__tabbed_"):
            self.labels.append("")
        else:
            return
        self._inside.append(tag)


@dataclass(frozen=True)
class Site:
    """All pages, by their path from the root, such as `errors/index.html`."""

    folder: Path

    def names(self) -> list[str]:
        found = self.folder.rglob("*.html")
        return sorted(path.relative_to(self.folder).as_posix() for path in found)

    def page(self, name: str) -> Page:
        return _read(self.folder / name)

    def of(self, source: str) -> Page:
        """The page made of a file under docs/, such as `errors.md`."""
        return self.page(name_of(source))

    def lost(self, name: str, link: str) -> bool:
        """Whether a link of a page leads to nothing that is here. Those to other hosts do not."""
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            return False
        target = self.target(name, link)
        if not (self.folder / target).is_file():
            return True
        anchor = unquote(parts.fragment)
        return bool(anchor) and target.endswith(".html") and anchor not in self.page(target).ids

    def target(self, name: str, link: str) -> str:
        """The file that a link of a page leads to."""
        path = unquote(urlsplit(link).path)
        if not path:
            return name
        folder = "/" if name == "404.html" else f"/{posixpath.dirname(name)}"
        found = posixpath.normpath(posixpath.join(folder, path)).lstrip("/")
        return found if posixpath.splitext(found)[1] else posixpath.join(found, "index.html")


def name_of(source: str) -> str:
    stem = source.removesuffix(".md")
    return "index.html" if stem == "index" else f"{stem}/index.html"


@cache
def _read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))
