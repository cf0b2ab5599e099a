"""What a run came to: the matrix of rules and dialects, as a value, as JSON and as JUnit's XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from .._core.frozen import frozen
from .runner import BROKEN, State, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .suite import Suite

_NOT_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_WORDS: Final = {
    State.PROVED: "ok",
    State.GAP: "gap",
    State.DIFFERS: "DIFFERS",
    State.ERRORED: "ERROR",
    State.SKIPPED: "skipped",
    State.NOT_OFFERED: "not offered",
}


_IDLE: Final = frozenset((State.NOT_APPLICABLE, State.NOT_OFFERED, State.SKIPPED))


@frozen
class Check:
    """A check that is no case: the surface, the samples, the runner itself.

    Attributes:
        name: The row of the matrix.
        column: The dialect, or "" for what is no dialect's.
        title: What was checked.
        complaints: What was wrong, if anything.
    """

    name: str
    column: str
    title: str
    complaints: tuple[str, ...]


@frozen
class Report:
    """What one run came to.

    Attributes:
        suite: The suite that was run.
        names: Who answered, by dialect.
        verdicts: What came of the cases, by dialect.
        checks: What came of everything else.
    """

    suite: Suite
    names: Mapping[str, str]
    verdicts: Mapping[str, Sequence[Verdict]]
    checks: Sequence[Check]

    @property
    def failed(self) -> bool:
        """Whether anything differs from what it must be, or nothing was run that could."""
        return (
            not self.ran
            or any(check.complaints for check in self.checks)
            or any(verdict.state in BROKEN for verdict in self.all())
        )

    @property
    def ran(self) -> int:
        """How many cases were run."""
        return sum(verdict.state not in _IDLE for verdict in self.all())

    @property
    def skipped(self) -> int:
        """How many cases could not be run here."""
        return sum(verdict.state is State.SKIPPED for verdict in self.all())

    def all(self) -> list[Verdict]:
        """The verdicts of all dialects."""
        return [verdict for verdicts in self.verdicts.values() for verdict in verdicts]

    def rows(self) -> list[tuple[str, list[str]]]:
        """The matrix: a rule, and a cell for each dialect; the other checks after them."""
        rows = [
            (
                rule,
                [
                    _cell([verdict for verdict in verdicts if verdict.case.rule == rule])
                    for verdicts in self.verdicts.values()
                ],
            )
            for rule in self.suite.rules
            if any(verdict.case.rule == rule for verdict in self.all())
        ]
        names = dict.fromkeys(check.name for check in self.checks if check.column)
        checked = [(name, [self._checked(name, to) for to in self.verdicts]) for name in names]
        return rows + checked

    def _checked(self, name: str, dialect: str) -> str:
        checks = [item for item in self.checks if (item.name, item.column) == (name, dialect)]
        wrong = sum(bool(check.complaints) for check in checks)
        parts = [f"{len(checks) - wrong} ok"] if len(checks) > wrong else []
        return ", ".join([*parts, f"{wrong} DIFFERS"] if wrong else parts)

    def not_applicable(self) -> dict[tuple[str, str], str]:
        """By dialect and capability that a cell lacked: why its page does not have it."""
        found: dict[tuple[str, str], str] = {}
        for dialect, verdicts in self.verdicts.items():
            why = {
                entry["capability"]: entry["why"]
                for entry in self.suite.surfaces[dialect]["absent"]
            }
            for verdict in verdicts:
                if verdict.state is State.NOT_APPLICABLE:
                    found |= {(dialect, name): why[name] for name in verdict.why}
        return found


def _cell(verdicts: Sequence[Verdict]) -> str:
    counted = Counter(verdict.state for verdict in verdicts)
    words = [f"{counted[state]} {word}" for state, word in _WORDS.items() if counted[state]]
    return ", ".join(words) or "n/a"


def as_json(report: Report) -> dict[str, Any]:
    """The whole report as one JSON document."""
    return {
        "suite": report.suite.version,
        "failed": report.failed,
        "run": report.ran,
        "skipped": report.skipped,
        "implementations": dict(report.names),
        "matrix": {
            rule: dict(zip(report.verdicts, cells, strict=True)) for rule, cells in report.rows()
        },
        "rules": dict(report.suite.rules),
        "cases": [
            {
                "dialect": dialect,
                "case": verdict.case.id,
                "title": verdict.case.title,
                "rule": verdict.case.rule,
                "sentence": report.suite.sentences[verdict.case.sentence],
                "evidence": verdict.case.evidence,
                "state": verdict.state.value,
                "why": list(verdict.why),
            }
            for dialect, verdicts in report.verdicts.items()
            for verdict in verdicts
        ],
        "checks": [
            {
                "check": check.name,
                "dialect": check.column or None,
                "title": check.title,
                "differs": list(check.complaints),
            }
            for check in report.checks
        ],
        "not_applicable": [
            {"dialect": dialect, "capability": name, "why": why}
            for (dialect, name), why in report.not_applicable().items()
        ],
    }


def as_junit(report: Report) -> bytes:
    """The report as the XML that build servers read."""
    root = ET.Element("testsuites", name="aculab_wrappers parity")
    for dialect, verdicts in report.verdicts.items():
        suite = ET.SubElement(root, "testsuite", name=dialect)
        for verdict in verdicts:
            _test(
                suite, f"{dialect}.{verdict.case.rule}", verdict.case.id, verdict.state, verdict.why
            )
    suite = ET.SubElement(root, "testsuite", name="checks")
    for check in report.checks:
        state = State.DIFFERS if check.complaints else State.PROVED
        where = f"{check.column}.{check.name}" if check.column else check.name
        _test(suite, where, check.title, state, check.complaints)
    for suite in root:
        for attribute, tag in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
        suite.set("tests", str(len(suite)))
    ET.indent(root)
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml


def _test(suite: ET.Element, where: str, name: str, state: State, why: Iterable[str]) -> None:
    test = ET.SubElement(suite, "testcase", classname=where, name=name)
    text = "\n".join(_xml_text(reason) for reason in why)
    if state is State.DIFFERS:
        ET.SubElement(test, "failure", message="differs").text = text
    elif state is State.ERRORED:
        ET.SubElement(test, "error", message="the driver broke").text = text
    elif state is not State.PROVED:
        ET.SubElement(test, "skipped", message=f"{state.value}: {text}")


def _xml_text(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
