"""What a run came to, as the matrix, as JSON and as JUnit's XML: nothing is lost on the way."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers.parity.faces import face_driver
from aculab_wrappers.parity.report import Check, Report, as_json, as_junit
from aculab_wrappers.parity.runner import Runner, State, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aculab_wrappers.parity.case import Case
    from aculab_wrappers.parity.cloud import ScriptedCloud
    from aculab_wrappers.parity.suite import Suite

# For all; for those with two constructors; for PHP, which is told the ids; with a real proxy.
NUMBER, ACCOUNT, BY_ID = "start-number", "start-constructor-account", "status-by-id-array"
PROXIED = "environment-proxy-real"
CHECKS = (
    Check("surface", "php", "the names", ()),
    Check("samples", "php", "the first sample", ()),
    Check("samples", "php", "the second sample", ("it was altered", "it does not run")),
    Check("samples", "php", "the third sample", ()),
    Check("the runner", "", "what must fail", ()),
)


def _case(suite: Suite, id_: str) -> Case:
    [case] = [case for case in suite.cases if case.id == id_]
    return case


def _report(
    suite: Suite, verdicts: Mapping[str, Sequence[Verdict]], checks: Sequence[Check] = ()
) -> Report:
    names = {dialect: f"the {dialect} wrapper" for dialect in verdicts}
    return Report(suite=suite, names=names, verdicts=verdicts, checks=checks)


def _of(suite: Suite, *states: State) -> Report:
    """PHP's verdicts on one and the same case."""
    case = _case(suite, NUMBER)
    return _report(suite, {"php": [Verdict(case, state, ("why",)) for state in states]})


@pytest.fixture(scope="module")
def ran(suite: Suite, cloud: ScriptedCloud) -> Report:
    """Four cases on every face, on a machine without a proxy, and one sample that fails."""
    cases = [_case(suite, id_) for id_ in (NUMBER, ACCOUNT, BY_ID, PROXIED)]
    runner = Runner(suite, cloud, None)
    drivers = {dialect: face_driver(suite, dialect) for dialect in suite.dialects}
    verdicts = {
        dialect: list(runner.verdicts(driver, cases)) for dialect, driver in drivers.items()
    }
    return _report(suite, verdicts, CHECKS)


# The matrix


def test_the_matrix_of_a_run(ran: Report) -> None:
    assert ran.rows() == [
        ("start.destination", ["1 ok"] * 5),
        ("start.constructors", ["1 ok", "1 ok", "n/a", "n/a", "n/a"]),
        ("environment", ["1 skipped"] * 5),
        ("status.by-id", ["n/a", "n/a", "n/a", "n/a", "1 ok"]),
        ("surface", ["", "", "", "", "1 ok"]),
        ("samples", ["", "", "", "", "2 ok, 1 DIFFERS"]),
    ]


def test_the_rows_are_in_the_order_of_the_index_and_none_is_without_a_case(ran: Report) -> None:
    rules = [rule for rule, _ in ran.rows() if rule in ran.suite.rules]

    assert rules == [rule for rule in ran.suite.rules if rule in rules]
    assert "start.token" in ran.suite.rules
    assert "start.token" not in rules


@pytest.mark.parametrize(
    ("state", "cell"),
    [
        (State.PROVED, "1 ok"),
        (State.GAP, "1 gap"),
        (State.DIFFERS, "1 DIFFERS"),
        (State.ERRORED, "1 ERROR"),
        (State.SKIPPED, "1 skipped"),
        (State.NOT_OFFERED, "1 not offered"),
        (State.NOT_APPLICABLE, "n/a"),
    ],
)
def test_a_cell_says_what_came_of_its_case(suite: Suite, state: State, cell: str) -> None:
    report = _of(suite, state)
    assert report.rows() == [("start.destination", [cell])]


def test_every_state_has_a_cell(suite: Suite) -> None:
    cells = [_of(suite, state).rows()[0][1][0] for state in State]
    assert len(set(cells)) == len(State)


