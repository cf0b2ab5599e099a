"""Taking passwords out of what a server sent: by their value, in every usual spelling."""

from __future__ import annotations

import encodings.utf_16_be
import encodings.utf_16_le  # noqa: F401  nothing is imported once a byte has left
import json
import re
from base64 import b64encode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import replace
from html import escape, unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus, unquote_to_bytes

from ..errors import UnknownOutcomeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..errors import StartError, StatusError
    from .http import HttpResponse

_HIDDEN: Final = b"***"
_WITHHELD: Final = b"*** (withheld: it holds a password, encoded more than once)"
_MIN_LENGTH: Final = 4
"""Fewest characters of a spelling that is looked for: a shorter one stands in every other word."""
_MAX_DECODED: Final = 1_048_576
"""Most bytes that are decoded of one text while looking for a password inside of encodings."""
_MAX_DEPTH: Final = 3
_PIECE: Final = 65_536
_OVERLAP: Final = 1024


class Redactor:
    """Replaces passwords by `***`, however a server has written them.

    What holds one only behind several encodings is withheld as a whole.
    """

    __slots__ = ("_pattern", "_spellings")

    def __init__(self, secrets: Iterable[str]) -> None:
        self._spellings = [spelling for secret in secrets for spelling in find_spellings(secret)]
        self._pattern = _pattern_of(self._spellings)

    def redact(self, text: bytes) -> bytes:
        """Return the text without the passwords."""
        if self._is_in(text):
            text = self._pattern.sub(_HIDDEN, text)
        if self._spellings and any(map(self._is_in, _decoded(text))):
            return _WITHHELD
        return text

    def redact_text(self, text: str) -> str:
        """Return a str without the passwords."""
        return self.redact(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")

    def redact_response(self, response: HttpResponse) -> HttpResponse:
        """Return the answer without the passwords."""
        if not self._spellings:
            return response
        return replace(
            response,
            headers=tuple(
                (self._redact_header(name), self._redact_header(text))
                for name, text in response.headers
            ),
            body=self.redact(response.body),
        )

    def redact_error(self, error: StartError | StatusError) -> None:
        """Take the passwords out of the message, and of what the error holds of the answer.

        Not out of the ids of what was started: they are a result. Those of an unknown outcome are
        no more than hints, out of an answer that may be anybody's.
        """
        if not self._spellings:
            return
        clean = self.redact_text
        if isinstance(error, UnknownOutcomeError) and error.hinted_ids:
            # Hundreds of thousands they may be: in one pass, for it is none of them, usually.
            together = "\x1f".join(error.hinted_ids)
            if clean(together) != together:
                error.hinted_ids = tuple(map(clean, error.hinted_ids))
        if error.response is not None:
            error.response = self.redact_response(error.response)
        if error.refusal is not None:
            # The message quotes it; else all of its words are ours.
            error.args = tuple(clean(str(item)) for item in error.args)
            error.refusal = replace(
                error.refusal,
                text=clean(error.refusal.text),
                details=tuple(map(clean, error.refusal.details)),
                link=clean(error.refusal.link),
            )

    def _is_in(self, text: bytes) -> bool:
        # In most texts there is none, and a pattern of thirty takes thirty times as long to say so.
        lower = text.lower()
        return any(spelling in lower for spelling in self._spellings)

    def _redact_header(self, text: str) -> str:
        """Redact a header, whose bytes http.client reads as Latin-1, whatever they are."""
        with suppress(UnicodeEncodeError):
            text = self.redact(text.encode("latin-1")).decode("latin-1")
        return self.redact_text(text)

    def __repr__(self) -> str:
        return "<Redactor>"


def find_spellings(secret: str) -> set[bytes]:
    """Return the usual ways to write `secret`, in lower case; none if it is too short to be one.

    As it is (UTF-8, Latin-1, UTF-16), in base64 at each of the three places where it can begin
    inside of something longer, percent-encoded, in JSON, in HTML, and in hexadecimal.
    """
    if len(secret) < _MIN_LENGTH:
        return set()
    return {text.lower() for text in _spellings(secret) if len(text) >= _MIN_LENGTH}


def secret_pattern(secret: str) -> re.Pattern[bytes] | None:
    """Return a pattern of the usual ways to write `secret`, or None if it is too short."""
    found = find_spellings(secret)
    return _pattern_of(found) if found else None


def _pattern_of(spellings: Iterable[bytes]) -> re.Pattern[bytes]:
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return re.compile(b"|".join(map(re.escape, longest_first)), re.IGNORECASE)


def _spellings(secret: str) -> Iterator[bytes]:
    raw = secret.encode()
    yield raw
    yield secret.encode("latin-1", "replace") if "?" not in secret else raw
    yield secret.encode("utf-16-le")
    yield secret.encode("utf-16-be")
    yield raw.hex().encode()
    yield from _base64(raw)
    every = "".join(f"%{byte:02x}" for byte in raw)
    texts = (quote(secret), quote(secret, safe=""), quote_plus(secret), every, escape(secret))
    escaped = "".join(f"\\u{unit:04x}" for unit in _utf16_units(secret))
    in_json = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], escaped)
    for text in (*texts, *in_json, in_json[0].replace("/", "\\/")):
        yield text.encode()


