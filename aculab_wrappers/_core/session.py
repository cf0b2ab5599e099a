"""One client's requests: a start is sent once, and tried again only while nothing has left."""

from __future__ import annotations

import logging
from collections import OrderedDict
from contextlib import suppress
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from ..errors import (
    AculabError,
    NotSentError,
    StartedMismatchError,
    StartError,
    StatusError,
    TransportError,
)
from . import deadline
from .backoff import full_jitter
from .deadline import Deadline
from .failures import is_from_outside, unwrap
from .invalid import InvalidInputError
from .operations import GetStatus, Start
from .outcome import check_new, judge_failure, judge_interruption
from .redaction import Redactor
from .reentry import check_outside, refuses_requests
from .settings import Proxy
from .validation import pluralize, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self, TypeVar

    from .credentials import Credentials
    from .http import HttpResponse, Transport
    from .settings import Settings
    from .transport import NetworkTransport
    from .values import Call, Invocation

    E = TypeVar("E", bound=StartError | StatusError)

MAX_ATTEMPTS: Final = 3
"""How often a start is tried while it is proven that nothing has left."""
_FIRST_PAUSE: Final = 0.2
_MAX_PAUSE: Final = 5.0
_MAX_REMEMBERED: Final = 10_000
"""How many of the ids that it was given a client knows again."""
_RESENDERS: Final = ("request", "max_retries", "mount")
"""What sessions and adapters of HTTP libraries have: they send again by themselves."""
_MAX_LOGGED: Final = 10
"""Most ids in a line of the log."""

_log = logging.getLogger("aculab_wrappers")


class Session:
    """The credentials, the settings and the transport of one client.

    Attributes:
        credentials: Who asks.
        uses_own_transport: Whether the transport is this package's, which observes what it sent.
    """

    __slots__ = ("_seen", "_settings", "_transport", "credentials", "uses_own_transport")

    def __init__(
        self, credentials: Credentials, settings: Settings, transport: Transport | None
    ) -> None:
        can_send = callable(getattr(transport, "send", None))
        if transport is not None and (
            not can_send or any(hasattr(transport, name) for name in _RESENDERS)
        ):
            raise InvalidInputError(
                f"transport must have send(HttpRequest) -> HttpResponse, as a Sandbox has; "
                f"{type(transport).__name__} is no such thing"
            )
        self.credentials = credentials
        self._settings = settings
        self._transport = transport
        self.uses_own_transport = transport is None
        self._seen: OrderedDict[str, None] = OrderedDict()

    def start(self, calls: tuple[Call, ...]) -> list[Invocation]:
        """Start calls. See `OutboundClient.start`."""
        progress = _Progress(calls)
        try:
            began = deadline.clock()
            limit = Deadline(self._settings.resolve_timeout()) if self.uses_own_transport else None
            try:
                while True:
                    try:
                        started = self._attempt(progress, limit)
                        break
                    except NotSentError as error:
                        error.attempts = progress.attempts
                        # Only our own connection has seen for itself that no byte has left.
                        if limit is None or not _pause_before_retry(error, limit):
                            raise
            except StartError as error:
                log_start(calls, began, error)
                raise
            log_start(calls, began, started)
            return started  # noqa: TRY300  an interrupt up to here is judged below
        except AculabError:
            raise
        except BaseException as stop:
            raise unwrap(stop) from self._clean(progress.judge(stop))

    @refuses_requests
    def _attempt(self, progress: _Progress, limit: Deadline | None) -> list[Invocation]:
        progress.begin()
        calls = progress.calls
        try:
            check_outside()
            transport = self._get_transport()
            operation = Start(calls)
            request = operation.request(self.credentials)
            if limit is not None:
                request = replace(request, timeout=limit.remaining_or_zero() or 0.001)
            progress.is_handed_over = True
            response = progress.response = transport.send(request)
            started = progress.started = operation.parse(response)
            if self.uses_own_transport:
                check_new(calls, response, started, self._note_ids(started))
            return started  # noqa: TRY300  the same
        except TransportError as error:
            progress.error = judge_failure(calls, error)
            raise self._clean_foreign(progress.error) from error
        except StartError as error:
            progress.error = failed = error
            if isinstance(error, StartedMismatchError):
                self._note_ids(error.invocations)
            self._clean(error.with_traceback(None))
        except (OSError, MemoryError, RecursionError) as trouble:
            if self._is_foreign(trouble):
                raise
            progress.error = progress.judge(trouble)
            raise self._clean(progress.error) from trouble
        # Without the frames below: their local variables hold the answer as it came.
        progress.response = response = None  # type: ignore[assignment]
        raise failed from None

    @refuses_requests
    def request_status(
        self, invocations: Sequence[Invocation], limit: Deadline | None
    ) -> list[Invocation]:
        """Ask once about at most one batch of invocations.

        Raises:
            StatusError: no news. What comes from outside (a task's time limit) comes out as it is.
        """
        operation = GetStatus(tuple(invocations))
        began = deadline.clock()
        try:
            check_outside()
            request = operation.request(self.credentials)
            if limit is not None:
                request = replace(request, timeout=limit.remaining_or_zero() or 0.001)
            news = operation.parse(self._get_transport().send(request))
            if _log.isEnabledFor(logging.DEBUG):
                took = (deadline.clock() - began) * 1000
                _log_line(
                    logging.DEBUG, "status of %s: %.0f ms", pluralize(news, "invocation"), took
                )
            return news  # noqa: TRY300  the line of the log belongs to the request
        except TransportError as error:
            raise self._clean_foreign(operation.judge_failure(error)) from error
        except StatusError as error:
            failed = self._clean(error.with_traceback(None))
        except OSError as trouble:
            if self._is_foreign(trouble):
                raise
            foreign = TransportError(f"the transport raised {type(trouble).__name__}")
            raise operation.judge_failure(foreign) from trouble
        # Without the frames below: their local variables hold the answer as it came.
        raise failed from None

    def _is_foreign(self, trouble: Exception) -> bool:
        """Return whether an OSError came from outside: all that our own transport lets out did."""
        is_shortage = isinstance(trouble, (MemoryError, RecursionError))
        return not is_shortage and (self.uses_own_transport or is_from_outside(trouble))

    def with_proxy(self, proxy: str, absolute_uri: bool) -> Self:
        """Return this session behind a proxy, as PHP's setProxy sets one."""
        try:
            made = copy(self)
            made._settings = replace(
                self._settings, proxy=Proxy(proxy, "proxy_uri"), absolute_uri=absolute_uri
            )
            made.uses_own_transport, made._transport = True, None
            return made
        finally:
            del proxy

    def release(self) -> None:
        """Close the connection that this thread has kept for polls."""
        if self.uses_own_transport and self._transport is not None:
            cast("NetworkTransport", self._transport).release()

    def close(self) -> None:
        """Close the connections that were kept for polls, of all threads."""
        if self.uses_own_transport and self._transport is not None:
            cast("NetworkTransport", self._transport).close()

    def _get_transport(self) -> Transport:
        """Return the transport. requests is imported with the first request, not before."""
        if self._transport is None:
            try:
                from .transport import NetworkTransport
            except ImportError as error:
                raise TransportError(f"requests cannot be imported: {error}", sent=False) from error
            self._transport = NetworkTransport(self._settings)
        return self._transport

    def _note_ids(self, invocations: Sequence[Invocation]) -> list[str]:
        """Return those of the ids that this client was given before; from now on it knows all."""
        ids = [item.id for item in invocations]
        known = [id_ for id_ in ids if id_ in self._seen]
        self._seen.update(dict.fromkeys(ids))
        while len(self._seen) > _MAX_REMEMBERED:
            self._seen.popitem(last=False)  # in one step, whatever other threads do
        return known

    def _clean(self, error: E) -> E:
        """Take the passwords out of an error: a server, or a proxy, may have echoed them.

        The outcome stands whatever happens in here; what cannot be cleaned is left out.
        """
        response, error.response = error.response, None
        if response is None and error.refusal is None:
            return error
        try:
            error.response = response
            Redactor(self._passwords()).redact_error(error)
        except (MemoryError, RecursionError):
            error.response = error.refusal = None
            error.args = (type(error).__name__,)
        return error

    def _clean_foreign(self, error: E) -> E:
        """Clean what another transport said; our own has done it."""
        return error if self.uses_own_transport else self._clean(error)

    def _passwords(self) -> list[str]:
        found = [self.credentials.password()]
        if self.uses_own_transport:
            with suppress(InvalidInputError):  # the environment may have turned bad meanwhile
                proxy = self._settings.resolve().proxy
                found += [proxy.password()] if proxy else []
        return found


