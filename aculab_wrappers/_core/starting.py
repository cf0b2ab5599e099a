"""A start: sent once. Tried again only when it is proven that nothing was sent."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..errors import (
    AculabError,
    NotSentError,
    StartedMismatchError,
    StartError,
    TransportError,
)
from .patience import jittered

if TYPE_CHECKING:
    from typing import NoReturn

    from .caller import Caller
    from .outbound import Invocation, Start
    from .wire import HttpResponse

_ATTEMPTS: Final = 3
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0


def start(caller: Caller, operation: Start) -> list[Invocation]:
    """Carry a start out, inside the caller's time limit. See `OutboundClient.start`."""
    end = time.monotonic() + caller.settings.seconds() if caller.trusted else None
    attempt = 0
    while True:
        attempt += 1
        try:
            return _attempt(caller, operation, None if end is None else end - time.monotonic())
        except NotSentError as error:
            error.attempts = attempt
            pause = jittered(attempt, _FIRST_PAUSE, _LONGEST_PAUSE)
            if not error.transient or attempt == _ATTEMPTS:
                raise
            # Only our own transport has seen for itself that no byte has left.
            if end is None or time.monotonic() + pause >= end or not caller.may_try_again():
                raise
            _pause(pause, error)


def _attempt(caller: Caller, operation: Start, seconds: float | None) -> list[Invocation]:
    response = None
    request = replace(operation.request(caller.credentials), timeout=seconds)
    try:
        response = caller.send(request)
        return _new(caller, operation, operation.parse(response), response)
    except TransportError as error:
        raise operation.failed(error) from error
    except StartError as error:
        if isinstance(error, StartedMismatchError):
            caller.given_before([item.id for item in error.invocations])
        caller.hide_password(error)
        response = None
        # Without the frames below: their local variables hold the answer as it came.
        raise error.with_traceback(None) from None
    except AculabError:
        raise
    except BaseException as stop:
        _broken_off(caller, operation, stop, response)


def _new(
    caller: Caller, operation: Start, started: list[Invocation], response: HttpResponse
) -> list[Invocation]:
    """What was started, if its ids are new. A cache on the way may have repeated an answer."""
    if not caller.trusted:
        return started
    ids = [item.id for item in started]
    known = caller.given_before(ids)
    if not known:
        return started
    if len(known) == len(ids):
        raise operation.repeated(response, ids)
    raise StartedMismatchError(
        f"{len(known)} of {len(ids)} ids were given before: which id belongs to which call is not "
        f"known. Every id is in .invocations",
        calls=operation.calls,
        response=response,
        invocations=[replace(item, call=None) for item in started],
    )


def _pause(seconds: float, error: NotSentError) -> None:
    try:
        time.sleep(seconds)
    except BaseException as stop:
        raise stop from error  # nothing was sent, and whoever stopped it can know


def _broken_off(
    caller: Caller, operation: Start, stop: BaseException, response: HttpResponse | None
) -> NoReturn:
    """Say what became of a start that something else than an answer ended.

    An interrupt is raised again with our error as its cause. A foreign exception, which only a
    transport that the caller brought can raise, becomes the cause of ours.
    """
    trouble = stop.__cause__
    error: StartError = operation.interrupted(response)
    caller.hide_password(error)
    if isinstance(stop, Exception):
        raise error from stop
    if isinstance(trouble, TransportError):
        error = operation.failed(trouble)
    raise stop from error
