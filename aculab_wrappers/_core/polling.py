"""Following calls: asking for their status, a batch at a time, and waiting for their end."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from ..errors import StatusError, WaitTimeoutError
from . import deadline
from .backoff import MAX_RETRY_AFTER, full_jitter, retry_after
from .deadline import Deadline
from .operations import STATUS_BATCH
from .validation import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from threading import Event

    from .session import Session
    from .values import Invocation

MAX_FAILED_POLLS: Final = 10
"""How many polls in a row may fail before a wait gives up."""
MAX_UNREADABLE_POLLS: Final = 3
"""And how many of them may have an answer that cannot be read."""
_FIRST_PAUSE: Final = 0.5
_MAX_PAUSE: Final = 30.0
_SPREAD: Final = 1.0
"""Seconds over which those come back who were all told to at the same time."""
_MAX_SPLITS: Final = 40
"""How often one call may split a refused batch: enough for two bad ids among 500."""


def request_status(
    session: Session,
    items: Sequence[Invocation],
    limit: Deadline | None = None,
    cancel: Event | None = None,
) -> list[Invocation]:
    """Ask once about all, each id once. See `OutboundClient.status`.

    A batch that is refused as a whole is split, until it is known which ids are to blame. When the
    limit is over, or `cancel` is set, what is left is not asked for.
    """
    news = {item.id: item for item in items}
    ids = list(news)
    waiting = deque(ids[first : first + STATUS_BATCH] for first in range(0, len(ids), STATUS_BATCH))
    splits = 0
    failure: StatusError | None = None
    blamed: list[str] = []
    while waiting and not _is_over(limit, cancel):
        batch = waiting.popleft()
        try:
            reported = session.request_status([news[id_] for id_ in batch], limit)
        except StatusError as error:
            failure = failure or error
            if not _may_be_an_id(error):
                failure = error
                break
            if len(batch) > 1 and splits < _MAX_SPLITS:
                splits += 1
                half = len(batch) // 2
                waiting.extendleft((batch[half:], batch[:half]))
            else:
                blamed += batch
            continue
        news.update((item.id, item) for item in reported)
    if failure is not None:
        failure.invocations = tuple(news[item.id] for item in items)
        failure.blamed_ids = tuple(blamed)
        raise failure
    return [news[item.id] for item in items]


def _is_over(limit: Deadline | None, cancel: Event | None) -> bool:
    return (limit is not None and limit.is_expired) or (cancel is not None and cancel.is_set())


def _may_be_an_id(error: StatusError) -> bool:
    """Return whether it refuses what was asked, and not who asks or when."""
    status = error.http_status or 0
    return 400 <= status < 500 and not error.transient and status not in (401, 403, 407)


def wait(
    session: Session,
    items: Sequence[Invocation],
    *,
    timeout: float,
    poll: float,
    on_update: Callable[[list[Invocation]], object] | None,
    cancel: Event | None,
) -> list[Invocation]:
    """Poll until every call has finished. See `OutboundClient.wait`."""
    limit = Deadline(timeout)
    polling = _Polling(session, items, limit, cancel)
    try:
        while not polling.is_over() and not (cancel is not None and cancel.is_set()):
            if limit.is_expired:
                known = polling.known()
                raise WaitTimeoutError(_describe_unfinished(known, timeout), invocations=known)
            seconds = polling.poll(poll)
            if on_update is not None:
                on_update(polling.known())
            if not polling.is_over():
                deadline.pause(min(seconds, limit.remaining_or_zero()), cancel)
        return polling.known()
    finally:
        session.release()


class _Polling:
    """What is known of the calls, and how the polls went."""

    def __init__(
        self, session: Session, items: Sequence[Invocation], limit: Deadline, cancel: Event | None
    ) -> None:
        self._session, self._items = session, items
        self._limit, self._cancel = limit, cancel
        self._news = {item.id: item for item in items}
        self._blamed: dict[str, StatusError] = {}
        self._failures = 0
        self._unreadable = 0

    def known(self) -> list[Invocation]:
        """Return the last news, in the order asked."""
        return [self._news[item.id] for item in self._items]

    def is_over(self) -> bool:
        """Return whether all has finished. Raises StatusError if what has not is refused."""
        open_ = [item.id for item in self._news.values() if not item.finished]
        if any(id_ not in self._blamed for id_ in open_):
            return False
        for id_ in open_:
            error = self._blamed[id_]
            error.invocations = tuple(self.known())
            raise error
        return True

    def poll(self, usual: float) -> float:
        """Ask about what has not finished. Returns the seconds to wait before the next poll."""
        asked = [
            item
            for item in self._news.values()
            if not item.finished and item.id not in self._blamed
        ]
        try:
            reported = request_status(self._session, asked, self._limit, self._cancel)
        except StatusError as error:
            self._news.update((item.id, item) for item in error.invocations)
            return self._pause_after(error, usual)
        self._news.update((item.id, item) for item in reported)
        self._failures = self._unreadable = 0
        return usual

    def _pause_after(self, error: StatusError, usual: float) -> float:
        """Return the pause after a poll that failed. Raises it when another makes no sense."""
        if error.blamed_ids:
            # The others go on; these are told of when nothing else is left to wait for.
            self._blamed.update(dict.fromkeys(error.blamed_ids, error))
            return usual
        self._failures += 1
        self._unreadable += error.http_status is not None and error.http_status < 300
        if (
            not error.transient
            or self._failures == MAX_FAILED_POLLS
            or self._unreadable > MAX_UNREADABLE_POLLS
        ):
            error.invocations = tuple(self.known())
            raise error
        asked = retry_after(error.response)
        if asked is None:
            return full_jitter(self._failures, _FIRST_PAUSE, _MAX_PAUSE)
        return min(asked + full_jitter(1, _SPREAD, _SPREAD), MAX_RETRY_AFTER)


def _describe_unfinished(known: Sequence[Invocation], timeout: float) -> str:
    running = [item for item in known if not item.finished]
    shown = ", ".join(printable(f"{item.id} {item.status or '(no news)'}") for item in running[:3])
    more = f" and {len(running) - 3} more" if len(running) > 3 else ""
    return f"{len(running)} of {len(known)} not finished within {timeout:g} seconds: {shown}{more}"