def test_a_cell_counts_each_state_of_its_cases(suite: Suite) -> None:
    report = _of(suite, *reversed(State), State.PROVED, State.DIFFERS, State.DIFFERS)

    [(_, [cell])] = report.rows()

    assert cell == "2 ok, 1 gap, 3 DIFFERS, 1 ERROR, 1 skipped, 1 not offered"


def test_what_does_not_apply_does_not_count_beside_what_does(suite: Suite) -> None:
    report = _of(suite, State.NOT_APPLICABLE, State.PROVED, State.NOT_APPLICABLE)
    assert report.rows() == [("start.destination", ["1 ok"])]


def test_a_check_that_is_no_dialects_has_no_row(suite: Suite) -> None:
    failing = Check("the runner", "", "what must fail", ("it passed",))
    report = _report(suite, {"php": []}, [failing])

    assert report.rows() == []
    assert report.failed


def test_a_check_that_fails_alone(suite: Suite) -> None:
    report = _report(suite, {"php": []}, [Check("surface", "php", "the names", ("lacks one",))])
    assert report.rows() == [("surface", ["1 DIFFERS"])]


# What makes a run fail


@pytest.mark.parametrize("state", State)
def test_a_run_fails_with_what_differs_or_breaks(suite: Suite, state: State) -> None:
    report = _of(suite, State.PROVED, state, State.PROVED)
    assert report.failed == (state in {State.DIFFERS, State.ERRORED})


@pytest.mark.parametrize("state", State)
def test_only_what_could_not_be_run_here_is_skipped(suite: Suite, state: State) -> None:
    report = _of(suite, State.PROVED, state, state)
    assert report.skipped == (2 if state is State.SKIPPED else 0)


def test_every_dialect_counts(suite: Suite) -> None:
    case = _case(suite, NUMBER)
    fine, skipped = Verdict(case, State.PROVED), Verdict(case, State.SKIPPED)
    verdicts = {"csharp": [skipped], "vb": [skipped, fine], "php": [fine]}

    assert _report(suite, verdicts).skipped == 2
    assert not _report(suite, verdicts).failed
    assert _report(suite, {**verdicts, "java": [Verdict(case, State.ERRORED)]}).failed


@pytest.mark.parametrize("dialect", ["", "php"])
def test_a_check_with_a_complaint_fails_the_run(suite: Suite, dialect: str) -> None:
    fine, wrong = Check("a", dialect, "b", ()), Check("a", dialect, "b", ("c",))
    good = {"php": [Verdict(_case(suite, NUMBER), State.PROVED)]}
    assert not _report(suite, good, [fine]).failed
    assert _report(suite, good, [fine, wrong, fine]).failed


def test_a_run_of_nothing_fails(suite: Suite) -> None:
    idle = (State.NOT_APPLICABLE, State.NOT_OFFERED, State.SKIPPED)
    verdicts = [Verdict(_case(suite, NUMBER), state) for state in idle]
    assert _report(suite, {"php": []}).failed
    assert _report(suite, {"php": verdicts}).failed


# Why a cell says n/a


def test_what_does_not_apply_comes_with_the_reason_of_its_page(ran: Report) -> None:
    absent = {
        (dialect, entry["capability"]): entry["why"]
        for dialect, surface in ran.suite.surfaces.items()
        for entry in surface["absent"]
    }
    lacking = {
        *((dialect, "status.by-id") for dialect in ("csharp", "vb", "java", "python")),
        *((dialect, "constructor.account") for dialect in ("java", "python", "php")),
    }
    assert ran.not_applicable() == {key: absent[key] for key in lacking}


def test_a_case_may_lack_two_things_and_no_reason_is_given_for_what_was_run(
    suite: Suite,
) -> None:
    lacking = Verdict(_case(suite, NUMBER), State.NOT_APPLICABLE, ("status.by-id", "eta"))
    # What a driver does not offer is no matter of the page.
    other = Verdict(_case(suite, NUMBER), State.NOT_OFFERED, ("list",))

    found = _report(suite, {"java": [lacking, other, lacking]}).not_applicable()

    assert found.keys() == {("java", "status.by-id"), ("java", "eta")}
    assert all(found.values())


