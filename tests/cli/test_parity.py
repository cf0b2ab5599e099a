"""`parity`: what it prints and exits with, and that nothing passes because nobody looked."""

from __future__ import annotations

import functools
import json
import shlex
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import csharp, java, php, vb
from aculab_wrappers.parity.folder import SuiteError, suite_folder
from aculab_wrappers.parity.report import Check

from ..whole_suite import load_copy, suite

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from aculab_wrappers.parity.case import Case
    from aculab_wrappers.parity.suite import Suite

    from .conftest import Result, Run

    Start = Callable[..., subprocess.Popen[str]]
    Program = Callable[[dict[str, object]], str]

PATIENCE = 60
DIALECTS = ["csharp", "vb", "java", "python", "php"]
DESTINATIONS = "wire/service_start/010-destinations.json"
NUMBER, BY_ID, PROXIED = "start-number", "status-by-id-array", "environment-proxy-real"
ONE_CASE = ("--case", NUMBER)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test of these changes the suite, or a copy that it has run."""
    monkeypatch.setattr("aculab_wrappers.cli.parity.load", _load)


@functools.cache
def _load(folder: Path) -> Suite:
    return suite() if folder == suite_folder() else load_copy(folder)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the suite, to be changed."""
    return Path(shutil.copytree(suite_folder(), tmp_path / "suite copy"))


def _change(file: Path, change: Callable[[Any], None]) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    change(document)
    file.write_text(json.dumps(document), encoding="utf-8")


def _number(document: Any) -> Any:
    """The one step of the case `start-number`, in the document of its file."""
    [case] = [case for case in document["cases"] if case["id"] == NUMBER]
    [step] = case["steps"]
    return step


def _wants_another_token(document: Any) -> None:
    form = _number(document)["exchanges"][0]["request"]["form"]
    form["outbound_parameters"]["json"]["token"] = "another token"


def _wants_another_id(document: Any) -> None:
    _number(document)["results"]["python,php"]["returns"] = ["ref-2"]


def _gap(copied: Path, dialect: str) -> None:
    entry = {"case": NUMBER, "dialect": dialect, "reason": "It was Monday.", "source": "none"}
    _change(copied / "known-gaps.json", lambda document: document["gaps"].append(entry))


def _rows(result: Result) -> dict[str, list[str]]:
    """The matrix: its heading and its rows, by what stands first."""
    lines = [line.replace("┃", "│") for line in result.out.splitlines()]
    cells = [[cell.strip() for cell in line.split("│")] for line in lines if "│" in line]
    return {first: others for first, *others in cells}


def _sentence() -> str:
    """The text of the sentence that `start-number` rests on."""
    [case] = [case for case in suite().cases if case.id == NUMBER]
    return suite().sentences[case.sentence]["text"]


def _refused(result: Result) -> str:
    """The one line of a command that did not even begin."""
    assert (result.code, result.out) == (2, "")
    line = result.err.removesuffix("\n")
    assert "\n" not in line
    assert line.startswith("Error: ")
    return line


# The matrix


def test_the_matrix(run: Run) -> None:
    result = run("parity", *ONE_CASE)

    assert (result.code, result.err) == (0, "")
    assert _rows(result) == {"rule": DIALECTS, "start.destination": ["1 ok"] * 5}
    assert result.out.splitlines()[-1].endswith(": 1 case, run 5 times: nothing differs.")


def test_several_patterns(run: Run) -> None:
    result = run("parity", "--case", "start-numbe?", "--case", "start-token-*")

    assert result.code == 0
    assert list(_rows(result)) == ["rule", "start.destination", "start.token"]


def test_what_does_not_apply_is_explained_once_for_all_with_the_same_reason(run: Run) -> None:
    result = run("parity", "--case", BY_ID)

    assert result.code == 0
    assert _rows(result)["status.by-id"] == ["n/a", "n/a", "n/a", "n/a", "1 ok"]
    lines = [line for line in result.out.splitlines() if line.startswith("n/a: ")]
    assert [line.split(": ")[1] for line in lines] == ["csharp, vb", "java", "python"]
    assert all(line.split(": ", 3)[3] for line in lines)


def test_a_dialect(run: Run) -> None:
    result = run("parity", "--dialect", "php", *ONE_CASE)
    assert result.code == 0
    assert _rows(result) == {"rule": ["php"], "start.destination": ["1 ok"]}


