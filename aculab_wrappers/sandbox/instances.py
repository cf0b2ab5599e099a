"""The started calls, and what becomes of them as the cloud's clock moves.

The fate of a call is decided by `fate` when the start is accepted; its status at any time follows
from that and the clock, so nothing has to be moved along.

Source: seed page and the PHP wrapper's reference for the six status words (protocol notes 3.2).
    Evidence: the words and their meaning are documented; every duration, the form of the ids,
    and when ETA and application instance id appear, are assumed.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from .._core.value import value
from .destinations import mismatch

if TYPE_CHECKING:
    from .calls import WantedCall
    from .services import Kind

QUEUED_SECONDS: Final = 1.0
"""From the start until the call is dialled. Assumed."""
RUNNING_SECONDS: Final = 2.0
"""From dialling until the application has ended. Assumed."""
ETA_SECONDS: Final = 5.0
"""From the end until the application's status is ready. Assumed."""
MOST_INSTANCES: Final = 100_000
"""How many started calls are remembered. Assumed: how long the real cloud knows an id is not
public."""

COMPLETED: Final = "COMPLETED"
COULDNOTRUN: Final = "COULDNOTRUN"
_UNKNOWN_REPORT: Final = {
    "status": "UNKNOWN",
    "status_detail": "",
    "application_status_eta": None,
    "application_instance_id": "",
}


@value
class Instance:
    """A started call as it is now.

    Attributes:
        id: The reference id that service_start answered.
        service: The user name that started it: cloudID/username/service_name.
        to, from_, token, outbound_parameters: As the start asked; None when not given.
        status: QUEUED, RUNNING, COMPLETED or COULDNOTRUN.
        status_detail: The return code when COMPLETED, the reason when COULDNOTRUN, else "".
        application_instance_id: "" until the application runs.
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


@value
class Fate:
    """When a call is dialled and ends, in epoch seconds, and how it ends.

    Attributes:
        end: COMPLETED, or COULDNOTRUN, which comes at dialling: then both times are the same.
        detail: The status detail from then on.
    """

    queued_at: float
    dialled_at: float
    ended_at: float
    end: str
    detail: str


def fate(call: WantedCall, kind: Kind, now: float) -> Fate:
    """What becomes of a call that a service of this kind starts now."""
    dialled_at = now + QUEUED_SECONDS
    reason = mismatch(call.to, kind)
    if reason:
        return Fate(now, dialled_at, dialled_at, COULDNOTRUN, reason)
    return Fate(now, dialled_at, dialled_at + RUNNING_SECONDS, COMPLETED, "0")


@value
class Record:
    """A started call: who started it, what was asked, and its fate."""

    id: str
    service: str
    call: WantedCall
    fate: Fate

    def status(self, now: float) -> str:
        """Its status word at this time."""
        if now >= self.fate.ended_at:
            return self.fate.end
        return "RUNNING" if now >= self.fate.dialled_at else "QUEUED"

    def detail(self, now: float) -> str:
        """Its status detail at this time."""
        return self.fate.detail if now >= self.fate.ended_at else ""

    def application_instance_id(self, now: float) -> str:
        """The application's id, which is not the reference id; "" before it runs, or if never."""
        ran = self.fate.end != COULDNOTRUN and now >= self.fate.dialled_at
        return _id("application", self.id) if ran else ""

    def report(self, now: float) -> dict[str, object]:
        """Its part of a service_status answer (protocol notes 10.6, assumed)."""
        status = self.status(now)
        eta = self.fate.ended_at + ETA_SECONDS if status == COMPLETED else None
        return {
            "status": status,
            "status_detail": self.detail(now),
            "application_status_eta": eta,
            "application_instance_id": self.application_instance_id(now),
        }

    def instance(self, now: float) -> Instance:
        """The call as it is at this time."""
        call = self.call
        return Instance(
            self.id,
            self.service,
            call.to,
            call.from_,
            call.token,
            call.outbound_parameters,
            self.status(now),
            self.detail(now),
            self.application_instance_id(now),
        )


class Instances:
    """The started calls in start order, at most `most`, and a count of all there ever were."""

    __slots__ = ("_most", "_records", "_seed", "accepted")

    def __init__(self, seed: int, most: int = MOST_INSTANCES) -> None:
        self.accepted = 0
        self._seed = seed
        self._most = most
        self._records: dict[str, Record] = {}

    def start(self, service: str, call: WantedCall, fate_: Fate) -> str:
        """Remember a started call, and return its new id."""
        id_ = _id(str(self._seed), str(self.accepted))
        self.accepted += 1
        self._records[id_] = Record(id_, service, call, fate_)
        if len(self._records) > self._most:
            self._forget(fate_.queued_at)
        return id_

    def report(self, id_: str, service: str, now: float) -> dict[str, object]:
        """The status of an id, which is UNKNOWN to every service but the one that started it."""
        record = self._records.get(id_)
        known = record is not None and record.service == service
        return record.report(now) if record and known else dict(_UNKNOWN_REPORT)

    def all(self) -> list[Record]:
        """The remembered calls in start order."""
        return list(self._records.values())

    def replace(self, records: list[Record], accepted: int) -> None:
        """Remember these instead."""
        self._records = {record.id: record for record in records}
        self.accepted = accepted

    def _forget(self, now: float) -> None:
        # A tenth at a time, so that a start costs the same however many there are.
        surplus = len(self._records) - self._most * 9 // 10
        finished = [key for key, record in self._records.items() if now >= record.fate.ended_at]
        oldest = finished[:surplus]
        if len(oldest) < surplus:
            # Nearly all still queue or run: bounded memory comes first.
            gone = set(oldest)
            rest = (key for key in self._records if key not in gone)
            oldest += [key for key, _ in zip(rest, range(surplus - len(oldest)), strict=False)]
        for key in oldest:
            del self._records[key]


def _id(*parts: str) -> str:
    return sha256("/".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
