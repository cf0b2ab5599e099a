"""The tree of errors: what each says of the calls, and that it survives a pickle."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    AculabError,
    Call,
    Invocation,
    NotSentError,
    Outcome,
    RejectedError,
    StartedMismatchError,
    StartError,
    UnknownOutcomeError,
    WrongOverloadError,
)
from aculab_wrappers._core import deadline
from aculab_wrappers._core.http import HttpResponse

from .scripted import Script, client_over, ok

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers import OutboundClient

KINDS = {
    NotSentError: (Outcome.NOT_SENT, True),
    RejectedError: (Outcome.REJECTED, False),
    UnknownOutcomeError: (Outcome.UNKNOWN, False),
    StartedMismatchError: (Outcome.STARTED, False),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_start_error_says_its_outcome(kind: type[StartError]) -> None:
    error = kind("why", calls=[Call("x")])

    assert (error.outcome, error.retryable) == KINDS[kind]
    assert error.calls == (Call("x"),)
    assert (error.http_status, error.code) == (None, None)


@pytest.mark.parametrize("kind", KINDS)
def test_no_start_error_is_what_retry_decorators_catch(kind: type[StartError]) -> None:
    assert not issubclass(kind, (OSError, ValueError))


def test_a_wrong_overload_is_a_value_error_and_a_type_error() -> None:
    assert issubclass(WrongOverloadError, (ValueError, TypeError))


def test_an_error_survives_a_pickle_with_its_ids() -> None:
    error = StartedMismatchError("why", calls=[Call("x")], invocations=[Invocation("one")])

    again = pickle.loads(pickle.dumps(error))

    assert isinstance(again, StartedMismatchError)
    assert [item.id for item in again.invocations] == ["one"]
    assert again.calls == error.calls


# What a stranger says, in the midst of our own words

FORGED = "no\r\n2026-01-01 ERROR forged\x1b[2J\u2028\u202e\x00\x85"
REFUSAL = {"error": {"code": "0001", "text": FORGED, "details": [FORGED], "link": FORGED}}


def refuses(status: int) -> HttpResponse:
    headers = (("Retry-After", FORGED), ("Location", FORGED), (FORGED, FORGED))
    return HttpResponse(status, headers, json.dumps(REFUSAL).encode())


def start(client: OutboundClient) -> object:
    return client.start(Call("x"))


STRANGERS: dict[str, tuple[HttpResponse, Callable[[OutboundClient], object]]] = {
    **{f"a start, {status}": (refuses(status), start) for status in (200, 302, 400, 401, 500)},
    "a start, a list": (ok([FORGED, 5]), start),
    "a start, too many ids": (ok([FORGED, FORGED]), start),
    "a status": (refuses(400), lambda client: client.status("a")),
    "a wait": (refuses(403), lambda client: client.wait("a", timeout=60)),
    "a word for a status": (
        ok({"a": {"status": FORGED, "status_detail": FORGED}}),
        lambda client: client.wait("a", timeout=0.001, poll=0.001),
    ),
    "an id": (ok({}), lambda client: client.wait(FORGED, timeout=0.001)),
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_what_a_stranger_says_is_on_one_line_and_controls_no_terminal(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    answer, ask = STRANGERS[kind]
    passed = [0.0]
    monkeypatch.setattr(deadline, "clock", lambda: passed[0])

    class Late(Script):
        def send(self, request: Any) -> HttpResponse:
            passed[0] += 0.01
            return super().send(request)

    with pytest.raises(AculabError) as caught:
        ask(client_over(Late(answer)))

    assert str(caught.value).isprintable()