def test_dialects_come_in_the_order_of_the_suite(run: Run) -> None:
    result = run("parity", "--dialect", "php", "--dialect", "vb", *ONE_CASE)
    assert _rows(result)["rule"] == ["vb", "php"]


# The checks beside the cases


def _only_one_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the suite had but one case; with --case the checks are left out."""

    def chosen(suite: Suite, patterns: object) -> list[Case]:
        return [case for case in suite.cases if case.id == NUMBER]

    monkeypatch.setattr("aculab_wrappers.parity.run.chosen_cases", chosen)


def test_without_a_pattern_surface_samples_and_the_runner_are_checked_too(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only_one_case(monkeypatch)

    result = run("parity", "--dialect", "python", "--json")

    assert result.code == 0, result.out
    document = json.loads(result.out)
    assert document["matrix"].keys() == {"start.destination", "surface", "samples"}
    titles: dict[tuple[str, str | None], list[str]] = {}
    for item in document["checks"]:
        assert item["differs"] == []
        titles.setdefault((item["check"], item["dialect"]), []).append(item["title"])
    ours, http = {("surface", "python"), ("samples", "python")}, ("samples", None)
    assert titles.keys() == {*ours, http, ("the runner", None)}
    meta = json.loads((suite_folder() / "meta" / "runner.json").read_text(encoding="utf-8"))
    assert titles["the runner", None] == [test["title"] for test in meta["tests"]]


def test_a_check_that_fails_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, copied: Path
) -> None:
    def alter(document: Any) -> None:
        document["samples"][0]["printed"] += " "

    def no_self_test(*_: object) -> Iterator[Check]:
        yield Check("the runner", "", "what must fail", ("it passed",))

    _only_one_case(monkeypatch)
    monkeypatch.setattr("aculab_wrappers.parity.run.self_test", no_self_test)
    _change(copied / "samples" / "python.json", alter)

    result = run("parity", "--dialect", "python", "--suite", copied)

    assert result.code == 1
    assert _rows(result)["samples"] == ["3 ok, 1 DIFFERS"]
    assert "\nDIFFERS: python, samples, python-telephone is as printed" in result.out
    assert "the sha256 of the printed text is " in result.out
    assert "\nDIFFERS: the runner, what must fail: it passed\n" in result.out
    assert result.out.endswith(": 2 differ.\n")


# For programs


def test_json_is_one_document_and_nothing_else(process: Start) -> None:
    started = process("parity", "--json", *ONE_CASE)
    out, err = started.communicate(timeout=PATIENCE)

    assert (started.returncode, err) == (0, "")
    document = json.loads(out)
    assert document["failed"] is False
    assert document["matrix"] == {"start.destination": dict.fromkeys(DIALECTS, "1 ok")}
    assert [(item["dialect"], item["case"], item["state"]) for item in document["cases"]] == [
        (dialect, NUMBER, "proved") for dialect in DIALECTS
    ]
    assert all(item["sentence"]["text"] for item in document["cases"])


def test_json_of_a_run_that_fails(run: Run, copied: Path) -> None:
    _change(copied / DESTINATIONS, _wants_another_id)

    result = run("parity", "--json", "--suite", copied, *ONE_CASE)

    assert (result.code, result.err) == (1, "")
    document = json.loads(result.out)
    assert document["failed"] is True
    assert {item["dialect"]: item["state"] for item in document["cases"]} == {
        **dict.fromkeys(["csharp", "vb", "java"], "proved"),
        **dict.fromkeys(["python", "php"], "differs"),
    }


def test_junit_is_written_beside_the_matrix(run: Run, tmp_path: Path) -> None:
    result = run("parity", "--junit", tmp_path / "report.xml", "--case", BY_ID)

    assert result.code == 0
    assert _rows(result)["status.by-id"][-1] == "1 ok"
    suites = ET.parse(tmp_path / "report.xml").getroot()
    assert [suite.attrib["name"] for suite in suites] == [*DIALECTS, "checks"]
    assert [suite.attrib["skipped"] for suite in suites] == ["1", "1", "1", "1", "0", "0"]


def test_junit_is_written_beside_json_too(run: Run, tmp_path: Path) -> None:
    result = run("parity", "--json", "--junit", "report.xml", *ONE_CASE)

    assert result.code == 0
    assert json.loads(result.out)["failed"] is False
    assert ET.parse(tmp_path / "report.xml").getroot().tag == "testsuites"


def test_junit_of_a_run_that_fails(run: Run, tmp_path: Path, copied: Path) -> None:
    _change(copied / DESTINATIONS, _wants_another_id)

    assert run("parity", "--junit", "report.xml", "--suite", copied, *ONE_CASE).code == 1

    root = ET.parse(tmp_path / "report.xml").getroot()
    [text] = [failure.text for failure in root.findall("testsuite[@name='php']//failure")]
    assert text == 'step 1: result[0] is "ref-1", not "ref-2"'


def test_a_junit_file_that_cannot_be_written_costs_no_results(process: Start) -> None:
    started = process("parity", "--junit", "no such folder/report.xml", *ONE_CASE)
    out, err = started.communicate(timeout=PATIENCE)

    assert started.returncode == 2
    assert err == f"Error: {Path('no such folder/report.xml')}: No such file or directory\n"
    assert "nothing differs" in out


def test_a_junit_file_that_is_a_folder(run: Run, tmp_path: Path) -> None:
    result = run("parity", "--junit", tmp_path, *ONE_CASE)
    assert (result.code, result.out) == (2, "")
    assert "is a directory" in result.err


# A suite that cannot be relied on


@pytest.mark.parametrize("pattern", ["no-such-case", "START-NUMBER", "start-numbe", ""])
def test_a_pattern_that_no_case_has(run: Run, pattern: str) -> None:
    line = _refused(run("parity", "--case", pattern))
    assert line == f"Error: no case has an id like {pattern}"


def test_no_suite_at_all(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    line = _refused(run("parity", "--suite", tmp_path / "empty"))
    assert line == f"Error: {tmp_path / 'empty'} is no parity suite: it holds no index.json"
    line = _refused(run("parity", "--suite", tmp_path / "missing"))
    assert line == f"Error: there is no folder {tmp_path / 'missing'}"


def test_an_emptied_suite_ends_the_process_so_too(process: Start, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    started = process("parity", "--suite", "empty")
    out, err = started.communicate(timeout=PATIENCE)
    assert (started.returncode, out) == (2, "")
    assert err == "Error: empty is no parity suite: it holds no index.json\n"


def test_the_suite_of_the_package_is_gone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Path:
        raise SuiteError("the parity suite is missing")

    monkeypatch.setattr("aculab_wrappers.cli.parity.suite_folder", gone)
    assert _refused(run("parity")) == "Error: the parity suite is missing"


@pytest.mark.parametrize(
    "name", ["index.json", "sentences.json", "known-gaps.json", "schema/v1.json", DESTINATIONS]
)
def test_a_suite_without_one_of_its_files(run: Run, copied: Path, name: str) -> None:
    (copied / name).unlink()
    assert name in _refused(run("parity", "--suite", copied))


@pytest.mark.parametrize("emptied", ["wire", "surface", "samples", "meta"])
def test_a_suite_without_one_of_its_folders(run: Run, copied: Path, emptied: str) -> None:
    for file in (copied / emptied).rglob("*.json"):
        file.unlink()

    line = _refused(run("parity", "--suite", copied))

    assert line.startswith(f"Error: index.json lists {emptied}/")
    assert line.endswith(", which is missing")


@pytest.mark.parametrize("emptied", ["wire", "surface"])
def test_a_suite_whose_index_does_not_miss_the_folder(run: Run, copied: Path, emptied: str) -> None:
    def strike(index: Any) -> None:
        index["files"] = [name for name in index["files"] if not name.startswith(emptied)]

    shutil.rmtree(copied / emptied)
    _change(copied / "index.json", strike)

    assert f"{emptied}/" in _refused(run("parity", "--suite", copied))


def test_a_suite_with_an_empty_list_of_cases(run: Run, copied: Path) -> None:
    _change(copied / DESTINATIONS, lambda document: document["cases"].clear())
    line = _refused(run("parity", "--suite", copied))
    assert line.startswith(f"Error: {DESTINATIONS}: $.cases: ")


def test_a_suite_with_damaged_json(run: Run, copied: Path) -> None:
    text = (copied / DESTINATIONS).read_bytes()
    (copied / DESTINATIONS).write_bytes(text[:-20])
    assert DESTINATIONS in _refused(run("parity", "--suite", copied))


# What differs


def test_a_request_that_differs(run: Run, copied: Path) -> None:
    _change(copied / DESTINATIONS, _wants_another_token)

    result = run("parity", "--suite", copied, *ONE_CASE)

    assert (result.code, result.err) == (1, "")
    assert _rows(result)["start.destination"] == ["1 DIFFERS"] * 5
    sentence = _sentence()
    for dialect in DIALECTS:
        assert (
            f"DIFFERS: {dialect}, {NUMBER}: a telephone number, with everything that can be said "
            f"of a call\n"
            f'    request 1: outbound_parameters.token is "my token info", not "another token"\n'
            f"    rests on (documented): {sentence}\n"
        ) in result.out
    assert result.out.endswith(": 5 differ.\n")


def test_a_result_that_differs(run: Run, copied: Path) -> None:
    _change(copied / DESTINATIONS, _wants_another_id)

    result = run("parity", "--suite", copied, *ONE_CASE)

    assert result.code == 1
    fine, differs = "1 ok", "1 DIFFERS"
    assert _rows(result)["start.destination"] == [fine, fine, fine, differs, differs]
    for dialect in ("python", "php"):
        assert f"\nDIFFERS: {dialect}, {NUMBER}: " in result.out
    assert result.out.count('    step 1: result[0] is "ref-1", not "ref-2"\n') == 2
    assert result.out.count(_sentence()) == 2


def test_a_known_gap_does_not_fail_and_is_explained(run: Run, copied: Path) -> None:
    _change(copied / DESTINATIONS, _wants_another_token)
    for dialect in DIALECTS:
        _gap(copied, dialect)

    result = run("parity", "--suite", copied, *ONE_CASE)

    assert result.code == 0
    assert _rows(result)["start.destination"] == ["1 gap"] * 5
    assert f"\ngap: {', '.join(DIALECTS)}: {NUMBER}: It was Monday.\n" in result.out
    assert result.out.endswith("nothing differs, but for 5 known gaps.\n")


def test_a_gap_that_no_longer_occurs_differs(run: Run, copied: Path) -> None:
    _gap(copied, "vb")

    result = run("parity", "--suite", copied, *ONE_CASE)

    assert result.code == 1
    ok = "1 ok"
    assert _rows(result)["start.destination"] == [ok, "1 DIFFERS", ok, ok, ok]
    assert f"DIFFERS: vb, {NUMBER}: " in result.out
    assert "known-gaps.json has an entry for it, but it no longer differs" in result.out


def _drops(_self: object, _value: object) -> None:
    pass


def _says_nothing(_self: object) -> str:
    return ""


BROKEN = [
    ("csharp", csharp.OutboundCall, "Token", property(_says_nothing, _drops)),
    ("vb", vb.OutboundCall, "OutboundParameters", property(_says_nothing, _drops)),
    ("java", java.OutboundCall, "setToken", _drops),
    ("php", php.OutboundService, "startInstance", lambda _self, _calls: ["ref-1"]),
]


@pytest.mark.parametrize(("dialect", "owner", "name", "broken"), BROKEN)
def test_a_broken_face_is_found(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    dialect: str,
    owner: type,
    name: str,
    broken: object,
) -> None:
    assert run("parity", "--dialect", dialect, *ONE_CASE).code == 0
    monkeypatch.setattr(owner, name, broken)

    result = run("parity", "--dialect", dialect, *ONE_CASE)

    assert result.code == 1
    assert f"\nDIFFERS: {dialect}, {NUMBER}: " in result.out
    assert f": {_sentence()}\n" in result.out


# What cannot be run here


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aculab_wrappers.parity.proxy.PROGRAM", "a-proxy-that-nobody-has")


def test_a_skipped_case_is_counted_and_explained(run: Run, no_proxy: None) -> None:
    result = run("parity", "--case", PROXIED, *ONE_CASE)

    assert result.code == 0
    assert _rows(result)["environment"] == ["1 skipped"] * 5
    assert f"\nskipped: {', '.join(DIALECTS)}: {PROXIED}: there is no " in result.out
    assert "2 cases, run 5 times" in result.out
    assert result.out.endswith("nothing differs, 5 skipped.\n")


def test_no_skips(run: Run, no_proxy: None) -> None:
    assert run("parity", "--no-skips", "--case", PROXIED, *ONE_CASE).code == 1
    assert run("parity", "--no-skips", *ONE_CASE).code == 0


# A program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A driver for PHP that answers every case in the same way; the command that starts it."""

    def write(reply: dict[str, object]) -> str:
        file = tmp_path / "a driver.py"
        file.write_text(DRIVER.format(reply=reply), encoding="utf-8")
        return shlex.join([sys.executable, str(file)])

    return write


