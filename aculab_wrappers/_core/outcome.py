"""What became of a start: the one place that decides it.

| what came back                                        | outcome  | raised                      |
|-------------------------------------------------------|----------|-----------------------------|
| 2xx, a list of ids, as many as calls, all of them new | STARTED  | nothing: the Invocations    |
| 2xx, a list with fewer, more, repeated or known ids   | STARTED  | StartedMismatchError        |
| 2xx, a list of ids that are all known already         | UNKNOWN  | UnknownOutcomeError         |
| 2xx that is no list of ids, or is not whole           | UNKNOWN  | UnknownOutcomeError         |
| 401                                                   | REJECTED | RejectedError               |
| 4xx with the cloud's own JSON error                   | REJECTED | RejectedError               |
| any other status                                      | UNKNOWN  | UnknownOutcomeError         |
| no answer, and our connection sent no byte            | NOT_SENT | NotSentError                |
| no answer, and a byte was sent, or nobody can know    | UNKNOWN  | UnknownOutcomeError         |
| broken off by an exception from outside               | as the two rows above; it comes out as |
|                                                       | it is, with that error as its cause    |

"Known" ids are those that the same client was given before: a cache on the way may have repeated
an answer. That a refusal started nothing is the cloud's word, and assumed.

Pure functions: an answer or a failure in, a result or an error out.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import (
    NotSentError,
    RejectedError,
    StartedMismatchError,
    StartError,
    UnknownOutcomeError,
)
from .answers import hint_ids, is_web_page, read_ids, read_refusal
from .validation import pluralize
from .values import QUEUED, Invocation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..errors import TransportError
    from .answers import Refusal
    from .http import HttpResponse
    from .values import Call


def read_start(calls: Sequence[Call], response: HttpResponse) -> list[Invocation]:
    """Return one invocation for each call, in order.

    Raises:
        RejectedError, StartedMismatchError, UnknownOutcomeError: see the table.
    """
    if not 200 <= response.status < 300:
        raise _refused(calls, response)
    ids = read_ids(response)
    if ids is None:
        raise _unknown(calls, describe_failure(response), response)
    if len(ids) != len(calls) or len(set(ids)) != len(ids):
        raise StartedMismatchError(
            f"{pluralize(calls, 'call')} went out and {len(ids)} ids ({len(set(ids))} different) "
            f"came back: calls were started, but which id belongs to which is not known. Every id "
            f"is in .invocations",
            calls=calls,
            response=response,
            invocations=[Invocation(id_, status=QUEUED) for id_ in ids],
        )
    return [Invocation(id_, call, QUEUED) for id_, call in zip(ids, calls, strict=True)]


def check_new(
    calls: Sequence[Call],
    response: HttpResponse,
    started: Sequence[Invocation],
    known: Collection[str],
) -> None:
    """Raise the error of a start whose answer repeats ids that were known before it."""
    if not known:
        return
    if len(known) == len(started):
        error = _unknown(calls, "the answer holds the ids of an earlier start", response)
        error.hinted_ids = tuple(item.id for item in started)
        raise error
    raise StartedMismatchError(
        f"{len(known)} of {len(started)} ids were given before: which id belongs to which call is "
        f"not known. Every id is in .invocations",
        calls=calls,
        response=response,
        invocations=[replace(item, call=None) for item in started],
    )


def judge_failure(
    calls: Sequence[Call], error: TransportError
) -> NotSentError | UnknownOutcomeError:
    """Return the error of a start that got no answer."""
    if error.sent:
        return _unknown(calls, str(error), error.response)
    return NotSentError(f"no call was started: {error}", calls=calls, transient=error.transient)


def judge_interruption(
    calls: Sequence[Call],
    *,
    handed_over: bool,
    response: HttpResponse | None = None,
    started: Sequence[Invocation] = (),
) -> StartError:
    """Return the error of a start that was broken off where no transport could say how far it was.

    Args:
        calls: The calls of the start.
        handed_over: Whether a transport had been asked to send.
        response: The answer, if it had come.
        started: What the answer said, if it had been read.
    """
    if not handed_over:
        return NotSentError("no call was started: the start was broken off", calls=calls)
    error = _unknown(calls, "the start was broken off", response)
    if started:
        error.hinted_ids = tuple(item.id for item in started)
    return error


def describe_failure(response: HttpResponse, refusal: Refusal | None = None) -> str:
    """Return why an answer is no result, for the end of a message."""
    if refusal is not None:
        told, status = str(refusal), f"HTTP {response.status}"
        return told if told.startswith(f"{status}: ") else f"{status}, {told}"
    if response.status == 401:
        return (
            "HTTP 401: check cloud id, user name, service name, and that the password is the "
            "outbound service password"
        )
    if not 200 <= response.status < 300:
        return f"HTTP {response.status}"
    if is_web_page(response):
        return (
            "the answer is a web page and not from Aculab's cloud: a proxy, a firewall or a login "
            "page has answered in its place"
        )
    return "the answer holds no list of ids"


def _refused(calls: Sequence[Call], response: HttpResponse) -> StartError:
    refusal = read_refusal(response)
    reason = describe_failure(response, refusal)
    has_said_so = refusal is not None and 400 <= response.status < 500
    if not (has_said_so or response.status == 401):
        return _unknown(calls, f"the answer was {reason}", response)
    return RejectedError(
        f"the cloud refused to start {pluralize(calls, 'call')}: {reason}",
        calls=calls,
        response=response,
        refusal=refusal,
    )


def _unknown(
    calls: Sequence[Call], reason: str, response: HttpResponse | None = None
) -> UnknownOutcomeError:
    fault = response.fault if response else None
    more = f" ({fault})" if fault and fault != reason else ""
    error = UnknownOutcomeError(
        f"{pluralize(calls, 'call')} may have been started: {reason}{more}. Do not send again "
        f"before you have looked for the token in your application or the account's reports",
        calls=calls,
        response=response,
    )
    if response is not None:
        # The outcome stands; hints are extra, and no shortage of memory in here may lose it.
        with suppress(MemoryError, RecursionError):
            error.refusal = read_refusal(response)
            error.hinted_ids = hint_ids(response)
    return error
