"""The PHP wrapper, named letter for letter as the page prints it.

    from aculab_wrappers.php import OutboundInstanceConfiguration, OutboundService

    service = OutboundService("1-2-0", "user@example.com", "appname", password)
    instconf = OutboundInstanceConfiguration("441908283800", "441908283801")
    ids = service.startInstance(instconf)
    if ids is False or isinstance(ids, int): ...

Failure is False or an int, as in PHP. Test with `is False`: in Python `0 == False`. What PHP
cannot say, whether the calls may have been started, is in `service.last_error.outcome`.
Source: Aculab Cloud, "Starting An Outbound Service", PHP tab,
https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/rest-api-version-1/starting-an-outbound-service
Where it is silent the docstring says *assumed*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from ._core.misspelt import names_members
from ._core.reentry import refuses_requests
from ._core.values import Call, Invocation, as_invocations
from .client import OutboundClient
from .errors import InvalidInputError, StartedMismatchError, StartError, StatusError

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "OutboundInstanceConfiguration",
    "OutboundInstanceStatus",
    "OutboundService",
    "WebServiceBase",
]


@names_members()
class OutboundInstanceConfiguration:
    """The configuration of one instance: one destination to call.

    Args:
        to: Telephone number, SIP address or conference room name.
        from_: The number or SIP address that the call comes from; "" is not sent. For a
            telephone number the cloud requires a validated caller id.

    Raises:
        InvalidInputError: `to` is empty, or a text holds a character that cannot be sent.

    Source: PHP tab, "class OutboundInstanceConfiguration". Evidence: documented.
    """

    __slots__ = ("_call",)

    def __init__(self, to: str, from_: str = "") -> None:
        self._call = Call(to, from_)

    def setToken(self, token: str) -> None:
        """Set the text handed to the application in `instance_info`."""
        self._call = self._call._with("token", token)

    def setOutboundParameters(self, outbound_parameters: str) -> None:
        """Set the text handed to the application in `this_call`."""
        self._call = self._call._with("outbound_parameters", outbound_parameters)

    def __repr__(self) -> str:
        return f"<OutboundInstanceConfiguration {getattr(self, '_call', None)}>"


@names_members()
class OutboundInstanceStatus:
    """The status of one instance.

    Source: PHP tab, "class OutboundInstanceStatus"; the constants and what the
        detail holds: the cloud's documentation of its PHP web-services package. Evidence:
        documented; the constants' values are inferred.
    """

    __slots__ = ("_invocation",)

    QUEUED: Final = "QUEUED"
    RUNNING: Final = "RUNNING"
    COMPLETED: Final = "COMPLETED"
    COULDNOTRUN: Final = "COULDNOTRUN"
    CANCELLED: Final = "CANCELLED"
    UNKNOWN: Final = "UNKNOWN"

    def __init__(self, _invocation: Invocation) -> None:
        self._invocation = _invocation

    def isFinished(self) -> bool:
        """Return True for COMPLETED, COULDNOTRUN and CANCELLED.

        Also for UNKNOWN, once two answers in a row to the same OutboundService report it (assumed).
        """
        return self._invocation.finished

    def getStatus(self) -> str:
        """Return one of the constants, or a word that the cloud added later; "" if it gave none."""
        return self._invocation.status

    def getStatusDetail(self) -> str:
        """Return the return code as text when COMPLETED, the problem when COULDNOTRUN, else ""."""
        return self._invocation.status_detail

    def getApplicationStatusETA(self) -> datetime | None:
        """Return the time when the application's status will be ready, in UTC, or None."""
        return self._invocation.application_status_eta

    def getApplicationInstanceId(self) -> str:
        """Return the id for the application status service; "" before the application runs."""
        return self._invocation.application_instance_id

    def __repr__(self) -> str:
        return f"<OutboundInstanceStatus {self._invocation.id} {self._invocation.status}>"


