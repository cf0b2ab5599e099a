"""A cloud's state as plain JSON data, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from ..errors import InvalidInputError
from .calls import WantedCall
from .cloud import LAST_MOMENT
from .instances import COULDNOTRUN, MOST_INSTANCES, QUEUED, STATUSES, Record
from .life import STEPS, WAITING
from .scenarios import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cloud import Cloud

T = TypeVar("T")

_VERSION: Final = 2
_TEXTS: Final = (
    "status_detail",
    "application_instance_id",
    "call_cause",
    "call_raw_cause",
    "far_end",
)


def snapshot(cloud: Cloud) -> dict[str, object]:
    """The whole state: clock, count, pace and started calls. Neither services nor requests."""
    return {
        "version": _VERSION,
        "now": cloud.now,
        "accepted": cloud.instances.accepted,
        "free_at": cloud.queues.free_at(),
        "instances": [_kept(record) for record in cloud.instances.all()],
    }


def restore(cloud: Cloud, state: object) -> None:
    """Put a snapshot back. Either all of it is taken, or nothing changes.

    Raises:
        InvalidInputError: not what `snapshot` returned; the message names the member.
    """
    if not isinstance(state, dict):
        _refuse("", f"must be a dict, not {type(state).__name__}")
    if state.get("version") != _VERSION:
        _refuse("version", f"must be {_VERSION}")
    now = _moment(state, "now", "")
    free_at = _typed(state, "free_at", "", dict)
    paces = {str(user): _moment(free_at, user, "free_at.") for user in free_at}
    found = _typed(state, "instances", "", list)
    if len(found) > MOST_INSTANCES:
        _refuse("instances", f"holds more than {MOST_INSTANCES}")
    records = [_record(item, f"instances[{index}].") for index, item in enumerate(found)]
    for name in ("id", "number"):
        if len({getattr(record, name) for record in records}) != len(records):
            _refuse("instances", f"holds an {name} twice")
    accepted = _typed(state, "accepted", "", int)
    if accepted < len(records):
        _refuse("accepted", "is less than the number of instances")
    cloud.instances.replace(records, accepted)
    cloud.queues.restore([record for record in records if record.step == "dial"], paces)
    cloud.progress.restore(records)
    cloud.move_to(now)


def _kept(record: Record) -> dict[str, object]:
    call = record.call
    return {
        "id": record.id,
        "number": record.number,
        "service": record.service,
        "call": {
            "to": call.to,
            "from": call.from_,
            "token": call.token,
            "outbound_parameters": call.outbound_parameters,
        },
        "word": record.word,
        "unfit": record.unfit,
        "started_at": record.started_at,
        "status": record.status,
        "ended_at": record.ended_at,
        "step": record.step,
        "due": record.due,
        "timeline": [list(entry) for entry in record.timeline],
        **{name: getattr(record, name) for name in _TEXTS},
    }


def _record(item: object, where: str) -> Record:
    if not isinstance(item, dict):
        _refuse(where.rstrip("."), "must be a dict")
    record = Record(
        _typed(item, "id", where, str),
        _typed(item, "number", where, int),
        _typed(item, "service", where, str),
        _call(_typed(item, "call", where, dict), f"{where}call."),
        started_at=_moment(item, "started_at", where),
        word=_one_of(item, "word", where, WORDS),
        unfit=_typed(item, "unfit", where, str),
    )
    record.status = _one_of(item, "status", where, STATUSES)
    for name in _TEXTS:
        setattr(record, name, _typed(item, name, where, str))
    record.ended_at = _moment_or_none(item, "ended_at", where)
    record.timeline = _timeline(_typed(item, "timeline", where, list), where)
    record.step = _one_of(item, "step", where, (*STEPS, *WAITING))
    record.due = _moment_or_none(item, "due", where)
    _check_step(record, where)
    if record.step == "page":
        # Whoever was asked will answer nobody now, and asking twice is worse than not knowing.
        why = "the sandbox ended while the First Page was requested"
        record.end(max(record.started_at, record.timeline[-1][0]), COULDNOTRUN, why, why)
    return record


def _check_step(record: Record, where: str) -> None:
    """What does not fit together would run for ever, or break what comes later."""
    if (record.due is None) != (record.step in WAITING):
        _refuse(f"{where}due", f"does not fit the step {record.step!r}")
    if (record.ended_at is None) != bool(record.step):
        _refuse(f"{where}ended_at", f"does not fit the step {record.step!r}")
    if (record.status == QUEUED) != (record.step == "dial"):
        _refuse(f"{where}status", f"does not fit the step {record.step!r}")


def _call(found: Mapping[str, object], where: str) -> WantedCall:
    return WantedCall(
        _typed(found, "to", where, str),
        _text_or_none(found, "from", where),
        _text_or_none(found, "token", where),
        _text_or_none(found, "outbound_parameters", where),
    )


def _timeline(found: list[object], where: str) -> list[tuple[float, str]]:
    made = []
    for index, entry in enumerate(found):
        name = f"{where}timeline[{index}]"
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[1], str):
            _refuse(name, "must be a time and a text")
        made.append((_moment({"time": entry[0]}, "time", f"{name}."), entry[1]))
    if not made:
        _refuse(f"{where}timeline", "must not be empty")
    return made


def _one_of(found: Mapping[str, object], name: str, where: str, words: tuple[str, ...]) -> str:
    word = _typed(found, name, where, str)
    if word not in words:
        _refuse(where + name, f"must be one of {', '.join(filter(None, words))}")
    return word


def _typed(found: Mapping[str, object], name: str, where: str, kind: type[T]) -> T:
    item = found.get(name)
    if not isinstance(item, kind) or isinstance(item, bool):
        _refuse(where + name, f"must be {kind.__name__}, not {type(item).__name__}")
    return item


def _text_or_none(found: Mapping[str, object], name: str, where: str) -> str | None:
    return None if found.get(name) is None else _typed(found, name, where, str)


def _moment_or_none(found: Mapping[str, object], name: str, where: str) -> float | None:
    return None if found.get(name) is None else _moment(found, name, where)


def _moment(found: Mapping[str, object], name: str, where: str) -> float:
    item = found.get(name)
    if isinstance(item, bool) or not isinstance(item, (int, float)):
        _refuse(where + name, "must be a number of seconds")
    # What is due at the clock's end lies a little beyond it, and a slow queue's turn far beyond.
    if not 0 <= item <= LAST_MOMENT * 2:  # NaN is refused too
        _refuse(where + name, "lies outside the years 1970 to 9999")
    return float(item)


def _refuse(where: str, what: str) -> NoReturn:
    raise InvalidInputError(f"this is no sandbox state: {where or 'it'} {what}")
