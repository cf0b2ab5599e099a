"""What is started, and what is known of it: Call, Invocation, and the words for a status."""

from __future__ import annotations

import re
from dataclasses import field, replace
from math import isfinite
from typing import TYPE_CHECKING, Final, Literal

from .frozen import frozen
from .invalid import InvalidInputError
from .validation import check_address, check_data

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

StatusWord = Literal["", "QUEUED", "RUNNING", "COMPLETED", "COULDNOTRUN", "CANCELLED", "UNKNOWN"]
"""The status words that are known, so that type checkers find a misspelt one.

The cloud may add words: at run time a status can be another text, which nothing here refuses.
"""

QUEUED: Final = "QUEUED"
_COMPLETED: Final = "COMPLETED"
_UNKNOWN: Final = "UNKNOWN"
_FINAL: Final = frozenset((_COMPLETED, "COULDNOTRUN", "CANCELLED"))
_DETAILED: Final = frozenset((_COMPLETED, "COULDNOTRUN"))

_NUMBER = re.compile(r"\A-?[0-9]{1,18}\Z")


@frozen
class Call:
    """One destination to call, and what the application is told about it.

    Args:
        to: Telephone number, SIP address or conference room name. Sent as given.
        from_: The number or SIP address that the call comes from. None or "" is left out.
            For a telephone number the cloud wants a validated caller id.
        token: Text handed to the application in `instance_info`. None is left out, "" is sent.
        outbound_parameters: Text handed to the application in `this_call`. None is left out,
            "" is sent.

    Raises:
        InvalidInputError: `to` is empty; `to` or `from_` holds a control character; a field is
            no str, or holds a lone surrogate.

    Source: Aculab Cloud, "Starting An Outbound Service", table of properties. Evidence:
        documented; leaving out what was not set, and that line ends and tabs in `token` and
        `outbound_parameters` reach the application unchanged, is assumed.
    """

    to: str
    from_: str | None = None
    token: str | None = field(default=None, kw_only=True)
    outbound_parameters: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        for name in ("to", "from_", "token", "outbound_parameters"):
            given = getattr(self, name)
            if given is not None or name == "to":
                check = check_address if name in ("to", "from_") else check_data
                plain = check(given, name.rstrip("_"))
                if plain is not given:
                    object.__setattr__(self, name, plain)
        if not self.to:
            raise InvalidInputError("to is empty: it must name a destination")

    def _with(self, name: str, text: str | None) -> Call:
        """Return this call with other data in one field, which alone is still to be checked."""
        made = object.__new__(Call)
        for kept in ("to", "from_", "token", "outbound_parameters"):
            object.__setattr__(made, kept, getattr(self, kept))
        object.__setattr__(made, name, None if text is None else check_data(text, name))
        return made

    def to_wire(self) -> dict[str, str]:
        """Return the members of the call's JSON object."""
        wire = {"to": self.to}
        if self.from_:
            wire["from"] = self.from_
        if self.token is not None:
            wire["token"] = self.token
        if self.outbound_parameters is not None:
            wire["outbound_parameters"] = self.outbound_parameters
        return wire


