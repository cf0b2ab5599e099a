"""The .NET classes that the C# and the VB tab both document.

Import them from `aculab_wrappers.csharp` or `aculab_wrappers.vb`.
Source: Aculab Cloud, "Starting An Outbound Service", C# and VB tabs,
https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/rest-api-version-1/starting-an-outbound-service
Where the page is silent the docstring says *assumed*.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final, overload

from ._core.misspelt import names_members
from ._core.overloads import Overload, as_list, choose
from ._core.values import Call
from ._dotnet_types import List, OtherStatus, PlatformAccount, Ref, ServiceStatus
from .client import OutboundClient
from .errors import StartedMismatchError, StatusError

if TYPE_CHECKING:
    from datetime import datetime

    from ._core.values import Invocation


@names_members()
class OutboundCall:
    """One destination to call.

    Args:
        to: Telephone number, SIP address or conference room name.
        from_: The number or SIP address that the call comes from. For a telephone number the
            cloud requires a validated caller id.

    Raises:
        WrongOverloadError: other arguments than these.
        InvalidInputError: `to` is empty, or a text holds a character that cannot be sent.

    Source: C# and VB tabs, "class OutboundCall". Evidence: documented.
    """

    __slots__ = ("_call",)

    @overload
    def __init__(self, to: str) -> None: ...
    @overload
    def __init__(self, to: str, from_: str | None) -> None: ...
    def __init__(self, *args: object, **kwargs: object) -> None:
        self._call = Call(**choose("OutboundCall", _OUTBOUND_CALLS, args, kwargs))

    @property
    def Token(self) -> str | None:
        """Text handed to the application in `instance_info`. None, the default, is not sent."""
        return self._call.token

    @Token.setter
    def Token(self, value: str | None) -> None:
        self._call = self._call._with("token", value)

    @property
    def OutboundParameters(self) -> str | None:
        """Text handed to the application in `this_call`. None, the default, is not sent."""
        return self._call.outbound_parameters

    @OutboundParameters.setter
    def OutboundParameters(self, value: str | None) -> None:
        self._call = self._call._with("outbound_parameters", value)

    def __repr__(self) -> str:
        return f"<OutboundCall {getattr(self, '_call', None)}>"


@names_members()
class ServiceInvocation:
    """One started call. `UpdateStatus` updates the object that `Start` returned.

    Source: C# and VB tabs, "class ServiceInvocation". Evidence: the members are
        documented, their values before the end and for unknown words assumed.
    """

    __slots__ = ("_invocation",)

    def __init__(self, _invocation: Invocation) -> None:
        self._invocation = _invocation

    @property
    def ApplicationInstanceId(self) -> str:
        """The id that the application status service takes; "" before the application runs."""
        return self._invocation.application_instance_id

    @property
    def Finished(self) -> bool:
        """True for COMPLETED, COULDNOTRUN, CANCELLED, and UNKNOWN reported twice in a row."""
        return self._invocation.finished

    @property
    def Status(self) -> ServiceStatus | OtherStatus:
        """The status; a word that ServiceStatus lacks stays text."""
        word = self._invocation.status
        return ServiceStatus[word] if word in ServiceStatus.__members__ else OtherStatus(word)

    @property
    def ReturnText(self) -> str:
        """The description of the problem when COULDNOTRUN, else ""."""
        return "" if self._invocation.return_code is not None else self._invocation.status_detail

    @property
    def ReturnCode(self) -> int:
        """The application's return code when COMPLETED, else 0."""
        return self._invocation.return_code or 0

    @property
    def ApplicationStatusEta(self) -> datetime | None:
        """The time when the application's status will be ready: an aware UTC datetime, or None."""
        return self._invocation.application_status_eta

    def __repr__(self) -> str:
        return f"<ServiceInvocation {self._invocation.id} {self._invocation.status}>"


