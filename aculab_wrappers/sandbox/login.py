"""Who asks, as HTTP Basic authentication says."""

from __future__ import annotations

import binascii
from base64 import b64decode
from difflib import get_close_matches
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

from .._core.credentials import SecretHolder
from .destinations import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_LISTED: Final = 5


class Login(SecretHolder):
    """The user name and password that a request came with. Shows no password."""

    __slots__ = ("__password", "user")

    def __init__(self, user: bytes, password: bytes) -> None:
        self.user = user.decode("utf-8", "replace")
        self.__password = password

    @classmethod
    def read(cls, authorization: str | None) -> Login | None:
        """What an Authorization header says, or None when it is no Basic login (RFC 7617)."""
        scheme, _, text = (authorization or "").partition(" ")
        try:
            pair = b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            return None
        user, colon, password = pair.partition(b":")
        return cls(user, password) if scheme.lower() == "basic" and colon else None

    def gives(self, password: str) -> bool:
        """Whether this is the password. Takes the same time however wrong it is."""
        return compare_digest(self.__password, password.encode())

    def __repr__(self) -> str:
        return f"<Login of {self.user}>"


def login_hint(login: Login | None, known: Sequence[str]) -> str:
    """Why a login opens nothing, for the developer; the answer never tells.

    Args:
        login: What came.
        known: The user names that would open it.
    """
    if login is None:
        return "no Basic authentication came with it"
    if login.user in known:
        return "the user name is right; the password is another"
    near = get_close_matches(login.user[:200], known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(known[:_LISTED])}"
    return f"{shown(login.user)} is no user name that opens it; {advice}"
