"""The accounts that outbound services belong to: tier, pace and validated caller ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Literal, get_args

from .._core.credentials import Credentials, SecretHolder
from .._core.validation import check_text
from ..errors import InvalidInputError
from .destinations import digits_of
from .pacing import checked_rate
from .quoting import quoted

if TYPE_CHECKING:
    from .login import Login
    from .services import Service

Tier = Literal["developer", "production", "premium"]

NEW_ACCOUNT_RATE: Final = 1.0
"""Outbound services per second that a new account may start. Documented (guide to calls per
second)."""


class Account(SecretHolder):
    """An account: what all its outbound services share.

    Args:
        username: The account's user name, such as "user@example.com".
        cloud_id: The cloud that it is on.
        tier: "developer", "production" or "premium". A developer account starts one call at a
            time: an array is refused.
        calls_per_second: How many starts leave the queue in a second; None for the sandbox's own
            figure.
        caller_ids: The validated caller ids; None takes every telephone number for one.
        api_access_key: The password of the account's own requests, such as the list of queues.
            Never shown, and no pickle holds it.

    Raises:
        InvalidInputError: an argument that no real account could have.

    Source: protocol notes 1.1 (tiers), 1.3 (pace), 4 (key), 5 (caller ids). Evidence: documented;
        how each is refused is assumed.
    """

    __slots__ = (
        "__api_access_key",
        "caller_ids",
        "calls_per_second",
        "cloud_id",
        "tier",
        "user",
        "username",
    )

    user: str
    """The user name of its own requests: cloudID/username."""

    def __init__(
        self,
        username: str,
        *,
        cloud_id: str = "1-2-0",
        tier: Tier = "production",
        calls_per_second: float | None = None,
        caller_ids: Iterable[str] | None = None,
        api_access_key: str = "sandbox",
    ) -> None:
        try:
            # Credentials knows the rules; an account has no service, so any name will do.
            user = Credentials(cloud_id, username, "any", "any").user
            self.__api_access_key = check_text(api_access_key, "api_access_key", secret=True)
        finally:
            del api_access_key  # a traceback that prints local variables must find none here
        if tier not in get_args(Tier):
            raise InvalidInputError(
                f"tier must be 'developer', 'production' or 'premium', not {quoted(tier)}"
            )
        self.user = user.rpartition("/")[0]
        self.username = username
        self.cloud_id = cloud_id
        self.tier: Tier = tier
        self.calls_per_second = None if calls_per_second is None else checked_rate(calls_per_second)
        self.caller_ids = None if caller_ids is None else _caller_ids(caller_ids)

    @property
    def api_access_key(self) -> str:
        """The API Access Key."""
        return self.__api_access_key

    def may_call_from(self, caller_id: str) -> bool:
        """Whether this caller id is validated. A '+' and dashes do not matter.

        Source: guide to caller ids: "checked and if necessary modified". Evidence: documented
            that it is checked; how it is modified is assumed.
        """
        number = digits_of(caller_id)
        return bool(number) and (self.caller_ids is None or number in self.caller_ids)

    def __repr__(self) -> str:
        return f"<Account {self.user} ({self.tier})>"


class Accounts:
    """The accounts of one sandbox: those it is told, and one for each other service's owner."""

    __slots__ = ("_by_user", "_nobody", "_rate")

    def __init__(
        self, accounts: Iterable[Account], services: Iterable[Service], rate: float
    ) -> None:
        self._rate = checked_rate(rate)
        self._nobody = Account("nobody", api_access_key="")
        self._by_user: dict[str, Account] = {}
        if not isinstance(accounts, Iterable):
            kind = type(accounts).__name__
            raise InvalidInputError(f"accounts must be an iterable of Account, not {kind}")
        for account in accounts:
            if not isinstance(account, Account):
                kind = type(account).__name__
                raise InvalidInputError(f"accounts must hold Account objects, not {kind}")
            if self._by_user.setdefault(account.user, account) is not account:
                raise InvalidInputError(f"accounts has {account.user} twice")
        for service in services:
            if service.account not in self._by_user:
                made = Account(service.username, cloud_id=service.cloud_id)
                self._by_user[made.user] = made

    def of(self, service_user: str) -> Account:
        """The account that a service's user name belongs to, known or not."""
        return self._by_user.get(service_user.rpartition("/")[0], self._nobody)

    def users(self) -> list[str]:
        """The user names of all of them."""
        return list(self._by_user)

    def rate(self, account_user: str) -> float:
        """How many starts of this account leave the queue in a second."""
        own = self._by_user.get(account_user, self._nobody).calls_per_second
        return self._rate if own is None else own

    def find(self, login: Login) -> Account | None:
        """The account that the login opens with its API Access Key, or None."""
        # An unknown user is compared too, so that the time taken tells nothing.
        account = self._by_user.get(login.user, self._nobody)
        opened = login.gives(account.api_access_key)
        return account if opened and account is not self._nobody else None


def _caller_ids(caller_ids: object) -> frozenset[str]:
    if isinstance(caller_ids, str) or not isinstance(caller_ids, Iterable):
        raise InvalidInputError("caller_ids must be an iterable of telephone numbers")
    numbers = set()
    for caller_id in caller_ids:
        number = digits_of(caller_id) if isinstance(caller_id, str) else ""
        if not number:
            raise InvalidInputError(
                f"caller_ids holds {quoted(caller_id)}, which is no telephone number"
            )
        numbers.add(number)
    return frozenset(numbers)
