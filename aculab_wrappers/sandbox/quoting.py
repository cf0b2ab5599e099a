"""Quoting what came from outside in a message."""

from __future__ import annotations

from typing import Final

MAX_QUOTED: Final = 60
"""Most characters of a text that a message shows."""


def quoted(found: object) -> str:
    """Return `repr(found)`, cut to MAX_QUOTED characters: a message stays readable."""
    text = repr(found)
    return text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}..."
