"""Write docs/parity.md from a run of the parity suite, and docs/parity-cases.md from its cases.

    python -m tests.docs.parity_pages            run the suite, say whether the pages are up to date
    python -m tests.docs.parity_pages --write    run the suite, write them

The run takes half a minute: the tests compare the cases, and that the matrix has a cell for each.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Final

from aculab_wrappers.parity.report import Report, as_json
from aculab_wrappers.parity.run import run_faces

from ..whole_suite import suite
from .dialects import tabs
from .written import Written, code, main, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aculab_wrappers.parity.case import Case

_COMMAND: Final = "python -m tests.docs.parity_pages"
_CHECKED: Final = {
    "surface": ("the names, parameters, defaults and types that the page prints, and no others",
                "the-members-in-the-pages-order"),
    "samples": ("the page's samples unaltered, their faults named, their ports running",
                "the-three-samples-beside-the-original"),
}  # fmt: skip


@cache
def _report() -> Report:
    return run_faces(suite(), (), (), lambda: None)


def matrix() -> str:
    """The matrix of rules and dialects, as a run fills it in."""
    document = as_json(_report())
    head = ["rule", *(language(dialect) for dialect in suite().dialects)]
    rows = [_row(name, cells) for name, cells in document["matrix"].items()]
    skipped = f", {document['skipped']} skipped" if document["skipped"] else ""
    ran = f"run {document['run']} times in all{skipped}"
    return "\n".join(
        [
            f"Suite {suite().version}: {len(suite().cases)} cases, {ran}.",
            f"Beside them, {len(document['checks'])} checks.",
            "",
            *table(head, rows),
            *_gaps(),
            *_not_applicable(document["not_applicable"]),
        ]
    )


def language(dialect: str) -> str:
    """As its tab is called."""
    return tabs()[dialect].name


def _row(name: str, cells: dict[str, str]) -> list[str]:
    if name in _CHECKED:
        what, place = _CHECKED[name]
        found = [f"[{cell}]({dialect}.md#{place})" for dialect, cell in cells.items()]
        return [f"**{name}**: {what}", *found]
    to = f"parity-cases.md#{place_of(name)}"
    linked = [cell if cell == "n/a" else f"[{cell}]({to})" for cell in cells.values()]
    return [f"[{name}]({to}): {suite().rules[name]}", *linked]


def _gaps() -> Iterator[str]:
    yield from ("## Known gaps", "")
    yield "Where a face knowingly differs from what a case expects. The case still runs: when it no"
    yield "longer differs, the entry is a failure until it is taken out."
    yield ""
    rows = [
        [code(case), language(dialect), gap["reason"], gap["source"]]
        for (case, dialect), gap in suite().gaps.items()
    ]
    yield from table(["case", "face", "why", "source of the expectation"], rows)


def _not_applicable(entries: list[dict[str, str]]) -> Iterator[str]:
    yield from ("## Where a cell says n/a", "")
    yield "A case needs what its page documents. Where a page has nothing of the kind, the case"
    yield "does not apply, and the suite holds that the names one would look for are not there."
    yield ""
    rows = [
        [suite().capabilities[entry["capability"]], language(entry["dialect"]), entry["why"]]
        for entry in sorted(entries, key=lambda entry: entry["capability"])
    ]
    yield from table(["what", "whose page lacks it", "why"], rows)


def place_of(rule: str) -> str:
    """The anchor of a rule among the cases."""
    return f"rule-{rule.replace('.', '-')}"


def cases() -> str:
    """Every case, by rule, with the sentence that it rests on."""
    return "\n".join(line for rule in suite().rules for line in _rule(rule))


def _rule(rule: str) -> Iterator[str]:
    found = [case for case in suite().cases if case.rule == rule]
    about = suite().rules[rule]
    if found:
        yield from (f"## {rule} {{ #{place_of(rule)} }}", "", f"{about[0].upper()}{about[1:]}.", "")
        yield from table(
            ["case", "what it says", "rests on", "evidence", "applies to"],
            [_case(case) for case in found],
        )


def _case(case: Case) -> list[str]:
    sentence = suite().sentences[case.sentence]
    applies = applicable(case)
    whom = "all" if len(applies) == len(suite().dialects) else ", ".join(map(language, applies))
    rests_on = f"[{sentence['place']}](line-by-line.md#{case.sentence})"
    return [code(case.id), case.title, rests_on, case.evidence, whom]


def applicable(case: Case) -> list[str]:
    """The dialects whose page documents all that the case needs."""
    return [dialect for dialect in suite().dialects if not suite().lacking(dialect, case)]


CASES: Final = Written("parity-cases.md", _COMMAND, cases)
MATRIX: Final = Written("parity.md", _COMMAND, matrix)

if __name__ == "__main__":
    sys.exit(main((CASES, MATRIX), __doc__))
