"""The queue: how starts wait for their turn, and the web services that list and purge it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from aculab_wrappers import Call, InvalidInputError, OutboundClient
from aculab_wrappers.sandbox import Account, Sandbox, Service
from aculab_wrappers.sandbox.cloud import Cloud
from aculab_wrappers.sandbox.login import Login
from aculab_wrappers.sandbox.requests import Request

EPOCH = 1_735_689_600.0
PHONES = Service("alice@example.com", "phones", "pw")
SLOW = Service("alice@example.com", "slow one", "pw", calls_per_second=0.5)
ALICE = "1-2-0/alice@example.com"
OTHERS = Service("bob@example.com", "others", "pw")


def start(sandbox: Sandbox, service: Service, count: int) -> None:
    username = service.username
    client = OutboundClient("1-2-0", username, service.name, "pw", transport=sandbox)
    client.start([Call(f"sip:{index}@example.com") for index in range(count)])


def dialled(sandbox: Sandbox, service: Service) -> list[float]:
    """How many seconds after the first start each call of a service was dialled."""
    return [
        round(when - EPOCH, 6)
        for instance in sandbox.instances
        if instance.service == service.user
        for when, what in instance.timeline
        if what == "dialled"
    ]


def made(rate: float | None = None, **account: Any) -> Sandbox:
    rates: dict[str, Any] = {} if rate is None else {"calls_per_second": rate}
    accounts = [Account("alice@example.com", **account)] if account else []
    return Sandbox([PHONES, SLOW, OTHERS], time="manual", accounts=accounts, **rates)


def test_a_new_account_starts_one_call_a_second() -> None:
    sandbox = made()
    start(sandbox, PHONES, 3)
    sandbox.advance(60)

    assert dialled(sandbox, PHONES) == [1, 2, 3]


@pytest.mark.parametrize(
    ("sandbox", "times"),
    [
        (made(4), [1, 1.25, 1.5]),
        (made(3), [1, 1.333333, 1.666666]),
        (made(math.inf), [1, 1, 1]),
        (made(10**400), [1, 1, 1]),
        (made(4, calls_per_second=0.5), [1, 3, 5]),
        (made(4, tier="premium"), [1, 1.25, 1.5]),
    ],
)
def test_an_account_at_its_own_pace(sandbox: Sandbox, times: list[float]) -> None:
    start(sandbox, PHONES, 3)
    sandbox.advance(60)

    assert dialled(sandbox, PHONES) == times


def test_the_services_of_an_account_share_its_pace_and_those_of_others_do_not() -> None:
    sandbox = made()
    start(sandbox, PHONES, 1)
    start(sandbox, OTHERS, 2)
    start(sandbox, SLOW, 3)
    start(sandbox, PHONES, 2)
    sandbox.advance(60)

    assert dialled(sandbox, OTHERS) == [1, 2]
    # The slow one takes its turn when it may, and the others do not wait for it meanwhile.
    assert dialled(sandbox, SLOW) == [2, 4, 6]
    assert dialled(sandbox, PHONES) == [1, 3, 5]


def test_the_pace_counts_from_the_last_call_and_saves_nothing_up() -> None:
    sandbox = made()
    start(sandbox, PHONES, 1)
    sandbox.advance(10)
    start(sandbox, PHONES, 2)
    sandbox.advance(60)

    assert dialled(sandbox, PHONES) == [1, 11, 12]


@pytest.mark.parametrize("rate", [0, -1, math.nan, "1", True, None])
def test_a_pace_that_cannot_be(rate: Any) -> None:
    with pytest.raises(InvalidInputError, match="calls_per_second must be"):
        Sandbox(calls_per_second=rate)
    if rate is not None:
        with pytest.raises(InvalidInputError, match="calls_per_second must be"):
            Service("u", "n", "p", calls_per_second=rate)


def test_purged_calls_are_cancelled_and_never_dialled() -> None:
    sandbox = made()
    start(sandbox, PHONES, 3)
    start(sandbox, SLOW, 2)
    sandbox.advance(1.5)
    assert sandbox.queue_lengths() == {PHONES.user: 2, SLOW.user: 2, OTHERS.user: 0}

    assert sandbox.purge(PHONES.user) == 2
    assert sandbox.purge(PHONES.user) == 0
    sandbox.advance(60)
    of_phones = [one for one in sandbox.instances if one.service == PHONES.user]
    assert [one.status for one in of_phones] == ["COMPLETED", "CANCELLED", "CANCELLED"]
    assert of_phones[1].timeline[-1][1] == "cancelled: the queue was purged"
    assert dialled(sandbox, SLOW) == [2, 4]


# The web services


@pytest.fixture
def cloud() -> Cloud:
    return Cloud([PHONES, SLOW, OTHERS], now=EPOCH, seed=1, calls_per_second=1.0)


def ask(cloud: Cloud, method: str, path: str, user: str, password: str) -> tuple[int, Any]:
    login = Login(user.encode(), password.encode())
    answer = cloud.answer(Request(method, path, (), login))
    return answer.status, json.loads(answer.body)


def queue(cloud: Cloud, service: Service, count: int) -> None:
    login = Login(service.user.encode(), b"pw")
    wanted = json.dumps([{"to": "sip:a@b"}] * count)
    cloud.answer(Request("POST", "/service_start", (("rest_calls", wanted),), login))


def test_the_list_of_an_accounts_queues(cloud: Cloud) -> None:
    queue(cloud, SLOW, 4)
    queue(cloud, OTHERS, 1)
    asked = ask(cloud, "GET", "/service/v1/outbound_queues", ALICE, "sandbox")

    assert asked == (
        200,
        [{"service_name": "phones", "length": 0}, {"service_name": "slow one", "length": 4}],
    )


@pytest.mark.parametrize(
    ("user", "password"),
    [(ALICE, "sandbox"), (SLOW.user, "pw")],
)
def test_one_queue_is_read_and_purged_with_either_login(
    cloud: Cloud, user: str, password: str
) -> None:
    queue(cloud, SLOW, 4)
    path = "/service/v1/outbound/slow one/queue"

    assert ask(cloud, "GET", path, user, password) == (
        200,
        {"service_name": "slow one", "length": 4},
    )
    assert ask(cloud, "DELETE", path, user, password) == (
        200,
        {"service_name": "slow one", "length": 0},
    )
    assert cloud.instances.counts()["CANCELLED"] == 4


@pytest.mark.parametrize(
    ("method", "path", "user", "password", "status", "rule"),
    [
        ("GET", "outbound_queues", PHONES.user, "pw", 401, "queue-login"),
        ("GET", "outbound_queues", ALICE, "guess", 401, "queue-login"),
        ("GET", "outbound_queues", "1-2-0/eve@example.com", "", 401, "queue-login"),
        ("GET", "outbound_queues", "nobody", "", 401, "queue-login"),
        ("DELETE", "outbound_queues", ALICE, "sandbox", 405, "methods"),
        ("PUT", "outbound/phones/queue", PHONES.user, "pw", 405, "methods"),
        ("GET", "outbound/phones/queue", SLOW.user, "pw", 401, "queue-login"),
        (
            "DELETE",
            "outbound/others/queue",
            ALICE,
            "sandbox",
            404,
            "queue-paths",
        ),
        ("GET", "outbound/x/queue", ALICE, "sandbox", 404, "queue-paths"),
        ("GET", "outbound//queue", ALICE, "sandbox", 404, "paths"),
        ("GET", "outbound/phones", PHONES.user, "pw", 404, "paths"),
    ],
)
def test_who_may_not(
    cloud: Cloud, method: str, path: str, user: str, password: str, status: int, rule: str
) -> None:
    queue(cloud, PHONES, 2)
    queue(cloud, OTHERS, 2)
    answered, body = ask(cloud, method, f"/service/v1/{path}", user, password)

    assert (answered, body["error"]["code"]) == (status, f"HTTP {status}")
    assert cloud.journal.all()[-1].rule == rule
    assert cloud.queues.length(PHONES.user) == cloud.queues.length(OTHERS.user) == 2


def test_an_answer_to_come_is_for_queues_too(cloud: Cloud) -> None:
    cloud.to_come += ["unavailable", "unavailable"]
    path = "/service/v1/outbound_queues"

    assert ask(cloud, "GET", "/favicon.ico", ALICE, "")[0] == 404
    assert ask(cloud, "DELETE", "/service/v1/outbound/phones/queue", ALICE, "sandbox")[0] == 503
    assert ask(cloud, "GET", path, ALICE, "sandbox")[0] == 503
    assert ask(cloud, "GET", path, ALICE, "sandbox")[0] == 200
