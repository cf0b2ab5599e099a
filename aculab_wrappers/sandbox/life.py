"""The life of a started call, step by step: what happens, and what is due after it.

    dial -> ring -> [classify -> [greeting]] -> first_page -> application -> ended

Every step is a function of the record, the settings of its service, and the moment. It changes
the record and may return a page that is to be requested.

Source: Aculab's page, first three paragraphs; the page on outbound calls (protocol notes 1.4).
    Evidence: that the call is dialled, that the First Page is requested when it is answered, that
    a machine's greeting is waited out before, and that a rejected call ends with a cause, is
    documented; every duration, the words of the details, and that a call which is rejected or
    whose First Page fails ends as COULDNOTRUN, is assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .instances import COMPLETED, COULDNOTRUN, RUNNING, id_of
from .pages import final_page, first_page
from .scenarios import REJECTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from .instances import Record
    from .pages import PageRequest
    from .services import Service

    Step = Callable[[Record, Service | None, float], PageRequest | None]

RINGING_SECONDS: Final = 1.0
"""From dialling until the call is answered or rejected. Assumed."""
CLASSIFYING_SECONDS: Final = 1.0
"""How long far-end classification takes. Assumed."""
GREETING_SECONDS: Final = 2.0
"""How long an answering machine's greeting is. Assumed."""
APPLICATION_SECONDS: Final = 1.0
"""From the answer to the First Page until the application has ended. Assumed."""
ETA_SECONDS: Final = 5.0
"""From the end until the application's status is ready. Assumed."""


def dial(record: Record, _service: Service | None, moment: float) -> None:
    """Its turn has come: dial, unless that cannot be."""
    if record.unfit:
        record.end(moment, COULDNOTRUN, record.unfit, f"could not run: {record.unfit}")
        return
    record.status = RUNNING
    record.application_instance_id = id_of("application", record.id)
    record.note(moment, "dialled")
    record.wait("ring", moment + RINGING_SECONDS)


def ring(record: Record, service: Service | None, moment: float) -> PageRequest | None:
    """It has rung long enough: the call is answered, or rejected."""
    if record.word in REJECTED:
        return _rejected(record, service, moment)
    record.note(moment, "answered")
    if service and service.far_end_classification:
        record.wait("classify", moment + CLASSIFYING_SECONDS)
        return None
    return begin(record, service, moment)


def classify(record: Record, service: Service | None, moment: float) -> PageRequest | None:
    """The far end is known: a human, or a machine whose greeting is waited out."""
    if record.word != "answering-machine":
        record.far_end = "human"
        record.note(moment, "far end: a human")
        return begin(record, service, moment)
    record.far_end = "machine"
    record.note(moment, "far end: an answering machine; waiting for the end of its greeting")
    record.wait("greeting", moment + GREETING_SECONDS)
    return None


def begin(record: Record, service: Service | None, moment: float) -> PageRequest | None:
    """The application begins: its First Page is requested, if it has one."""
    if service and service.first_page:
        record.note(moment, f"First Page requested: POST {service.first_page}")
        record.wait("page", None)
        return first_page(record, service, moment)
    record.note(moment, "the application runs; its service has no First Page")
    _run(record, moment)
    return None


def first_page_answered(
    record: Record, service: Service | None, moment: float, answer: str, problem: str
) -> PageRequest | None:
    """The First Page has answered, or failed: then the instance ends."""
    if not problem:
        record.note(moment, f"First Page {answer}: the application runs")
        _run(record, moment)
        return None
    detail = f"First Page {problem}"
    record.call_cause = "failed"
    record.end(moment, COULDNOTRUN, detail, f"could not run: {detail}")
    return _final(record, service, moment)


def finish(record: Record, service: Service | None, moment: float) -> PageRequest | None:
    """The application has ended."""
    record.call_cause = "completed"
    record.end(moment, COMPLETED, "0", "completed, return code 0")
    return _final(record, service, moment)


STEPS: Final[dict[str, Step]] = {
    "dial": dial,
    "ring": ring,
    "classify": classify,
    "greeting": begin,
    "finish": finish,
}
"""By name, all that come by themselves when they are due."""
WAITING: Final = ("dial", "page", "never", "")
"""The names of those that no clock brings: a queue does, or a page, or nothing ever."""


def _run(record: Record, moment: float) -> None:
    if record.word == "never-finishes":
        record.wait("never", None)
    else:
        record.wait("finish", moment + APPLICATION_SECONDS)


def _rejected(record: Record, service: Service | None, moment: float) -> PageRequest | None:
    record.call_cause, record.call_raw_cause = REJECTED[record.word]
    detail = f"the call was rejected: {record.call_cause} ({record.call_raw_cause})"
    record.end(moment, COULDNOTRUN, detail, detail)
    return _final(record, service, moment)


def _final(record: Record, service: Service | None, moment: float) -> PageRequest | None:
    if not service or not service.final_page:
        return None
    record.note(moment, f"Final Page requested: POST {service.final_page}")
    return final_page(record, service, moment)
