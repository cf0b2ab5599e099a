"""The idiomatic Python API, and what every face holds: start calls, and follow them."""

from __future__ import annotations

import time
from copy import copy
from dataclasses import replace
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING

from ._core.arguments import as_calls, as_invocations
from ._core.credentials import Credentials
from ._core.outbound import STATUS_BATCH, GetStatus, Start
from ._core.settings import Proxy, Settings
from .errors import (
    AculabError,
    InvalidInputError,
    StartError,
    StatusError,
    TransportError,
    WaitTimeoutError,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence
    from threading import Event
    from types import TracebackType
    from typing import NoReturn, Self

    from ._core.outbound import Call, Invocation
    from ._core.wire import HttpResponse, Transport

__all__ = ["OutboundClient"]

_FAILED_POLLS = 10
"""How many polls in a row may fail before `wait` gives up."""


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

    __slots__ = ("_credentials", "_settings", "_transport")

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
        try:
            self._credentials = Credentials(cloud_id, username, service_name, service_password)
            settings = Settings.checked(base_url, timeout, proxy, ca_bundle)
        finally:
            del service_password, proxy  # see Credentials
        self._settings = settings
        self._transport = transport

    def start(self, call_or_calls: Call | Iterable[Call]) -> list[Invocation]:
        """Start one instance of the service for each call. Sent once, never again.

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
        Source: seed page, "Starting an Outbound Service using the service_start Web Service".
            Evidence: documented; the answer's shape is assumed.
        """
        operation = Start(as_calls(call_or_calls))
        response = None
        try:
            response = self._carrier().send(operation.request(self._credentials))
            return operation.parse(response)
        except TransportError as error:
            raise operation.failed(error) from error
        except StartError as error:
            self._hide_password(error)
            raise
        except AculabError:
            raise
        except BaseException as stop:
            self._broken_off(operation, stop, response)

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
            StatusError: refused, or no readable answer. The calls go on.

        Wire: one POST /service_status for each 500 different ids, see `GetStatus`.
        Source: none. Evidence: assumed.
        """
        return self._ask(as_invocations(invocations_or_ids), None)

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
            StatusError: the cloud refused to answer, or ten polls in a row failed.

        Wire: a `status` for those that have not finished, at once and after each `poll` seconds.
        """
        deadline = time.monotonic() + _positive(timeout, "timeout")
        pause = _positive(poll, "poll")
        items = as_invocations(invocations_or_ids)
        news = {item.id: item for item in items}
        failures = 0
        while True:
            known = [news[item.id] for item in items]
            if all(item.finished for item in known) or (cancel is not None and cancel.is_set()):
                return known
            left = deadline - time.monotonic()
            if left <= 0:
                raise WaitTimeoutError(_not_finished(known, timeout), invocations=known)
            try:
                heard = self._ask([i for i in news.values() if not i.finished], left)
                failures = 0
            except StatusError as error:
                failures += 1
                if not error.transient or failures == _FAILED_POLLS:
                    raise
                heard = list(error.invocations)
            news.update((item.id, item) for item in heard)
            known = [news[item.id] for item in items]
            if on_update is not None:
                on_update(known)
            if not all(item.finished for item in known):
                _pause(min(pause, max(deadline - time.monotonic(), 0)), cancel)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing is held open between requests; `with` only marks where the client is used."""

    def __repr__(self) -> str:
        credentials = getattr(self, "_credentials", None)  # absent when __init__ refused
        return f"<OutboundClient of {getattr(credentials, 'user', 'nobody')}>"

    def _ask(self, items: Sequence[Invocation], seconds: float | None) -> list[Invocation]:
        """Ask about all, a batch at a time, each id once."""
        news = {item.id: item for item in items}
        ids = list(news)
        for first in range(0, len(ids), STATUS_BATCH):
            batch = GetStatus(tuple(news[id_] for id_ in ids[first : first + STATUS_BATCH]))
            request = replace(batch.request(self._credentials), timeout=seconds)
            try:
                heard = batch.parse(self._carrier().send(request))
            except TransportError as error:
                failure = batch.failed(error)
                failure.invocations = tuple(news[item.id] for item in items)
                raise failure from error
            except StatusError as error:
                error.invocations = tuple(news[item.id] for item in items)
                self._hide_password(error)
                raise
            news.update((item.id, item) for item in heard)
        return [news[item.id] for item in items]

    def _hide_password(self, error: StartError | StatusError) -> None:
        """Take the password out of the error: a server may have echoed it."""
        from ._core.hidden import hide

        hide(error, self._credentials.spellings())

    def _broken_off(
        self, operation: Start, stop: BaseException, response: HttpResponse | None
    ) -> NoReturn:
        """Say what became of a start that something else than an answer ended.

        An interrupt is raised again with our error as its cause. A foreign exception, which only
        a transport that the caller brought can raise, becomes the cause of ours.
        """
        trouble = stop.__cause__
        error: StartError = operation.interrupted(response)
        self._hide_password(error)
        if isinstance(stop, Exception):
            raise error from stop
        if isinstance(trouble, TransportError):
            error = operation.failed(trouble)
        raise stop from error

    def _carrier(self) -> Transport:
        """The transport; requests is imported with the first request, not before."""
        if self._transport is None:
            from ._core.transport import RequestsTransport

            self._transport = RequestsTransport(self._settings)
        return self._transport

    def _through(self, proxy: str, absolute_uri: bool) -> Self:
        """This client behind a proxy, as PHP's setProxy sets one."""
        made = copy(self)
        made._settings = replace(
            self._settings, proxy=Proxy(proxy, "proxy_uri"), absolute_uri=absolute_uri
        )
        made._transport = None
        return made


def _pause(seconds: float, cancel: Event | None) -> None:
    # Not an Event of our own: a Ctrl-C inside its wait can come out as a RuntimeError.
    if cancel is None:
        time.sleep(seconds)
    else:
        cancel.wait(seconds)


def _positive(seconds: object, name: str) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0:
        raise InvalidInputError(f"{name} must be a number of seconds above 0: {seconds!r}")
    return min(float(seconds), TIMEOUT_MAX)


def _not_finished(known: Sequence[Invocation], timeout: float) -> str:
    running = [item for item in known if not item.finished]
    shown = ", ".join(f"{item.id} {item.status or '(no news)'}" for item in running[:3])
    more = f" and {len(running) - 3} more" if len(running) > 3 else ""
    return f"{len(running)} of {len(known)} not finished within {timeout:g} seconds: {shown}{more}"
