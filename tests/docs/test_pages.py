"""Nothing of the program is without a place on the pages, and nothing there is without a source."""

from __future__ import annotations

import ast
import inspect
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args

import pytest

from aculab_wrappers import OutboundClient, errors
from aculab_wrappers._core import outcome
from aculab_wrappers._core.polling import MAX_FAILED_POLLS, MAX_UNREADABLE_POLLS
from aculab_wrappers._core.session import MAX_ATTEMPTS
from aculab_wrappers._core.settings import DEFAULT_BASE_URL, DEFAULT_TIMEOUT
from aculab_wrappers.doctor.assumptions import ASSUMPTIONS
from aculab_wrappers.doctor.configuration import VARIABLES
from aculab_wrappers.sandbox import admin
from aculab_wrappers.sandbox.clock import Time
from aculab_wrappers.sandbox.facts import FACTS

from ..whole_suite import suite
from . import parity_pages
from .dialects import tabs
from .labels import labelled
from .pages import DOCS, ROOT, headings, pages, rows, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DIALECTS = suite().dialects
ERRORS = [name for name in errors.__all__ if name != "Outcome"]


# A page for each language


def members(surface: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each name of a surface, with the class that it is in."""
    yield from (("", one["name"]) for one in surface.get("functions", ()))
    for class_ in surface["classes"]:
        yield ("", class_["name"])
        yield from ((class_["name"], one["name"]) for one in class_.get("members", ()))
        yield from ((class_["name"], value) for value in class_.get("values", ()))
    for extra in surface["extras"]:
        yield ("", extra["name"])
        yield from ((extra["name"], one["name"]) for one in extra.get("members", ()))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_member_has_a_place_on_its_page(dialect: str) -> None:
    page = f"{dialect}.md"
    titles = set(headings(page))
    words = {word for row in rows(page) for cell in row for word in re.findall(r"[\w.]+", cell)}
    lost = [
        f"{class_}.{name}"
        for class_, name in members(suite().surfaces[dialect])
        if name not in titles and not {name, f"{class_}.{name}"} & words
    ]
    assert lost == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_a_page_prints_stands_beside_its_python(dialect: str) -> None:
    text = text_of(f"{dialect}.md")
    printed = [
        one["printed"]
        for class_ in suite().surfaces[dialect]["classes"]
        for one in (*class_.get("constructors", ()), *class_.get("members", ()))
        if "printed" in one
    ]
    assert [line for line in printed if f"| `{line}` |" not in text] == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_file_is_ported_in_ten_steps(dialect: str) -> None:
    steps = text_of(f"{dialect}.md").partition("## Port a file in ten steps")[2]
    assert re.findall(r"(?m)^(\d+)\. ", steps) == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_fault_of_a_printed_sample_is_told(dialect: str) -> None:
    text = text_of(f"{dialect}.md")
    faults = [fault for sample in tabs()[dialect].samples for fault in sample.quotation.faults]
    assert all(fault.why in text and f"**{fault.name}.**" in text for fault in faults)


# Aculab's page, line by line


def test_every_sentence_has_a_line_with_a_link() -> None:
    lines = text_of("line-by-line.md").splitlines()
    for id_ in suite().sentences:
        [line] = [line for line in lines if f'<a id="{id_}"></a>' in line]
        assert re.search(r"\]\([\w-]+\.md", line), id_


def test_every_language_is_one_click_from_home() -> None:
    home = text_of("index.md")
    assert all(f"]({page}.md)" in home for page in (*DIALECTS, "http", "line-by-line"))


# Errors


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_its_outcome_its_causes_and_a_remedy(name: str) -> None:
    section = text_of("errors.md").partition(f"\n### {name}\n")[2].partition("\n### ")[0]
    if name == "StartError":  # never raised itself
        assert "four below" in section
        return
    found = re.findall(r"(?m)^(Outcome|Causes|Remedy)\n: {3}(.+)", section)
    assert [label for label, _ in found] == ["Outcome", "Causes", "Remedy"]
    kind = getattr(errors, name)
    if issubclass(kind, errors.StartError):
        assert found[0][1].startswith(f"`{kind.outcome.name}`")
        [row] = [row for row in rows("errors.md") if row[0].startswith(f"[`{name}`]")]
        assert row[1] == f"`{kind.outcome.name}`"
        assert (row[3].startswith("safe")) is kind.retryable


def test_no_error_is_on_the_page_that_is_not_there() -> None:
    named = {title for title in headings("errors.md") if re.fullmatch(r"[A-Z]\w+Error", title)}
    assert sorted(named) == sorted(ERRORS)


def test_the_codes_are_those_that_a_page_documents() -> None:
    codes = {row[0].strip("`") for row in rows("errors.md") if re.fullmatch(r"`\d{4}`", row[0])}
    documented = {id_[6:] for id_ in suite().sentences if re.fullmatch(r"error\.\d{4}", id_)}
    assert codes == documented


def test_the_numbers_on_the_page_are_those_of_the_program() -> None:
    words = {3: "three", 10: "ten"}
    text = " ".join(text_of("errors.md").split())
    assert f"tried up to {words[MAX_ATTEMPTS]} times" in text
    assert f"only after {words[MAX_FAILED_POLLS]} polls in a row have failed" in text
    assert f"or more than {words[MAX_UNREADABLE_POLLS]} with an answer" in text


def test_the_table_of_outcomes_is_that_of_the_core() -> None:
    lines = [line for line in str(outcome.__doc__).splitlines() if line.startswith("| ")]
    core = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines][1:-2]
    page = [[cell.replace("`", "") for cell in row] for row in rows("never-dial-twice.md")]
    shown = page[page.index(["what came back", "outcome", "raised"]) + 2 :][: len(core)]
    assert len(core) == 9
    assert [row[:2] for row in shown] == [row[:2] for row in core]
    assert [row[2] for row in shown[1:]] == [row[2] for row in core[1:]]


# What the environment can change


def test_each_variable_is_on_its_page_with_its_argument_and_its_default() -> None:
    read = [row for row in rows("proxies-and-tls.md") if row[0].startswith("`ACULAB_")]
    table = {row[0].strip("`"): row[1:] for row in read}
    arguments = inspect.signature(OutboundClient).parameters
    defaults = {
        "ACULAB_BASE_URL": f"`{DEFAULT_BASE_URL}`",
        "ACULAB_PROXY": "none",
        "ACULAB_CA_BUNDLE": "those of certifi",
        "ACULAB_TIMEOUT": f"{DEFAULT_TIMEOUT:g}",
    }
    assert {name: row[-1] for name, row in table.items()} == defaults
    assert all(table[name][0].strip("`") in arguments for name in defaults)


@pytest.mark.parametrize("variable", sorted(VARIABLES.values()))
def test_each_variable_that_is_read_is_on_a_page(variable: str) -> None:
    assert any(f"`{variable}`" in text_of(page) for page in pages())


# Parity


def test_the_matrix_has_a_cell_for_every_case() -> None:
    """What the run found is compared in CI; this is what it must have run."""
    cells = {row[0]: row[1:] for row in rows("parity.md")}
    for rule, about in suite().rules.items():
        cases = [case for case in suite().cases if case.rule == rule]
        if not cases:
            continue
        [found] = [row for name, row in cells.items() if name.endswith(f": {about}")]
        for dialect, cell in zip(DIALECTS, found, strict=True):
            counts = re.findall(r"\d+(?= )", cell.partition("]")[0])
            apply = sum(dialect in parity_pages.applicable(case) for case in cases)
            assert sum(map(int, counts)) == apply, (rule, dialect)
            assert ("parity-cases.md#" in cell) is (apply > 0)


# Documented, inferred, assumed


def guesses() -> Iterator[str]:
    """What the docstrings outside the sandbox call assumed or inferred, by name."""
    folder = ROOT / "aculab_wrappers"
    files = [*folder.glob("*.py"), *folder.glob("_core/*.py")]
    for path in sorted(files):
        yield from _guesses(ast.parse(path.read_text(encoding="utf-8")).body, "")


def _guesses(body: list[ast.stmt], inside: str) -> Iterator[str]:
    for before, node in pairwise(body):
        says = isinstance(node, ast.Expr) and _guessed(ast.unparse(node))
        if says and isinstance(before, ast.AnnAssign):
            yield f"{inside}{ast.unparse(before.target)}"
    for node in body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            if _guessed(ast.get_docstring(node) or ""):
                yield f"{inside}{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from _guesses(node.body, f"{node.name}.")


def _guessed(text: str) -> bool:
    return re.search("assumed|inferred", text, re.IGNORECASE) is not None


def test_the_docstrings_guesses_are_found() -> None:
    assert {"GetStatus", "STATUS_BATCH", "OutboundCalls.get_calls"} <= set(guesses())


@pytest.mark.parametrize("name", sorted(set(guesses())))
def test_every_guess_of_a_docstring_is_on_the_page(name: str) -> None:
    cells = [cell for row in rows("evidence.md") for cell in row]
    assert any(re.search(rf"`(\w+\.)?{re.escape(name)}`", cell) for cell in cells)


def test_every_guess_on_the_page_says_how_to_check_it() -> None:
    sections = text_of("evidence.md").partition("## Inferred")[2].partition("## What doctor")[0]
    found = re.findall(r"(?m)^\| (.*) \|$", sections)
    assert len(found) > 20
    assert all(len(row.split(" | ")) >= 3 and row.split(" | ")[-1].strip() for row in found)


def test_every_assumed_fact_of_the_sandbox_is_asked_or_left_to_the_reader() -> None:
    by_hand = text_of("evidence.md").partition("### What it leaves to you")[2].partition("## ")[0]
    told = {*re.findall(r"\(sandbox\.md#fact-([\w-]+)\)", by_hand)}
    told |= {fact for one in ASSUMPTIONS for fact in one.facts}
    own = {"scenarios", "virtual-time"}  # no cloud has those
    open_ = {fact.id for fact in FACTS if fact.evidence != "documented"}
    assert open_ - own == told & open_
    assert told <= {fact.id for fact in FACTS}


# The sandbox


def test_every_path_of_the_sandbox_itself_is_on_its_page() -> None:
    named = {row[0].strip("`") for row in rows("sandbox.md")}
    shown, changed = admin._SHOWN, admin._CHANGED
    there = [*(f"GET {path}" for path in shown), *(f"POST {path}" for path in changed)]
    assert [path for path in there if path not in named] == []


def test_every_way_of_time_is_on_its_page() -> None:
    named = {row[0].strip("`") for row in rows("sandbox.md")}
    assert {f'"{way}"' for way in get_args(Time)} <= named


# The pages' own words


def test_no_page_is_outside_the_navigation() -> None:
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    assert sorted(re.findall(r": ([\w/-]+\.md)$", config, re.MULTILINE)) == pages()


def test_the_labels_of_a_docstring_are_paragraphs() -> None:
    text = "Ask.\n\nReturns:\n    It.\n\nWire: one POST, and\n    more.\nSource: a. Evidence: b, c."
    assert labelled(text).split("\n\n") == [
        "Ask.",
        "Returns:\n    It.",
        "",
        "**Wire:** one POST, and more.",
        "**Source:** a.",
        "**Evidence:** b, c.",
    ]
    assert labelled("Ask. No Source: here") == "Ask. No Source: here"


def test_the_readme_links_into_the_pages() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(docs/([\w/-]+\.md)\)", readme)
    assert len(set(linked)) > 10
    assert [page for page in linked if not (DOCS / page).exists()] == []
