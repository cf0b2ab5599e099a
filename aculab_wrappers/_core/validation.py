"""Which text may be sent: one rule for text, a stricter one for names and addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .invalid import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sized

# Patterns that re compiles with the first text that is not plain ASCII: it takes long over them.
_SURROGATE: Final = "[\ud800-\udfff]"
_CONTROL: Final = "[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
"""C0 and C1 control characters, and halves of surrogate pairs, which UTF-8 cannot carry."""
_DIRECTION: Final = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
"""Controls of writing direction: with them, what is read is not what is rung."""


def check_data(text: object, name: str) -> str:
    """Return data for the application as a plain str, whatever JSON and UTF-8 can carry.

    Raises:
        InvalidInputError: not a str, or holds a lone surrogate.
    """
    plain = _plain(text, name)
    found = None if plain.isascii() else re.search(_SURROGATE, plain)
    if found:
        raise InvalidInputError(_cannot_be_sent(name, found))
    return plain


def check_text(text: object, name: str, *, secret: bool = False) -> str:
    """Return `text` as a plain str without control characters.

    Args:
        text: What the caller passed.
        name: The argument's name, for the message.
        secret: True keeps every character of the text out of the message.

    Raises:
        InvalidInputError: not a str, or holds a control character or a lone surrogate.
    """
    plain = _plain(text, name)
    if plain.isascii() and plain.isprintable():
        return plain
    found = re.search(_CONTROL, plain)
    if found:
        message = _cannot_be_sent(name, found, secret=secret)
        del text, plain, found  # a traceback that prints local variables must not show a secret
        raise InvalidInputError(message)
    return plain


def check_address(text: object, name: str) -> str:
    """Return a caller or a destination like `check_text`, without controls of writing direction."""
    plain = check_text(text, name)
    found = None if plain.isascii() else re.search(_DIRECTION, plain)
    if found:
        raise InvalidInputError(
            f"{name} holds a control character of writing direction "
            f"(U+{ord(found[0]):04X} at position {found.start()}): what is read is not what is rung"
        )
    return plain


def pluralize(things: Sized, name: str) -> str:
    """Return how many there are, as "1 call" or "2 calls"."""
    return f"{len(things)} {name}" if len(things) == 1 else f"{len(things)} {name}s"


def printable(text: str) -> str:
    """Return text of unknown origin without line ends and control characters, for one line."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text)


def _plain(text: object, name: str) -> str:
    if not isinstance(text, str):
        raise InvalidInputError(f"{name} must be a str, not {type(text).__name__}")
    # A subclass (a str enum, say) may print as something else than the text that it is.
    return text if type(text) is str else str.__str__(text)


def _cannot_be_sent(name: str, found: re.Match[str], *, secret: bool = False) -> str:
    what = "a lone surrogate" if found[0] >= "\ud800" else "a control character"
    where = "" if secret else f" (U+{ord(found[0]):04X} at position {found.start()})"
    return f"{name} holds {what}{where}, which cannot be sent"
