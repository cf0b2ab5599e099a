"""Who asks: where the password comes from, and where it never goes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

if TYPE_CHECKING:
    from aculab_wrappers.sandbox import Sandbox

    from .conftest import Run

CALL = ("start", "sip:bob@acompany.com")
PASSWORD = "canary-pa55/word%"


@pytest.fixture
def unset(cloud: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cloud, and no password in the environment."""
    monkeypatch.delenv("ACULAB_SERVICE_PASSWORD")


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\nanything else\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_first_line_of_a_file(run: Run, unset: None, end: str, mark: str) -> None:
    Path("password").write_bytes((mark + PASSWORD + end).encode())
    Path("password").chmod(0o600)
    result = run(*CALL, "--password-file", "password")
    assert (result.code, result.err) == (0, "")


def test_a_file_wins_over_the_environment(
    run: Run, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_SERVICE_PASSWORD", "wrong")
    Path("password").write_text(PASSWORD, encoding="utf-8")
    Path("password").chmod(0o600)
    assert run(*CALL, "--password-file", "password").code == 0


def test_a_file_that_others_can_read_is_warned_of(run: Run, unset: None) -> None:
    Path("password").write_text(PASSWORD, encoding="utf-8")
    Path("password").chmod(0o640)
    result = run(*CALL, "--password-file", "password")
    assert result.code == 0
    assert "chmod 600 password" in result.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "--password-file FILE: cannot be read: No such file"),
        (b"", "its first line is empty"),
        (b"\ncanary-pa55", "its first line is empty"),
        (b"canary-pa55\xff\n", "its first line is not UTF-8"),
        (b"canary-pa55\x07\n", "service_password holds a control character"),
    ],
)
def test_a_file_that_cannot_be_used(
    run: Run, unset: None, cloud: Sandbox, content: bytes | None, message: str
) -> None:
    if content is not None:
        Path("password").write_bytes(content)
    result = run(*CALL, "--password-file", "password")
    assert result.code == 2
    assert message in result.err
    assert "canary" not in result.err
    assert not cloud.received


def test_a_password_in_the_place_of_a_file_s_name_is_not_quoted(run: Run, unset: None) -> None:
    for name in ("canary-pa55", "canary/pa55"):
        result = run(*CALL, "--password-file", name)
        assert result.code == 2
        assert "canary" not in result.err


def test_a_terminal_is_asked(
    run: Run, unset: None, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, bool]] = []

    def prompt(text: str, *, hide_input: bool, err: bool) -> str:
        asked.append((text, hide_input and err))
        return PASSWORD

    monkeypatch.setattr(click, "prompt", prompt)
    monkeypatch.setattr("aculab_wrappers.cli.account.sys", _Terminal)
    assert run(*CALL).code == 0
    assert asked == [("Service password of 1-2-0/user@example.com/MyOutboundService", True)]


class _Terminal:
    class stdin:
        @staticmethod
        def isatty() -> bool:
            return True


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (CALL, "stdin is no terminal"),
        (("start", "-f", "-", "--format", "csv", "--results", "r"), "stdin holds the input"),
        (("status", "-"), "stdin holds the input"),
        (("wait", "-"), "stdin holds the input"),
    ],
)
def test_where_nobody_can_be_asked_nobody_is(
    run: Run, unset: None, cloud: Sandbox, arguments: tuple[str, ...], why: str
) -> None:
    result = run(*arguments, stdin=b"to\n1\n")
    assert result.code == 2
    assert "set ACULAB_SERVICE_PASSWORD, or give --password-file" in result.err
    assert why in result.err
    assert not cloud.received


@pytest.mark.parametrize("command", ["start", "status", "wait"])
@pytest.mark.parametrize(
    "given",
    [
        ("--password", "canary-pa55"),
        ("--password=canary-pa55",),
        ("--service-password", "canary-pa55"),
        ("--password",),
    ],
)
def test_a_password_is_never_an_argument(
    run: Run, cloud: Sandbox, command: str, given: tuple[str, ...]
) -> None:
    result = run(command, "x", *given)
    assert result.code == 2
    assert "never taken from the command line" in result.err
    assert "ACULAB_SERVICE_PASSWORD" in result.err
    assert "canary" not in result.out + result.err
    assert not cloud.received


def test_what_is_missing_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACULAB_USERNAME", "user@example.com")
    result = run(*CALL)
    assert result.code == 2
    assert "--cloud-id (or ACULAB_CLOUD_ID), --service (or ACULAB_SERVICE)" in result.err
    assert "--sandbox" in result.err


def test_options_win_over_the_environment(run: Run, cloud: Sandbox) -> None:
    result = run(*CALL, "--service", "Other")
    assert result.code == 1
    assert cloud.received[0].user == "1-2-0/user@example.com/Other"


def test_an_interrupted_prompt(
    run: Run, unset: None, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prompt(*_: object, **__: object) -> str:
        raise click.Abort

    monkeypatch.setattr(click, "prompt", prompt)
    monkeypatch.setattr("aculab_wrappers.cli.account.sys", _Terminal)
    assert run(*CALL).code == 130
    assert not cloud.received


def test_the_password_is_in_no_file_and_no_output(run: Run, cloud: Sandbox, folder: Path) -> None:
    from base64 import b64encode

    Path("calls.csv").write_text("to\nsip:a@b\n441908283800\n", encoding="utf-8")
    outputs = [
        run("start", "-f", "calls.csv", "--json"),
        run("status", "--results", "calls.csv.results.jsonl"),
        run("wait", "nonsense", "--timeout", "0.01"),
        run("start", "sip:a@c", "--service", "Other"),
    ]
    text = "".join(result.out + result.err for result in outputs)
    for file in folder.rglob("*"):
        if file.is_file():
            text += file.read_text(encoding="utf-8")
    pair = b64encode(f"{cloud.received[0].user}:{PASSWORD}".encode()).decode()
    for form in ("canary", "Authorization", pair, pair[-12:]):
        assert form not in text
    assert PASSWORD not in " ".join(sys.argv)