@names_members()
class OutboundRESTAPIService:
    """One outbound service, and every invocation that this object has started.

    Args:
        account: The account; or, in its place, `connection` and `username`.
        connection: The cloud id, such as "1-2-0".
        username: The user name on that cloud.
        serviceName: Name of the outbound service.
        servicePassword: The outbound service password of that service.

    Raises:
        WrongOverloadError: other arguments than these.
        InvalidInputError: an argument cannot be sent.

    Base URL, proxy, timeout and CA bundle come from `ACULAB_*` variables.
    Source: C# and VB tabs, "class OutboundRESTAPIService". Evidence: documented.
    """

    __slots__ = ("_client", "_started")

    _list: ClassVar[type[List[Any]]] = List
    """The type of the lists that are returned: VB has its own."""

    @overload
    def __init__(
        self, account: PlatformAccount, serviceName: str, servicePassword: str
    ) -> None: ...
    @overload
    def __init__(
        self, connection: str, username: str, serviceName: str, servicePassword: str
    ) -> None: ...
    def __init__(self, *args: object, **kwargs: object) -> None:
        bound: dict[str, Any] = {}
        try:
            bound = choose("OutboundRESTAPIService", _SERVICES, args, kwargs)
            account = bound.get("account")
            if account is None:
                account = PlatformAccount(bound["connection"], bound["username"])
            self._client = OutboundClient(
                account._connection,
                account._username,
                bound["serviceName"],
                bound["servicePassword"],
                timeout=None,
            )
        finally:
            del args, kwargs, bound  # see Credentials
        self._started: list[ServiceInvocation] = []

    @overload
    def Start(self, call: OutboundCall) -> List[ServiceInvocation]: ...
    @overload
    def Start(self, calls: Iterable[OutboundCall]) -> List[ServiceInvocation]: ...
    def Start(self, *args: object, **kwargs: object) -> List[ServiceInvocation]:
        """Start one instance of the service for each call. Sent once, never again.

        Args:
            call: One call.
            calls: Several. An array needs a Production or Premium account.

        Returns:
            One ServiceInvocation for each call, in the order of the calls.

        Raises:
            WrongOverloadError: neither a call nor a list of calls was given.
            InvalidInputError: the list is empty.
            NotSentError, RejectedError, UnknownOutcomeError: see `outcome`.
            StartedMismatchError: the cloud returned fewer, more or repeated ids. UpdateStatus
                follows them all.

        Wire: one POST /service_start.
        Source: C# and VB tabs, "Members". Evidence: documented; the exceptions are
            assumed.
        """
        calls = _core_calls(choose("Start", _STARTS, args, kwargs))
        try:
            invocations = self._client.start(calls)
        except StartedMismatchError as error:
            self._started.extend(map(ServiceInvocation, error.invocations))
            raise
        started: List[ServiceInvocation] = self._list()
        started += map(ServiceInvocation, invocations)
        self._started += started
        return started

    @overload
    def UpdateStatus(self, finished: Ref[bool]) -> List[ServiceInvocation]: ...
    @overload
    def UpdateStatus(self) -> tuple[List[ServiceInvocation], bool]: ...
    def UpdateStatus(
        self, *args: object, **kwargs: object
    ) -> List[ServiceInvocation] | tuple[List[ServiceInvocation], bool]:
        """Ask the service how far each invocation has come.

        Args:
            finished: Set to True once nothing is still running (the page's `out bool`).

        Returns:
            One ServiceInvocation for each started call, in the order of Start. Without a Ref, a
            tuple of that list and the bool.

        Raises:
            WrongOverloadError: `finished` is not a Ref; a plain bool cannot be set.
            StatusError: the cloud refused, or did not answer within `ACULAB_TIMEOUT` seconds. The
                calls go on.

        Wire: as few service_status requests as the batch size allows; none once all have finished.
        Source: C# and VB tabs, "Members". Evidence: documented; that it follows every
            Start of this object, and leaves out what has finished, is assumed.
        """
        box = choose("UpdateStatus", _UPDATES, args, kwargs).get("finished")
        running = [item for item in self._started if not item.Finished]
        news = [item._invocation for item in running]
        try:
            news = self._client.status(news)
        except StatusError as error:
            news = list(error.invocations)  # some batches may have been answered
            raise
        finally:
            for item, heard in zip(running, news, strict=True):
                item._invocation = heard
        if box is None:
            return self._list(self._started), self.Finished
        box.Value = self.Finished
        return self._list(self._started)

    @property
    def Finished(self) -> bool:
        """True when every started call has finished, as last reported, or none was started."""
        return all(item.Finished for item in self._started)

    def __repr__(self) -> str:
        return f"<OutboundRESTAPIService {getattr(self, '_client', None)!r}>"


def _core_calls(bound: dict[str, Any]) -> Call | list[Call]:
    if "call" in bound:
        call: Call = bound["call"]._call
        return call
    calls = as_list("Start", _STARTS, "calls", bound["calls"], OutboundCall)
    return [item._call for item in calls]


_NULLABLE: Final = (str, type(None))
# As the C# tab prints it, and then the VB tab: the reader may have either.
_OUTBOUND_CALLS: Final = (
    Overload("OutboundCall(String to); VB: New(to As String)", {"to": str}),
    Overload(
        "OutboundCall(String to, String from); VB: New(to As String, from As String)",
        {"to": str, "from_": _NULLABLE},
    ),
)
_SERVICES: Final = (
    Overload(
        "OutboundRESTAPIService(WebServiceWrappers.PlatformAccount account, "
        "String serviceName, String servicePassword); VB: New(account As "
        "WebServiceWrappers.PlatformAccount, serviceName As String, servicePassword As String)",
        {"account": PlatformAccount, "serviceName": str, "servicePassword": str},
    ),
    Overload(
        "OutboundRESTAPIService(String connection, String username, String serviceName, "
        "String servicePassword); VB: New(connection As String, username As String, "
        "serviceName As String, servicePassword As String)",
        {"connection": str, "username": str, "serviceName": str, "servicePassword": str},
    ),
)
_STARTS: Final = (
    Overload(
        "List<ServiceInvocation> Start(OutboundCall call); "
        "VB: Start(call As OutboundCall) As List(Of ServiceInvocation)",
        {"call": OutboundCall},
    ),
    Overload(
        "List<ServiceInvocation> Start(List<OutboundCall> calls); "
        "VB: Start(calls As List(Of OutboundCall)) As List(Of ServiceInvocation)",
        {"calls": Iterable},
    ),
)
_UPDATES: Final = (
    Overload(
        "List<ServiceInvocation> UpdateStatus(out bool finished), here UpdateStatus(finished) "
        "with finished = Ref(); VB: UpdateStatus(ByRef finished As Boolean) As "
        "List(Of ServiceInvocation), here with finished = ByRef()",
        {"finished": Ref},
    ),
    Overload("or, as Python.NET has it, invocations, finished = UpdateStatus()", {}),
)
