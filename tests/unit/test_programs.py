"""A test whose program is missing: skipped by name at home, failed in CI, and run otherwise."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .. import programs
from ..programs import PROGRAMS, named_in, needs, only, require

if TYPE_CHECKING:
    from pathlib import Path


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
