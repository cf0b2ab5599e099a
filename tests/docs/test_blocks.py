"""Every block of code on every page is kept from drifting by something."""

from __future__ import annotations

import doctest
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from aculab_wrappers.sandbox import Sandbox

from ..faults.peers_clients import PEERS
from ..programs import named_in, needs
from . import (
    assumptions,
    command_line,
    console,
    destinations,
    dialects,
    examples,
    facts,
    line_by_line,
    parity_pages,
)
from .pages import DOCS, ROOT, Kind, blocks, every_block, pages, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark import ParameterSet

    from .pages import Block

BLOCKS = every_block()
BY_HAND = ("never-dial-twice.md",)  # written by tests.faults.peers, and tested beside it
PARTS = (
    *command_line.PARTS,
    *dialects.PARTS,
    *line_by_line.PARTS,
    *destinations.PARTS,
    *facts.PARTS,
    *assumptions.PARTS,
    parity_pages.CASES,
)
SUFFIXES = {".py", ".http", ".txt", ".cs", ".vb", ".java", ".php", ".toml", ".ini"}


def test_each_block_is_of_a_kind_that_is_checked() -> None:
    assert [block.where for block in BLOCKS if block.kind is None] == []


def test_the_blocks_are_all_seen() -> None:
    """Counted in another way than they are collected."""
    marks = sum(len(re.findall(r"(?m)^ *```", text_of(page))) for page in pages())
    assert marks == 2 * len(BLOCKS)
    assert Counter(block.kind for block in BLOCKS).keys() == set(Kind)


def test_a_page_takes_files_only_where_they_are_checked() -> None:
    taken = [line.strip() for page in pages() for line in text_of(page).splitlines()]
    outside = {line for line in taken if line.startswith("--8<--")}
    inside = {line.strip() for block in BLOCKS for line in block.text.splitlines()}
    assert outside - inside == {'--8<-- "CHANGELOG.md"', '--8<-- "README.md:install"'}


def test_the_install_commands_are_those_that_are_run_before_every_change() -> None:
    """.ci/run runs the first block of the README's quick start."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("[start:install]")[2].partition("[end:install]")[0]
    first = re.search(r"(?ms)^```sh\n(.*?)^```", readme.partition("## Quick start")[2])
    assert first is not None
    assert first[0] in section


def test_each_file_under_docs_is_on_a_page() -> None:
    on_pages = {path for block in BLOCKS for path, _ in block.snippets}
    there = {
        path.relative_to(DOCS).as_posix()
        for folder in ("examples", "printed")
        for path in (DOCS / folder).rglob("*")
        if path.suffix in SUFFIXES and path.name != "ruff.toml" and "__pycache__" not in path.parts
    }
    unused = {path for path in there - on_pages if path != "examples/never_dial_twice.txt"}
    assert unused == set()
    assert on_pages <= there


def shown(kind: Kind) -> set[str]:
    """The files that the blocks of a kind show."""
    return {path for block in BLOCKS if block.kind is kind for path, _ in block.snippets}


def test_what_a_page_says_that_a_program_prints_is_beside_a_program() -> None:
    compared = [one for one in examples.programs() if examples.sample_of(one) is None]
    beside = {one.replace(".py", ".txt") for one in compared}
    assert shown(Kind.OUTPUT) - beside == {"examples/http/telephone.http"}


def test_what_a_page_shows_as_printed_is_a_sample() -> None:
    samples = {f"printed/{tab.dialect}/{one.quotation.title}"
               for tab in dialects.tabs().values() for one in tab.samples}  # fmt: skip
    assert {path.rpartition(".")[0] for path in shown(Kind.PRINTED)} == samples


def test_what_is_no_python_is_used_by_a_console_block_of_its_page() -> None:
    for block in BLOCKS:
        typed = commands(block.page)
        if "pytest" in typed:
            typed += " pytest.ini " + text_of_example("testing/pytest.ini")
        others = [Path(path).name for path, _ in block.snippets if not path.endswith(".py")]
        if block.kind is Kind.EXAMPLE:
            assert [name for name in others if name not in typed.split()] == [], block.where


def text_of_example(path: str) -> str:
    return (DOCS / "examples" / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in pages() if page not in BY_HAND])
def test_what_a_program_writes_is_what_it_would_write(page: str) -> None:
    written = [block for block in blocks(page) if block.kind is Kind.WRITTEN]
    parts = [part for part in PARTS if part.page == page]
    assert [part.stale for part in parts if part.stale] == []
    assert parts or not written


def test_what_is_written_about_the_peers_is_their_code() -> None:
    [page] = BY_HAND
    written = [block.text for block in blocks(page) if block.kind is Kind.WRITTEN]
    assert written == [f"{peer.shown}\n" for peer in PEERS if peer.code]


class _Checker(doctest.OutputChecker):
    """A page names an exception by its class alone, a traceback with the module before it."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(want, re.sub(r"\A[\w.]+\.(?=\w+Error: )", "", got), optionflags)


