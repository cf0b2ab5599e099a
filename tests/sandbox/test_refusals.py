"""What was wrong with a refused request, in lines."""

from __future__ import annotations

from typing import Any

from aculab_wrappers.sandbox import Received
from aculab_wrappers.sandbox.refusals import explained, wrong


def refused(**more: Any) -> Received:
    members = {
        "number": 1,
        "at": 0.0,
        "method": "POST",
        "path": "/service_start",
        "user": "1-2-0/a@b/mine",
        "agent": "",
        "parameters": (),
        "status": 400,
        "code": "0002",
        "text": "Malformed parameter: to",
        "details": (),
        "rule": "",
        "hint": "",
        "simulated": False,
    }
    return Received(**{**members, **more})


def test_who_asked_what_and_what_was_wrong() -> None:
    assert explained(refused()) == [
        "POST /service_start by 1-2-0/a@b/mine, answered 400, error 0002",
        "    Malformed parameter: to",
    ]


def test_every_explanation_and_the_rule() -> None:
    assert wrong(refused(text="one (and 1 more)", details=("one", "two"), rule="start-to")) == [
        "one",
        "two",
        "rule: start-to, see /sandbox/facts",
    ]


def test_a_hint_comes_after_the_reason() -> None:
    assert wrong(refused(hint="the password is another", rule="login")) == [
        "Malformed parameter: to",
        "the password is another",
        "rule: login, see /sandbox/facts",
    ]


def test_a_status_is_said_once_and_nobody_is_nobody() -> None:
    line = explained(refused(user="", status=401, code="HTTP 401"))[0]
    assert line == "POST /service_start by nobody: no user name came with it, answered 401"


def test_an_error_that_was_asked_for_is_no_mistake() -> None:
    assert wrong(refused(simulated=True, text="", code="HTTP 502")) == [
        "nothing: its destination, or answer_next, asked for this answer"
    ]


def test_a_terminal_obeys_nothing_of_it() -> None:
    for line in explained(refused(path="/\x1b[2J\n\u202e", text="\x1b[2J\r" + "x" * 100_000)):
        assert line.isprintable()
        assert len(line) < 600
