"""`status` and `wait`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.cli.errors import CommandError
from aculab_wrappers.cli.results import Account, read_results

if TYPE_CHECKING:
    from aculab_wrappers.sandbox import Sandbox

    from .conftest import Run

RESULTS = "calls.csv.results.jsonl"


@pytest.fixture
def ids(run: Run, cloud: Sandbox) -> list[str]:
    Path("calls.csv").write_text("to,token\nsip:a@b,t\nmyRoom,\n", encoding="utf-8")
    assert run("start", "-f", "calls.csv").code == 0
    return [item.id for item in cloud.instances]


def test_status(run: Run, cloud: Sandbox, ids: list[str]) -> None:
    result = run("status", *ids, ids[0])
    assert result.code == 0
    assert result.out == f"{ids[0]}\tQUEUED\t\n{ids[1]}\tQUEUED\t\n"
    assert result.err == ""


def test_wait(run: Run, cloud: Sandbox, ids: list[str]) -> None:
    result = run("wait", *ids, "--poll", "0.01")
    assert result.code == 0
    assert result.out.startswith(f"{ids[0]}\tCOMPLETED\t0\n{ids[1]}\tCOULDNOTRUN\t'myRoom' is")
    assert result.err == ""


def test_json(run: Run, cloud: Sandbox, ids: list[str]) -> None:
    result = run("wait", "--results", RESULTS, "--json", "--poll", "0.01")
    document = json.loads(result.out)
    assert document["service"] == "1-2-0/user@example.com/MyOutboundService"
    assert document["invocations"][0] == {
        "id": ids[0],
        "status": "COMPLETED",
        "status_detail": "0",
        "return_code": 0,
        "finished": True,
        "application_status_eta": "2025-01-01T00:00:08+00:00",
        "application_instance_id": cloud.instances[0].application_instance_id,
        "to": "sip:a@b",
        "token": "t",
        "row": "line 2",
    }


def test_the_results_of_a_run_name_the_destinations(run: Run, ids: list[str]) -> None:
    result = run("status", "--results", RESULTS)
    assert result.out.splitlines()[1] == f"{ids[1]}\tQUEUED\t\tmyRoom"


def test_what_start_printed_can_be_piped_in(run: Run, ids: list[str]) -> None:
    data = f"{ids[0]}\tsip:a@b\tstarted\tline 2\n\tsip:x\trejected\tline 3\n\n{ids[1]}\r\n"
    result = run("status", "-", stdin=data.encode())
    assert [line.split("\t")[0] for line in result.out.splitlines()] == ids


def test_unknown_rows_are_mentioned(run: Run, cloud: Sandbox, ids: list[str]) -> None:
    service = "1-2-0/user@example.com/MyOutboundService"
    lines = Path(RESULTS).read_bytes().splitlines(keepends=True)
    Path(RESULTS).write_bytes(b"".join(lines[:-1]))
    result = run("status", "--results", RESULTS)
    assert result.code == 0
    assert "unknown, and without id: line 3" in result.err
    assert len(result.out.splitlines()) == 1
    with pytest.raises(CommandError):
        read_results(RESULTS, Account(service, "sandbox"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name the ids to ask about"),
        (["-"], "stdin: holds no ids"),
        (["--results", "nowhere"], "nowhere: cannot be read"),
        (["--results", "calls.csv"], "is not a results file"),
        ([""], "ids[0] must be an Invocation or an id"),
    ],
)
@pytest.mark.parametrize("command", ["status", "wait"])
def test_nothing_to_ask_about(
    run: Run, ids: list[str], command: str, arguments: list[str], message: str
) -> None:
    result = run(command, *arguments)
    assert result.code == 2
    assert message in result.err
    assert result.out == ""


def test_time_over_prints_the_last_news(run: Run, ids: list[str]) -> None:
    result = run("wait", ids[0], "--timeout", "0.2", "--poll", "60")
    assert result.code == 1
    assert result.out == f"{ids[0]}\tQUEUED\t\n"
    assert "not finished within 0.2 seconds" in result.err


@pytest.mark.parametrize("command", ["status", "wait"])
def test_a_refusal(run: Run, ids: list[str], command: str) -> None:
    result = run(command, ids[0], "--service", "Other")
    assert result.code == 1
    assert "Error: the cloud gave no status: HTTP 401" in result.err
    assert result.out == f"{ids[0]}\tno news\t\n"


@pytest.mark.parametrize("option", ["--timeout", "--poll"])
def test_times_must_be_positive(run: Run, ids: list[str], option: str) -> None:
    result = run("wait", ids[0], option, "-1")
    assert result.code == 2
    assert "must be a number of seconds above 0" in result.err