@pytest.mark.parametrize(
    "page", sorted({block.page for block in BLOCKS if block.kind is Kind.DOCTEST})
)
def test_a_session_with_python_shows_what_comes(page: str) -> None:
    """The sessions of a page are one, and nobody listens at the proxy that it sets."""
    text = "\n".join(block.text for block in blocks(page) if block.kind is Kind.DOCTEST)
    session = doctest.DocTestParser().get_doctest(text, {}, page, f"docs/{page}", 0)
    failures: list[str] = []
    with Sandbox() as cloud, mock.patch.dict(os.environ, cloud.environment()):
        runner = doctest.DocTestRunner(_Checker(), optionflags=doctest.FAIL_FAST)
        runner.run(session, out=failures.append)
    assert runner.tries > 0
    assert failures == []


def commands(page: str) -> str:
    return " ".join(one.command for block in consoles(page) for one in console.typed(block))


def consoles(page: str) -> list[Block]:
    return [block for block in blocks(page) if block.kind is Kind.CONSOLE]


def console_cases() -> Iterator[ParameterSet]:
    for page in console.pages_with_consoles():
        yield pytest.param(page, marks=[needs(name) for name in named_in(commands(page))])


@needs("bash")
@pytest.mark.parametrize("page", [*console_cases()])
def test_a_session_with_a_shell_shows_what_comes(page: str) -> None:
    found = [(block.where, one.command, came) for block, one, came in console.differences(page)]
    assert found == [], "if that is as it should be: python -m tests.docs.console --write"


@pytest.mark.parametrize("folder", examples.BY_CONSOLE)
def test_the_programs_beside_console_blocks_are_run_there(folder: str) -> None:
    page = f"{folder.split('/')[1]}.md"
    words = commands(page).replace(" unittest_reminder", " unittest_reminder.py").split()
    there = sorted(path.name for path in (DOCS / folder).glob("*.py"))
    assert there
    # What is no program of its own is imported by one.
    assert [name for name in there if name not in (*words, "reminder.py")] == []


@pytest.mark.parametrize(
    ("shown", "came", "same"),
    [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a"], ["a", "b"], False),
        (["a", "..."], ["a"], True),
        (["a", "...", "d"], ["a", "b", "c", "d"], True),
        (["a", "...", "d"], ["a", "b", "c"], False),
        (["a.c"], ["abc"], False),
        (["1 passed in 0.10s"], ["1 passed in 12.34s"], True),
        (["1 passed in 0.10s"], ["2 passed in 0.10s"], False),
        (["1\tQUEUED"], ["1\tRUNNING"], True),
        (["1\tQUEUED"], ["1\tCOMPLETED"], False),
        (["1\tQUEUED"], ["2\tRUNNING"], False),
    ],
)
def test_three_dots_are_any_lines_and_all_takes_its_time(
    shown: list[str], came: list[str], same: bool
) -> None:
    assert console.same(shown, came) is same