DRIVER = """
import json, sys
print(json.dumps({{
    "protocol": 1, "name": "mine", "version": "7", "language": "Cobol", "dialect": "php",
    "capabilities": ["start.one", "start.list", "error-callback"],
}}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message["command"] == "run":
        print(json.dumps({{"seq": message["seq"], **{reply}}}), flush=True)
"""


def test_a_driver_that_skips_everything(run: Run, program: Program) -> None:
    command = program({"skipped": "no licence"})
    given = ("parity", "--driver", command, "--case", "start-number*")

    result = run(*given)

    assert (result.code, result.err) == (1, "")
    rows = _rows(result)
    assert rows["rule"] == ["php"]
    assert set(rows) == {"rule", "start.destination", "start.from"}
    assert all(cell.endswith(" skipped") for cell in rows["start.destination"])
    assert "\nskipped: php: start-number, " in result.out
    assert ": the driver: no licence\n" in result.out
    assert " run 0 times: nothing was run, " in result.out


def test_a_driver_whose_wrapper_is_wrong(run: Run, program: Program) -> None:
    command = program({"results": [{"returns": ["ref-1"]}]})

    result = run("parity", "--driver", command, *ONE_CASE)

    assert result.code == 1
    assert _rows(result) == {"rule": ["php"], "start.destination": ["1 DIFFERS"]}
    assert "    requests that must come: 1; that came: 0: nothing\n" in result.out
    assert _sentence() in result.out


