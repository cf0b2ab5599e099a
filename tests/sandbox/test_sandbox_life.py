"""How a started call goes on as the virtual clock moves, and who may ask about it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox, Service
from aculab_wrappers.sandbox.calls import WantedCall
from aculab_wrappers.sandbox.cloud import Cloud
from aculab_wrappers.sandbox.destinations import is_telephone_number, mismatch
from aculab_wrappers.sandbox.instances import MOST_TEXT, Instances, Record
from aculab_wrappers.sandbox.login import Login
from aculab_wrappers.sandbox.requests import Request

PHONES = Service("alice@example.com", "phones", "pw")
ROOMS = Service("alice@example.com", "rooms", "pw", "conference")
EPOCH = 1_735_689_600.0


@pytest.fixture
def cloud() -> Cloud:
    return Cloud([PHONES, ROOMS], now=EPOCH, seed=1)


def ask(cloud: Cloud, name: str, sent: object, service: Service = PHONES) -> Any:
    path = "/service_start" if name == "rest_calls" else "/service_status"
    login = Login(service.user.encode(), service.password.encode())
    answer = cloud.answer(Request("POST", path, ((name, json.dumps(sent)),), login))
    return json.loads(answer.body)


def status(cloud: Cloud, *ids: str, service: Service = PHONES) -> Any:
    return ask(cloud, "service_invocation_reference_ids", ids, service)


def test_a_call_is_queued_runs_and_completes(cloud: Cloud) -> None:
    [id_] = ask(cloud, "rest_calls", {"to": "sip:a@b"})
    seen = []
    for _ in range(5):
        seen.append(status(cloud, id_)[id_])
        cloud.move_to(cloud.now + 1)

    application = seen[1]["application_instance_id"]
    assert application
    assert application != id_
    words = ["QUEUED", "RUNNING", "RUNNING", "COMPLETED", "COMPLETED"]
    assert [one["status"] for one in seen] == words
    assert [one["status_detail"] for one in seen] == ["", "", "", "0", "0"]
    assert [one["application_status_eta"] for one in seen] == [None] * 3 + [EPOCH + 8] * 2
    assert [one["application_instance_id"] for one in seen] == [""] + [application] * 4


def test_a_mismatch_could_not_run_and_says_why(cloud: Cloud) -> None:
    [id_] = ask(cloud, "rest_calls", {"to": "myConference"})
    assert status(cloud, id_)[id_]["status"] == "QUEUED"
    cloud.move_to(EPOCH + 1)

    assert status(cloud, id_)[id_] == {
        "status": "COULDNOTRUN",
        "status_detail": "'myConference' is a conference room, and this outbound service is "
        "configured to call telephone numbers and SIP addresses",
        "application_status_eta": None,
        "application_instance_id": "",
    }


def test_ids_of_others_and_of_nobody_are_unknown(cloud: Cloud) -> None:
    [id_] = ask(cloud, "rest_calls", {"to": "sip:a@b"})
    [room] = ask(cloud, "rest_calls", {"to": "x"}, ROOMS)
    unknown = {
        "status": "UNKNOWN",
        "status_detail": "",
        "application_status_eta": None,
        "application_instance_id": "",
    }

    assert status(cloud, room, "", "\ud800") == dict.fromkeys((room, "", "\ud800"), unknown)
    assert status(cloud, id_, service=ROOMS) == {id_: unknown}
    assert list(status(cloud, "x", id_, id_)) == ["x", id_]


@pytest.mark.parametrize(
    ("sent", "code", "says"),
    [
        ([], "0002", "is an empty array"),
        ("id", "0002", "is a string, expected an array of ids"),
        ({}, "0002", "is an object"),
        (["id", 5], "0002", "service_invocation_reference_ids[1] is a number"),
        (None, "0002", "is null"),
    ],
)
def test_a_bad_status_request(cloud: Cloud, sent: object, code: str, says: str) -> None:
    error = ask(cloud, "service_invocation_reference_ids", sent)["error"]

    assert error["code"] == code
    assert says in error["text"]


def test_polls_move_the_clock_after_the_answer_and_refusals_do_not() -> None:
    cloud = Cloud([PHONES], now=EPOCH, seed=1, poll_seconds=1)
    [id_] = ask(cloud, "rest_calls", {"to": "sip:a@b"})
    status(cloud)
    words = [status(cloud, id_)[id_]["status"] for _ in range(4)]

    assert words == ["QUEUED", "RUNNING", "RUNNING", "COMPLETED"]
    assert cloud.now == EPOCH + 4


@pytest.mark.parametrize(
    ("to", "number", "telephone", "conference"),
    [
        ("441908283800", True, True, True),
        ("+441908283800", True, True, True),
        ("44-1908-283800", True, True, True),
        ("44--1908", False, False, True),
        ("44 1908", False, False, True),
        ("\u0661\u0662", False, False, True),
        ("tel:+441908283800", True, True, False),
        ("TEL:1", True, True, False),
        ("sip:bob@example.com", False, True, False),
        ("bob@example.com", False, True, False),
        ("loc:my_inbound_service", False, True, False),
        ("webrtc:client", False, True, False),
        ("wss://www.example.com/app", False, True, False),
        ("example.com:5060", False, True, False),
        ("con:Room", False, False, True),
        ("con:room@home", False, False, True),
        ("myConference", False, False, True),
        ("my conference", False, False, True),
    ],
)
def test_destinations(to: str, number: bool, telephone: bool, conference: bool) -> None:
    assert is_telephone_number(to) is number
    assert (mismatch(to, "telephone") == "") is telephone
    assert (mismatch(to, "conference") == "") is conference


def test_a_reason_names_the_kind_and_stays_short() -> None:
    assert "a telephone number" in mismatch("tel:1", "conference")
    assert "a SIP address" in mismatch("a@b", "conference")
    assert len(mismatch("x" * 1_000_000, "telephone")) < 250


def started(instances: Instances, count: int, *, finished: bool = False) -> list[Record]:
    made = [instances.start("a/b/c", WantedCall("sip:a@b"), 0.0) for _ in range(count)]
    for record in made:
        if finished:
            record.end(1.0, "COMPLETED", "0", "completed")
    return made


def test_memory_is_bounded_the_oldest_finished_go_first_and_the_count_stays() -> None:
    instances = Instances(seed=1, most=100)
    running = started(instances, 10)
    finished = started(instances, 90, finished=True)
    assert instances.surplus() == []
    new = started(instances, 1)

    assert instances.surplus() == finished[:11]
    assert instances.all() == running + finished[11:] + new
    assert instances.accepted == 101
    assert instances.find(finished[0].id) is None


def test_memory_is_bounded_even_when_nothing_finishes() -> None:
    instances = Instances(seed=1, most=100)
    made = started(instances, 1000)
    gone = instances.surplus()

    assert instances.all() == made[-90:]
    assert gone == made[:-90]
    assert instances.accepted == 1000


def test_what_starts_give_along_is_bounded_too() -> None:
    instances = Instances(seed=1)
    token = "x" * (MOST_TEXT // 4)
    made = []
    for _ in range(5):
        made.append(instances.start("a/b/c", WantedCall("sip:a@b", token=token), 0.0))
        instances.surplus()

    assert instances.all() == made[2:]
    assert instances.accepted == 5


def test_the_forgotten_do_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Cloud([PHONES], now=EPOCH, seed=1)
    monkeypatch.setattr(cloud, "instances", Instances(1, most=10))
    ask(cloud, "rest_calls", [{"to": "sip:a@b"}] * 10)
    cloud.move_to(EPOCH + 1)
    ask(cloud, "rest_calls", {"to": "sip:a@b"})

    # The first was ringing, the second waited; both are gone, and the pace goes on.
    assert cloud.queues.length(PHONES.user) == 9
    cloud.move_to(EPOCH + 60)
    assert cloud.instances.counts()["COMPLETED"] == 9


def test_a_seed_repeats_ids_and_its_absence_does_not() -> None:
    def ids(seed: int | None) -> list[str]:
        sandbox = Sandbox([PHONES], seed=seed)
        client = OutboundClient("1-2-0", "alice@example.com", "phones", "pw", transport=sandbox)
        return [one.id for one in client.start([Call("a@b"), Call("c@d")])]

    assert ids(5) == ids(5) != ids(6)
    assert ids(None) != ids(None)