class _Progress:
    """How far a start is, for the case that an exception from outside breaks it off."""

    __slots__ = ("attempts", "calls", "error", "is_handed_over", "response", "started")

    def __init__(self, calls: tuple[Call, ...]) -> None:
        self.calls = calls
        self.attempts = 0
        self.is_handed_over = False
        self.error: StartError | None = None
        self.response: HttpResponse | None = None
        self.started: Sequence[Invocation] = ()

    def begin(self) -> None:
        """Begin an attempt. All before it were proven not to have been sent."""
        self.attempts += 1
        self.is_handed_over, self.error = False, None

    def judge(self, stop: BaseException) -> StartError:
        """Return what became of a start that was broken off."""
        if self.error is not None:
            return self.error
        failure = stop.__cause__ or stop.__context__
        if self.is_handed_over and self.response is None and isinstance(failure, TransportError):
            return judge_failure(self.calls, failure)  # the transport says how far it was
        return judge_interruption(
            self.calls,
            handed_over=self.is_handed_over,
            response=self.response,
            started=self.started,
        )


def _pause_before_retry(error: NotSentError, limit: Deadline) -> bool:
    """Wait before the next attempt; return False if there is to be none."""
    seconds = full_jitter(error.attempts, _FIRST_PAUSE, _MAX_PAUSE)
    left = limit.remaining_or_zero()
    if not error.transient or error.attempts == MAX_ATTEMPTS or seconds >= left:
        return False
    deadline.pause(seconds)
    return True


@refuses_requests
def log_start(
    calls: Sequence[Call], began: float, result: StartError | Sequence[Invocation]
) -> None:
    """Log one line about a start. It holds no number, no text of a token and no password."""
    if not _log.isEnabledFor(logging.INFO):
        return
    if isinstance(result, StartError):
        outcome, invocations = result.outcome.name, getattr(result, "invocations", ())
        ids = [item.id for item in invocations] or list(getattr(result, "hinted_ids", ()))
    else:
        outcome, ids = "STARTED", [item.id for item in result]
    tokens = sum(call.token is not None for call in calls)
    shown = ", ".join(map(printable, ids[:_MAX_LOGGED])) + (", ..." if ids[_MAX_LOGGED:] else "")
    took = (deadline.clock() - began) * 1000
    _log_line(
        logging.INFO,
        "%s, %d with a token: %s, ids: %s, %.0f ms",
        *(pluralize(calls, "call"), tokens, outcome, shown or "none", took),
    )


def _log_line(level: int, text: str, *args: object) -> None:
    """Log a line. What a log handler raises must not keep the outcome from whoever asked."""
    try:
        _log.log(level, text, *args)
    except Exception as error:
        if is_from_outside(error):
            raise
