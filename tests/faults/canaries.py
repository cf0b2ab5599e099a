"""Sixty-four passwords, and a search for them that shares nothing with the package's own."""

from __future__ import annotations

import functools
import json
import os
import random
import traceback
from base64 import b64encode, urlsafe_b64encode
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

from ..transport.asking import chain

if TYPE_CHECKING:
    from collections.abc import Iterator

ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "aAbBcCdDeEfFgGhHiIjJkKlLmM",
    "0123456789",
    "0123456789abcdef",
    "ABCxyz019+/=",
    "!$^*()[]{}|.?-",
    "%25+&=#ab",
    "<>&\"';ab",
    '\\"/\\bu0',
    ":/@?#ab1",
    "a b",
    "äöüßéèñçø£",
    "пароль",
    "密码口令αβγ",
    "😀🔑🙈x",
    "e\u0301o\u0308שלוםن",
)
LENGTHS: Final = (8, 9, 10, 31)
"""All three places where base64 can end, and one that is longer than most words."""


def _made() -> tuple[str, ...]:
    dice = random.Random(62)
    return tuple(
        "".join(dice.choice(alphabet) for _ in range(length))
        for alphabet in ALPHABETS
        for length in LENGTHS
    )


CANARIES: Final = _made()


def in_base64(raw: bytes) -> Iterator[str]:
    """The base64 of `raw` at each place where it may begin, without what its neighbours change."""
    for before in range(3):
        first, last = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(bytes(before) + raw)[first:last].decode()


@functools.cache
def spellings(secret: str) -> dict[str, set[str]]:
    """How the secret may be written, by kind."""
    raw = secret.encode()
    wide = secret.encode("utf-16-be")
    units = [int.from_bytes(wide[at : at + 2], "big") for at in range(0, len(wide), 2)]
    return {
        "plain": {secret},
        "repr": {repr(secret)[1:-1], repr(raw)[2:-1]},
        "bytes": {raw.decode("latin-1")},
        "base64": set(in_base64(raw)),
        "percent": {
            quote(secret, safe=""),
            quote(secret),
            quote_plus(secret),
            "".join(f"%{byte:02x}" for byte in raw),
        },
        "json": {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]},
        "escapes": {"".join(f"\\u{unit:04x}" for unit in units)},
        "hex": {raw.hex()},
        "html": {escape(secret)},
    }


def leaks(text: str, secret: str) -> list[str]:
    """The kinds of spelling in which `secret` stands in `text`."""
    small = text.lower()
    return [
        kind
        for kind, found in spellings(secret).items()
        if any(spelling in text or spelling.lower() in small for spelling in found)
    ]


OURS: Final = os.path.dirname(os.path.dirname(__file__))


def members_of(error: BaseException) -> str:
    """What an error and its causes tell by themselves."""
    parts: list[str] = []
    for one in chain(error):
        parts += [str(one), repr(one), repr(one.args), repr(vars(one))]
        parts += [repr(getattr(one, name, None)) for name in ("request", "response", "object")]
        parts += getattr(one, "__notes__", [])
    return "\n".join(parts)


def told_of(error: BaseException, *, richly: bool = False) -> str:
    """All that an error tells: its text, its members, and its frames' local variables.

    Without the frames of the tests, whose variables hold what is looked for.
    """
    parts = [members_of(error)]
    for one in chain(error):
        shown = traceback.TracebackException.from_exception(one, capture_locals=True)
        shown.stack[:] = [frame for frame in shown.stack if OURS not in frame.filename]
        parts += shown.format(chain=False)
    if richly:
        parts.append(_in_rich(error))
    return "\n".join(parts)


def _in_rich(error: BaseException) -> str:
    from rich.console import Console
    from rich.traceback import Traceback

    made = Traceback.from_exception(
        type(error),
        error,
        error.__traceback__,
        show_locals=True,
        width=20_000,
        locals_max_length=10_000,
        locals_max_string=100_000,
    )
    for stack in made.trace.stacks:
        stack.frames[:] = [frame for frame in stack.frames if OURS not in frame.filename]
    page = StringIO()
    Console(file=page, width=20_000).print(made)
    return page.getvalue()