# JSON


def _read(report: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(as_json(report), allow_nan=False))
    return document


def test_the_document_says_what_was_run(ran: Report) -> None:
    document = _read(ran)

    assert document["suite"] == ran.suite.version
    assert document["failed"] is True
    assert document["implementations"] == {name: f"the {name} wrapper" for name in ran.verdicts}
    assert document["matrix"] == {
        rule: dict(zip(ran.verdicts, cells, strict=True)) for rule, cells in ran.rows()
    }
    assert document["rules"] == ran.suite.rules


def test_the_document_has_every_case_with_the_sentence_it_rests_on(ran: Report) -> None:
    cases = _read(ran)["cases"]

    assert [(item["dialect"], item["case"]) for item in cases] == [
        (dialect, id_)
        for dialect in ran.suite.dialects
        for id_ in (NUMBER, ACCOUNT, BY_ID, PROXIED)
    ]
    for item in cases:
        case = _case(ran.suite, item["case"])
        assert item["title"] == case.title
        assert item["rule"] == case.rule
        assert item["sentence"] == ran.suite.sentences[case.sentence]
        assert item["sentence"]["text"]
        assert item["evidence"] == case.evidence
    assert {item["evidence"] for item in cases} == {"documented", "assumed"}


def test_the_document_says_what_came_of_each_case_and_why(ran: Report) -> None:
    came = {
        (item["dialect"], item["case"]): (item["state"], item["why"])
        for item in _read(ran)["cases"]
    }

    assert came["php", BY_ID] == ("proved", [])
    assert came["java", BY_ID] == ("not applicable", ["status.by-id"])
    state, [why] = came["python", PROXIED]
    assert (state, why) == ("skipped", "there is no tinyproxy on this machine")


@pytest.mark.parametrize("state", State)
def test_the_document_keeps_every_state_and_all_reasons(suite: Suite, state: State) -> None:
    reasons = ("status.by-id", "eta")
    report = _report(suite, {"java": [Verdict(_case(suite, NUMBER), state, reasons)]})

    [item] = _read(report)["cases"]

    assert (item["state"], item["why"]) == (state.value, list(reasons))


def test_the_document_has_every_check(ran: Report) -> None:
    checks = _read(ran)["checks"]

    assert len(checks) == len(CHECKS)
    assert checks[2] == {
        "check": "samples",
        "dialect": "php",
        "title": "the second sample",
        "differs": ["it was altered", "it does not run"],
    }
    assert checks[4] == {
        "check": "the runner",
        "dialect": None,
        "title": "what must fail",
        "differs": [],
    }


def test_the_document_says_what_does_not_apply(ran: Report) -> None:
    found = {
        (item["dialect"], item["capability"]): item["why"] for item in _read(ran)["not_applicable"]
    }
    assert found == ran.not_applicable()


# JUnit

UNREADABLE = {
    "NUL": "\0",
    "escape": "\x1b",
    "return": "\r",
    "noncharacter": "\ufffe",
    "the other": "\uffff",
}


def _suites(report: Report) -> dict[str, ET.Element]:
    root = ET.fromstring(as_junit(report))
    assert root.tag == "testsuites"
    return {suite.attrib["name"]: suite for suite in root}


def _counts(suite: ET.Element) -> dict[str, int]:
    kinds = ("tests", "failures", "errors", "skipped")
    return {kind: int(suite.attrib[kind]) for kind in kinds}


def _inner(suite: ET.Element) -> ET.Element:
    """The one element in the one test of a suite."""
    [test] = suite
    [inner] = test
    return inner


