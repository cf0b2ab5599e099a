"""Who asks: the account, the service and the service password, as HTTP Basic authentication."""

from __future__ import annotations

import re
from binascii import b2a_base64
from typing import TYPE_CHECKING, NoReturn

from .invalid import InvalidInputError
from .validation import check_text

if TYPE_CHECKING:
    from typing import Self

# [0-9] and \A..\Z on purpose: \d takes the digits of every script, and $ a final newline.
CLOUD_ID = re.compile(r"\A[0-9]{1,3}(-[0-9]{1,3}){2}\Z")


class SecretHolder:
    """Mixin for objects that hold a password.

    Copying returns the object itself, and pickling raises TypeError. Functions that take a
    password delete their own name for it when they end, so that a traceback which prints local
    variables does not show it.
    """

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __getstate__(self) -> NoReturn:
        self.__reduce_ex__(None)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be pickled: it holds a password")


class Credentials(SecretHolder):
    """The service's user name and password. Shows neither, and cannot be pickled.

    Not a dataclass: `asdict` and `pickle` would show the password.

    Wire: `Authorization: Basic` over `cloudID/username/service_name:service_password`, UTF-8
        (RFC 7617).
    Source: Aculab Cloud, "Starting An Outbound Service", "Http authentication username and
        password". Evidence: documented; the cloud id's form is assumed from its examples.
    """

    __slots__ = ("__authorization", "__password", "user")

    user: str
    """The user name as sent: cloudID/username/service_name."""

    def __init__(
        self, cloud_id: str, username: str, service_name: str, service_password: str
    ) -> None:
        try:
            cloud_id = check_text(cloud_id, "cloud_id")
            if not CLOUD_ID.match(cloud_id):
                # What holds a letter may be a password in the wrong place.
                is_harmless = re.fullmatch("[0-9 ._-]{0,20}", cloud_id)
                shown = repr(cloud_id) if is_harmless else f"a text of {len(cloud_id)} characters"
                raise InvalidInputError(
                    f"cloud_id must be three numbers joined by dashes, like 1-2-0, not {shown}"
                )
            username = _check_user_part(username, "username")
            service_name = _check_user_part(service_name, "service_name")
            self.__password = check_text(service_password, "service_password", secret=True)
            if not self.__password:
                raise InvalidInputError("service_password is empty: was its variable set?")
        finally:
            del service_password
        self.user = f"{cloud_id}/{username}/{service_name}"
        pair = f"{self.user}:{self.__password}".encode()
        self.__authorization = "Basic " + b2a_base64(pair, newline=False).decode()

    def authorization(self) -> str:
        """Return the value of the Authorization header."""
        return self.__authorization

    def password(self) -> str:
        """Return the service password, for those who must find it in what a server sent."""
        return self.__password

    def __repr__(self) -> str:
        return f"<Credentials of {getattr(self, 'user', 'nobody')}>"  # no user: __init__ refused


def _check_user_part(text: str, name: str) -> str:
    """Return one of the parts that '/' joins, before the ':' that ends a Basic user name."""
    plain = check_text(text, name)
    for mark in ":/":
        if mark in plain:
            raise InvalidInputError(
                f"{name} must not hold {mark!r}: the cloud reads cloudID/username/service_name, "
                f"and HTTP ends the user name at the first ':'"
            )
    return plain
