"""Destinations with an outcome of their own, and answers that are asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest

from aculab_wrappers import (
    Call,
    InvalidInputError,
    OutboundClient,
    Outcome,
    RejectedError,
    StartError,
    StatusError,
    UnknownOutcomeError,
)
from aculab_wrappers.sandbox import SCENARIOS, Sandbox, Service
from aculab_wrappers.sandbox.answers import SLOW_SECONDS
from aculab_wrappers.sandbox.live import MOST_TO_COME
from aculab_wrappers.sandbox.scenarios import ANSWERS, DELIVERIES, WORDS

PHONES = Service("alice@example.com", "phones", "pw", far_end_classification=True)
ROOMS = Service("alice@example.com", "rooms", "pw", "conference")
CALLER = "441908283801"

ENDS = {
    "answered": ("COMPLETED", "0", "completed", "", "human"),
    "answering-machine": ("COMPLETED", "0", "completed", "", "machine"),
    "busy": ("COULDNOTRUN", "the call was rejected: busy (486)", "busy", "486", ""),
    "no-answer": ("COULDNOTRUN", "the call was rejected: no_answer (408)", "no_answer", "408", ""),
    "unobtainable": (
        "COULDNOTRUN",
        "the call was rejected: unobtainable (404)",
        "unobtainable",
        "404",
        "",
    ),
    "never-finishes": ("RUNNING", "", "", "", "human"),
}
REFUSED = {
    "unauthorised": (401, RejectedError),
    "too-many-requests": (429, RejectedError),
    "bad-gateway": (502, UnknownOutcomeError),
    "unavailable": (503, UnknownOutcomeError),
}


def client(sandbox: Sandbox, service: Service = PHONES) -> OutboundClient:
    return OutboundClient("1-2-0", "alice@example.com", service.name, "pw", transport=sandbox)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox([PHONES, ROOMS], time="manual", seed=1)


def number_of(word: str) -> str:
    return next(scenario.number for scenario in SCENARIOS if scenario.word == word)


def test_the_numbers_are_of_the_range_kept_for_fiction_and_all_differ() -> None:
    numbers = [scenario.number for scenario in SCENARIOS]
    assert len(set(numbers)) == len(set(WORDS)) == len(SCENARIOS) == 17
    assert all(re.fullmatch(r"447700900[0-9]{3}", number) for number in numbers)


@pytest.mark.parametrize("word", ENDS)
@pytest.mark.parametrize("form", ["{number}", "tel:+{number}", "sip:{word}@sandbox"])
def test_how_a_call_ends(sandbox: Sandbox, word: str, form: str) -> None:
    client(sandbox).start(Call(form.format(word=word, number=number_of(word)), CALLER))
    sandbox.advance(60)

    [ended] = sandbox.instances
    assert (
        ended.status,
        ended.status_detail,
        ended.call_cause,
        ended.call_raw_cause,
        ended.far_end,
    ) == ENDS[word]


def test_a_conference_room_can_be_one(sandbox: Sandbox) -> None:
    client(sandbox, ROOMS).start([Call("sandbox-busy"), Call("con:sandbox-never-finishes")])
    sandbox.advance(60)

    assert [one.status for one in sandbox.instances] == ["COULDNOTRUN", "RUNNING"]


def test_a_greeting_is_waited_out_before_the_application_begins(sandbox: Sandbox) -> None:
    client(sandbox).start([Call("sip:answering-machine@sandbox"), Call("sip:answered@sandbox")])
    sandbox.advance(60)

    machine, human = sandbox.instances
    assert [(when - machine.started_at, what) for when, what in machine.timeline][2:5] == [
        (2, "answered"),
        (3, "far end: an answering machine; waiting for the end of its greeting"),
        (5, "the application runs; its service has no First Page"),
    ]
    assert [(when - human.started_at, what) for when, what in human.timeline][2:5] == [
        (3, "answered"),
        (4, "far end: a human"),
        (4, "the application runs; its service has no First Page"),
    ]


def test_one_that_could_not_run_and_one_from_a_wrong_caller_id(sandbox: Sandbox) -> None:
    client(sandbox).start(
        [Call(number_of("could-not-run"), CALLER), Call(number_of("wrong-caller-id"), CALLER)]
    )
    sandbox.advance(60)

    assert [one.status for one in sandbox.instances] == ["COULDNOTRUN", "COULDNOTRUN"]
    assert "could not run the instance" in sandbox.instances[0].status_detail
    detail = f"'{CALLER}' is not a validated caller id"
    assert sandbox.instances[1].status_detail == detail


def test_an_id_that_is_unknown_when_asked_for(sandbox: Sandbox) -> None:
    started = client(sandbox).start(Call("sip:unknown-id@sandbox"))

    assert client(sandbox).status(started)[0].status == "UNKNOWN"
    assert sandbox.accepted == 1


@pytest.mark.parametrize("word", REFUSED)
def test_a_start_that_is_answered_with_an_error(sandbox: Sandbox, word: str) -> None:
    status, kind = REFUSED[word]
    with pytest.raises(StartError) as caught:
        client(sandbox).start([Call("sip:a@b"), Call(f"sip:{word}@sandbox")])

    assert type(caught.value) is kind
    assert caught.value.http_status == status
    assert sandbox.accepted == 0
    [received] = sandbox.refused
    assert received.simulated


def test_what_the_errors_look_like(sandbox: Sandbox) -> None:
    def answer(word: str) -> Any:
        with pytest.raises(StartError) as caught:
            client(sandbox).start(Call(f"sip:{word}@sandbox"))
        return caught.value.response

    assert answer("too-many-requests").header("Retry-After") == "2"
    assert answer("unauthorised").header("WWW-Authenticate").startswith("Basic ")
    html = answer("bad-gateway")
    assert html.header("Content-Type") == "text/html"
    assert html.body.startswith(b"<html>")


@pytest.mark.parametrize("word", ["lost-answer", "reset-answer", "truncated-answer"])
def test_an_answer_that_gets_lost_after_the_start(sandbox: Sandbox, word: str) -> None:
    with pytest.raises(UnknownOutcomeError) as caught:
        client(sandbox).start(Call(f"sip:{word}@sandbox"))

    assert caught.value.outcome is Outcome.UNKNOWN
    assert sandbox.accepted == 1


def test_a_slow_answer_comes(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("aculab_wrappers.sandbox.in_process.sleep", slept.append)
    started = client(sandbox).start(Call("sip:slow-answer@sandbox"))

    assert slept == [SLOW_SECONDS]
    assert [one.id for one in sandbox.instances] == [started[0].id]


def test_a_destination_of_ones_own() -> None:
    sandbox = Sandbox([PHONES], time="manual", outcomes={"44-1908-273800": "busy", "x@y": "busy"})
    client(sandbox).start([Call("+441908273800", CALLER), Call("sip:X@y"), Call("sip:z@y")])
    sandbox.advance(60)

    assert [one.call_cause for one in sandbox.instances] == ["busy", "busy", "completed"]


@pytest.mark.parametrize(
    ("outcomes", "says"),
    [
        ({"1": "bussy"}, "'bussy' is no outcome: expected one of answered, answering-machine"),
        ({"1": 486}, "int is no outcome"),
        ({"": "busy"}, "a destination that is no text"),
        ({5: "busy"}, "a destination that is no text"),
        (5, "outcomes must be a mapping of destinations to words, not int"),
        (["busy"], "outcomes must be a mapping"),
    ],
)
def test_outcomes_that_cannot_be(outcomes: Any, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        Sandbox([PHONES], outcomes=outcomes)


def test_answers_to_come_are_given_in_order(sandbox: Sandbox) -> None:
    sandbox.answer_next("unavailable", "answered", "lost-answer")
    assert sandbox.waiting == ["unavailable", "answered", "lost-answer"]
    outcomes: list[Outcome] = []
    for _ in range(4):
        try:
            client(sandbox).start(Call("sip:a@b"))
            outcomes.append(Outcome.STARTED)
        except StartError as error:
            outcomes.append(error.outcome)

    assert outcomes == [Outcome.UNKNOWN, Outcome.STARTED, Outcome.UNKNOWN, Outcome.STARTED]
    assert (sandbox.accepted, sandbox.waiting) == (3, [])


def test_a_status_can_meet_them_too(sandbox: Sandbox) -> None:
    started = client(sandbox).start(Call("sip:a@b"))
    sandbox.answer_next("unavailable")
    with pytest.raises(StatusError):
        client(sandbox).status(started)

    assert client(sandbox).status(started)[0].status == "QUEUED"


def test_no_more_answers_wait_than_memory_is_meant_for(sandbox: Sandbox) -> None:
    sandbox.answer_next(*["answered"] * (MOST_TO_COME - 1))
    with pytest.raises(InvalidInputError, match=f"more than {MOST_TO_COME} answers"):
        sandbox.answer_next("unavailable", "unavailable")
    assert sandbox.waiting == ["answered"] * (MOST_TO_COME - 1)
    sandbox.answer_next("unavailable")
    assert sandbox.waiting[-1] == "unavailable"


def test_one_word_that_is_no_answer_spoils_them_all(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidInputError, match="'busy' is no outcome: expected one of answered"):
        sandbox.answer_next("unavailable", "busy")
    assert sandbox.waiting == []
    assert set(ANSWERS) == {"answered", *REFUSED, *DELIVERIES}


def test_reset_forgets_all_but_clock_and_services(sandbox: Sandbox) -> None:
    sandbox.advance(5)
    before = sandbox.now
    [first] = client(sandbox).start(Call("sip:a@b"))
    sandbox.answer_next("unavailable")
    sandbox.reset()

    assert (sandbox.accepted, sandbox.instances, sandbox.received) == (0, [], [])
    assert (sandbox.waiting, sandbox.queue_lengths()[PHONES.user]) == ([], 0)
    assert (sandbox.now, len(sandbox.services)) == (before, 2)
    [again] = client(sandbox).start(Call("sip:a@b"))
    assert again.id == first.id
    sandbox.advance(60)
    assert sandbox.instances[0].status == "COMPLETED"
