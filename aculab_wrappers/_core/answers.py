"""Reading the parts of an answer. A part that cannot be read is absent, never an exception."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING

from .json_text import NotJsonError, read_json

if TYPE_CHECKING:
    from .refusal import Refusal
    from .wire import HttpResponse

# A whole JSON string, and the colon after it if it is the name of a member.
_JSON_STRING = re.compile(rb'("(?:[^"\\\x00-\x1f]|\\.)*")[ \t\r\n]*(:?)')


def reference_ids(response: HttpResponse) -> list[str] | None:
    """The ids of a start's answer, or None if it is not a whole list of non-empty strings."""
    if response.fault:
        return None
    try:
        body = read_json(response.body)
    except NotJsonError:
        return None
    if not isinstance(body, list) or not body:
        return None
    return body if all(isinstance(id_, str) and id_ for id_ in body) else None


def hinted_ids(response: HttpResponse) -> tuple[str, ...]:
    """The whole strings of a damaged list of ids: hints for a human, not a result."""
    body = response.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not 200 <= response.status < 300 or not body.startswith(b"["):
        return ()
    found = (_readable(string) for string, colon in _JSON_STRING.findall(body) if not colon)
    return tuple(id_ for id_ in found if id_)


def _readable(string: bytes) -> str:
    """The text of a JSON string, or "" if it cannot be read: half an id helps nobody."""
    try:
        return text(read_json(string))
    except NotJsonError:
        return ""


def why(response: HttpResponse, refusal: Refusal | None) -> str:
    """Why the cloud said no, for the end of a message."""
    if refusal is not None:
        return f"HTTP {response.status}, {refusal}"
    if response.status == 401:
        return (
            "HTTP 401: check cloud id, user name, service name, and that the password is the "
            "outbound service password"
        )
    return f"HTTP {response.status}"


def text(found: object) -> str:
    """A text member, or ""."""
    return found if isinstance(found, str) else ""


def detail(found: object) -> str:
    """A status detail. A return code sent as a number means the same as one sent as text."""
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return text(found)


def eta(found: object) -> datetime | None:
    """Seconds since 1970 as an aware UTC datetime; None if it is no number or out of range."""
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(found, tz=UTC) if isfinite(found) else None
    except (OverflowError, ValueError, OSError):
        return None
