"""Reading the parts of an answer: ids, the cloud's JSON error. What cannot be read is absent."""

from __future__ import annotations

import re
import zlib
from itertools import islice
from typing import TYPE_CHECKING, Final

from .frozen import frozen
from .json_reader import NotJsonError, read_json
from .validation import printable
from .values import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .http import HttpResponse

_CODE = re.compile(r"\A([0-9]{4}|HTTP [0-9]{3})\Z")
_NO_ID: Final = "[\x00\ud800-\udfff]"
"""What no id can hold: NUL, and halves of surrogate pairs, which UTF-8 cannot carry. Compiled by re
with the first id that is not plain ASCII."""
_ID_LIKE = re.compile(r"(?=.*[0-9])[\w.:@/+-]{3,200}")
"""What is worth a hint outside a list of ids: a word with a digit in it."""

_MAX_HINTS: Final = 100_000
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"
_HEAD = re.compile(rb"HTTP/[^\n]*\n(?:[^\r\n][^\n]*\n)*+\r?\n")
_MAX_UNPACKED: Final = 1_048_576
"""Most bytes that are looked at of what is compressed: it may be a bomb."""
_WINDOWS: Final = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
_QUOTE_OR_END = re.compile(rb'["\\\x00-\x1f]')
_COLON = re.compile(rb"[ \t\r\n]*:")


@frozen
class Refusal:
    """What the cloud says of a request that it refused.

    Attributes:
        code: Four digits ("0001"), or "HTTP 400" and the like.
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
        return printable(f"{self.code}: {self.text}{more}")


def read_refusal(response: HttpResponse) -> Refusal | None:
    """Return the refusal that the answer holds, or None if its body is anything else."""
    body = _read_whole(response)
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    code, text = error.get("code"), error.get("text")
    if not (isinstance(code, str) and _CODE.match(code) and isinstance(text, str)):
        return None
    return Refusal(code, text, _read_details(error.get("details")), read_text(error.get("link")))


def _read_details(details: object) -> tuple[str, ...]:
    # The table of the page says a string, its example shows an array of strings.
    if isinstance(details, str):
        return (details,)
    if isinstance(details, list):
        return tuple(detail for detail in details if isinstance(detail, str))
    return ()


def read_object(response: HttpResponse) -> dict[str, object]:
    """Return the JSON object that the body is. Raises NotJsonError if it is none, or not whole."""
    if response.fault:
        raise NotJsonError(response.fault)
    found = read_json(response.body)
    if not isinstance(found, dict):
        raise NotJsonError("the body is no JSON object")
    return found


def read_ids(response: HttpResponse) -> list[str] | None:
    """Return the ids of a start's answer, or None if it is not a whole list of ids."""
    body = _read_whole(response)
    if not isinstance(body, list) or not body:
        return None
    return body if all(map(_is_id, body)) else None


def hint_ids(response: HttpResponse) -> tuple[str, ...]:
    """Return what may be ids in an answer that is no whole list of them: hints, not a result.

    Read are lists, whole or cut, in a 2xx, a 4xx and a 5xx; and in a 2xx also an object, a number
    or a single word. What came without a status is read like a 2xx.
    """
    is_success = response.status == 0 or 200 <= response.status < 300
    for body in _candidates(response) if is_success or response.status >= 400 else ():
        if body.startswith(b"["):
            return (*islice(filter(_is_id, _list_items(body)), _MAX_HINTS),)
        if is_success:
            found = (*filter(_ID_LIKE.fullmatch, _words(body)),)
            if found:
                return found
    return ()


def is_web_page(response: HttpResponse) -> bool:
    """Return whether the body opens as HTML or XML does."""
    return response.body.lstrip(_BLANK).startswith(b"<")


def _read_whole(response: HttpResponse) -> object:
    """Return the JSON value that the body is, or None if it is none, or not whole."""
    if response.fault:
        return None
    try:
        return read_json(response.body)
    except NotJsonError:
        return None


def _is_id(found: object) -> bool:
    if not isinstance(found, str) or not found:
        return False
    return (found.isascii() and found.isprintable()) or not re.search(_NO_ID, found)


def _candidates(response: HttpResponse) -> Iterator[bytes]:
    """Yield the body, out of a compression that was never asked for, and as it is."""
    body = response.body
    if response.status == 0:  # all that came, heads included
        while head := _HEAD.match(body):
            body = body[head.end() :]
        if b"[" in body:
            body = body[body.find(b"[") :]
        elif body.startswith(b"HTTP"):
            body = b""  # a head that was cut off: what looks like an id there is none
    coding = (response.header("Content-Encoding") or "").strip().lower()
    for window in _WINDOWS.get(coding, ()):
        try:
            unpacked = zlib.decompressobj(window).decompress(body, _MAX_UNPACKED)
        except zlib.error:
            continue
        yield unpacked.lstrip(_BLANK)
    if b"\0" in body[:4]:  # UTF-16, or 32
        yield body.replace(b"\0", b"").lstrip(b"\xff\xfe").lstrip(_BLANK)
    yield body.lstrip(_BLANK)


def _list_items(body: bytes) -> Iterator[str]:
    """Yield the strings of a list, which may be cut or damaged; or its numbers, as text."""
    try:
        found = read_json(body)
    except NotJsonError:
        found = None
    yield from _strings_and_numbers(found)
    place = 0 if found is None else len(body)
    while (place := body.find(b'"', place)) >= 0:
        string, place = _string_at(body, place)
        if string and not _COLON.match(body, place):  # no name of a member
            yield _unescape(string)


def _string_at(body: bytes, begin: int) -> tuple[bytes, int]:
    """Return the JSON string that begins there, and the place behind it; b"" if it has no end."""
    place = begin + 1
    while found := _QUOTE_OR_END.search(body, place):
        if found[0] == b'"':
            return body[begin : found.end()], found.end()
        if found[0] != b"\\":
            return b"", found.end()
        place = found.end() + 1
    return b"", len(body)


def _unescape(string: bytes) -> str:
    """Return the text of a JSON string, or "" if it cannot be read: half an id helps nobody."""
    if string.isascii() and b"\\" not in string:
        return string[1:-1].decode()
    try:
        return read_text(read_json(string))
    except NotJsonError:
        return ""


def _words(body: bytes) -> Iterator[str]:
    """Yield the words and numbers of an answer that is no list."""
    try:
        found = read_json(body)
    except NotJsonError:
        found = "" if body[:1] in b"{<" else body[:200].decode("latin-1").strip()
    if isinstance(found, dict):
        yield from found
    yield from _strings_and_numbers(found)


def _strings_and_numbers(found: object) -> Iterator[str]:
    """Yield what a JSON value holds, names and the cloud's own error left out."""
    if isinstance(found, dict):
        for item in () if "error" in found else found.values():
            yield from _strings_and_numbers(item)
    elif isinstance(found, list):
        for item in found:
            yield from _strings_and_numbers(item)
    elif isinstance(found, (str, int)) and not isinstance(found, bool):
        yield str(found)
