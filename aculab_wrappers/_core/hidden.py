"""Taking a secret out of what a server sent: by its value, however it is written there."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

from ..errors import UnknownOutcomeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..errors import StartError, StatusError
    from .wire import HttpResponse

_HIDDEN: Final = b"***"
_SHORTEST: Final = 4
"""Fewest characters of a spelling that is looked for: a shorter one stands in every other word."""


def spellings(secret: str) -> re.Pattern[bytes] | None:
    """A pattern of every usual way to write `secret`, or None if it is too short to be one.

    As it is, in base64 at each of the three places where it can begin inside of something longer,
    percent-encoded, in JSON and with all characters escaped, in HTML, and in hexadecimal.
    """
    found = {spelling for spelling in _written(secret) if len(spelling) >= _SHORTEST}
    if len(secret) < _SHORTEST or not found:
        return None
    longest_first = sorted(found, key=lambda spelling: (-len(spelling), spelling))
    return re.compile(b"|".join(map(re.escape, longest_first)), re.IGNORECASE)


def hide(error: StartError | StatusError, secret: re.Pattern[bytes] | None) -> None:
    """Take the secret out of the message, and of what the error holds of the answer.

    Not out of the ids of what was started: they are a result. Those of an unknown outcome are no
    more than hints, out of an answer that may be anybody's.
    """
    if secret is None:
        return

    def clean(text: str) -> str:
        return _cleaned(text, secret)

    if isinstance(error, UnknownOutcomeError):
        error.hinted_ids = tuple(map(clean, error.hinted_ids))
    if error.response is not None:
        error.response = without(error.response, secret)
    if error.refusal is not None:
        # The message quotes it; else all of its words are ours.
        error.args = tuple(clean(str(item)) for item in error.args)
        error.refusal = replace(
            error.refusal,
            text=clean(error.refusal.text),
            details=tuple(map(clean, error.refusal.details)),
            link=clean(error.refusal.link),
        )


def without(response: HttpResponse, secret: re.Pattern[bytes] | None) -> HttpResponse:
    """The answer, and those that came after it, without the secret."""
    if secret is None:
        return response
    return replace(
        response,
        headers=tuple(
            (_clean_header(name, secret), _clean_header(text, secret))
            for name, text in response.headers
        ),
        body=secret.sub(_HIDDEN, response.body),
        further=tuple(without(one, secret) for one in response.further),
    )


def _cleaned(text: str, secret: re.Pattern[bytes]) -> str:
    return secret.sub(_HIDDEN, text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")


def _clean_header(text: str, secret: re.Pattern[bytes]) -> str:
    """The same for a header, whose bytes http.client reads as Latin-1, whatever they are."""
    with suppress(UnicodeEncodeError):
        text = secret.sub(_HIDDEN, text.encode("latin-1")).decode("latin-1")
    return _cleaned(text, secret)


def _written(secret: str) -> Iterator[bytes]:
    raw = secret.encode()
    yield raw
    yield secret.encode("utf-16-le")
    yield raw.hex().encode()
    yield from _base64(raw)
    every = "".join(f"%{byte:02x}" for byte in raw)
    texts = (quote(secret), quote(secret, safe=""), quote_plus(secret), every, escape(secret))
    escaped = "".join(f"\\u{unit:04x}" for unit in _utf16(secret))
    in_json = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], escaped)
    for text in (*texts, *in_json, in_json[0].replace("/", "\\/")):
        yield text.encode()


def _utf16(text: str) -> Iterator[int]:
    raw = text.encode("utf-16-be")
    for place in range(0, len(raw), 2):
        yield int.from_bytes(raw[place : place + 2], "big")


def _base64(raw: bytes) -> Iterator[bytes]:
    """The characters of base64 that depend on `raw` alone, wherever in a longer text it stands."""
    for before in range(3):
        # 4 characters for 3 bytes: those at the ends are made of a neighbour's bits, too.
        first = (0, 2, 3)[before]
        last = (before + len(raw)) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(b"\0" * before + raw)[first:last]