def test_a_driver_that_breaks(run: Run, program: Program) -> None:
    result = run("parity", "--driver", program({"errored": "out of paper"}), *ONE_CASE)

    assert result.code == 1
    assert _rows(result)["start.destination"] == ["1 ERROR"]
    assert f"\nERROR: php, {NUMBER}: " in result.out
    assert "    the driver: out of paper\n" in result.out


def test_what_a_driver_does_not_offer(run: Run, program: Program) -> None:
    command = program({"skipped": "no"})
    result = run("parity", "--driver", command, "--case", BY_ID)
    assert _rows(result)["status.by-id"] == ["1 not offered"]
    assert f"\nnot offered: php: {BY_ID}: status" in result.out


def test_the_gaps_of_the_faces_are_no_excuse_for_a_driver(
    run: Run, program: Program, copied: Path
) -> None:
    _gap(copied, "php")
    command = program({"results": [{"returns": 500}]})

    result = run("parity", "--driver", command, "--suite", copied, *ONE_CASE)

    assert result.code == 1
    assert _rows(result)["start.destination"] == ["1 DIFFERS"]


def test_json_names_the_implementation(run: Run, program: Program) -> None:
    command = program({"skipped": "no"})
    document = json.loads(run("parity", "--json", "--driver", command, *ONE_CASE).out)
    assert document["implementations"] == {"php": "mine, 7, Cobol"}


