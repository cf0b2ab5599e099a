"""`--sandbox`: an embedded cloud that is kept between two commands."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from aculab_wrappers.cli.kept_sandbox import state_path

if TYPE_CHECKING:
    from .conftest import Run

CALL = ("start", "--sandbox", "sip:bob@acompany.com")


def first_id(text: str) -> str:
    return text.partition("\t")[0]


def test_what_one_command_starts_the_next_one_knows(run: Run) -> None:
    started = run(*CALL)
    assert started.code == 0
    id_ = first_id(started.out)
    assert run("status", "--sandbox", id_).out.startswith(f"{id_}\t")
    waited = run("wait", "--sandbox", id_, "--poll", "0.05")
    assert waited.code == 0
    assert waited.out == f"{id_}\tCOMPLETED\t0\n"


def test_the_state_is_below_the_home_and_holds_no_password(run: Run, folder: Path) -> None:
    run(*CALL)
    state = Path(state_path())
    assert state.is_relative_to(folder)
    assert json.loads(state.read_text(encoding="ascii"))["accepted"] == 1
    assert not [name for name in os.listdir(state.parent) if name.startswith(".")]


def test_services_do_not_see_each_other(run: Run) -> None:
    id_ = first_id(run(*CALL, "--service", "mine").out)
    other = run("status", "--sandbox", id_)
    assert "\tUNKNOWN\t" in other.out
    assert "\tQUEUED\t" in run("status", "--sandbox", id_, "--service", "mine").out


def test_a_conference_service(run: Run) -> None:
    result = run("start", "--sandbox", "--sandbox-kind", "conference", "myRoom")
    assert result.code == 0
    id_ = first_id(result.out)
    assert "COMPLETED" in run("wait", "--sandbox", id_, "--poll", "0.05").out


def test_a_long_run_is_kept_at_its_end(run: Run) -> None:
    lines = "".join(f"sip:{number}@b\n" for number in range(50))
    Path("calls.csv").write_text("to\n" + lines, encoding="utf-8")
    assert run("start", "--sandbox", "-f", "calls.csv").code == 0
    status = run("status", "--sandbox", "--results", "calls.csv.results.jsonl")
    assert len(status.out.splitlines()) == 50
    assert "UNKNOWN" not in status.out


def test_a_rehearsal_is_not_the_real_thing(run: Run, account: dict[str, str]) -> None:
    Path("calls.csv").write_text("to\nsip:a@b\n", encoding="utf-8")
    assert run("start", "--sandbox", "-f", "calls.csv").code == 0
    result = run("start", "-f", "calls.csv", "--base-url", "https://ws-1-2-0.aculabcloud.net")
    assert result.code == 2
    assert "results of the cloud 'sandbox', and this is 'aculabcloud.net'" in result.err


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 9}', b"\xff"])
def test_a_damaged_state_is_named(run: Run, content: bytes) -> None:
    path = Path(state_path())
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    result = run(*CALL)
    assert result.code == 1
    assert "\tnot sent\t" in result.out
    assert "Delete it" in result.err
    assert path.read_bytes() == content
    assert run("status", "--sandbox", "x", "--json").code == 1


def test_a_state_that_cannot_be_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def replace(source: str, target: str) -> None:
        if target == state_path():
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    result = run(*CALL)
    assert result.code == 3
    assert "Traceback" not in result.err
    assert not [name for name in os.listdir(Path(state_path()).parent) if name.startswith(".")]


def test_no_folder_for_the_state(run: Run, folder: Path) -> None:
    (folder / "home").write_text("a file", encoding="utf-8")
    result = run(*CALL)
    assert result.code == 1
    assert "sandbox.json cannot be used" in result.err


@pytest.mark.parametrize("option", ["--base-url", "--proxy", "--ca-bundle"])
def test_it_has_no_network(run: Run, option: str) -> None:
    result = run(*CALL, option, "http://127.0.0.1:1")
    assert result.code == 2
    assert f"{option} and --sandbox exclude each other" in result.err


def test_a_state_that_another_command_holds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aculab_wrappers.cli.kept_sandbox._LOCK_SECONDS", 0.01)
    run(*CALL)
    with FileLock(f"{state_path()}.lock"):
        result = run(*CALL)
    assert result.code == 1
    assert "another command holds it" in result.err
    assert run(*CALL).code == 0
