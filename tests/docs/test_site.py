"""The built site: its links, its blocks of code, and the way from Aculab's page to its Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from ..programs import needs
from ..whole_suite import suite
from .dialects import tabs
from .pages import DOCS, ROOT, blocks, pages, text_of
from .site import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .site import Page, Row, Site

pytestmark = needs("mkdocs")

DIALECTS = suite().dialects
WITH_DOCSTRINGS = "api/"
LINE_BY_LINE = "line-by-line.md"


def test_every_page_is_there(site: Site) -> None:
    assert {name_of(page) for page in pages()} | {"404.html"} == set(site.names())


def test_every_link_leads_somewhere(site: Site) -> None:
    found = [(name, link) for name in site.names() for link in site.page(name).links]
    assert len(found) > 1000
    assert [(name, link) for name, link in found if site.lost(name, link)] == []


def test_a_page_loads_nothing_from_elsewhere(site: Site) -> None:
    found = [(name, link) for name in site.names() for link in site.page(name).loaded]
    assert len(found) > 100
    assert [(name, link) for name, link in found if urlsplit(link).netloc] == []
    assert [(name, link) for name, link in found if site.lost(name, link)] == []


@pytest.mark.parametrize("page", [one for one in pages() if not one.startswith(WITH_DOCSTRINGS)])
def test_what_is_shown_as_code_is_what_was_counted(site: Site, page: str) -> None:
    """Whatever makes a block of code, an indentation say, it is one of those that are checked."""
    taken = re.findall(r'(?m)^--8<-- "([^":]+)(?::(\w+))?"$', _outside_blocks(page))
    fences = sum(len(re.findall("(?m)^```", _part(*one))) for one in taken)
    assert len(site.of(page).blocks) == len(blocks(page)) + fences // 2


def _outside_blocks(page: str) -> str:
    return re.sub(r"(?ms)^ *```.*?^ *```$", "", text_of(page))


def _part(path: str, section: str) -> str:
    text = (ROOT / path).read_text(encoding="utf-8")
    return text.partition(f"[start:{section}]")[2].partition("[end:")[0] if section else text


def test_the_home_page_has_its_six_tabs(site: Site) -> None:
    home = site.of("index.md")
    assert home.labels == ["Raw HTTP", "C#", "VB", "Java", "PHP", "Python"]
    assert len(home.blocks) == 6


# From any line of Aculab's page to its Python


def printed_lines(dialect: str) -> Iterator[str]:
    """What the suite's transcript of a tab has, but for its samples."""
    surface = suite().surfaces[dialect]
    yield from (one["printed"] for one in surface.get("functions", ()))
    for class_ in surface["classes"]:
        yield class_["printed"]
        members = (*class_.get("constructors", ()), *class_.get("members", ()))
        yield from (one["printed"] for one in members if "printed" in one)


def plain(text: str) -> str:
    return " ".join(text.split())


def rows_of(page: Page, line: str) -> list[Row]:
    """The rows of a page that begin with a line. Two classes of a tab may print the same member."""
    return [row for row in page.rows if plain(row.text).startswith(plain(line))]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_member_is_one_click_from_its_line(site: Site, dialect: str) -> None:
    lines = list(dict.fromkeys(printed_lines(dialect)))
    assert len(lines) > 3
    for line in lines:
        rows = rows_of(site.of(LINE_BY_LINE), line)
        ways = [link for row in rows for link in row.links if f"../{dialect}/#" in link]
        assert ways, line
        for way in ways:
            anchor = urlsplit(way).fragment
            assert anchor in site.of(f"{dialect}.md").ids, line
            beside = [row for row in site.of(f"{dialect}.md").rows if anchor in row.ids]
            assert all(plain(row.text).startswith(plain(line)) for row in beside), line


@pytest.mark.parametrize("dialect", [*DIALECTS, "http"])
def test_a_line_of_a_sample_is_one_click_from_its_sample(site: Site, dialect: str) -> None:
    there = site.of(f"{dialect}.md")
    for sample in tabs()[dialect].samples:
        rows = [row for row in site.of(LINE_BY_LINE).rows if sample.heading in row.text]
        links = [link for row in rows for link in row.links]
        assert f"../{dialect}/#{sample.quotation.id}" in links
        assert sample.quotation.id in there.ids
        [printed] = (DOCS / "printed" / dialect).glob(f"{sample.quotation.title}.*")
        assert plain(printed.read_text(encoding="utf-8")) in map(plain, there.blocks)


def test_every_sentence_of_the_page_is_one_click_from_its_place(site: Site) -> None:
    page = site.of(LINE_BY_LINE)
    of_the_page = [id_ for id_, one in suite().sentences.items() if one["page"] == "seed"]
    assert len(of_the_page) > 50
    for id_ in of_the_page:
        [row] = [row for row in page.rows if id_ in row.ids]
        assert row.links, id_


def test_a_case_is_one_click_from_its_sentence(site: Site) -> None:
    rows = {plain(row.text).split(" ")[0]: row for row in site.of("parity-cases.md").rows}
    for case in suite().cases:
        assert f"../line-by-line/#{case.sentence}" in rows[case.id].links
