"""The two operations on an outbound service: start calls, and ask how far they have come."""

from __future__ import annotations

import json
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final, Literal

from ..errors import (
    InvalidInputError,
    NotSentError,
    RejectedError,
    StartedMismatchError,
    StartError,
    StatusError,
    TransportError,
    UnknownOutcomeError,
)
from . import answers
from .json_text import NotJsonError
from .refusal import read_refusal
from .text import counted, sendable, sendable_address
from .value import value
from .wire import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .credentials import Credentials
    from .wire import HttpResponse

STATUS_BATCH: Final = 500
"""Most ids in one status request. Assumed: no limit is documented."""

StatusWord = Literal["", "QUEUED", "RUNNING", "COMPLETED", "COULDNOTRUN", "CANCELLED", "UNKNOWN"]
"""The status words that are known, so that type checkers find a misspelt one.

The cloud may add words: at run time a status can be another text, which nothing here refuses.
"""

_QUEUED: Final = "QUEUED"
_COMPLETED: Final = "COMPLETED"
_UNKNOWN: Final = "UNKNOWN"
_FINAL = frozenset((_COMPLETED, "COULDNOTRUN", "CANCELLED"))
_DETAILED = frozenset((_COMPLETED, "COULDNOTRUN"))

_NUMBER = re.compile(r"\A-?[0-9]{1,18}\Z")
_TRANSIENT_STATUS = frozenset((408, 425, 429))


@value
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
        InvalidInputError: `to` is empty, or a field is no str or holds a control character or a
            lone surrogate.

    Source: seed page, table of properties. Evidence: documented; leaving out what was not set is
        assumed.
    """

    to: str
    from_: str | None = None
    token: str | None = field(default=None, kw_only=True)
    outbound_parameters: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        for name in ("to", "from_", "token", "outbound_parameters"):
            given = getattr(self, name)
            if given is not None or name == "to":
                rule = sendable_address if name in ("to", "from_") else sendable
                plain = rule(given, name.rstrip("_"))
                if plain is not given:
                    object.__setattr__(self, name, plain)
        if not self.to:
            raise InvalidInputError("to is empty: it must name a destination")

    def _with(self, name: str, text: str | None) -> Call:
        """The same call with another text in one field, which alone is still to be checked."""
        made = object.__new__(Call)
        for kept in ("to", "from_", "token", "outbound_parameters"):
            object.__setattr__(made, kept, getattr(self, kept))
        object.__setattr__(made, name, None if text is None else sendable(text, name))
        return made

    def to_wire(self) -> dict[str, str]:
        """The call as the members of its JSON object."""
        wire = {"to": self.to}
        if self.from_:
            wire["from"] = self.from_
        if self.token is not None:
            wire["token"] = self.token
        if self.outbound_parameters is not None:
            wire["outbound_parameters"] = self.outbound_parameters
        return wire


@value
class Invocation:
    """One started call, and the last news of it.

    Attributes:
        id: The reference id that service_start gave.
        call: The call it was started for, or None when that is not known.
        status: The cloud's word: QUEUED, RUNNING, COMPLETED, COULDNOTRUN, CANCELLED, UNKNOWN, or
            one that it adds later, which type checkers do not expect: keep a branch for it. ""
            while nothing was heard. QUEUED right after a start is our word for it (inferred).
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
    # True when the last answer said nothing of it: an UNKNOWN before it is then not the last word.
    _silent: bool = field(default=False, repr=False, compare=False, kw_only=True)

    @property
    def return_code(self) -> int | None:
        """The application's numeric return code once COMPLETED, else None."""
        if self.status == _COMPLETED and _NUMBER.match(self.status_detail):
            return int(self.status_detail)
        return None

    def heard(self, report: object) -> Invocation:
        """This invocation after a status answer. `report` is its JSON value, or None if missing.

        A report that cannot be read changes nothing, but that an UNKNOWN before it and one after
        it are not two in a row: no news is not an end.
        """
        if self.status in _FINAL:
            return self
        word = report.get("status") if isinstance(report, dict) else None
        if not isinstance(report, dict) or not isinstance(word, str) or not word:
            return replace(self, _silent=True)
        return replace(
            self,
            status=word,  # type: ignore[arg-type]  # a word that the cloud added, it may be
            status_detail=answers.detail(report.get("status_detail")) if word in _DETAILED else "",
            finished=word in _FINAL or (word == self.status == _UNKNOWN and not self._silent),
            application_status_eta=answers.eta(report.get("application_status_eta")),
            application_instance_id=answers.text(report.get("application_instance_id")),
            _silent=False,
        )


