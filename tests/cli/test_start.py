"""`start`, against a cloud over HTTP."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.transport import NetworkTransport
from aculab_wrappers.cli.checked_lines import Lock

if TYPE_CHECKING:
    from aculab_wrappers.sandbox import Sandbox

    from .conftest import Run

TO = "441908283800"
FROM = "441908283801"
ROWS = f"to,from,token\n{TO},{FROM},a\nsip:bob@acompany.com,,b\n"
SECRET = "canary-pa55"


@pytest.fixture
def calls() -> Path:
    path = Path("calls.csv")
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_one_call(run: Run, cloud: Sandbox) -> None:
    result = run("start", TO, "--from", FROM, "--token", "t", "--outbound-parameters", "p")
    assert result.code == 0
    made = cloud.instances[0]
    assert (made.to, made.from_, made.token, made.outbound_parameters) == (TO, FROM, "t", "p")
    assert result.out == f"{made.id}\t{TO}\tstarted\tthe call\n"
    assert result.err == ""
    assert not list(Path().iterdir())


def test_one_call_with_results_is_not_dialled_twice(run: Run, cloud: Sandbox) -> None:
    line = ("start", TO, "--from", FROM, "--results", "one.jsonl")
    assert [run(*line).code, run(*line).code] == [0, 0]
    assert cloud.accepted == 1


def test_the_calls_of_a_file(run: Run, cloud: Sandbox, calls: Path) -> None:
    result = run("start", "--file", calls)
    assert result.code == 0
    ids = [item.id for item in cloud.instances]
    assert result.out.splitlines() == [
        f"{ids[0]}\t{TO}\tstarted\tline 2",
        f"{ids[1]}\tsip:bob@acompany.com\tstarted\tline 3",
    ]
    assert result.err == "Started:        2  lines 2-3\n"
    again = run("start", "--file", calls)
    assert again.code == 0
    assert again.out == result.out.replace("started", "started earlier")
    assert cloud.accepted == 2


def test_json_is_one_document_and_nothing_else(run: Run, cloud: Sandbox, calls: Path) -> None:
    calls.write_text(ROWS + f"{TO}9,,c\n", encoding="utf-8")
    result = run("start", "--file", calls, "--json")
    assert result.code == 1
    document = json.loads(result.out)
    assert document["service"] == "1-2-0/user@example.com/MyOutboundService"
    assert document["results"] == "calls.csv.results.jsonl"
    assert document["exit_code"] == 1
    assert document["counts"] == {"started": 2, "rejected": 1}
    assert document["rows"][0] == {
        "row": "line 2",
        "to": TO,
        "from": FROM,
        "token": "a",
        "outcome": "started",
        "earlier": False,
        "recorded": True,
        "ids": [cloud.instances[0].id],
        "hinted_ids": [],
        "message": None,
    }
    assert "outbound_parameters.from" in document["rows"][2]["message"]
    assert f"line 4, to {TO}9: the cloud refused" in result.err


@pytest.mark.parametrize(("form", "end"), [("json", "]"), ("jsonl", "")])
def test_stdin(run: Run, cloud: Sandbox, form: str, end: str) -> None:
    data = "[" * bool(end) + json.dumps({"to": TO, "from": FROM}) + end
    line = ("start", "--file", "-", "--format", form, "--results", "r.jsonl")
    assert run(*line, stdin=data.encode()).code == 0
    assert cloud.accepted == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a destination, or a file"),
        ([TO, "--file", "calls.csv"], "TO and --file exclude each other"),
        (["--token", "x", "--file", "calls.csv"], "--token and --file exclude each other"),
        ([TO, "--format", "csv"], "--format goes with --file"),
        (["--file", "-", "--results", "r"], "--file - needs --format"),
        (["--file", "-", "--format", "csv"], "--file - needs --results"),
        (["--file", "nowhere.csv"], "nowhere.csv: cannot be read: No such file"),
        (["--file", "."], ".: cannot be read: Is a directory"),
        (["--file", "calls.txt"], "add --format csv, json or jsonl"),
        (["--file", "calls.csv", "--results", "no/r"], "there is no folder no"),
        (["--file", "calls.csv", "--results", "calls.csv"], "is not a results file"),
        ([""], "to is empty"),
        ([TO, "--token", "\udc80"], "token holds a lone surrogate"),
        ([TO, "--base-url", "http://example.com"], "base_url is plain http"),
        ([TO, "--timeout", "0"], "timeout must be a number of seconds above 0"),
        ([TO, "--ca-bundle", "nowhere"], "there is no file or folder 'nowhere'"),
        ([TO, "--cloud-id", "x"], "cloud_id must be three numbers"),
        ([TO, "--proxy", "http://user:canary-pa55@proxy:1"], "ACULAB_PROXY"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_sent(
    run: Run, cloud: Sandbox, calls: Path, arguments: list[str], message: str
) -> None:
    Path("calls.txt").write_text(ROWS, encoding="utf-8")
    result = run("start", *arguments)
    assert result.code == 2
    assert message in result.err
    assert result.out == ""
    assert SECRET not in result.err
    assert not cloud.received


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACULAB_BASE_URL", "http://example.com"),
        ("ACULAB_TIMEOUT", "soon"),
        ("ACULAB_PROXY", "ftp://canary-pa55@x"),
        ("ACULAB_CA_BUNDLE", "nowhere"),
    ],
)
def test_an_unusable_environment_shows_before_a_row_is_under_way(
    run: Run, calls: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    result = run("start", "--file", calls)
    assert result.code == 2
    assert name in result.err
    assert SECRET not in result.err
    assert list(Path().iterdir()) == [calls]


def test_a_bad_row_stops_all_of_them(run: Run, cloud: Sandbox, calls: Path) -> None:
    calls.write_text(ROWS + ",1,2\n", encoding="utf-8")
    result = run("start", "--file", calls)
    assert result.code == 2
    assert "calls.csv, line 4: to is missing" in result.err
    assert not cloud.received


def test_a_destination_listed_twice(run: Run, cloud: Sandbox, calls: Path) -> None:
    calls.write_text(ROWS + f"{TO},{FROM},c\n", encoding="utf-8")
    result = run("start", "--file", calls)
    assert result.code == 2
    assert f"line 4: {TO} is also on line 2" in result.err
    assert not cloud.received
    assert run("start", "--file", calls, "--allow-duplicates").code == 0
    assert cloud.accepted == 3


def test_a_locked_results_file(run: Run, cloud: Sandbox, calls: Path) -> None:
    with Lock("calls.csv.results.jsonl"):
        result = run("start", "--file", calls)
    assert result.code == 2
    assert "another run is writing this results file" in result.err
    assert not cloud.received


def test_a_wrong_password_stops_at_once(
    run: Run, cloud: Sandbox, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_SERVICE_PASSWORD", "wrong-canary-pa55")
    result = run("start", "--file", calls)
    assert result.code == 1
    assert "Stopped at line 2" in result.err
    assert "Untouched:      1  line 3" in result.err
    assert len(cloud.received) == 1


def test_a_full_disk_after_a_start_prints_the_id(
    run: Run, cloud: Sandbox, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fsync(file: int) -> None:
        if cloud.accepted:
            raise OSError(28, "No space left on device")
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)
    result = run("start", "--file", calls)
    assert result.code == 3
    assert f"NOT RECORDED: line 2, to {TO}: started {cloud.instances[0].id}" in result.err
    assert cloud.accepted == 1


def test_no_answer_is_unknown(run: Run, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def receive(*_: object) -> int:
        raise MemoryError

    monkeypatch.setattr("aculab_wrappers._core.sockets.receive", receive)
    result = run("start", "sip:bob@acompany.com")
    assert result.code == 3
    assert "\tunknown\t" in result.out


def test_what_never_left_is_not_sent(
    run: Run, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("aculab_wrappers._core.sockets.connect", connect)
    monkeypatch.setattr("aculab_wrappers._core.deadline.pause", lambda *_: None)
    result = run("start", "sip:bob@acompany.com")
    # No byte had left: the core proves it, whatever the exception was.
    assert result.code == 1
    assert "\tnot sent\t" in result.out
    assert cloud.accepted == 0


def test_control_characters_of_an_answer_reach_no_terminal(
    run: Run, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(*_: object) -> HttpResponse:
        return HttpResponse(200, (), b'["\\u001b[2Jid"]')

    monkeypatch.setattr(NetworkTransport, "send", send)
    result = run("start", "sip:bob@acompany.com")
    assert result.out.startswith("\\x1b[2Jid\t")


def test_of_many_rejections_ten_are_shown(run: Run, cloud: Sandbox, calls: Path) -> None:
    calls.write_text("to\n" + "".join(f"44{n}\n" for n in range(12)), encoding="utf-8")
    result = run("start", "--file", calls)
    assert result.code == 1
    assert "line 11, to 449: the cloud refused" in result.err
    assert "line 12, to" not in result.err
    assert "and 2 more were rejected" in result.err
    assert "Rejected:      12  lines 2-13" in result.err


def test_ids_of_a_damaged_answer_are_shown(
    run: Run, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = HttpResponse(200, (), b'["id-1","id-', fault="the body is 9 bytes short")
    monkeypatch.setattr(NetworkTransport, "send", lambda *_: cut)
    result = run("start", "sip:bob@acompany.com")
    assert result.code == 3
    assert "the call, to sip:bob@acompany.com: the damaged answer held id-1" in result.err