@frozen
class Invocation:
    """One started call, and the last news of it.

    Attributes:
        id: The reference id that service_start gave.
        call: The call it was started for, or None when that is not known.
        status: The cloud's word: QUEUED, RUNNING, COMPLETED, COULDNOTRUN, CANCELLED, UNKNOWN, or
            one that it adds later, which type checkers do not expect: keep a branch for it. ""
            before the first news. QUEUED right after a start is our word for it (inferred).
        status_detail: The application's return code as text when COMPLETED, the description of
            the problem when COULDNOTRUN, else "".
        finished: True for COMPLETED, COULDNOTRUN and CANCELLED, from then on; and for UNKNOWN
            when two successive polls said so, until a later word replaces it (assumed).
        application_status_eta: When the application's status will be ready, as an aware UTC
            datetime, or None.
        application_instance_id: What the application status service takes, or "".
    """

    id: str
    call: Call | None = None
    status: StatusWord = ""
    status_detail: str = ""
    finished: bool = False
    application_status_eta: datetime | None = None
    application_instance_id: str = ""
    # An UNKNOWN before an answer that leaves the id out is not the last word.
    _missing_from_last_report: bool = field(default=False, repr=False, compare=False, kw_only=True)

    @property
    def return_code(self) -> int | None:
        """The application's numeric return code once COMPLETED, else None."""
        if self.status == _COMPLETED and _NUMBER.match(self.status_detail):
            return int(self.status_detail)
        return None

    def updated_from(self, report: object) -> Invocation:
        """Return this invocation after a status answer.

        A report that cannot be read changes nothing, but that an UNKNOWN before it and one after
        it are not two in a row: no news is not an end.

        Args:
            report: Its value in the answer's JSON object, or None if missing.
        """
        if self.status in _FINAL:
            return self
        word = report.get("status") if isinstance(report, dict) else None
        if not isinstance(report, dict) or not isinstance(word, str) or not word:
            return replace(self, _missing_from_last_report=True)
        said_twice = word == self.status == _UNKNOWN and not self._missing_from_last_report
        return replace(
            self,
            status=word,  # type: ignore[arg-type]  # a word that the cloud added, it may be
            status_detail=_read_detail(report.get("status_detail")) if word in _DETAILED else "",
            finished=word in _FINAL or said_twice,
            application_status_eta=_read_eta(report.get("application_status_eta")),
            application_instance_id=read_text(report.get("application_instance_id")),
            _missing_from_last_report=False,
        )


def read_text(found: object) -> str:
    """Return a text member of an answer, or "" if it is none."""
    return found if isinstance(found, str) else ""


def _read_detail(found: object) -> str:
    # A return code sent as a number means the same as one sent as text.
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return read_text(found)


def _read_eta(found: object) -> datetime | None:
    """Return seconds since 1970 as an aware datetime, or None if it is no number in range."""
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return None
    from datetime import UTC, datetime  # with the first ETA; asking for a status starts nothing

    try:
        return datetime.fromtimestamp(found, tz=UTC) if isfinite(found) else None
    except (OverflowError, ValueError, OSError):
        return None


def as_calls(call_or_calls: Call | Iterable[Call]) -> tuple[Call, ...]:
    """Return the calls of a start, given as one Call or as several.

    Raises:
        InvalidInputError: not a Call, not an iterable of Calls, or an empty one.
    """
    if isinstance(call_or_calls, Call):
        return (call_or_calls,)
    items = _as_items(call_or_calls, "a Call or an iterable of Calls")
    calls = tuple(item for item in items if isinstance(item, Call))
    if len(calls) != len(items):
        index, item = next((i, x) for i, x in enumerate(items) if not isinstance(x, Call))
        raise InvalidInputError(f"calls[{index}] must be a Call, not {type(item).__name__}")
    if not calls:
        raise InvalidInputError("the list of calls is empty: there is nothing to start")
    return calls


def as_invocations(
    invocations_or_ids: Invocation | str | Iterable[Invocation | str],
) -> tuple[Invocation, ...]:
    """Return invocations to ask about, given as Invocations with their news, or as bare ids.

    Raises:
        InvalidInputError: something else than invocations and non-empty ids.
    """
    if isinstance(invocations_or_ids, (Invocation, str)):
        invocations_or_ids = (invocations_or_ids,)
    items = _as_items(invocations_or_ids, "invocations or ids")
    return tuple(_as_invocation(item, index) for index, item in enumerate(items))


def _as_invocation(item: object, index: int) -> Invocation:
    if isinstance(item, Invocation):
        return item
    if isinstance(item, str) and item:
        return Invocation(item)
    what = "an empty str" if item == "" else type(item).__name__
    raise InvalidInputError(f"ids[{index}] must be an Invocation or an id, not {what}")


def _as_items(given: Iterable[object], wanted: str) -> tuple[object, ...]:
    # A str is iterable, and so is a dict; neither is a list of anything here.
    if not isinstance(given, (str, bytes, dict)):
        try:
            return tuple(given)
        except TypeError:
            pass
    raise InvalidInputError(f"{wanted} wanted, not {type(given).__name__}")
