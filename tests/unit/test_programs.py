"""A test whose program is missing: skipped by name at home, failed in CI, and run otherwise."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ..programs import is_missing, program


@pytest.fixture
def empty_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


def test_a_program_is_found_under_any_of_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    python = Path(sys.executable)
    monkeypatch.setenv("PATH", str(python.parent))

    assert Path(program("no-such-program", python.name)) == python


@pytest.mark.parametrize("value", [None, ""])
def test_at_home_it_is_skipped_by_name(
    empty_path: None, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is None:
        monkeypatch.delenv("CI", raising=False)
    else:
        monkeypatch.setenv("CI", value)

    with pytest.raises(pytest.skip.Exception, match=r"^chromium is not installed$"):
        program("chromium", "chromium-browser")


def test_in_ci_it_fails(empty_path: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match=r"^php is not installed, and CI must run it$"):
        program("php")


def test_what_is_no_program_on_path_can_be_missing_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match=r"^mypy is not installed$"):
        is_missing("mypy")
