"""Who asks: the account, the service and the service password, as HTTP Basic authentication."""

from __future__ import annotations

import re
from binascii import b2a_base64

from ..errors import InvalidInputError
from .secret import Secretive
from .text import sendable

# [0-9] and \A..\Z on purpose: \d takes the digits of every script, and $ a final newline.
_CLOUD_ID = re.compile(r"\A[0-9]{1,3}(-[0-9]{1,3}){2}\Z")


class Credentials(Secretive):
    """The service's user name and password. Shows neither, and cannot be pickled.

    Not a dataclass: `asdict` and `pickle` would show the password.

    Wire: `Authorization: Basic` over `cloudID/username/service_name:service_password`, UTF-8
        (RFC 7617).
    Source: seed page, "Http authentication username and password". Evidence: documented; the
        cloud id's form is assumed from its examples.
    """

    __slots__ = ("__authorization", "__password", "__spellings", "user")

    __spellings: re.Pattern[bytes] | None
    user: str
    """The user name as sent: cloudID/username/service_name."""

    def __init__(
        self, cloud_id: str, username: str, service_name: str, service_password: str
    ) -> None:
        try:
            cloud_id = sendable(cloud_id, "cloud_id")
            if not _CLOUD_ID.match(cloud_id):
                raise InvalidInputError(
                    f"cloud_id must be three numbers joined by dashes, like 1-2-0, not {cloud_id!r}"
                )
            username = _user_part(username, "username")
            service_name = _user_part(service_name, "service_name")
            self.__password = sendable(service_password, "service_password", secret=True)
        finally:
            # A traceback that prints local variables must find no password in this frame.
            del service_password
        self.user = f"{cloud_id}/{username}/{service_name}"
        pair = f"{self.user}:{self.__password}".encode()
        self.__authorization = "Basic " + b2a_base64(pair, newline=False).decode()

    def authorization(self) -> str:
        """The value of the Authorization header."""
        return self.__authorization

    def spellings(self) -> re.Pattern[bytes] | None:
        """The password in every way a server may echo it; None if it is too short to be known."""
        try:
            return self.__spellings
        except AttributeError:
            from .hidden import spellings  # with the first error: most programs never need it

            self.__spellings = spellings(self.__password)
            return self.__spellings

    def __repr__(self) -> str:
        return f"<Credentials of {getattr(self, 'user', 'nobody')}>"  # no user: __init__ refused


def _user_part(text: str, name: str) -> str:
    """One of the parts that '/' joins, before the ':' that ends a Basic user name."""
    plain = sendable(text, name)
    for mark in ":/":
        if mark in plain:
            raise InvalidInputError(
                f"{name} must not hold {mark!r}: the cloud reads cloudID/username/service_name, "
                f"and HTTP ends the user name at the first ':'"
            )
    return plain
