"""Reading the suite: what is damaged, missing or empty is an error, never a suite of nothing."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.parity import folder as folder_module
from aculab_wrappers.parity.folder import SuiteError, suite_folder
from aculab_wrappers.parity.self_test import self_test
from aculab_wrappers.parity.suite import read_documents

from ..whole_suite import load_copy

if TYPE_CHECKING:
    from pathlib import Path

    from aculab_wrappers.parity.cloud import ScriptedCloud
    from aculab_wrappers.parity.suite import Suite

TESTS = [
    test
    for name, document in read_documents(suite_folder()).items()
    if name.startswith("meta/")
    for test in document["tests"]
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(suite_folder(), tmp_path / "suite")


def test_the_suite_that_ships_is_sound(suite: Suite) -> None:
    assert {"csharp", "vb", "java", "python", "php"} == set(suite.dialects)
    assert all(case.steps for case in suite.cases)
    assert {case.evidence for case in suite.cases} == {
        "documented",
        "example only",
        "inferred",
        "assumed",
    }


def test_the_runner_is_tested(suite: Suite, cloud: ScriptedCloud) -> None:
    checks = list(self_test(suite, cloud))

    assert {test["expect"] for test in TESTS} == {"pass", "fail", "refused"}
    assert [check.title for check in checks] == [test["title"] for test in TESTS]
    assert [check for check in checks if check.complaints] == []


@pytest.mark.parametrize("expect", ["pass", "fail", "refused"])
def test_a_test_of_the_runner_can_fail(
    suite: Suite, cloud: ScriptedCloud, expect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each expectation is turned into another one, and every test of the runner must notice."""
    other = {"pass": "fail", "fail": "pass", "refused": "pass"}[expect]
    document = {**suite.documents["meta/runner.json"]}
    document["tests"] = [
        {"because": "", **test, "expect": other} for test in TESTS if test["expect"] == expect
    ]
    monkeypatch.setitem(suite.documents, "meta/runner.json", document)

    checks = list(self_test(suite, cloud))

    assert len(checks) == len(document["tests"])
    assert [check.title for check in checks if not check.complaints] == []


def test_an_emptied_folder_is_no_suite(copy: Path) -> None:
    shutil.rmtree(copy)
    copy.mkdir()

    with pytest.raises(SuiteError, match=r"is no parity suite: it holds no index\.json"):
        load_copy(copy)


@pytest.mark.parametrize("folder", ["wire", "surface", "samples", "meta", "schema"])
def test_an_emptied_part_is_missed(copy: Path, folder: str) -> None:
    shutil.rmtree(copy / folder)

    with pytest.raises(SuiteError, match="missing"):
        load_copy(copy)


def test_no_file_may_be_without_cases(copy: Path) -> None:
    [path] = copy.glob("wire/service_start/010-*.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "cases": []}), encoding="utf-8")

    with pytest.raises(SuiteError, match=r"010-.*\.json: \$\.cases: \[\] should be non-empty"):
        load_copy(copy)


def test_a_file_that_is_no_json_is_named(copy: Path) -> None:
    (copy / "surface/java.json").write_text("{", encoding="utf-8")

    with pytest.raises(SuiteError, match=r"surface/java\.json: the body is not JSON"):
        load_copy(copy)


def test_a_member_given_twice_is_refused(copy: Path) -> None:
    (copy / "known-gaps.json").write_text('{"gaps": [], "gaps": []}', encoding="utf-8")

    with pytest.raises(SuiteError, match=r"known-gaps\.json: the body names a member twice"):
        load_copy(copy)


def test_two_cases_of_one_id_are_refused(copy: Path) -> None:
    [path] = copy.glob("wire/service_start/020-*.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    document["cases"].append(document["cases"][0])
    path.write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(SuiteError, match="two cases of that id"):
        load_copy(copy)


def test_a_package_without_its_suite_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lonely = tmp_path / "site" / "aculab_wrappers" / "parity"
    monkeypatch.setattr(folder_module, "__file__", str(lonely / "folder.py"))
    monkeypatch.setattr(folder_module, "files", lambda _: lonely)

    with pytest.raises(SuiteError, match="the parity suite is missing: neither.*Install the wheel"):
        suite_folder()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(SuiteError, match="PyInstaller --collect-data aculab_wrappers"):
        suite_folder()


def test_a_suite_in_a_zip_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = read_documents(suite_folder())
    shutil.copytree(suite_folder(), tmp_path / "app" / "parity" / "suite")
    archive = shutil.make_archive(str(tmp_path / "app"), "zip", tmp_path / "app")
    package = zipfile.Path(archive, "parity/")
    monkeypatch.setattr(folder_module, "files", lambda _: package)

    assert read_documents(suite_folder()) == wanted
    assert suite_folder() == suite_folder()  # unpacked once
    package.root.close()


def test_the_installed_suite_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "site" / "aculab_wrappers" / "parity"
    (here / "suite").mkdir(parents=True)
    (here / "suite" / "index.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(folder_module, "files", lambda _: here)

    assert suite_folder() == here / "suite"
