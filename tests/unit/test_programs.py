"""A test whose program is missing: skipped by name at home, failed in CI, and run otherwise."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from .. import programs
from ..programs import MODULES, PROGRAMS, named_in, needs, only, require

if TYPE_CHECKING:
    from collections.abc import Collection

ROOT = Path(__file__).parents[2]
EVERYTHING = (*PROGRAMS, *MODULES)
LEFT_OUT = ("CI", "COVERAGE_PROCESS_CONFIG")

# A module that is None is not found.
WITHOUT_MODULES = """
import sys, pytest
sys.modules.update(dict.fromkeys(sys.argv.pop(1).split()))
sys.exit(pytest.main())
"""


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_MACHINE", "")


@pytest.mark.parametrize("value", [None, ""])
def test_at_home_it_is_skipped_by_name(
    nothing_installed: None, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is None:
        monkeypatch.delenv("CI", raising=False)
    else:
        monkeypatch.setenv("CI", value)

    with pytest.raises(pytest.skip.Exception, match=r"^not installed: chromium, php$"):
        require(["chromium", "php"])


def test_in_ci_it_fails(nothing_installed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match=r"^not installed, and CI must run it: php$"):
        require(["php"])


def test_a_program_is_there_under_any_of_its_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(programs, "_MACHINE", str(tmp_path))
    (tmp_path / "chromium-browser").symlink_to(sys.executable)

    require(["chromium"])
    with only(["chromium"]):
        said = subprocess.check_output(["chromium", "-c", "print('here')"], text=True)
    assert said == "here\n"


def test_what_a_test_does_not_name_it_does_not_find() -> None:
    assert {
        name: shutil.which(name) for name in ("sh", "env", *PROGRAMS) if shutil.which(name)
    } == {}


@needs("bash")
def test_in_a_shell_too_it_finds_only_what_it_names() -> None:
    script = "type -P $0 bash; env true; echo $(curl --version) | php || echo none"
    done = subprocess.run(["bash", "-c", script, "sh"], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [shutil.which("bash"), "none"]


@needs("bash")
@needs("curl")
def test_a_program_that_is_named_finds_what_the_machine_has() -> None:
    assert subprocess.check_output(["curl", "--version"], text=True).startswith("curl ")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("php start.php", ["php"]),
        ("ACULAB_SERVICE_PASSWORD=secret A=b php start.php \\\n  x", ["php"]),
        ("env -u A B=c /usr/bin/php", ["php"]),
        ("true|php;curl x&&chromium", ["chromium", "curl", "php"]),
        ("echo $(curl x) `php y`", ["curl", "php"]),
        ("parity --driver 'php driver.php'", ["php"]),
        ("./start.php --php php.ini curl-config", []),
    ],
)
def test_a_program_is_found_wherever_a_line_starts_it(line: str, named: list[str]) -> None:
    assert named_in(line) == named


# On a machine that lacks them


def skipped_without(hidden: Collection[str], folder: Path) -> list[list[str]]:
    """Run the tests that need one of these where all of these are missing.

    Return what each of them names as missing. Nothing else may come of any.
    """
    visible, report = folder / "bin", folder / "report.xml"
    visible.mkdir()
    for name in PROGRAMS.keys() - set(hidden):
        if place := programs.found(name):
            (visible / name).symlink_to(place)
    command = [sys.executable, "-c", WITHOUT_MODULES, " ".join(set(MODULES).intersection(hidden))]
    command += ["-m", " or ".join(f"needs(program={name!r})" for name in hidden)]
    command += ["-p", "no:cacheprovider", f"--junitxml={report}", *files_that_need(hidden)]
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    environment = {**kept, "PATH": str(visible)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cases = [*ET.parse(report).iter("testcase")]
    reasons = [one.attrib["message"] for case in cases for one in case.iterfind("skipped")]
    assert len(reasons) == len(cases)
    return [reason.removeprefix("not installed: ").split(", ") for reason in reasons]


def files_that_need(names: Collection[str]) -> list[str]:
    """Return the files with such tests, for it takes seconds to collect them all."""
    mark = re.compile(rf'\bneeds\((name|"({"|".join(names)})")\)')
    files = (ROOT / "tests").rglob("test_*.py")
    return [str(file) for file in files if mark.search(file.read_text(encoding="utf-8"))]


def test_where_all_are_missing_each_test_is_skipped_by_name(tmp_path: Path) -> None:
    skipped = skipped_without(EVERYTHING, tmp_path)

    assert {name for names in skipped for name in names} == set(EVERYTHING)


@pytest.mark.parametrize("name", EVERYTHING)
def test_where_one_is_missing_what_needs_it_is_skipped_by_its_name(
    name: str, tmp_path: Path
) -> None:
    skipped = skipped_without([name], tmp_path)

    assert skipped
    assert [names for names in skipped if name not in names] == []