def test_a_driver_that_does_not_start(process: Start) -> None:
    started = process("parity", "--driver", "no-such-program --fast", *ONE_CASE)
    out, err = started.communicate(timeout=PATIENCE)

    assert (started.returncode, out) == (2, "")
    assert err.startswith("Error: the driver does not start: no-such-program --fast: ")
    assert err.count("\n") == 1


def test_a_driver_that_does_not_greet(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "driver.py"
    file.write_text("raise SystemExit('no licence')", encoding="utf-8")
    command = shlex.join([sys.executable, str(file)])

    line = _refused(run("parity", "--driver", command, *ONE_CASE))

    assert line == "Error: the driver ended with exit code 1: no licence"


@pytest.mark.parametrize("command", ["", "  "])
def test_an_empty_driver(run: Run, command: str) -> None:
    result = run("parity", "--driver", command, *ONE_CASE)
    assert (result.code, result.out) == (2, "")
    assert "--driver is empty" in result.err


def test_a_driver_and_a_dialect(run: Run, program: Program) -> None:
    result = run("parity", "--driver", program({}), "--dialect", "php", *ONE_CASE)
    assert (result.code, result.out) == (2, "")
    assert "leave out --dialect" in result.err


def test_a_dialect_that_nobody_documents(run: Run) -> None:
    result = run("parity", "--dialect", "cobol")
    assert result.code == 2
    assert "'cobol' is not one of 'csharp', 'vb', 'java', 'python', 'php'" in result.err
