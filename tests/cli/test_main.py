"""The command as a whole: help, versions, and that no error becomes a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aculab_wrappers import __version__
from aculab_wrappers.cli.output import places, printable

if TYPE_CHECKING:
    from .conftest import Run


def test_help_names_the_commands(run: Run) -> None:
    result = run("--help")
    assert result.code == 0
    for command in ("doctor", "sandbox", "start", "status", "wait"):
        assert f"\n  {command} " in result.out


@pytest.mark.parametrize("command", ["start", "status", "wait", "doctor"])
def test_help_names_every_environment_variable_and_exit_code(run: Run, command: str) -> None:
    text = run(command, "--help").out
    for name in ("CLOUD_ID", "USERNAME", "SERVICE", "SERVICE_PASSWORD", "BASE_URL"):
        assert f"ACULAB_{name}" in text
    for name in ("PROXY", "CA_BUNDLE", "TIMEOUT"):
        assert f"ACULAB_{name}" in text
    for code in ["0", "1", "2", "3", "130"] if command == "start" else ["0", "1", "2", "130"]:
        assert f"\n    {code} " in text
    assert "--password " not in text
    assert max(map(len, text.splitlines())) <= 80


def test_version(run: Run) -> None:
    result = run("--version")
    assert result.code == 0
    assert __version__ in result.out


@pytest.mark.parametrize("arguments", [["nonsense"], ["start", "--nonsense"], ["start", "1", "2"]])
def test_a_mistyped_line(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert "Error: " in result.err


@pytest.mark.parametrize(
    ("trouble", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "Interrupted."),
        (OSError(5, "Input/output error", "the file"), 1, "the file: Input/output error"),
        (OSError("odd"), 1, "Error: OSError"),
    ],
)
def test_no_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, trouble: BaseException, code: int, message: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr("aculab_wrappers.cli.start.connect", fail)
    result = run("start", "1")
    assert result.code == code
    assert message in result.err
    assert "Traceback" not in result.err


def test_what_could_move_a_cursor_is_shown() -> None:
    assert printable("a\x1b[2J\u202eb\nc é") == "a\\x1b[2J\\u202eb\nc é"


def test_places_in_short() -> None:
    assert places(["line 2", "line 3", "line 4", "line 9"]) == "lines 2-4, 9"
    assert places(["item 7"]) == "item 7"
    assert places(["the call"]) == "the call"
