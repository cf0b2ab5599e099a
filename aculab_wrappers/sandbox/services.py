"""Which outbound services the sandbox has, and who may use them."""

from __future__ import annotations

import binascii
from base64 import b64decode
from hmac import compare_digest
from typing import TYPE_CHECKING, Final, Literal, NoReturn, get_args

from .._core.credentials import Credentials
from ..errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

Kind = Literal["telephone", "conference"]


class Service:
    """An outbound service, as its owner has configured it on the Outbound Services page.

    Args:
        username: The account's user name, such as "user@example.com".
        name: The service's name.
        password: The outbound service password. Never shown, and no pickle holds it.
        kind: What the service calls: "telephone" (numbers and SIP addresses) or "conference".
        cloud_id: The cloud that the account is on.

    Raises:
        InvalidInputError: an argument that no real service could have.

    Source: seed page, its first Note: "configured either to call a Telephone Number/SIP address
        or a conference". Evidence: documented.
    """

    __slots__ = ("__password", "cloud_id", "kind", "name", "user", "username")

    user: str
    """The user name of its requests: cloudID/username/service_name."""

    def __init__(
        self,
        username: str,
        name: str,
        password: str,
        kind: Kind = "telephone",
        *,
        cloud_id: str = "1-2-0",
    ) -> None:
        try:
            # Credentials knows the rules for all four.
            self.user = Credentials(cloud_id, username, name, password).user
            self.__password = password
        finally:
            del password  # a traceback that prints local variables must find none here
        if kind not in get_args(Kind):
            raise InvalidInputError(f"kind must be 'telephone' or 'conference', not {kind!r}")
        self.username = username
        self.name = name
        self.kind: Kind = kind
        self.cloud_id = cloud_id

    @property
    def password(self) -> str:
        """The outbound service password."""
        return self.__password

    def __repr__(self) -> str:
        return f"<Service {self.user} ({self.kind})>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Service cannot be pickled: the pickle would hold its password")


class Login:
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

    def opens(self, service: Service) -> bool:
        """Whether this is the service's password. Takes the same time however wrong it is."""
        return compare_digest(self.__password, service.password.encode())

    def __repr__(self) -> str:
        return f"<Login of {self.user}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Login cannot be pickled: the pickle would hold its password")


class Services:
    """The services of one sandbox, found by login.

    Two with the same user name and different passwords are one service that takes both: the
    page's Java samples give `myCallAConferenceService` another password than its C# samples.
    """

    __slots__ = ("_by_user", "_nobody")

    def __init__(self, services: Iterable[Service]) -> None:
        self._by_user: dict[str, list[Service]] = {}
        self._nobody = [Service("nobody", "nothing", "")]
        for service in services:
            if not isinstance(service, Service):
                kind = type(service).__name__
                raise InvalidInputError(f"services must hold Service objects, not {kind}")
            same = self._by_user.setdefault(service.user, [])
            if same and same[0].kind != service.kind:
                raise InvalidInputError(
                    f"services has {service.user} twice, once for each kind: a service is "
                    f"configured either for telephone numbers and SIP addresses or for a conference"
                )
            same.append(service)

    def find(self, login: Login) -> Service | None:
        """The service that the login opens, or None, whether user or password is wrong."""
        # An unknown user is compared too, so that the time taken tells nothing.
        candidates = self._by_user.get(login.user, self._nobody)
        opened = [service for service in candidates if login.opens(service)]
        return opened[0] if opened and candidates is not self._nobody else None


DEFAULT_SERVICES: Final = (
    Service("user@example.com", "MyOutboundService", "MyOutboundServicePassword"),
    Service("bob@acompany.com", "myOutboundService", "myOutboundServicePassword"),
    Service(
        "bob@acompany.com",
        "myCallAConferenceService",
        "myCallAConferenceServicePassword",
        "conference",
    ),
    # The same service in the Java samples.
    Service(
        "bob@acompany.com", "myCallAConferenceService", "myOutboundServicePassword", "conference"
    ),
    Service(
        "bob@acompany.com",
        "myOutboundConferenceService",
        "myOutboundServicePassword",
        "conference",
    ),
    Service("user@example.com", "appname", "pass"),
)
"""The services that the samples of the seed page name, with the passwords printed there.

Two samples still end in COULDNOTRUN, as the page's note says they must: Java's third calls
numbers through `myCallAConferenceService`, and PHP's second a conference through the `appname`
of its other two.
"""
