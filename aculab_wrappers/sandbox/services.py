"""Which outbound services the sandbox has, and how each is configured."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Literal, get_args
from urllib.parse import urlsplit

from .._core.credentials import Credentials, SecretHolder
from ..errors import InvalidInputError
from .destinations import shown
from .pacing import account_of, checked_rate
from .quoting import quoted

if TYPE_CHECKING:
    from .login import Login

Kind = Literal["telephone", "conference"]
ApiVersion = Literal["1.0", "2.0"]


class Service(SecretHolder):
    """An outbound service, as its owner has configured it on the Outbound Services page.

    Args:
        username: The account's user name, such as "user@example.com".
        name: The service's name.
        password: The outbound service password. Never shown, and no pickle holds it.
        kind: What the service calls: "telephone" (numbers and SIP addresses) or "conference".
        cloud_id: The cloud that the account is on.
        first_page: The http or https address that is requested when a call is answered. "": the
            sandbox plays an application that returns 0.
        final_page: The address that is requested when a call has ended, or was rejected. "": none.
        far_end_classification: Whether a human or an answering machine is told apart first.
        api_version: The REST API's version, which decides the form of a page request: "1.0" or
            "2.0".
        calls_per_second: A pace of the service's own, below that of its account; None for none.

    Raises:
        InvalidInputError: an argument that no real service could have.

    Source: Aculab's page, its first Note: "configured either to call a Telephone Number/SIP address
        or a conference"; protocol notes 1.3 to 1.5. Evidence: documented.
    """

    __slots__ = (
        "__password",
        "api_version",
        "calls_per_second",
        "cloud_id",
        "far_end_classification",
        "final_page",
        "first_page",
        "kind",
        "name",
        "user",
        "username",
    )

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
        first_page: str = "",
        final_page: str = "",
        far_end_classification: bool = False,
        api_version: ApiVersion = "1.0",
        calls_per_second: float | None = None,
    ) -> None:
        try:
            # Credentials knows the rules for all four.
            self.user = Credentials(cloud_id, username, name, password).user
            self.__password = password
        finally:
            del password  # a traceback that prints local variables must find none here
        self.username = username
        self.name = name
        self.cloud_id = cloud_id
        self.kind: Kind = _word(kind, Kind, "kind")
        self.first_page = _page(first_page, "first_page")
        self.final_page = _page(final_page, "final_page")
        self.far_end_classification = _flag(far_end_classification)
        self.api_version: ApiVersion = _word(api_version, ApiVersion, "api_version")
        self.calls_per_second = None if calls_per_second is None else checked_rate(calls_per_second)

    @property
    def password(self) -> str:
        """The outbound service password."""
        return self.__password

    @property
    def account(self) -> str:
        """The user name of its account: cloudID/username."""
        return account_of(self.user)

    @property
    def settings(self) -> dict[str, Any]:
        """What its owner can change, by name."""
        return {name: getattr(self, name) for name in SETTINGS}

    def with_(self, **changes: Any) -> Service:
        """The same service with other settings.

        Raises:
            InvalidInputError: no such setting, or one that no real service could have.
        """
        unknown = changes.keys() - set(SETTINGS)
        if unknown:
            raise InvalidInputError(
                f"{shown(min(unknown))} is no setting of a service: expected one of "
                f"{', '.join(SETTINGS)}"
            )
        return Service(
            self.username,
            self.name,
            self.__password,
            cloud_id=self.cloud_id,
            **{**self.settings, **changes},
        )

    def __repr__(self) -> str:
        return f"<Service {self.user} ({self.kind})>"


SETTINGS: Final = (
    "kind",
    "first_page",
    "final_page",
    "far_end_classification",
    "api_version",
    "calls_per_second",
)
"""What the owner of a service can change while it is there."""


class Services:
    """The services of one sandbox, found by login.

    Two with the same user name and different passwords are one service that takes both: the
    page's Java samples give `myCallAConferenceService` another password than its C# samples.
    """

    __slots__ = ("_by_user", "_nobody")

    def __init__(self, services: Iterable[Service]) -> None:
        self._by_user: dict[str, list[Service]] = {}
        self._nobody = [Service("nobody", "nothing", "no password")]
        for service in _listed(services):
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
        opened = [service for service in candidates if login.gives(service.password)]
        return opened[0] if opened and candidates is not self._nobody else None

    def get(self, user: str) -> Service | None:
        """The service of that user name, or None."""
        return next(iter(self._by_user.get(user, ())), None)

    def all(self) -> list[Service]:
        """One for each user name, in the order given."""
        return [same[0] for same in self._by_user.values()]

    def rate(self, user: str) -> float:
        """The calls per second of a service; inf when it has no pace of its own."""
        service = self.get(user)
        rate = service.calls_per_second if service else None
        return math.inf if rate is None else rate

    def change(self, user: str, changes: dict[str, Any]) -> Service:
        """Change the settings of a service.

        Raises:
            InvalidInputError: no such service or setting, or one that no real service could have.
        """
        same = self._by_user.get(user)
        if same is None:
            raise InvalidInputError(f"there is no service {shown(user)}")
        self._by_user[user] = [service.with_(**changes) for service in same]
        return self._by_user[user][0]


def _listed(services: object) -> list[object]:
    if not isinstance(services, Iterable):
        kind = type(services).__name__
        raise InvalidInputError(f"services must be an iterable of Service, not {kind}")
    listed = list(services)
    if not listed:
        raise InvalidInputError("services is empty: a sandbox needs at least one")
    return listed


def _page(address: object, name: str) -> str:
    if not isinstance(address, str):
        raise InvalidInputError(f"{name} must be str, not {type(address).__name__}")
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise InvalidInputError(f"{name} must be an http or https address") from None
    if not sound or not address.isprintable() or " " in address:
        raise InvalidInputError(f"{name} must be an http or https address")
    if "@" in parts.netloc:
        raise InvalidInputError(f"{name} must not hold a user name or password: it is shown")
    return address


def _word(word: Any, words: Any, name: str) -> Any:
    if word not in get_args(words):
        expected = " or ".join(map(repr, get_args(words)))
        raise InvalidInputError(f"{name} must be {expected}, not {quoted(word)}")
    return word


def _flag(flag: object) -> bool:
    if not isinstance(flag, bool):
        raise InvalidInputError(f"far_end_classification must be bool, not {type(flag).__name__}")
    return flag


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
"""The services that the samples of the Aculab's page name, with the passwords printed there.

Two samples still end in COULDNOTRUN, as the page's note says they must: Java's third calls
numbers through `myCallAConferenceService`, and PHP's second a conference through the `appname`
of its other two.
"""
