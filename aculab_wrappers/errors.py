"""Every error this package raises.

    AculabError
    ├── InvalidInputError (also ValueError)      what you passed cannot be sent; nothing was
    │   └── WrongOverloadError (also TypeError)  no documented signature takes these arguments
    ├── TransportError                           a transport got no complete answer (see `sent`)
    ├── StartError                               a start failed; `outcome` says how badly
    │   ├── NotSentError          NOT_SENT       proven: no byte of the request left
    │   ├── RejectedError         REJECTED       the cloud says that it refused
    │   ├── UnknownOutcomeError   UNKNOWN        the calls may have been started
    │   └── StartedMismatchError  STARTED        started, but ids and calls do not pair up
    ├── StatusError                              a status request failed
    └── WaitTimeoutError                         the calls had not finished in time

The first question after a failed start is whether a telephone may be ringing. Hence `outcome`,
and hence a class for each answer. None of the start errors derives from OSError or TimeoutError:
retry decorators catch those, and a start must never be repeated by accident.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, ClassVar

from ._core.invalid import AculabError, InvalidInputError, WrongOverloadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._core.answers import Refusal
    from ._core.http import HttpResponse
    from ._core.values import Call, Invocation

__all__ = [
    "AculabError",
    "InvalidInputError",
    "NotSentError",
    "Outcome",
    "RejectedError",
    "StartError",
    "StartedMismatchError",
    "StatusError",
    "TransportError",
    "UnknownOutcomeError",
    "WaitTimeoutError",
    "WrongOverloadError",
]


for _kind in (AculabError, InvalidInputError, WrongOverloadError):
    _kind.__module__ = __name__  # a traceback names the module that programs import


class Outcome(enum.Enum):
    """What is known about the calls of a start."""

    NOT_SENT = "not sent"
    """Proven: no byte of the request was handed to the network. Starting again is safe."""
    REJECTED = "rejected"
    """The cloud answered that it refused, and is taken at its word (assumed)."""
    UNKNOWN = "unknown"
    """The request, or part of it, was sent and no usable answer came. The calls may have been
    started: never send them again without looking first."""
    STARTED = "started"
    """The cloud gave ids: calls were started."""


class TransportError(AculabError):
    """A transport got no complete answer.

    Raised by transports, for the client to turn into the error of the operation; you meet it
    only when you write or call a transport yourself.

    Attributes:
        sent: False only when it is proven that no byte of the request was handed to the
            network. True otherwise.
        transient: True when the same request may succeed a moment later.
        response: What did come, or None if nothing did. Its status is 0, and its body what came
            as it came, when no status line could be read.
    """

    def __init__(
        self,
        message: str,
        *,
        sent: bool = True,
        transient: bool = False,
        response: HttpResponse | None = None,
    ) -> None:
        super().__init__(message)
        self.sent = sent
        self.transient = transient
        self.response = response


class _AnswerError(AculabError):
    """What the errors of both operations have in common: the answer, if there was one."""

    def __init__(
        self, message: str, response: HttpResponse | None, refusal: Refusal | None
    ) -> None:
        super().__init__(message)
        self.response = response
        self.refusal = refusal

    @property
    def http_status(self) -> int | None:
        """The HTTP status code of the answer, or None when there was none."""
        return None if self.response is None else self.response.status or None

    @property
    def code(self) -> str | None:
        """The cloud's own error code, such as "0001" or "HTTP 400", if it gave one."""
        return None if self.refusal is None else self.refusal.code


class StartError(_AnswerError):
    """A start failed. Never raised itself: see the four classes below it.

    Attributes:
        outcome: What is known about the calls. Fixed for each class.
        retryable: True when sending the same calls again cannot start one twice.
        calls: The calls of the failed start, in order.
        response: The cloud's answer as it came, or None when there was none.
        refusal: The cloud's JSON error, if the answer held one in the documented shape.
        http_status, code: The status of the one and the code of the other, or None.
    """

    outcome: ClassVar[Outcome]
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        calls: Sequence[Call] = (),
        response: HttpResponse | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        super().__init__(message, response, refusal)
        self.calls = tuple(calls)


class NotSentError(StartError):
    """Proven: no byte of the request left this machine, so no call was started.

    Attributes:
        transient: True when the cause may pass (connection refused, say), False when it needs
            a change first (a bad certificate, an unknown host).
        attempts: How often it was tried.
    """

    outcome = Outcome.NOT_SENT
    retryable = True

    def __init__(
        self, message: str, *, calls: Sequence[Call] = (), transient: bool = False
    ) -> None:
        super().__init__(message, calls=calls)
        self.transient = transient
        self.attempts = 1


class RejectedError(StartError):
    """The cloud refused the start, and is taken at its word: nothing was started (assumed).

    Raised for a 401, and for another 4xx whose body is the cloud's documented JSON error.
    """

    outcome = Outcome.REJECTED


class UnknownOutcomeError(StartError):
    """The calls may have been started. This package never sends them again.

    Raised when the request, or a part of it, was sent and what came back does not prove what
    became of it: nothing, a cut answer, a 5xx, a redirect, a page that is not the cloud's.
    `response` keeps what came, even if it is no HTTP answer: its status is 0 then.

    Attributes:
        hinted_ids: The ids that could still be read in a damaged answer. Hints for whoever
            looks into it: there may be more, and which call each belongs to is not known.
    """

    outcome = Outcome.UNKNOWN

    def __init__(
        self,
        message: str,
        *,
        calls: Sequence[Call] = (),
        response: HttpResponse | None = None,
        refusal: Refusal | None = None,
        hinted_ids: Sequence[str] = (),
    ) -> None:
        super().__init__(message, calls=calls, response=response, refusal=refusal)
        self.hinted_ids = tuple(hinted_ids)


class StartedMismatchError(StartError):
    """The cloud started calls, but gave fewer, more or repeated ids than there were calls.

    Which id belongs to which call is not guessed.

    Attributes:
        invocations: One for each id that came, in order, with `call=None`.
    """

    outcome = Outcome.STARTED

    def __init__(
        self,
        message: str,
        *,
        calls: Sequence[Call] = (),
        response: HttpResponse | None = None,
        invocations: Sequence[Invocation] = (),
    ) -> None:
        super().__init__(message, calls=calls, response=response)
        self.invocations = tuple(invocations)


class StatusError(_AnswerError):
    """A status request failed. The calls go on; only the news about them did not arrive.

    Attributes:
        invocations: What was known last, in the order asked.
        transient: True when asking again may succeed.
        blamed_ids: The ids that the cloud refuses to speak of, when it does so for these alone;
            the news of the others are in `invocations`.
        response: The cloud's answer as it came, or None when there was none.
        refusal: The cloud's JSON error, if the answer held one in the documented shape.
        http_status, code: The status of the one and the code of the other, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        invocations: Sequence[Invocation] = (),
        transient: bool = False,
        response: HttpResponse | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        super().__init__(message, response, refusal)
        self.invocations = tuple(invocations)
        self.transient = transient
        self.blamed_ids: tuple[str, ...] = ()


class WaitTimeoutError(AculabError):
    """The time given to `wait` was over before every call had finished. The calls go on.

    Attributes:
        invocations: What was known last, in the order asked.
    """

    def __init__(self, message: str, *, invocations: Sequence[Invocation] = ()) -> None:
        super().__init__(message)
        self.invocations = tuple(invocations)
