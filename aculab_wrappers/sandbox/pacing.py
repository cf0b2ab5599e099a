"""The queues in which starts wait for their turn: so many in a second, account by account.

Source: guide to calls per second, and the page on outbound queues (protocol notes 1.3 and 8.2).
    Evidence: that starts queue and leave at a rate, 1 in a second for a new account, and that a
    service may have a rate of its own, is documented; the order between the services of one
    account (oldest first) and the least time in the queue are assumed.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Final

from ..errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .instances import Record

    Rate = Callable[[str], float]

QUEUED_SECONDS: Final = 1.0
"""Least time from the start until the call is dialled. Assumed."""


def checked_rate(rate: object) -> float:
    """A rate in calls per second.

    Raises:
        InvalidInputError: no number above 0.
    """
    if isinstance(rate, bool) or not isinstance(rate, (int, float)):
        raise InvalidInputError(f"calls_per_second must be a number, not {type(rate).__name__}")
    if not rate >= 1e-6:  # NaN is refused too
        raise InvalidInputError("calls_per_second must be more than 0; inf does not pace at all")
    try:
        return float(rate)
    except OverflowError:
        return math.inf


class Queues:
    """Who waits, and when the next may go.

    Args:
        account_rate: The calls per second of an account, by its user name.
        service_rate: Those of a service, by its user name; inf when it has none of its own.
    """

    __slots__ = ("_account_rate", "_free_at", "_service_rate", "_waiting")

    def __init__(self, account_rate: Rate, service_rate: Rate) -> None:
        self._account_rate = account_rate
        self._service_rate = service_rate
        # By account, then by service. An emptied queue is deleted.
        self._waiting: dict[str, dict[str, deque[Record]]] = {}
        # When the next call of an account, or of a service, may be dialled.
        self._free_at: dict[str, float] = {}

    def add(self, record: Record) -> None:
        """Let a started call wait."""
        account = account_of(record.service)
        queues = self._waiting.setdefault(account, {})
        queues.setdefault(record.service, deque()).append(record)

    def next_moment(self) -> float | None:
        """When the next call leaves its queue; None when nobody waits."""
        found = self._next()
        return None if found is None else found[0]

    def release(self) -> tuple[float, Record]:
        """Let the next one go, and say when it does. Somebody must be waiting."""
        found = self._next()
        assert found
        moment, _, service = found
        account = account_of(service)
        queues = self._waiting[account]
        record = queues[service].popleft()
        if not queues[service]:
            self._drop(service)
        for user, rate in (
            (account, self._account_rate(account)),
            (service, self._service_rate(service)),
        ):
            # Whole microseconds, as the clock counts them.
            self._free_at[user] = round(moment + 1 / rate, 6)
        return moment, record

    def length(self, service: str) -> int:
        """How many calls of this service wait."""
        return len(self._waiting.get(account_of(service), {}).get(service, ()))

    def purge(self, service: str) -> list[Record]:
        """Empty the queue of a service, and return who was in it, oldest first."""
        purged = list(self._waiting.get(account_of(service), {}).get(service, ()))
        if purged:
            self._drop(service)
        return purged

    def forget(self, gone: Iterable[Record]) -> None:
        """Drop these from wherever they wait."""
        ids = {record.id for record in gone}
        for service in {record.service for record in gone}:
            left = [record for record in self.purge(service) if record.id not in ids]
            for record in left:
                self.add(record)

    def free_at(self) -> dict[str, float]:
        """When each account and service may dial next, for a snapshot."""
        return dict(self._free_at)

    def restore(self, waiting: Iterable[Record], free_at: Mapping[str, float]) -> None:
        """Begin anew with these."""
        self._waiting = {}
        self._free_at = dict(free_at)
        for record in waiting:
            self.add(record)

    def _next(self) -> tuple[float, int, str] | None:
        """The moment, number and service of the next to go: the oldest, when several could."""
        return min(
            (
                (self._may_go_at(account, service, queue[0]), queue[0].number, service)
                for account, queues in self._waiting.items()
                for service, queue in queues.items()
            ),
            default=None,
        )

    def _may_go_at(self, account: str, service: str, first: Record) -> float:
        return max(
            first.started_at + QUEUED_SECONDS,
            self._free_at.get(account, 0.0),
            self._free_at.get(service, 0.0),
        )

    def _drop(self, service: str) -> None:
        account = account_of(service)
        del self._waiting[account][service]
        if not self._waiting[account]:
            del self._waiting[account]


def account_of(service: str) -> str:
    """The account's user name in a service's."""
    return service.rpartition("/")[0]
