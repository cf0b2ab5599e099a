"""Standard streams that are closed, missing, or replaced by objects that can do little."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers.cli import main
from aculab_wrappers.cli.interrupt import Interrupts

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Run

ID = re.compile(r"\b[0-9a-f]{32}\b")
START = ["start", "sip:bob@acompany.com", "--sandbox"]
FROM_STDIN = ["start", "-f", "-", "--format", "csv", "--results", "r.jsonl", "--sandbox"]
PARITY = ["parity", "--case", "start-number", "--dialect", "php"]
COMMANDS = [
    ["--help"],
    ["--version"],
    ["nonsense"],
    ["demo", "--help"],
    ["start"],
    START,
    [*START, "--json"],
    ["status", "--sandbox", "0" * 32],
    ["wait", "--sandbox", "--timeout", "1", "0" * 32],
    ["wait", "--sandbox", "-"],
    FROM_STDIN,
    PARITY,
    ["doctor"],
]


def shell(redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with file descriptors closed by the shell."""
    line = f'exec "$0" -m aculab_wrappers "$@" {redirection}'
    return subprocess.run(
        ["/bin/sh", "-c", line, sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell as POSIX has it")


@posix
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_without_stdout_results_go_to_stderr(arguments: list[str]) -> None:
    usual, closed = shell("", *arguments), shell(">&-", *arguments)
    assert closed.returncode == usual.returncode
    assert "Traceback" not in closed.stderr
    assert len(closed.stderr.splitlines()) == len((usual.stdout + usual.stderr).splitlines())


@posix
@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&- >&-"])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_id_comes_out(redirection: str, form: list[str]) -> None:
    ended = shell(redirection, *START, *form)
    assert ended.returncode == 0
    assert ID.search(ended.stdout + ended.stderr)


@posix
def test_an_id_that_can_be_told_nowhere_is_looked_up_before_it_is_dialled_again() -> None:
    assert shell("<&- >&- 2>&-", *START).returncode == 3
    kept = shell("<&- >&- 2>&-", *START, "--results", "kept.jsonl")
    assert kept.returncode == 1


class Bare:
    """What some programs put in a stream's place: it takes text and nothing more."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


class Deaf(Bare):
    """A stream that fails whatever it is asked."""

    def isatty(self) -> bool:
        raise ValueError

    def fileno(self) -> int:
        raise io.UnsupportedOperation


class Given:
    """A stand-in for stdin."""

    def read(self) -> str:
        return "to\nsip:bob@acompany.com\n"


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("kind", [Bare, Deaf, io.StringIO, closed, lambda: None])
def test_streams_of_another_program(
    monkeypatch: pytest.MonkeyPatch, kind: Callable[[], Any], arguments: list[str]
) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, kind())
    monkeypatch.setattr(sys, "stdin", Given() if kind in {Bare, Deaf} else kind())
    assert main(arguments) in {0, 1, 2, 3}


@pytest.mark.parametrize("stand_in", [Given(), io.StringIO(Given().read())])
def test_rows_out_of_a_stdin_without_bytes(
    monkeypatch: pytest.MonkeyPatch, stand_in: object
) -> None:
    out = Bare()
    monkeypatch.setattr(sys, "stdin", stand_in)
    monkeypatch.setattr(sys, "stdout", out)
    assert main(FROM_STDIN) == 0
    assert ID.match(out.text)


@pytest.mark.parametrize("kind", [closed, lambda: None])
def test_a_closed_stdout_sends_results_to_stderr(
    monkeypatch: pytest.MonkeyPatch, kind: Callable[[], Any]
) -> None:
    err = Bare()
    monkeypatch.setattr(sys, "stdout", kind())
    monkeypatch.setattr(sys, "stderr", err)
    assert main(START) == 0
    assert ID.match(err.text)


def test_a_signal_without_a_stderr_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Bare())
    with Interrupts() as interrupts, interrupts.dialling():
        signal.raise_signal(signal.SIGINT)
    assert interrupts.asked


COLOURS = [
    {"FORCE_COLOR": "1"},
    {"FORCE_COLOR": "1", "TERM": "xterm-256color"},
    {"FORCE_COLOR": "1", "NO_COLOR": "1"},
    {"CLICOLOR_FORCE": "1"},
    {"TTY_COMPATIBLE": "1", "TTY_INTERACTIVE": "1"},
    {"TERM": "dumb", "FORCE_COLOR": "1"},
]


@pytest.mark.parametrize("variables", COLOURS, ids=str)
@pytest.mark.parametrize(
    "arguments",
    [
        ["start", "-f", "calls.csv", "--sandbox"],
        PARITY,
    ],
    ids=" ".join,
)
def test_nothing_moves_a_cursor_in_a_pipe(
    run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], arguments: list[str]
) -> None:
    Path("calls.csv").write_text("to\nsip:a@example.com\nsip:b@example.com\n", encoding="utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ended = run(*arguments)
    assert ended.out
    assert "\x1b" not in ended.out + ended.err
    assert "\r" not in ended.err