@value
class Start:
    """Start one instance of the service for each call.

    Wire: POST /service_start, form field `outbound_parameters`: a JSON object for exactly one
        call, an array for more. Answer: a JSON array of reference ids, one for each call, in
        order.
    Source: seed page, "Starting an Outbound Service using the service_start Web Service".
        Evidence: the request documented; POST, and the answer's shape and order, assumed.
    """

    calls: tuple[Call, ...]

    def request(self, credentials: Credentials) -> HttpRequest:
        """The request that starts them."""
        wire = [call.to_wire() for call in self.calls]
        parameters = json.dumps(wire[0] if len(wire) == 1 else wire, separators=(",", ":"))
        return HttpRequest("/service_start", (("outbound_parameters", parameters),), credentials)

    def parse(self, response: HttpResponse) -> list[Invocation]:
        """One invocation for each call, in order.

        Raises:
            RejectedError: a 401, or another 4xx with the cloud's JSON error.
            StartedMismatchError: ids came, but not one for each call.
            UnknownOutcomeError: anything else than a list of ids.
        """
        if not 200 <= response.status < 300:
            raise self._refused(response)
        ids = answers.started_ids(response)
        if ids is None:
            raise self._unknown(answers.why(response), response)
        if len(ids) != len(self.calls) or len(set(ids)) != len(ids):
            raise StartedMismatchError(
                f"{counted(self.calls, 'call')} went out and {len(ids)} ids "
                f"({len(set(ids))} different) came back: calls were started, but which id belongs "
                f"to which is not known. Every id is in .invocations",
                calls=self.calls,
                response=response,
                invocations=[Invocation(id_, status=_QUEUED) for id_ in ids],
            )
        return [Invocation(id_, call, _QUEUED) for id_, call in zip(ids, self.calls, strict=True)]

    def failed(self, error: TransportError) -> NotSentError | UnknownOutcomeError:
        """The error of this start when no answer came."""
        if error.sent:
            return self._unknown(str(error), error.response)
        return NotSentError(
            f"no call was started: {error}", calls=self.calls, transient=error.transient
        )

    def interrupted(self, response: HttpResponse | None) -> UnknownOutcomeError:
        """The error of this start when it was broken off after the request had left."""
        return self._unknown("the start was broken off", response)

    def repeated(self, response: HttpResponse, ids: Sequence[str]) -> UnknownOutcomeError:
        """The error of this start when its answer is an earlier one's."""
        error = self._unknown("the answer holds the ids of an earlier start", response)
        error.hinted_ids = tuple(ids)
        return error

    def _refused(self, response: HttpResponse) -> StartError:
        refusal = read_refusal(response)
        reason = answers.why(response, refusal)
        said = refusal is not None and 400 <= response.status < 500
        if answers.further_ids(response) or not (said or response.status == 401):
            return self._unknown(f"the answer was {reason}", response)
        return RejectedError(
            f"the cloud refused to start {counted(self.calls, 'call')}: {reason}",
            calls=self.calls,
            response=response,
            refusal=refusal,
        )

    def _unknown(self, reason: str, response: HttpResponse | None = None) -> UnknownOutcomeError:
        fault = response.fault if response else None
        more = f" ({fault})" if fault and fault != reason else ""
        return UnknownOutcomeError(
            f"{counted(self.calls, 'call')} may have been started: {reason}{more}. Do not send "
            f"again before you have looked for the token in your application or the account's "
            f"reports",
            calls=self.calls,
            response=response,
            refusal=read_refusal(response) if response else None,
            hinted_ids=answers.hinted_ids(response) if response else (),
        )


@value
class GetStatus:
    """Ask how far invocations have come.

    Wire: POST /service_status with the credentials of service_start, form field
        `service_invocation_reference_ids`: a JSON array of ids. Answer: a JSON object keyed by
        id, each value an object with status, status_detail, application_status_eta (seconds
        since 1970, UTC, or null) and application_instance_id.
    Source: none; that such a web service exists is documented, its form is not. Evidence: all of
        the above is assumed, and stated in this class alone.
    """

    invocations: tuple[Invocation, ...]

    def request(self, credentials: Credentials) -> HttpRequest:
        """The request that asks for all of them."""
        ids = json.dumps([item.id for item in self.invocations], separators=(",", ":"))
        form = (("service_invocation_reference_ids", ids),)
        return HttpRequest("/service_status", form, credentials)

    def parse(self, response: HttpResponse) -> list[Invocation]:
        """The invocations after the answer, in the order asked.

        Raises:
            StatusError: the cloud refused, or the answer is no JSON object.
        """
        if not 200 <= response.status < 300:
            refusal = read_refusal(response)
            raise StatusError(
                f"the cloud gave no status: {answers.why(response, refusal)}",
                invocations=self.invocations,
                transient=response.status >= 500 or response.status in _TRANSIENT_STATUS,
                response=response,
                refusal=refusal,
            )
        try:
            reports = answers.json_object(response)
        except NotJsonError as error:
            raise StatusError(
                f"the status answer cannot be read: {error}",
                invocations=self.invocations,
                transient=True,
                response=response,
            ) from None
        return [item.heard(reports.get(item.id)) for item in self.invocations]

    def failed(self, error: TransportError) -> StatusError:
        """The error of this request when no answer came."""
        return StatusError(
            f"no status came: {error}",
            invocations=self.invocations,
            transient=error.sent or error.transient,
            response=error.response,
        )
