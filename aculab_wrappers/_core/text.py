"""Which text may be sent: the same rule for every field of every operation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sized

# Patterns that re compiles with the first text that is not plain ASCII: it takes long over them.
_UNSENDABLE: Final = "[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
"""C0 and C1 control characters, and halves of surrogate pairs, which UTF-8 cannot carry."""
_DIRECTION: Final = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
"""Controls of writing direction: with them, what is read is not what is rung."""


def sendable(text: object, name: str, *, secret: bool = False) -> str:
    """Return `text` as a plain str, or say why `name` cannot be sent.

    Args:
        text: What the caller passed.
        name: The argument's name, for the message.
        secret: True keeps every character of the text out of the message.

    Raises:
        InvalidInputError: not a str, or holds a control character or a lone surrogate.
    """
    if not isinstance(text, str):
        raise InvalidInputError(f"{name} must be a str, not {type(text).__name__}")
    # A subclass (a str enum, say) may print as something else than the text that it is.
    plain = text if type(text) is str else str.__str__(text)
    if plain.isascii() and plain.isprintable():
        return plain
    found = re.search(_UNSENDABLE, plain)
    if found:
        what = "a lone surrogate" if found[0] >= "\ud800" else "a control character"
        where = "" if secret else f" (U+{ord(found[0]):04X} at position {found.start()})"
        del text, plain, found  # a traceback that prints local variables must not show a secret
        raise InvalidInputError(f"{name} holds {what}{where}, which cannot be sent")
    return plain


def sendable_address(text: object, name: str) -> str:
    """Like `sendable`, for a caller or a destination: no control of writing direction either."""
    plain = sendable(text, name)
    found = None if plain.isascii() else re.search(_DIRECTION, plain)
    if found:
        raise InvalidInputError(
            f"{name} holds a control character of writing direction "
            f"(U+{ord(found[0]):04X} at position {found.start()}): what is read is not what is rung"
        )
    return plain


def counted(things: Sized, name: str) -> str:
    """How many there are, as "1 call" or "2 calls"."""
    return f"{len(things)} {name}" if len(things) == 1 else f"{len(things)} {name}s"
