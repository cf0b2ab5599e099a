"""The requests that the cloud makes to the application's pages, and how it judges the answers.

Source: Aculab's page (the `instance_info` argument, its `token` and
    `this_call.outbound_parameters`); the newer pages "HTTP request" and "call info" for the
    other members and their values; the page on outbound calls for the Final Page. Evidence:
    documented, but for these: member names are printed with spaces there and have underscores
    here, as the two in the Aculab's page do (inferred); that with API version 1.0 a POST carries
    `instance_info` as a form field is assumed (with 2.0 the body "contains just" the JSON); that
    an answer must be a 2xx with a JSON object within ten seconds is assumed. Of the documented
    members `log_filename` and `application_parameters` are left out: nothing here has them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from .._core.frozen import frozen
from .._core.json_reader import NotJsonError, read_json
from .destinations import shown

if TYPE_CHECKING:
    from .instances import Record
    from .services import Service

FIRST: Final = "First Page"
FINAL: Final = "Final Page"


@frozen
class PageRequest:
    """A POST to one of the application's pages.

    Attributes:
        id: The reference id of the instance it belongs to.
        page: FIRST or FINAL.
        moment: When it is made, by the cloud's clock.
    """

    id: str
    page: str
    moment: float
    address: str
    content_type: str
    body: bytes


@frozen
class PageAnswer:
    """How a page answered.

    Attributes:
        status: The HTTP status; 0 when there was no answer.
        body: The first part of the body.
        trouble: Why there was no answer, or "".
    """

    status: int = 0
    body: bytes = b""
    trouble: str = ""

    @property
    def said(self) -> str:
        """What it did, after the page's name."""
        return self.trouble or f"answered {self.status}"

    @property
    def problem(self) -> str:
        """Why the application cannot go on with it, after the page's name, or ""."""
        if self.trouble or not 200 <= self.status <= 299:
            return self.said
        try:
            if isinstance(read_json(self.body), dict):
                return ""
            why = "JSON that is no object"
        except NotJsonError:
            why = "what is no JSON"
        start = shown(self.body[:200].decode("utf-8", "replace"))
        return f"{self.said} with {why}: {start}"


def first_page(record: Record, service: Service, moment: float) -> PageRequest:
    """The request that is made when the call is answered."""
    info = _instance_info(record, service, moment)
    kind, body = _encoded(info, service)
    return PageRequest(record.id, FIRST, moment, service.first_page, kind, body)


def final_page(record: Record, service: Service, moment: float) -> PageRequest:
    """The request that is made when the call has ended."""
    info = _instance_info(record, service, moment)
    info["this_call"]["call_cause"] = record.call_cause
    if service.api_version == "2.0":
        info["this_call"]["call_raw_cause"] = record.call_raw_cause
    kind, body = _encoded(info, service)
    return PageRequest(record.id, FINAL, moment, service.final_page, kind, body)


def _instance_info(record: Record, service: Service, moment: float) -> dict[str, Any]:
    call = record.call
    this_call: dict[str, Any] = {
        "call_id": record.id,
        "call_direction": "out",
        "call_from": call.from_ or "",
        "call_to": call.to,
        "call_target": call.to,
        "seconds_call_duration": round(moment - _answered_at(record, moment), 1),
        "call_state": "answered" if record.ended_at is None else "idle",
        "outbound_parameters": call.outbound_parameters or "",
    }
    info: dict[str, Any] = {
        "application_instance_id": record.application_instance_id,
        "token": call.token,
        "this_call": this_call,
    }
    if service.api_version == "2.0":
        this_call["call_divert"] = ""
        info["is_notification"] = False
    return info


def _answered_at(record: Record, moment: float) -> float:
    return next((when for when, what in record.timeline if what == "answered"), moment)


def _encoded(info: dict[str, Any], service: Service) -> tuple[str, bytes]:
    """Content type and body."""
    text = json.dumps(info)
    if service.api_version == "2.0":
        return "application/json", text.encode("ascii")
    form = urlencode({"instance_info": text})
    return "application/x-www-form-urlencoded", form.encode("ascii")
