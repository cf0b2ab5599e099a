"""The command as a process of its own: crashes, signals, pipes and terminals."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Run, SilentServer

    Start = Callable[..., subprocess.Popen[str]]

PATIENCE = 60
RESULTS = "calls.csv.results.jsonl"
posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@pytest.fixture
def calls() -> str:
    Path("calls.csv").write_text("to\n1\n2\n3\n", encoding="utf-8")
    return "calls.csv"


def read_until(stream: IO[str] | None, wanted: str) -> str:
    """All that comes up to and with a line that holds `wanted`."""
    assert stream is not None
    text = ""
    for line in stream:
        text += line
        if wanted in line:
            return text
    raise AssertionError(f"{wanted!r} never came: {text}")


def events() -> list[tuple[str, str]]:
    lines = [json.loads(line) for line in Path(RESULTS).read_text(encoding="ascii").splitlines()]
    return [(line["event"], line.get("to", "")) for line in lines[1:]]


@posix
def test_a_crash_in_the_middle_of_a_start(
    process: Start, run: Run, silent: SilentServer, calls: str
) -> None:
    first = process("start", "-f", calls)
    silent.received.get(timeout=PATIENCE)
    first.send_signal(signal.SIGKILL)
    first.wait(PATIENCE)
    assert events() == [("intent", "1")]

    result = run("start", "-f", calls, "--timeout", "0.5")
    dialled = [silent.received.get(timeout=PATIENCE) for _ in range(silent.count - 1)]
    assert len(dialled) == 1
    assert b"%222%22" in dialled[0]
    assert result.code == 3
    assert [line.split("\t")[1:3] for line in result.out.splitlines()] == [
        ["1", "unknown earlier"],
        ["2", "unknown"],
        ["3", "untouched"],
    ]
    assert "Unknown:        2  lines 2-3" in result.err


@posix
def test_a_second_run_is_told_that_the_first_is_under_way(
    process: Start, run: Run, silent: SilentServer, calls: str
) -> None:
    process("start", "-f", calls)
    silent.received.get(timeout=PATIENCE)
    result = run("start", "-f", calls)
    assert result.code == 2
    assert "another run is writing" in result.err
    assert silent.count == 1


@posix
def test_one_interrupt_gives_the_start_under_way_its_time_and_a_second_breaks_it_off(
    process: Start, silent: SilentServer, calls: str
) -> None:
    made = process("start", "-f", calls)
    silent.received.get(timeout=PATIENCE)
    made.send_signal(signal.SIGINT)
    read_until(made.stderr, "Ctrl-C again breaks it off")
    made.send_signal(signal.SIGINT)
    out, err = made.communicate(timeout=PATIENCE)
    assert made.returncode == 130
    assert events() == [("intent", "1"), ("unknown", "")]
    assert "Stopped at line 2, to 1: interrupted in the middle of a start" in err
    assert "Untouched:      2  lines 3-4" in err
    assert "Traceback" not in out + err
    assert silent.count == 1


@posix
def test_one_signal_is_enough_in_the_end(process: Start, silent: SilentServer, calls: str) -> None:
    made = process("start", "-f", calls)
    silent.received.get(timeout=PATIENCE)
    made.send_signal(signal.SIGTERM)
    made.communicate(timeout=PATIENCE)
    assert made.returncode == 130
    assert events() == [("intent", "1"), ("unknown", "")]


@posix
def test_an_interrupt_ends_waiting_with_the_last_news(
    process: Start, account: dict[str, str]
) -> None:
    service = Service("user@example.com", "MyOutboundService", account["ACULAB_SERVICE_PASSWORD"])
    with Sandbox([service], time="manual") as cloud:
        who = ("1-2-0", service.username, service.name, service.password)
        [call] = OutboundClient(*who, transport=cloud).start(Call("sip:bob@acompany.com"))
        made = process("wait", call.id, "--base-url", cloud.base_url, "--poll", "0.05")
        while len(cloud.received) < 3:  # the start, a poll that was answered, and the next
            assert made.poll() is None
        made.send_signal(signal.SIGINT)
        out, err = made.communicate(timeout=PATIENCE)
    assert made.returncode == 130
    assert out.startswith(f"{call.id}\tQUEUED")
    assert "Interrupted. The calls go on" in err
    assert "Traceback" not in err


@posix
def test_the_sandbox_command(process: Start, run: Run, account: dict[str, str]) -> None:
    made = process("sandbox", "--telephone", "a@b/mine", "--conference", "a@b/rooms")
    text = read_until(made.stdout, "Requests (")
    base_url = re.findall(r"export ACULAB_BASE_URL=(http://127.0.0.1:[0-9]+)", text)[0]
    assert '  telephone   1-2-0/a@b/mine  the word "sandbox"\n' in text
    assert '  conference  1-2-0/a@b/rooms  the word "sandbox"\n' in text
    Path("password").write_text("sandbox", encoding="utf-8")
    Path("password").chmod(0o600)
    line = ("--username", "a@b", "--base-url", base_url, "--password-file", "password")
    started = run("start", "room", "--service", "rooms", *line)
    assert started.code == 0
    refused = run("start", "room", "--service", "canary", "--username", "a@b", *line[2:4])
    assert refused.code == 1
    shown = read_until(made.stdout, "401")
    assert "POST /service_start  1-2-0/a@b/rooms  1 to room  -> 200\n" in shown
    assert "-> 401 HTTP 401" in shown
    made.send_signal(signal.SIGTERM)
    assert made.wait(PATIENCE) == 0
    assert made.stdout is not None
    assert made.stderr is not None
    assert made.stderr.read() == "Stopped.\n"
    # One line more said what was wrong. Not by communicate(), which skips what was read ahead.
    out = made.stdout.read()
    [why] = out.splitlines()
    assert why.startswith("    Unauthorized: expected Basic authentication")
    assert account["ACULAB_SERVICE_PASSWORD"] not in text + shown + out


def test_the_port_of_the_sandbox_may_be_taken(run: Run) -> None:
    with Sandbox() as other:
        result = run("sandbox", "--port", other.base_url.rpartition(":")[2])
    assert result.code == 1
    assert "cannot listen on port" in result.err


@pytest.mark.parametrize("service", ["mine", "a@b/", "/mine", "a@b/c/d", "a:b/c"])
def test_a_service_that_cannot_be(run: Run, service: str) -> None:
    result = run("sandbox", "--telephone", service)
    assert result.code == 2
    assert "user name, slash, service name" in result.err


def test_nobody_reads_stdout(process: Start) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    made = process("start", "--sandbox", "sip:bob@acompany.com", stdout=writing)
    os.close(writing)
    _, err = made.communicate(timeout=PATIENCE)
    assert made.returncode == 1
    assert re.match(r"the call, to sip:bob@acompany.com: [0-9a-f]{32}\nError: stdout: ", err)
    assert len(err.splitlines()) == 2


@posix
def test_a_terminal_gets_a_table_and_a_progress_bar(process: Start, calls: str) -> None:
    import pty

    Path(calls).write_text("to,token\nsip:a@b,\nsip:a@c,\n", encoding="utf-8")
    leading, following = pty.openpty()
    environment = {"COLUMNS": "80", "TERM": "xterm", "NO_COLOR": "1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        made = process("start", "--sandbox", "-f", calls, stdout=following, stderr=following)
    os.close(following)
    text = read_terminal(leading)
    os.close(leading)
    assert made.wait(PATIENCE) == 0
    assert "2/2 calls" in text
    assert "Id" in text
    assert re.search(r"[0-9a-f]{32} │ sip:a@b │ started │ line 2", text)


def read_terminal(leading: int) -> str:
    data = b""
    while True:
        try:
            part = os.read(leading, 65536)
        except OSError:  # what Linux says when the other side is closed
            break
        if not part:
            break
        data += part
    return data.decode()


def isolated(*arguments: str, blocked: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in an interpreter that cannot import `blocked`."""
    code = (
        f"import sys; sys.modules[{blocked!r}] = None\n"
        "from aculab_wrappers.cli import main\n"
        f"sys.exit(main({list(arguments)!r}))"
    )
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("missing", ["click", "rich", "filelock"])
def test_without_its_libraries_it_says_what_to_install(missing: str) -> None:
    result = isolated("start", "1", blocked=missing)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"aculab-wrappers: {missing} is not installed: pip install 'aculab-wrappers[cli]'\n"
    )


@pytest.mark.parametrize(
    "missing", ["jsonschema", "rpds", "referencing", "attrs", "werkzeug", "trustme"]
)
@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["start", "sip:bob@acompany.com", "--sandbox"]]
)
def test_a_command_does_without_what_only_others_need(missing: str, arguments: list[str]) -> None:
    result = isolated(*arguments, blocked=missing)
    assert result.returncode == 0
    assert result.stderr == ""


@pytest.mark.parametrize("missing", ["jsonschema", "rpds"])
def test_what_only_the_parity_command_needs_is_named_there(missing: str) -> None:
    result = isolated("parity", "--dialect", "php", blocked=missing)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"aculab-wrappers: {missing} is not installed: pip install 'aculab-wrappers[cli]'\n"
    )


def test_the_sandbox_server_needs_werkzeug() -> None:
    result = isolated("sandbox", blocked="werkzeug.serving")
    assert result.returncode == 1
    assert "pip install 'aculab-wrappers[sandbox]'" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_module_of_our_own_that_is_missing_is_a_fault() -> None:
    result = isolated("start", "1", blocked="aculab_wrappers.cli.start")
    assert "Traceback" in result.stderr