def _utf16_units(text: str) -> Iterator[int]:
    raw = text.encode("utf-16-be")
    for place in range(0, len(raw), 2):
        yield int.from_bytes(raw[place : place + 2], "big")


def _base64(raw: bytes) -> Iterator[bytes]:
    """Yield the characters of base64 that depend on `raw` alone, wherever in a text it stands."""
    for before in range(3):
        # 4 characters for 3 bytes: those at the ends are made of a neighbour's bits, too.
        first = (0, 2, 3)[before]
        last = (before + len(raw)) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(b"\0" * before + raw)[first:last]


def _decoded(text: bytes) -> Iterator[bytes]:
    """Yield pieces of the text out of up to three encodings inside each other.

    Piece by piece, and within a bound of work: an answer may be a megabyte of anything.
    """
    budget = _MAX_DECODED
    for begin in range(0, len(text), _PIECE - _OVERLAP):
        piece = text[begin : begin + _PIECE]
        todo, seen = [(piece, 0)], {piece}
        while todo:
            one, depth = todo.pop()
            for decode, mark in _DECODERS:
                if depth == _MAX_DEPTH or not mark.search(one):
                    continue
                plain = decode(one)
                budget -= len(one)
                if budget < 0:
                    return
                if plain not in seen:
                    seen.add(plain)
                    todo.append((plain, depth + 1))
                    yield plain


def _unescape_html(text: bytes) -> bytes:
    return unescape(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogatepass")


def _unescape_json(text: bytes) -> bytes:
    return _JSON_ESCAPE.sub(_json_character, text)


def _json_character(found: re.Match[bytes]) -> bytes:
    if not found[1]:
        return found[2]
    # One escape, or the two halves of a surrogate pair.
    units = bytes.fromhex(found[1].replace(b"\\u", b"").decode())
    return units.decode("utf-16-be", "replace").encode()


_JSON_ESCAPE: Final = re.compile(
    rb'\\(?:u([Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|[0-9A-Fa-f]{4})|([\\/"]))'
)
_BLANKS: Final = re.compile(rb"(?:[ \t\r\n]|\\[rnt])+")
_SEPARATED_HEX: Final = re.compile(rb"(?<=[0-9A-Fa-f]{2})[ :-](?=[0-9A-Fa-f]{2})")


def _join_lines(text: bytes) -> bytes:
    return _BLANKS.sub(b"", text)


def _join_hex(text: bytes) -> bytes:
    return _SEPARATED_HEX.sub(b"", text)


def _drop_nul(text: bytes) -> bytes:
    return text.replace(b"\0", b"")


def _unquote(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))


_DECODERS: Final[tuple[tuple[Callable[[bytes], bytes], re.Pattern[bytes]], ...]] = (
    (_unquote, re.compile(rb"%[0-9A-Fa-f]{2}")),
    (_unescape_html, re.compile(rb"&[#a-zA-Z]")),
    (_unescape_json, _JSON_ESCAPE),
    (_drop_nul, re.compile(rb"\0")),
    (_join_lines, _BLANKS),
    (_join_hex, _SEPARATED_HEX),
)
"""How to take a text out of each encoding, and the mark of a text that is in it."""
