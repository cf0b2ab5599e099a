"""The cloud's JSON error: the one proof, beside a 401, that a request was refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .json_text import NotJsonError, read_json
from .value import value

if TYPE_CHECKING:
    from .wire import HttpResponse

_CODE = re.compile(r"\A([0-9]{4}|HTTP [0-9]{3})\Z")


@value
class Refusal:
    """What the cloud says of a request that it refused.

    Attributes:
        code: Four digits ("0001"), or "HTTP 400" and its kin.
        text: The explanation, in the cloud's words.
        details: Several explanations, when there was more than one. Usually empty.
        link: Address of the cloud's documentation, or "".

    Source: the cloud's page on web-service errors. Evidence: documented; which codes
        service_start and service_status return is not.
    """

    code: str
    text: str
    details: tuple[str, ...] = ()
    link: str = ""

    def __str__(self) -> str:
        more = "".join(f"; {detail}" for detail in self.details)
        return f"{self.code}: {self.text}{more}"


def read_refusal(response: HttpResponse) -> Refusal | None:
    """The refusal that the answer holds, or None if its body is anything else."""
    if response.fault:
        return None
    try:
        body = read_json(response.body)
    except NotJsonError:
        return None
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    code, text, link = error.get("code"), error.get("text"), error.get("link")
    if not (isinstance(code, str) and _CODE.match(code) and isinstance(text, str)):
        return None
    return Refusal(
        code, text, _details(error.get("details")), link if isinstance(link, str) else ""
    )


def _details(details: object) -> tuple[str, ...]:
    # The table of the page says a string, its example shows an array of strings.
    if isinstance(details, str):
        return (details,)
    if isinstance(details, list):
        return tuple(detail for detail in details if isinstance(detail, str))
    return ()