def test_there_is_a_suite_for_each_dialect_and_one_for_the_checks(ran: Report) -> None:
    suites = _suites(ran)

    assert list(suites) == [*ran.suite.dialects, "checks"]
    none = {"failures": 0, "errors": 0}
    for dialect, skipped in (("csharp", 2), ("vb", 2), ("java", 3), ("python", 3), ("php", 2)):
        assert _counts(suites[dialect]) == {"tests": 4, "skipped": skipped, **none}, dialect
    assert _counts(suites["checks"]) == {"tests": 5, "failures": 1, "errors": 0, "skipped": 0}


def test_a_suite_counts_what_it_holds(suite: Suite) -> None:
    report = _of(suite, *State, State.PROVED, State.DIFFERS, State.DIFFERS, State.ERRORED)

    # A gap, what does not apply, what is not offered and what is skipped: none of them was proved.
    counts = {"tests": 11, "failures": 3, "errors": 2, "skipped": 4}
    assert _counts(_suites(report)["php"]) == counts


def test_a_test_is_named_after_dialect_rule_and_case(ran: Report) -> None:
    suites = _suites(ran)

    first = suites["java"][0]
    assert first.attrib == {"classname": "java.start.destination", "name": NUMBER}
    assert list(first) == []
    checks = [(test.attrib["classname"], test.attrib["name"]) for test in suites["checks"]]
    assert checks[2] == ("php.samples", "the second sample")
    assert checks[4] == ("the runner", "what must fail")
    failure = suites["checks"][2].find("failure")
    assert failure is not None
    assert failure.text == "it was altered\nit does not run"


@pytest.mark.parametrize(
    ("state", "tag", "message"),
    [(State.DIFFERS, "failure", "differs"), (State.ERRORED, "error", "the driver broke")],
)
def test_what_fails_says_all_its_reasons(
    suite: Suite, state: State, tag: str, message: str
) -> None:
    verdict = Verdict(_case(suite, NUMBER), state, ("<it> & 'that'", 'not "é\u4e16"'))

    inner = _inner(_suites(_report(suite, {"php": [verdict]}))["php"])

    assert (inner.tag, inner.attrib) == (tag, {"message": message})
    assert inner.text == "<it> & 'that'\nnot \"é\u4e16\""


@pytest.mark.parametrize(
    "state", [State.GAP, State.NOT_APPLICABLE, State.NOT_OFFERED, State.SKIPPED]
)
def test_what_was_not_proved_says_why(suite: Suite, state: State) -> None:
    verdict = Verdict(_case(suite, NUMBER), state, ("eta",))

    inner = _inner(_suites(_report(suite, {"java": [verdict]}))["java"])

    assert inner.tag == "skipped"
    assert inner.attrib["message"] == f"{state.value}: eta"


SURROGATE = pytest.param(
    "\ud800",
    id="half a pair",
)


@pytest.mark.parametrize(
    "mark", [*(pytest.param(mark, id=name) for name, mark in UNREADABLE.items()), SURROGATE]
)
@pytest.mark.parametrize("state", [State.DIFFERS, State.ERRORED, State.SKIPPED])
def test_what_xml_cannot_hold_does_not_break_it(suite: Suite, state: State, mark: str) -> None:
    verdict = Verdict(_case(suite, NUMBER), state, (f"it said a{mark}b\tc\nd",))

    inner = _inner(_suites(_report(suite, {"php": [verdict]}))["php"])

    text = inner.text or inner.attrib["message"].removeprefix("skipped: ")
    assert text == "it said a\ufffdb\tc\nd"


def test_what_xml_cannot_hold_does_not_break_a_check_either(suite: Suite) -> None:
    check = Check("surface", "php", "the names", ("has \x1b[2J\ufffe",))

    inner = _inner(_suites(_report(suite, {}, [check]))["checks"])

    assert inner.text == "has \ufffd[2J\ufffd"


def test_an_empty_suite_counts_nothing(suite: Suite) -> None:
    suites = _suites(_report(suite, {"php": []}))
    for name in ("php", "checks"):
        assert set(_counts(suites[name]).values()) == {0}
