"""The tree of errors: what each says of the calls, and that it survives a pickle."""

from __future__ import annotations

import pickle

import pytest

from aculab_wrappers import (
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
