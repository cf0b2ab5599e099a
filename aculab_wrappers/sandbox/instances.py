"""The started calls: what is known of each, and how many are remembered."""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Final

from .._core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .calls import WantedCall

MOST_INSTANCES: Final = 100_000
"""How many started calls are remembered. Assumed: how long the real cloud knows an id is not
public."""
MOST_TEXT: Final = 64 * 1024 * 1024
"""Most characters of what starts gave along that are remembered in all."""

QUEUED: Final = "QUEUED"
RUNNING: Final = "RUNNING"
COMPLETED: Final = "COMPLETED"
COULDNOTRUN: Final = "COULDNOTRUN"
CANCELLED: Final = "CANCELLED"
STATUSES: Final = (QUEUED, RUNNING, COMPLETED, COULDNOTRUN, CANCELLED)
"""The words that an instance's status can be here; UNKNOWN is said of ids that have none.

Source: the PHP wrapper's reference (protocol notes 3.2). Evidence: documented.
"""


@frozen
class Instance:
    """A started call as it is now. Times are epoch seconds of the sandbox's clock.

    Attributes:
        id: The reference id that service_start answered.
        service: The user name that started it: cloudID/username/service_name.
        to, from_, token, outbound_parameters: As the start asked; None when not given.
        status: QUEUED, RUNNING, COMPLETED, COULDNOTRUN or CANCELLED.
        status_detail: The return code when COMPLETED, the reason when COULDNOTRUN, else "".
        application_instance_id: "" until the call is dialled.
        started_at: When the start was accepted.
        ended_at: When it ended; None while it lives.
        call_cause, call_raw_cause: Why the call ended, once it has; "" when nothing was dialled.
        far_end: "human" or "machine" once classified, else "".
        timeline: What happened, in order: (when, what).
    """

    id: str
    service: str
    to: str
    from_: str | None
    token: str | None
    outbound_parameters: str | None
    status: str
    status_detail: str
    application_instance_id: str
    started_at: float
    ended_at: float | None
    call_cause: str
    call_raw_cause: str
    far_end: str
    timeline: tuple[tuple[float, str], ...]


class Record:
    """A started call, as the cloud moves it along. `Instance` is what others get to see.

    Attributes:
        number: Its place among all starts there ever were.
        word: The scenario of its destination.
        unfit: Why it cannot be dialled at all, or "".
        step: What comes next, see `life.py`; "" when nothing does.
        due: When that comes; None while it waits for its queue or for a page.
    """

    __slots__ = (
        "application_instance_id",
        "call",
        "call_cause",
        "call_raw_cause",
        "due",
        "ended_at",
        "far_end",
        "id",
        "number",
        "service",
        "started_at",
        "status",
        "status_detail",
        "step",
        "timeline",
        "unfit",
        "word",
    )

    def __init__(
        self,
        id_: str,
        number: int,
        service: str,
        call: WantedCall,
        *,
        started_at: float,
        word: str = "answered",
        unfit: str = "",
    ) -> None:
        self.id = id_
        self.number = number
        self.service = service
        self.call = call
        self.started_at = started_at
        self.word = word
        self.unfit = unfit
        self.status = QUEUED
        self.status_detail = ""
        self.application_instance_id = ""
        self.ended_at: float | None = None
        self.call_cause = ""
        self.call_raw_cause = ""
        self.far_end = ""
        self.timeline: list[tuple[float, str]] = [(started_at, "queued")]
        self.step = "dial"
        self.due: float | None = None

    def note(self, moment: float, what: str) -> None:
        """Add a line to its timeline."""
        self.timeline.append((moment, what))

    def wait(self, step: str, due: float | None) -> None:
        """Let this step be the next."""
        self.step = step
        self.due = None if due is None else round(due, 6)

    def end(self, moment: float, status: str, detail: str, what: str) -> None:
        """Let this be its end."""
        self.status = status
        self.status_detail = detail
        self.ended_at = moment
        self.wait("", None)
        self.note(moment, what)

    def report(self, eta_seconds: float) -> dict[str, object]:
        """Its part of a service_status answer (protocol notes 10.6, assumed)."""
        eta = None
        if self.status == COMPLETED and self.ended_at is not None:
            eta = self.ended_at + eta_seconds
        return {
            "status": self.status,
            "status_detail": self.status_detail,
            "application_status_eta": eta,
            "application_instance_id": self.application_instance_id,
        }

    def instance(self) -> Instance:
        """The call as it is now."""
        call = self.call
        return Instance(
            self.id,
            self.service,
            call.to,
            call.from_,
            call.token,
            call.outbound_parameters,
            self.status,
            self.status_detail,
            self.application_instance_id,
            self.started_at,
            self.ended_at,
            self.call_cause,
            self.call_raw_cause,
            self.far_end,
            tuple(self.timeline),
        )


class Instances:
    """The started calls in start order, within bounds, and a count of all there ever were."""

    __slots__ = ("_most", "_records", "_seed", "_text", "accepted")

    def __init__(self, seed: int, most: int = MOST_INSTANCES) -> None:
        self.accepted = 0
        self._seed = seed
        self._most = most
        self._text = 0
        self._records: dict[str, Record] = {}

    def start(
        self, service: str, call: WantedCall, now: float, *, word: str = "answered", unfit: str = ""
    ) -> Record:
        """Remember a started call under a new id."""
        number = self.accepted
        id_ = id_of(str(self._seed), str(number))
        record = Record(id_, number, service, call, started_at=now, word=word, unfit=unfit)
        self.accepted += 1
        self._records[record.id] = record
        self._text += _size(record)
        return record

    def surplus(self) -> list[Record]:
        """Forget the oldest, if there are too many, and say which: the finished ones first."""
        # A tenth at a time, so that a start costs the same however many there are.
        if len(self._records) <= self._most and self._text <= MOST_TEXT:
            return []
        few, little = self._most * 9 // 10, MOST_TEXT * 9 // 10
        gone = []
        for record in sorted(self._records.values(), key=_forgotten_first):
            if len(self._records) <= max(few, 1) and self._text <= little:
                break
            self._text -= _size(record)
            del self._records[record.id]
            gone.append(record)
        return gone

    def find(self, id_: str) -> Record | None:
        """The call of that id, or None."""
        return self._records.get(id_)

    def all(self) -> list[Record]:
        """The remembered calls in start order."""
        return list(self._records.values())

    def latest(self, count: int) -> list[Record]:
        """The last so many, newest first."""
        return list(islice(reversed(self._records.values()), count))

    def counts(self) -> dict[str, int]:
        """How many of the remembered calls have each status."""
        counts: dict[str, int] = dict.fromkeys(STATUSES, 0)
        for record in self._records.values():
            counts[record.status] += 1
        return counts

    def replace(self, records: Iterable[Record], accepted: int) -> None:
        """Remember these instead."""
        self._records = {record.id: record for record in records}
        self._text = sum(map(_size, self._records.values()))
        self.accepted = accepted


def id_of(*parts: str) -> str:
    """An id: 32 hexadecimal digits, the same for the same parts. Assumed."""
    return sha256("/".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _forgotten_first(record: Record) -> tuple[bool, int]:
    return record.ended_at is None, record.number


def _size(record: Record) -> int:
    call = record.call
    texts = (call.to, call.from_, call.token, call.outbound_parameters)
    return sum(len(text) for text in texts if text)
