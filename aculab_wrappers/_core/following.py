"""Following calls: asking for their status, a batch at a time, and waiting for their end."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..errors import AculabError, StatusError, TransportError, WaitTimeoutError
from .outbound import STATUS_BATCH, GetStatus
from .patience import LONGEST_WISH, jittered, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from threading import Event

    from .caller import Caller
    from .outbound import Invocation

_FAILED_POLLS: Final = 10
"""How many polls in a row may fail before a wait gives up."""
_UNREADABLE_POLLS: Final = 3
"""And how many of them may have an answer that cannot be read."""
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_SPREAD: Final = 1.0
"""Seconds over which those come back who were all told to at the same time."""
_SPLITS: Final = 40
"""How often one call may split a refused batch: enough for two bad ids among 500."""


def ask(caller: Caller, items: Sequence[Invocation], seconds: float | None) -> list[Invocation]:
    """Ask once about all, each id once. See `OutboundClient.status`.

    A batch that is refused as a whole is split, until it is known which ids are to blame.
    """
    news = {item.id: item for item in items}
    ids = list(news)
    waiting = deque(ids[first : first + STATUS_BATCH] for first in range(0, len(ids), STATUS_BATCH))
    splits = 0
    failure: StatusError | None = None
    blamed: list[str] = []
    while waiting:
        batch = waiting.popleft()
        try:
            heard = _request(caller, [news[id_] for id_ in batch], seconds)
        except StatusError as error:
            failure = failure or error
            if not _an_id_may_be_to_blame(error):
                failure = error
                break
            if len(batch) > 1 and splits < _SPLITS:
                splits += 1
                half = len(batch) // 2
                waiting.extendleft((batch[half:], batch[:half]))
            else:
                blamed += batch
            continue
        news.update((item.id, item) for item in heard)
    if failure is not None:
        failure.invocations = tuple(news[item.id] for item in items)
        failure.blamed_ids = tuple(blamed)
        raise failure
    return [news[item.id] for item in items]


def _request(
    caller: Caller, items: Sequence[Invocation], seconds: float | None
) -> list[Invocation]:
    operation = GetStatus(tuple(items))
    request = replace(operation.request(caller.credentials), timeout=seconds)
    try:
        return operation.parse(caller.send(request))
    except TransportError as error:
        raise operation.failed(error) from error
    except StatusError as error:
        caller.hide_password(error)
        # Without the frames below: their local variables hold the answer as it came.
        raise error.with_traceback(None) from None
    except AculabError:
        raise
    except Exception as stop:  # which only a transport that the caller brought can raise
        foreign = TransportError(f"the transport raised {type(stop).__name__}")
        raise operation.failed(foreign) from stop


def _an_id_may_be_to_blame(error: StatusError) -> bool:
    """A refusal of what was asked, not of who asks or when."""
    status = error.http_status or 0
    return 400 <= status < 500 and not error.transient and status not in (401, 403, 407)


def wait(
    caller: Caller,
    items: Sequence[Invocation],
    *,
    timeout: float,
    poll: float,
    on_update: Callable[[list[Invocation]], object] | None,
    cancel: Event | None,
) -> list[Invocation]:
    """Poll until every call has finished. See `OutboundClient.wait`."""
    deadline = time.monotonic() + timeout
    following = _Following(caller, items)
    while True:
        if following.over() or (cancel is not None and cancel.is_set()):
            return following.known()
        left = deadline - time.monotonic()
        if left <= 0:
            known = following.known()
            raise WaitTimeoutError(_not_finished(known, timeout), invocations=known)
        pause = following.poll(left, poll)
        if on_update is not None:
            on_update(following.known())
        if not following.over():
            _pause(min(pause, max(deadline - time.monotonic(), 0)), cancel)


class _Following:
    """What is known of the calls, and how the polls went."""

    def __init__(self, caller: Caller, items: Sequence[Invocation]) -> None:
        self._caller = caller
        self._items = items
        self._news = {item.id: item for item in items}
        self._blamed: dict[str, StatusError] = {}
        self._failures = 0
        self._unreadable = 0

    def known(self) -> list[Invocation]:
        """The last news, in the order asked."""
        return [self._news[item.id] for item in self._items]

    def over(self) -> bool:
        """Whether all has finished. Raises StatusError if what has not is refused for good."""
        open_ = [item.id for item in self._news.values() if not item.finished]
        if any(id_ not in self._blamed for id_ in open_):
            return False
        for id_ in open_:
            error = self._blamed[id_]
            error.invocations = tuple(self.known())
            raise error
        return True

    def poll(self, left: float, usual: float) -> float:
        """Ask about what has not finished. Returns the seconds to wait before the next poll."""
        asked = [
            item
            for item in self._news.values()
            if not item.finished and item.id not in self._blamed
        ]
        try:
            heard = ask(self._caller, asked, left)
        except StatusError as error:
            self._news.update((item.id, item) for item in error.invocations)
            return self._after(error, usual)
        self._news.update((item.id, item) for item in heard)
        self._failures = self._unreadable = 0
        return usual

    def _after(self, error: StatusError, usual: float) -> float:
        """The pause after a poll that failed. Raises it when there is no point in another."""
        if error.blamed_ids:
            # The others go on; these are told of when nothing else is left to wait for.
            self._blamed.update(dict.fromkeys(error.blamed_ids, error))
            return usual
        self._failures += 1
        self._unreadable += error.http_status is not None and error.http_status < 300
        if (
            not error.transient
            or self._failures == _FAILED_POLLS
            or self._unreadable > _UNREADABLE_POLLS
        ):
            error.invocations = tuple(self.known())
            raise error
        asked = retry_after(error.response)
        if asked is None:
            return jittered(self._failures, _FIRST_PAUSE, _LONGEST_PAUSE)
        return min(asked + jittered(1, _SPREAD, _SPREAD), LONGEST_WISH)


def _pause(seconds: float, cancel: Event | None) -> None:
    # Not an Event of our own: a Ctrl-C inside its wait can come out as a RuntimeError.
    if cancel is None:
        time.sleep(seconds)
    else:
        cancel.wait(seconds)


def _not_finished(known: Sequence[Invocation], timeout: float) -> str:
    running = [item for item in known if not item.finished]
    shown = ", ".join(f"{item.id} {item.status or '(no news)'}" for item in running[:3])
    more = f" and {len(running) - 3} more" if len(running) > 3 else ""
    return f"{len(running)} of {len(known)} not finished within {timeout:g} seconds: {shown}{more}"