@names_members("last_error")
class WebServiceBase:
    """The base class of OutboundService: the proxy and the error callback.

    Source: PHP tab, "inherited methods". Evidence: documented.
    """

    __slots__ = ("_callback", "_client", "_last_error")

    def __init__(self, client: OutboundClient) -> None:
        self._client = client
        self._callback: Callable[[int, str], object] | None = None
        self._last_error: StartError | StatusError | None = None

    def setProxy(self, proxy_uri: str, request_fulluri: bool) -> None:
        """Send every request from now on through an HTTP proxy.

        Args:
            proxy_uri: "tcp://host:port" as PHP writes it. Extras: http:// and https:// are accepted
                too, and user:password@ before the host.
            request_fulluri: True asks the proxy for the whole URL, False for the path alone.

        Raises:
            InvalidInputError: `proxy_uri` is not such an address. The message does not quote it.

        Wire: plain http: "POST http://host/path" when True, "POST /path" when False. https: a
            CONNECT either way, and inside the tunnel the same difference.
        Source: PHP tab, "inherited methods"; the wire: PHP's own http streams, measured.
            Evidence: the member documented, its effect inferred.
        """
        try:
            self._client = self._client._with_proxy(proxy_uri, bool(request_fulluri))
        finally:
            del proxy_uri  # see Credentials

    def setErrorCallback(self, callback: Callable[[int, str], object]) -> None:
        """Call `callback` when an HTTP error occurs, for debugging.

        Args:
            callback: Takes the HTTP status code and the body's text. Its return value is ignored;
                an exception of it is logged, and changes nothing else. Requests that it makes are
                refused.

        Raises:
            InvalidInputError: `callback` is not callable.

        Source: PHP tab, "Description". Evidence: documented; that it is called once for each public
            call, for a final answer of 300 or more, is assumed.
        """
        if not callable(callback):
            raise InvalidInputError(f"callback must be callable, not {type(callback).__name__}")
        self._callback = callback

    @property
    def last_error(self) -> StartError | StatusError | None:
        """The error behind the last False or int, with its `outcome`; None after a success.

        Not on the page: PHP's return value cannot say whether the calls may have been started.
        """
        return self._last_error

    def _failed(self, error: StartError | StatusError) -> int | Literal[False]:
        """Return what PHP returns on failure: the HTTP code of an HTTP error, else False."""
        response = error.response
        code = False if response is None or response.status < 300 else response.status
        if response is not None and code and self._callback is not None:
            self._call_back(code, response.body.decode("utf-8", "replace"))
        self._last_error = error
        return code

    @refuses_requests
    def _call_back(self, code: int, text: str) -> None:
        assert self._callback is not None
        try:
            self._callback(code, text)
        except Exception:
            # The outcome must reach the caller, whatever a debugging aid does.
            import logging

            logging.getLogger(__name__).exception("the error callback raised")


class OutboundService(WebServiceBase):
    """A configured outbound service.

    Args:
        target: The cloud id, such as "1-2-0".
        user_name: The user name on that cloud.
        service_name: Name of the outbound service.
        service_password: The outbound service password of that service.

    Raises:
        InvalidInputError: an argument cannot be sent.

    Base URL, proxy, timeout and CA bundle come from `ACULAB_*` variables.
    Source: PHP tab, "class OutboundService". Evidence: documented.
    """

    __slots__ = ("_heard",)

    def __init__(
        self, target: str, user_name: str, service_name: str, service_password: str
    ) -> None:
        try:
            super().__init__(
                OutboundClient(target, user_name, service_name, service_password, timeout=None)
            )
        finally:
            del service_password  # see Credentials
        self._heard: dict[str, Invocation] = {}

    def startInstance(
        self,
        instanceConfigurations: OutboundInstanceConfiguration
        | Iterable[OutboundInstanceConfiguration]
        | Mapping[object, OutboundInstanceConfiguration],
    ) -> list[str] | int | Literal[False]:
        """Start one instance for each configuration. Sent once, never again.

        Args:
            instanceConfigurations: One, or an array of them. An array needs a Production or
                Premium account.

        Returns:
            The instance identifiers, in order. On failure the HTTP status code, or False when
            there was no usable HTTP answer; `last_error` then says whether the calls may have
            been started. Fewer or more identifiers than configurations are all returned, with a
            `last_error`.

        Raises:
            InvalidInputError: there is nothing to start, or an item is not a configuration.

        Wire: one POST /service_start.
        Source: PHP tab, "Description". Evidence: documented.
        """
        calls = _core_calls(instanceConfigurations)
        self._last_error = None
        try:
            return [invocation.id for invocation in self._client.start(calls)]
        except StartedMismatchError as error:
            self._last_error = error
            return [invocation.id for invocation in error.invocations]
        except StartError as error:
            return self._failed(error)

    def getInstanceStatus(
        self, instanceIds: str | Iterable[str] | Mapping[object, str]
    ) -> dict[str, OutboundInstanceStatus] | int | Literal[False]:
        """Ask once how far the instances have come.

        Args:
            instanceIds: One identifier that startInstance returned, or an array of them.

        Returns:
            One OutboundInstanceStatus for each, keyed by identifier, in the order given. On
            failure the HTTP status code, or False when there was no usable HTTP answer.

        Raises:
            InvalidInputError: an item is not an identifier.

        Wire: as few service_status requests as the batch size allows.
        Source: PHP tab, "Description". Evidence: documented; the request is assumed.
        """
        ids = instanceIds.values() if isinstance(instanceIds, Mapping) else instanceIds
        # The last report of each decides whether an UNKNOWN is the second in a row.
        asked = [self._heard.get(item.id, item) for item in as_invocations(ids)]
        news: list[Invocation] = []
        self._last_error = None
        try:
            news = self._client.status(asked)
        except StatusError as error:
            news = list(error.invocations)  # some batches may have been answered
            return self._failed(error)
        finally:
            self._heard.update((item.id, item) for item in news)
        return {item.id: OutboundInstanceStatus(item) for item in news}

    def __repr__(self) -> str:
        return f"<OutboundService {getattr(self, '_client', None)!r}>"


def _core_calls(configurations: object) -> list[Call]:
    given = configurations.values() if isinstance(configurations, Mapping) else configurations
    items: list[Any] = list(given) if isinstance(given, Iterable) else [given]
    for index, item in enumerate(items):
        if not isinstance(item, OutboundInstanceConfiguration):
            raise InvalidInputError(
                f"instanceConfigurations[{index}] must be an OutboundInstanceConfiguration, "
                f"not {type(item).__name__}"
            )
    return [item._call for item in items]
