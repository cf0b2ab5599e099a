"""A cloud's state as plain JSON data, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from ..errors import InvalidInputError
from .calls import WantedCall
from .cloud import LAST_MOMENT
from .instances import COMPLETED, COULDNOTRUN, MOST_INSTANCES, Fate, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cloud import Cloud

T = TypeVar("T")

_VERSION: Final = 1


def snapshot(cloud: Cloud) -> dict[str, object]:
    """The whole state: clock, count and started calls. Neither services nor requests."""
    return {
        "version": _VERSION,
        "now": cloud.now,
        "accepted": cloud.instances.accepted,
        "instances": [asdict(record) for record in cloud.instances.all()],
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
    found = _typed(state, "instances", "", list)
    if len(found) > MOST_INSTANCES:
        _refuse("instances", f"holds more than {MOST_INSTANCES}")
    records = [_record(item, f"instances[{index}].") for index, item in enumerate(found)]
    if len({record.id for record in records}) != len(records):
        _refuse("instances", "holds an id twice")
    accepted = _typed(state, "accepted", "", int)
    if accepted < len(records):
        _refuse("accepted", "is less than the number of instances")
    cloud.move_to(now)
    cloud.instances.replace(records, accepted)


def _record(item: object, where: str) -> Record:
    if not isinstance(item, dict):
        _refuse(where.rstrip("."), "must be a dict")
    call = _typed(item, "call", where, dict)
    return Record(
        _typed(item, "id", where, str),
        _typed(item, "service", where, str),
        WantedCall(
            _typed(call, "to", f"{where}call.", str),
            _text_or_none(call, "from_", f"{where}call."),
            _text_or_none(call, "token", f"{where}call."),
            _text_or_none(call, "outbound_parameters", f"{where}call."),
        ),
        _fate(_typed(item, "fate", where, dict), f"{where}fate."),
    )


def _fate(found: Mapping[str, object], where: str) -> Fate:
    made = Fate(
        _moment(found, "queued_at", where),
        _moment(found, "dialled_at", where),
        _moment(found, "ended_at", where),
        _typed(found, "end", where, str),
        _typed(found, "detail", where, str),
    )
    if made.end not in (COMPLETED, COULDNOTRUN):
        _refuse(f"{where}end", f"must be {COMPLETED} or {COULDNOTRUN}")
    if not made.queued_at <= made.dialled_at <= made.ended_at:
        _refuse(where.rstrip("."), "has times that do not follow each other")
    return made


def _typed(found: Mapping[str, object], name: str, where: str, kind: type[T]) -> T:
    item = found.get(name)
    if not isinstance(item, kind) or isinstance(item, bool):
        _refuse(where + name, f"must be {kind.__name__}, not {type(item).__name__}")
    return item


def _text_or_none(found: Mapping[str, object], name: str, where: str) -> str | None:
    return None if found.get(name) is None else _typed(found, name, where, str)


def _moment(found: Mapping[str, object], name: str, where: str) -> float:
    item = found.get(name)
    if isinstance(item, bool) or not isinstance(item, (int, float)):
        _refuse(where + name, "must be a number of seconds")
    # The fate of a call at the clock's end lies a little beyond it.
    if not 0 <= item <= LAST_MOMENT + 60:  # NaN is refused too
        _refuse(where + name, "lies outside the years 1970 to 9999")
    return float(item)


def _refuse(where: str, what: str) -> NoReturn:
    raise InvalidInputError(f"this is no sandbox state: {where or 'it'} {what}")
