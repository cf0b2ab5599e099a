"""Talking to a program in JSON lines: what it says, and all the ways in which it can fail."""

from __future__ import annotations

import json
import shlex
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.parity import driver as driver_module
from aculab_wrappers.parity.driver import DriverError, ProgramDriver
from aculab_wrappers.parity.runner import Runner, State

if TYPE_CHECKING:
    from pathlib import Path

    from aculab_wrappers.parity.cloud import ScriptedCloud
    from aculab_wrappers.parity.suite import Suite

HELLO = {
    "protocol": 1,
    "name": "mine",
    "version": "7",
    "language": "Cobol",
    "dialect": "php",
    "capabilities": ["start.one"],
}
ORDER = {"seq": 1, "case": "x", "steps": []}
GREET = f"""
import json, sys
def read(): return json.loads(sys.stdin.readline())
def say(answer): print(answer if isinstance(answer, str) else json.dumps(answer), flush=True)
assert read() == {{"command": "start", "protocol": 1}}
say({HELLO!r})
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return tmp_path / "a driver.py"


def _command(program: Path, text: str) -> str:
    program.write_text(text, encoding="utf-8")
    return shlex.join([sys.executable, str(program)])


def test_it_says_who_it_is(program: Path, suite: Suite) -> None:
    with ProgramDriver(_command(program, GREET + "read()"), suite) as driver:
        assert driver.hello.name == "mine, 7, Cobol"
        assert driver.hello.dialect == "php"
        assert driver.hello.capabilities == {"start.one"}


def test_it_is_told_to_stop(program: Path, suite: Suite, tmp_path: Path) -> None:
    said = tmp_path / "said"
    text = GREET + f"open({str(said)!r}, 'w').write(json.dumps(read()))"

    ProgramDriver(_command(program, text), suite).close()

    assert json.loads(said.read_text()) == {"command": "stop"}


def test_one_that_does_not_stop_is_stopped(
    program: Path, suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver_module, "_GRACE", 0.1)
    driver = ProgramDriver(_command(program, GREET + "import time; time.sleep(60)"), suite)

    driver.close()

    assert driver._process.returncode == -signal.SIGKILL


def test_one_that_says_nothing_is_not_waited_for_without_end(
    program: Path, suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProgramDriver(_command(program, GREET + "read(); read()"), suite) as driver:
        monkeypatch.setattr(driver_module, "_PATIENCE", 0.1)
        with pytest.raises(DriverError, match=r"no answer in 0\.1 seconds"):
            driver.run(ORDER)


def test_a_case_goes_there_and_back(program: Path, suite: Suite) -> None:
    answer = GREET + "order = read(); say({'seq': order['seq'], 'results': [{'returns': order}]})"
    with ProgramDriver(_command(program, answer + "; read()"), suite) as driver:
        reply = driver.run({**ORDER, "seq": 12})

    assert reply["results"] == [{"returns": {"command": "run", **ORDER, "seq": 12}}]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("say('{')", "the body is not JSON .*: {"),
        ("say('[]')", "the driver's answer"),
        ("say({'seq': 1})", "the driver's answer"),
        ("say({'seq': 1, 'results': [{}]})", "the driver's answer"),
        ("say({'seq': 2, 'skipped': 'no'})", "the driver answered 2 when asked 1"),
        ("sys.exit('out of paper')", "the driver ended with exit code 1: out of paper"),
        ("sys.stdout.close(); sys.exit(3)", "the driver ended with exit code 3"),
    ],
)
def test_a_driver_that_answers_wrongly_is_an_error(
    program: Path, suite: Suite, answer: str, message: str
) -> None:
    command = _command(program, f"{GREET}read(); {answer}")
    with ProgramDriver(command, suite) as driver, pytest.raises(DriverError, match=message):
        driver.run(ORDER)


def _says(hello: dict[str, object]) -> str:
    return f"import json; print(json.dumps({hello!r}), flush=True)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the driver ended with exit code 0"),
        ("raise SystemExit('no licence')", "ended with exit code 1: no licence"),
        ("print('hello', flush=True)", "not JSON"),
        ("print('{}', flush=True)", "'protocol' is a required property"),
        (_says({**HELLO, "dialect": "cobol"}), "'cobol' is not one of"),
        (_says({**HELLO, "protocol": 2}), "1 was expected"),
        (_says({**HELLO, "capabilities": ["flying"]}), "the suite knows no capability flying"),
    ],
)
def test_a_driver_that_does_not_greet_is_an_error(
    program: Path, suite: Suite, text: str, message: str
) -> None:
    with pytest.raises(DriverError, match=message):
        ProgramDriver(_command(program, text), suite)


@pytest.mark.parametrize("command", ["/no/such/program", "'unbalanced"])
def test_a_driver_that_does_not_start_is_an_error(suite: Suite, command: str) -> None:
    with pytest.raises(DriverError, match="the driver does not start"):
        ProgramDriver(command, suite)


@pytest.mark.parametrize(
    ("reply", "state", "why"),
    [
        ({"skipped": "no wrapper here"}, State.SKIPPED, "the driver: no wrapper here"),
        ({"errored": "it broke"}, State.ERRORED, "the driver: it broke"),
        ({"results": [{"returns": ["ref-1"]}]}, State.DIFFERS, "that came: 0: nothing"),
    ],
)
def test_what_a_driver_says_becomes_the_verdict(
    program: Path,
    suite: Suite,
    cloud: ScriptedCloud,
    reply: dict[str, object],
    state: State,
    why: str,
) -> None:
    [case] = [case for case in suite.cases if case.id == "start-number"]
    text = GREET + f"read(); say({ {'seq': 1, **reply}!r}); read()"
    with ProgramDriver(_command(program, text), suite) as driver:
        [verdict] = Runner(suite, cloud, None, own=False).verdicts(driver, [case])

    assert verdict.state is state
    assert why in "; ".join(verdict.why)


def test_what_a_driver_does_not_offer_is_not_asked_of_it(
    program: Path, suite: Suite, cloud: ScriptedCloud
) -> None:
    demanding = [case for case in suite.cases if case.needs]
    text = GREET + "assert read()['command'] == 'stop'"
    with ProgramDriver(_command(program, text), suite) as driver:
        verdicts = list(Runner(suite, cloud, None, own=False).verdicts(driver, demanding))

    states = {verdict.state for verdict in verdicts}
    assert states == {State.NOT_APPLICABLE, State.NOT_OFFERED}
