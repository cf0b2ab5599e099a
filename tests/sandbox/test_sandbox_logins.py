"""Who is let in, and which paths and methods there are."""

from __future__ import annotations

from base64 import b64encode

import pytest

from aculab_wrappers.sandbox import Service
from aculab_wrappers.sandbox.cloud import Cloud
from aculab_wrappers.sandbox.requests import read_request, split_target

PHONES = Service("alice@example.com", "phones", "pw")
START = "/service_start"


@pytest.fixture
def cloud() -> Cloud:
    return Cloud([PHONES], now=1_735_689_600.0, seed=1)


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    "login",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Bearer " + b64encode(b"1-2-0/alice@example.com/phones:pw").decode(),
        "Basic " + b64encode(b"1-2-0/alice@example.com/phones").decode(),
        basic("1-2-0/alice@example.com/phones", "PW"),
        basic("1-2-0/alice@example.com/phones", ""),
        basic("1-2-0/alice@example.com/unknown", "pw"),
        basic("1-2-0/alice@example.com/unknown", ""),
        basic("1-2-0/alice@example.com", "pw"),
        "Basic " + b64encode(b"\xff:\xff").decode(),
    ],
)
def test_every_bad_login_gets_the_same_answer(cloud: Cloud, login: str | None) -> None:
    same = cloud.answer(read_request("POST", START, basic("nobody", "nothing")))
    answer = cloud.answer(read_request("POST", START, login))

    assert answer == same
    assert (answer.status, answer.code) == (401, "HTTP 401")
    assert dict(answer.headers)["WWW-Authenticate"].startswith("Basic realm=")


START_HINTS = [
    (None, "no Basic authentication came with it"),
    ("Bearer x", "no Basic authentication came with it"),
    (basic(PHONES.user, "PW"), "the user name is right; the password is another"),
    (
        basic(PHONES.user[:-1], "pw"),
        f"'{PHONES.user[:-1]}' is no user name that opens it; did you mean {PHONES.user}?",
    ),
    (basic("x", "pw"), f"'x' is no user name that opens it; known are {PHONES.user}"),
]
QUEUE = "/service/v1/outbound/phones/queue"
QUEUE_HINTS = [
    ("/service/v1/outbound_queues", PHONES.user, "did you mean 1-2-0/alice@example.com?"),
    ("/service/v1/outbound_queues", "1-2-0/alice@example.com", "the password is another"),
    (QUEUE, PHONES.user, "the password is another"),
    (QUEUE, "1-2-0/alice@example.com/phone", f"did you mean {PHONES.user}?"),
    (QUEUE, "1-2-0/alice@example.co", "did you mean 1-2-0/alice@example.com?"),
]


@pytest.mark.parametrize(("login", "hint"), START_HINTS)
def test_the_developer_is_told_why_a_login_opens_nothing_and_the_client_is_not(
    cloud: Cloud, login: str | None, hint: str
) -> None:
    answer = cloud.answer(read_request("POST", START, login))

    assert cloud.journal.all()[-1].hint == hint
    assert hint.encode() not in answer.body


@pytest.mark.parametrize(("path", "user", "hint"), QUEUE_HINTS)
def test_the_developer_is_told_of_the_logins_for_queues(
    cloud: Cloud, path: str, user: str, hint: str
) -> None:
    answer = cloud.answer(read_request("GET", path, basic(user, "wrong")))

    assert answer.status == 401
    assert cloud.journal.all()[-1].hint.endswith(hint)


def test_a_login_may_be_written_in_several_ways(cloud: Cloud) -> None:
    login = "bASIC  " + basic(PHONES.user, "pw").partition(" ")[2]
    answer = cloud.answer(read_request("POST", START, login))

    assert answer.code == "0001"


def test_unicode_logins() -> None:
    service = Service("zoë@example.com", "größe", "пароль:with:colons")
    login = basic(service.user, service.password)
    cloud = Cloud([service], now=0, seed=0)
    answer = cloud.answer(read_request("POST", START, login))

    assert answer.code == "0001"


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/", 404),
        ("GET", "", 404),
        ("POST", "/service_start/", 404),
        ("POST", "/service_cancel", 404),
        ("PUT", "/service_start", 405),
        ("get", "/service_status", 405),
    ],
)
def test_what_is_not_there(cloud: Cloud, method: str, target: str, status: int) -> None:
    answer = cloud.answer(read_request(method, target, basic(PHONES.user, "pw")))

    assert (answer.status, answer.code) == (status, f"HTTP {status}")


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/service_start", "/service_start", ""),
        ("//service_start?a=b", "/service_start", "a=b"),
        ("/service%5Fstart?a?b", "/service_start", "a?b"),
        ("http://user:pw@host:80/service_start?a=/b#c", "/service_start", "a=/b"),
        ("https://host?a", "/", "a"),
        ("/x?y=http://host/z", "/x", "y=http://host/z"),
        ("", "/", ""),
        ("*", "/*", ""),
    ],
)
def test_targets(target: str, path: str, query: str) -> None:
    assert split_target(target) == (path, query)
