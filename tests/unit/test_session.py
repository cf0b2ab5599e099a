"""What the requests of one client have in common: a transport that sends once, and no nesting."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests
from aculab_wrappers._core.caller import _REMEMBERED, Caller
from requests.adapters import HTTPAdapter

from aculab_wrappers import (
    Call,
    InvalidInputError,
    NotSentError,
    OutboundClient,
    StatusError,
    UnknownOutcomeError,
)
from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.settings import Settings
from aculab_wrappers.sandbox import Sandbox, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers._core.http import HttpRequest

CREDENTIALS = Credentials("1-2-0", "user", "svc", "a long password")


def _client(transport: Any) -> OutboundClient:
    return OutboundClient("1-2-0", "user", "svc", "a long password", transport=transport)


@pytest.mark.parametrize("make", [requests.Session, HTTPAdapter, object, str, lambda: "requests"])
def test_what_may_send_again_or_cannot_send_is_no_transport(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidInputError, match="transport must have send"):
        _client(make())


def test_a_sandbox_is_one() -> None:
    cloud = Sandbox([Service("user", "svc", "a long password")])

    _client(cloud).start(Call("sip:bob@acompany.com"))

    assert cloud.accepted == 1


class Nesting:
    """A transport that asks for something else while it is asked."""

    def __init__(self, ask: Callable[[OutboundClient], object]) -> None:
        self.client: OutboundClient | None = None
        self._ask = ask
        self.caught: Exception | None = None

    def send(self, request: HttpRequest) -> HttpResponse:
        assert self.client is not None
        try:
            self._ask(self.client)
        except Exception as error:
            self.caught = error
        return HttpResponse(200, body=b'["id-1"]')


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda client: client.start(Call("y")), NotSentError),
        (lambda client: client.status("id"), StatusError),
        (lambda _client_: _client(Sandbox()).start(Call("y")), NotSentError),
    ],
    ids=["a start", "a status", "another client"],
)
def test_a_request_inside_a_request_is_refused_and_changes_nothing(
    ask: Callable[[OutboundClient], object], error: type[Exception]
) -> None:
    transport = Nesting(ask)
    client = transport.client = _client(transport)

    [invocation] = client.start(Call("x"))

    assert invocation.id == "id-1"
    assert type(transport.caught) is error
    assert "from inside another request" in str(transport.caught)


def test_after_a_request_others_may_be_made() -> None:
    transport = Nesting(lambda _client_: None)
    client = transport.client = _client(transport)

    assert client.start(Call("x")) == client.start(Call("x"))


def test_it_remembers_the_last_ids_that_it_was_given() -> None:
    caller = Caller(CREDENTIALS, Settings(), None)
    assert caller.given_before(["first", "second"]) == []
    assert caller.given_before(["second", "third"]) == ["second"]

    caller.given_before([f"id-{number}" for number in range(_REMEMBERED - 1)])

    assert caller.given_before(["first"]) == []
    assert caller.given_before([f"id-{_REMEMBERED - 2}"]) == [f"id-{_REMEMBERED - 2}"]


def test_threads_that_are_given_ids_at_once_disturb_nobody() -> None:
    caller = Caller(CREDENTIALS, Settings(), None)
    caller.given_before([f"old-{number}" for number in range(_REMEMBERED)])

    def given(thread: int) -> list[str]:
        return [
            known
            for number in range(3000)
            for known in caller.given_before([f"{thread}-{number}", f"{thread}-{number}-b"])
        ]

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(given, range(8))) == [[]] * 8
    finally:
        sys.setswitchinterval(before)


def test_an_environment_that_has_turned_bad_meanwhile_loses_no_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = Caller(CREDENTIALS, Settings(), None)
    echoed = HttpResponse(500, body=b"you said: a long password")
    error = UnknownOutcomeError("perhaps", response=echoed)
    monkeypatch.setenv("ACULAB_PROXY", "no proxy at all")

    caller.hide_password(error)

    assert error.response is not None
    assert b"a long password" not in error.response.body
