"""The idiomatic Python API, and what every wrapper holds: start calls, and follow them."""

from __future__ import annotations

import os
from copy import copy
from typing import TYPE_CHECKING

from ._core.credentials import Credentials
from ._core.invalid import InvalidInputError
from ._core.settings import Settings
from ._core.values import as_calls, as_invocations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from threading import Event
    from types import TracebackType
    from typing import Self

    from ._core.http import Transport
    from ._core.values import Call, Invocation

__all__ = ["OutboundClient"]


class OutboundClient:
    """One outbound service, and the account that it is configured on.

    Args:
        cloud_id: Id of the cloud, such as "1-2-0".
        username: Your user name on it, such as "user@example.com".
        service_name: Name of the outbound service.
        service_password: The outbound service password of that service (not the account's).
        base_url: Where the web services are. None: ACULAB_BASE_URL, else the cloud's own
            address. Plain http is taken for a loopback address only.
        timeout: Seconds for one whole request, connecting included. None: ACULAB_TIMEOUT,
            else 30.
        proxy: Address of an HTTP proxy, "http://host:port". None: ACULAB_PROXY, else none.
        ca_bundle: PEM file of certificates to trust, or a folder of them under their hashed
            names (see `openssl rehash`). None: ACULAB_CA_BUNDLE, else those of certifi.
        transport: Carries the requests instead of the network: a `Sandbox`, say. The four
            arguments before it then have no effect.

    Raises:
        InvalidInputError: an argument cannot be used.

    One client may be used from several threads.
    """

    __slots__ = ("_session",)

    def __init__(
        self,
        cloud_id: str,
        username: str,
        service_name: str,
        service_password: str,
        *,
        base_url: str | None = None,
        timeout: float | None = 30.0,
        proxy: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        transport: Transport | None = None,
    ) -> None:
        # All that a request needs, and a failure of it, is imported here and now: nothing may be
        # missing once a byte has left. Only requests itself waits for the first request.
        from ._core.session import Session

        try:
            self._session = Session(
                Credentials(cloud_id, username, service_name, service_password),
                Settings.checked(base_url, timeout, proxy, ca_bundle),
                transport,
            )
        finally:
            del service_password, proxy  # see SecretHolder

    @classmethod
    def from_env(
        cls,
        *,
        transport: Transport | None = None,
    ) -> Self:
        """Return a client made from the variables that the command reads.

        `ACULAB_CLOUD_ID`, `ACULAB_USERNAME`, `ACULAB_SERVICE` and `ACULAB_SERVICE_PASSWORD`
        say who asks; `ACULAB_BASE_URL`, `ACULAB_PROXY`, `ACULAB_CA_BUNDLE` and `ACULAB_TIMEOUT`
        how. Variables that are empty count as not set.

        Args:
            transport: As in the constructor.

        Raises:
            InvalidInputError: one of the first four is not set, or cannot be used.
        """
        found = {name: os.environ.get(name, "") for name in _ACCOUNT_VARIABLES}
        missing = [name for name, text in found.items() if not text]
        try:
            if missing:
                raise InvalidInputError(f"not set in the environment: {', '.join(missing)}")
            return cls(*found.values(), timeout=None, transport=transport)
        finally:
            del found

    def start(self, call_or_calls: Call | Iterable[Call]) -> list[Invocation]:
        """Start one instance of the service for each call. Sent once, never again.

        What is proven not to have left this machine, and may pass, is tried again: at most three
        times in all, within the time limit. A transport of your own is never asked twice. An
        exception from outside (a task's time limit, Ctrl-C) comes out as it is; its `__cause__` is
        the error of this start, with the outcome.

        Args:
            call_or_calls: One call, or several. An array needs a Production or Premium account.

        Returns:
            One invocation for each call, in the order of the calls, with its id.

        Raises:
            InvalidInputError: nothing to start, or something else than calls. Nothing was sent.
            NotSentError: proven not to have left this machine.
            RejectedError: the cloud refused.
            UnknownOutcomeError: the calls may have been started.
            StartedMismatchError: the cloud gave fewer, more or repeated ids; it holds them all.

        Wire: one POST /service_start, see `Start`.
        Source: Aculab's page "Starting An Outbound Service", "Starting an Outbound Service using
            the service_start Web Service". Evidence: documented; the answer's shape is assumed.
        """
        return self._session.start(as_calls(call_or_calls))

    def status(
        self, invocations_or_ids: Invocation | str | Iterable[Invocation | str]
    ) -> list[Invocation]:
        """Ask once how far the calls have come.

        Args:
            invocations_or_ids: What `start` or an earlier `status` returned, or bare ids.
                Invocations carry what was heard before, which settles `finished`: bare ids
                cannot tell a first UNKNOWN from a second.

        Returns:
            One invocation for each, in the order given. An id that the answer leaves out keeps
            its last news. Nothing given, nothing sent.

        Raises:
            InvalidInputError: something else than invocations and ids.
            StatusError: refused, or no readable answer. The calls go on. Ids that the cloud
                refuses to speak of are its `blamed_ids`; of the others it has the news.

        Wire: one POST /service_status for each 500 different ids, see `GetStatus`; a batch that is
            refused is split until it is known which id is to blame.
        Source: none. Evidence: assumed.
        """
        from ._core.polling import request_status

        return request_status(self._session, as_invocations(invocations_or_ids))

    def wait(
        self,
        invocations_or_ids: Invocation | str | Iterable[Invocation | str],
        *,
        timeout: float,
        poll: float = 2.0,
        on_update: Callable[[list[Invocation]], object] | None = None,
        cancel: Event | None = None,
    ) -> list[Invocation]:
        """Poll until every call has finished.

        A poll that fails, and may succeed later, is made again: after what the server asks for
        (Retry-After, 1 to 60 seconds), else after a random pause that grows to 30. Ids that the
        cloud refuses to speak of are left out, and told of when the others have finished.

        Args:
            invocations_or_ids: As for `status`.
            timeout: Seconds until giving up.
            poll: Seconds between polls; the page's samples use 2.
            on_update: Called with all invocations after each poll.
            cancel: Set it from another thread to stop waiting at once. (Not from a signal handler:
                an Event's lock may be held by the very code that the signal interrupted.)

        Returns:
            One invocation for each, in the order given; all finished, unless cancelled.

        Raises:
            InvalidInputError: an argument cannot be used.
            WaitTimeoutError: not all had finished in time; it holds the last news.
            StatusError: the cloud refused to answer; or ten polls in a row failed, or more than
                three of them with an answer that cannot be read; or of some ids there is no news
                to be had, see its `blamed_ids`.

        Wire: a `status` for those that have not finished, at once and after each `poll` seconds.
        """
        from ._core.polling import wait

        return wait(
            self._session,
            as_invocations(invocations_or_ids),
            timeout=_positive(timeout, "timeout"),
            poll=_positive(poll, "poll"),
            on_update=on_update,
            cancel=cancel,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that polls have kept. The client can be used again."""
        self._session.close()

    def __repr__(self) -> str:
        session = getattr(self, "_session", None)  # absent when __init__ refused
        return f"<OutboundClient of {'nobody' if session is None else session.credentials.user}>"

    def _with_proxy(self, proxy: str, absolute_uri: bool) -> Self:
        """Return this client behind a proxy, as PHP's setProxy sets one."""
        try:
            made = copy(self)
            made._session = self._session.with_proxy(proxy, absolute_uri)
            return made
        finally:
            del proxy  # see SecretHolder


_ACCOUNT_VARIABLES = (
    "ACULAB_CLOUD_ID",
    "ACULAB_USERNAME",
    "ACULAB_SERVICE",
    "ACULAB_SERVICE_PASSWORD",
)


def _positive(seconds: object, name: str) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0:
        raise InvalidInputError(f"{name} must be a number of seconds above 0: {seconds!r}")
    from threading import TIMEOUT_MAX  # with the first wait

    return min(float(seconds), TIMEOUT_MAX)
