"""Reading the parts of an answer. A part that cannot be read is absent, never an exception."""

from __future__ import annotations

import contextlib
import re
from math import isfinite
from typing import TYPE_CHECKING, Final

from .json_text import NotJsonError, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from .refusal import Refusal
    from .wire import HttpResponse

# A whole JSON string, and the colon after it if it is the name of a member.
_JSON_STRING = re.compile(rb'("(?:[^"\\\x00-\x1f]|\\.)*")[ \t\r\n]*(:?)')
_NO_ID: Final = "[\x00\ud800-\udfff]"
"""What no id can hold: NUL, and halves of surrogate pairs, which UTF-8 cannot carry. Compiled by re
with the first id that is not plain ASCII."""

_BLANK: Final = b"\xef\xbb\xbf \t\r\n"
_MOST_UNPACKED: Final = 1_048_576
"""Most bytes that are looked at of what is compressed: it may be a bomb."""
_WINDOWS: Final = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}


def json_object(response: HttpResponse) -> dict[str, object]:
    """The JSON object that the body is. Raises NotJsonError if it is none, or not whole."""
    if response.fault:
        raise NotJsonError(response.fault)
    found = read_json(response.body)
    if not isinstance(found, dict):
        raise NotJsonError("the body is no JSON object")
    return found


def reference_ids(response: HttpResponse) -> list[str] | None:
    """The ids of a start's answer, or None if it is not a whole list of ids."""
    if response.fault:
        return None
    try:
        body = read_json(response.body)
    except NotJsonError:
        return None
    if not isinstance(body, list) or not body:
        return None
    return body if all(map(_is_id, body)) else None


def started_ids(response: HttpResponse) -> list[str] | None:
    """The same, and whatever other ids came after it."""
    ids = reference_ids(response)
    return ids and [*ids, *(id_ for id_ in further_ids(response) if id_ not in ids)]


def further_ids(response: HttpResponse) -> list[str]:
    """The ids in answers that came after this one, because something sent the request twice."""
    good = (one for one in response.further if 200 <= one.status < 300)
    return [id_ for one in good for id_ in (reference_ids(one) or hinted_ids(one))]


def hinted_ids(response: HttpResponse) -> tuple[str, ...]:
    """The whole strings of a damaged list of ids: hints for a human, not a result."""
    found: list[str] = []
    if response.status == 0 or 200 <= response.status < 300:
        body = next(filter(_is_list, _bodies(response)), b"")
        found = [_readable(string) for string, colon in _JSON_STRING.findall(body) if not colon]
    return (*filter(_is_id, found), *further_ids(response))


def _is_list(body: bytes) -> bool:
    return body.lstrip(_BLANK).startswith(b"[")


def _is_id(found: object) -> bool:
    if not isinstance(found, str) or not found:
        return False
    return (found.isascii() and found.isprintable()) or not re.search(_NO_ID, found)


def _bodies(response: HttpResponse) -> Iterator[bytes]:
    """The body, out of the compression that we never ask for, and as it is."""
    coding = (response.header("Content-Encoding") or "").strip().lower()
    import zlib  # with the first damaged answer

    for window in _WINDOWS.get(coding, ()):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(window).decompress(response.body, _MOST_UNPACKED)
    yield response.body
    if response.status == 0:  # what came, head and all
        yield re.split(rb"\r?\n\r?\n", response.body, maxsplit=1)[-1]


def _readable(string: bytes) -> str:
    """The text of a JSON string, or "" if it cannot be read: half an id helps nobody."""
    try:
        return text(read_json(string))
    except NotJsonError:
        return ""


def why(response: HttpResponse, refusal: Refusal | None = None) -> str:
    """Why there is no result, for the end of a message."""
    if refusal is not None:
        told, status = str(refusal), f"HTTP {response.status}"
        return told if told.startswith(f"{status}: ") else f"{status}, {told}"
    if response.status == 401:
        return (
            "HTTP 401: check cloud id, user name, service name, and that the password is the "
            "outbound service password"
        )
    if not 200 <= response.status < 300:
        return f"HTTP {response.status}"
    if response.body.lstrip(_BLANK).startswith(b"<"):
        return (
            "the answer is a web page and not from Aculab's cloud: a proxy, a firewall or a login "
            "page has answered in its place"
        )
    return "the answer holds no list of ids"


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
    from datetime import UTC, datetime  # with the first ETA

    try:
        return datetime.fromtimestamp(found, tz=UTC) if isfinite(found) else None
    except (OverflowError, ValueError, OSError):
        return None
