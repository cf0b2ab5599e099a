"""Write docs/line-by-line.md: each sentence of Aculab's page, and where its Python is.

python -m tests.docs.line_by_line            say whether the page is up to date
python -m tests.docs.line_by_line --write    write it
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..whole_suite import suite
from .dialects import anchor, tabs
from .line_by_line_places import BESIDE, GENERAL, OTHER_PAGES
from .parity_pages import language
from .written import Written, code, main, table

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = Mapping[str, Any]

_HEAD: Final = ["Aculab's page says", "here"]


def generated() -> str:
    """Every sentence, in the page's order, with a link to its place."""
    lines = [*_general(), *_raw_requests()]
    for dialect in suite().dialects:
        lines += _tab(dialect)
    return "\n".join([*lines, *_other_pages()])


def _general() -> Iterator[str]:
    yield from ("## Before the tabs", "")
    yield from table(_HEAD, [[_said(line, set()), place] for line, place in GENERAL])


def _raw_requests() -> Iterator[str]:
    yield from ("## The examples of service_start", "")
    rows = [
        [_id(f"seed.example.{name}") + snippet.heading, _to("http", snippet.quotation.id, "beside")]
        for snippet in tabs()["http"].samples
        for name in [snippet.quotation.title]
    ]
    yield from table(_HEAD, rows)


def _tab(dialect: str) -> Iterator[str]:
    surface = suite().surfaces[dialect]
    # A tab may rest on another's sentence, which has its line there.
    seen = {id_ for id_ in suite().sentences if not id_.startswith(f"{dialect}.")}
    rows = [_member(dialect, "", one, 1, seen) for one in surface.get("functions", ())]
    for class_ in surface["classes"]:
        rows += _class(dialect, class_, seen)
    for id_, place in BESIDE.get(dialect, ()):
        rows.append([_said(id_, seen), place])
    for snippet in tabs()[dialect].samples:
        rows.append([snippet.heading, _to(dialect, snippet.quotation.id, "the sample, beside it")])
    name = language(dialect).replace("#", "\\#")  # at a heading's end it would be no text
    yield from (f"## The tab {name}", "")
    yield from table(_HEAD, rows)


def _class(dialect: str, class_: Json, seen: set[str]) -> Iterator[list[str]]:
    name = class_["name"]
    here = _to(dialect, name.lower(), code(name))
    yield [_anchored(class_["sentence"], seen) + code(class_["printed"]), here]
    for nth, constructor in enumerate(class_.get("constructors", ()), 1):
        if "printed" in constructor:
            yield _member(dialect, name, {"name": name, **constructor}, nth, seen)
    counted: dict[str, int] = {}
    for member in class_.get("members", ()):
        nth = counted[member["name"]] = counted.get(member["name"], 0) + 1
        yield _member(dialect, name, member, nth, seen)


def _member(dialect: str, class_: str, member: Json, nth: int, seen: set[str]) -> list[str]:
    name = member["name"]
    shown = f"{name}()" if name == class_ else anchor(class_, name)
    here = _to(dialect, anchor(class_, name, nth), code(shown))
    return [_anchored(member["sentence"], seen) + code(member["printed"]), here]


def _other_pages() -> Iterator[str]:
    yield from ("## Other pages that this project rests on", "")
    yield "Quoted, or in our own words; the links lead to the pages themselves."
    yield ""
    pages = suite().documents["sentences.json"]["pages"]
    rows = []
    for id_, sentence in suite().sentences.items():
        if sentence["page"] == "seed":
            continue
        page = pages[sentence["page"]]
        address = page["address"]
        title = f"[{page['title']}]({address})" if "://" in address else page["title"]
        rows.append([f"{_id(id_)}{sentence['text']}", _place(id_), title])
    yield from table(["the page says", "here", "page"], rows)


def _place(id_: str) -> str:
    """The place of the longest beginning of the id that has one."""
    parts = id_.split(".")
    while ".".join(parts) not in OTHER_PAGES:
        parts.pop()
    return OTHER_PAGES[".".join(parts)]


def _said(line: str, seen: set[str]) -> str:
    """A sentence by its id, or a line of the page that no case rests on."""
    if line not in suite().sentences:
        return line
    return _anchored(line, seen) + suite().sentences[line]["text"]


def _anchored(id_: str, seen: set[str]) -> str:
    if id_ in seen:
        return ""
    seen.add(id_)
    return _id(id_)


def _id(id_: str) -> str:
    return f'<a id="{id_}"></a>'


def _to(page: str, place: str, text: str) -> str:
    return f"[{text}]({page}.md#{place})"


PARTS: Final = (Written("line-by-line.md", "python -m tests.docs.line_by_line", generated),)

if __name__ == "__main__":
    sys.exit(main(PARTS, __doc__))
