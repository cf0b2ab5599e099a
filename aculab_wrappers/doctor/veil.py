"""Taking whatever names the account out of what is quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .._core.hidden import spellings

if TYPE_CHECKING:
    from .._core.credentials import Credentials
    from .._core.settings import Proxy

_HIDDEN = b"***"
LEFT_OUT = "user name, service name and every password"
"""What the report does not hold."""


class Veil:
    """Hides the passwords, the user name and the service name, however they are written."""

    def __init__(self, credentials: Credentials, proxy: Proxy | None) -> None:
        _, username, service = credentials.user.split("/", 2)
        names = (spellings(text) or _whole_word(text) for text in (username, service))
        secret = (credentials.spellings(), proxy.spellings() if proxy else None)
        self._patterns = [pattern for pattern in (*secret, *names) if pattern]

    def over(self, text: bytes) -> bytes:
        """The text without them."""
        for pattern in self._patterns:
            text = pattern.sub(_HIDDEN, text)
        return text

    def __repr__(self) -> str:
        return "<Veil>"


def _whole_word(text: str) -> re.Pattern[bytes]:
    """A name that is too short to be looked for inside of words."""
    return re.compile(rb"(?<![A-Za-z0-9])" + re.escape(text.encode()) + rb"(?![A-Za-z0-9])")
