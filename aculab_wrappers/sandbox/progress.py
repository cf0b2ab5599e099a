"""What moves the started calls along: the queues and everything that falls due, in its order."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from .instances import CANCELLED
from .life import STEPS, first_page_answered
from .pages import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .instances import Record
    from .pacing import Queues
    from .pages import PageAnswer, PageRequest
    from .services import Services


class Progress:
    """The calls that wait for something.

    Args:
        queues: Where they wait to be dialled.
        services: The settings of the services, as they are when a step is taken.

    Attributes:
        pages: Pages that are to be requested; whoever requests them takes them away.
    """

    __slots__ = ("_due", "_queues", "_services", "pages")

    def __init__(self, queues: Queues, services: Services) -> None:
        self._queues = queues
        self._services = services
        # A heap of when, which and whose.
        self._due: list[tuple[float, int, Record]] = []
        self.pages: list[PageRequest] = []

    def next_moment(self) -> float | None:
        """When something happens next by itself; None when nothing will."""
        queued = self._queues.next_moment()
        due = self._due[0][0] if self._due else None
        if queued is None or due is None:
            return due if queued is None else queued
        return min(queued, due)

    def run_to(self, moment: float) -> None:
        """Do all that is due until then, in order of time."""
        while (next_ := self.next_moment()) is not None and next_ <= moment:
            if next_ == self._queues.next_moment():
                when, record = self._queues.release()
            else:
                when, _, record = heappop(self._due)
            self._take(record, when)

    def page_answered(self, record: Record, page: str, moment: float, answer: PageAnswer) -> None:
        """Go on from a page's answer."""
        if page != FIRST:
            record.note(moment, f"{page} {answer.said}")
        elif record.step == "page":
            service = self._services.get(record.service)
            self._go_on(
                record,
                first_page_answered(record, service, moment, answer.said, answer.problem),
            )

    def purge(self, service: str, moment: float) -> int:
        """Cancel all that wait in the queue of a service, and say how many did."""
        purged = self._queues.purge(service)
        for record in purged:
            record.end(moment, CANCELLED, "", "cancelled: the queue was purged")
        return len(purged)

    def forget(self, gone: Iterable[Record]) -> None:
        """Do nothing more with these."""
        for record in gone:
            record.wait("", None)
        self._queues.forget(gone)
        self._due = [entry for entry in self._due if entry[0] == entry[2].due]
        heapify(self._due)

    def restore(self, records: Iterable[Record]) -> None:
        """Begin anew with these, but for those that wait in a queue."""
        self.pages = []
        self._due = [
            (record.due, record.number, record) for record in records if record.due is not None
        ]
        heapify(self._due)

    def _take(self, record: Record, moment: float) -> None:
        step = STEPS[record.step]
        self._go_on(record, step(record, self._services.get(record.service), moment))

    def _go_on(self, record: Record, page: PageRequest | None) -> None:
        if page is not None:
            self.pages.append(page)
        if record.due is not None:
            heappush(self._due, (record.due, record.number, record))
