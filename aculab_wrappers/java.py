"""The Java wrapper, named letter for letter as the page prints it.

    from aculab_wrappers.java import ArrayList, OutboundCall, OutboundRESTAPIService

    myService = OutboundRESTAPIService("1-2-0", "bob@acompany.com", "myOutboundService", password)
    call = OutboundCall("441908273800", "441908273801")
    call.setToken("my token info")
    invocations = myService.start(call)

`ArrayList` stands in for Java's: a Python list, so that the printed `calls[0].setToken(...)`, which
no Java compiler takes, runs here.
Source: Aculab Cloud, "Starting An Outbound Service", Java tab,
https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/rest-api-version-1/starting-an-outbound-service
Where it is silent the docstring says *assumed*.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from ._core.misspelt import names_members
from ._core.overloads import Overload, as_list, choose
from ._core.values import Call
from .client import OutboundClient
from .errors import InvalidInputError, StartedMismatchError, StatusError

if TYPE_CHECKING:
    from ._core.values import Invocation

__all__ = [
    "ArrayList",
    "OutboundCall",
    "OutboundRESTAPIService",
    "ServiceInvocation",
    "ServiceStatus",
]

T = TypeVar("T")


@names_members("get", "size")
class ArrayList(list[T]):
    """A stand-in for Java's ArrayList: a Python list that also has `add`, `get` and `size`.

    ArrayList() and ArrayList(3) are empty, for 3 is a capacity; ArrayList(items) copies.
    `ArrayList[OutboundCall](3)` is `new ArrayList<OutboundCall>(3)`.
    """

    __slots__ = ()

    @overload
    def __init__(self) -> None: ...
    @overload
    def __init__(self, initialCapacity: int) -> None: ...
    @overload
    def __init__(self, c: Iterable[T]) -> None: ...
    def __init__(self, *args: object, **kwargs: object) -> None:
        if not args and not kwargs:
            return  # it is empty already
        bound = choose("ArrayList", _LISTS, args, kwargs)
        capacity = bound.get("initialCapacity", 0)
        if isinstance(capacity, bool) or capacity < 0:
            raise InvalidInputError(
                f"initialCapacity must be a whole number of 0 or more: {capacity!r}"
            )
        super().__init__(bound.get("c", ()))

    def add(self, e: T) -> bool:
        """Append `e` and return True, as Java does."""
        self.append(e)
        return True

    def get(self, index: int) -> T:
        """Return the item at `index`, from 0. Raises IndexError outside, also below 0."""
        if not 0 <= index < len(self):
            raise IndexError(f"Index {index} out of bounds for length {len(self)}")
        return self[index]

    def size(self) -> int:
        """Return the number of items."""
        return len(self)


class _Name(str):
    """The text that Java writes `status.name()` for, and Python `status.name`."""

    __slots__ = ()

    def __call__(self) -> str:
        return str(self)


class ServiceStatus(enum.StrEnum):
    """How far an invocation has come. A member is also its word as text.

    Source: Java tab, for the name; the members are the six words of the PHP wrapper's
        documentation. Evidence: the name documented, the members inferred.
    """

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    COULDNOTRUN = "COULDNOTRUN"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"

    @property
    def name(self) -> _Name:
        """The word: `status.name()` as Java writes it, or `status.name`."""
        return _Name(self._name_)

    def toString(self) -> str:
        """Return the word."""
        return self.value


class OtherStatus(str):
    """A status word that ServiceStatus lacks, because the cloud added it later.

    It is text, and has what a member of ServiceStatus has.
    """

    __slots__ = ()

    @property
    def name(self) -> _Name:
        """The word: `status.name()` as Java writes it, or `status.name`."""
        return _Name(self)

    @property
    def value(self) -> str:
        """The word."""
        return str(self)

    def toString(self) -> str:
        """Return the word."""
        return str(self)


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

    Source: Java tab, "class OutboundCall". Evidence: documented.
    """

    __slots__ = ("_call",)

    @overload
    def __init__(self, to: str) -> None: ...
    @overload
    def __init__(self, to: str, from_: str | None) -> None: ...
    def __init__(self, *args: object, **kwargs: object) -> None:
        self._call = Call(**choose("OutboundCall", _OUTBOUND_CALLS, args, kwargs))

    def setToken(self, token: str | None) -> None:
        """Set the text handed to the application in `instance_info`. None is not sent."""
        self._call = self._call._with("token", token)

    def setOutboundParameters(self, outboundParameters: str | None) -> None:
        """Set the text handed to the application in `this_call`. None is not sent."""
        self._call = self._call._with("outbound_parameters", outboundParameters)

    def __repr__(self) -> str:
        return f"<OutboundCall {getattr(self, '_call', None)}>"


@names_members()
class ServiceInvocation:
    """One started call. `updateStatus` updates the object that `start` returned.

    Source: Java tab, "class ServiceInvocation". Evidence: the members are documented,
        their values before the end and for unknown words assumed.
    """

    __slots__ = ("_invocation",)

    def __init__(self, _invocation: Invocation) -> None:
        self._invocation = _invocation

    def isFinished(self) -> bool:
        """Return True for COMPLETED, COULDNOTRUN, CANCELLED, and a second UNKNOWN in a row."""
        return self._invocation.finished

    def getStatus(self) -> ServiceStatus | OtherStatus:
        """Return the status; a word that ServiceStatus lacks stays text."""
        word = self._invocation.status
        return ServiceStatus[word] if word in ServiceStatus.__members__ else OtherStatus(word)

    def getApplicationInstanceId(self) -> str:
        """Return the id for the application status service; "" before the application runs."""
        return self._invocation.application_instance_id

    def getReturnText(self) -> str:
        """Return the return code as text when COMPLETED, the problem when COULDNOTRUN, else "".

        The page documents no getter for the return code, so this one gives both (assumed).
        """
        return self._invocation.status_detail

    def __repr__(self) -> str:
        return f"<ServiceInvocation {self._invocation.id} {self._invocation.status}>"


@names_members()
class OutboundRESTAPIService:
    """One outbound service, and every invocation that this object has started.

    Args:
        connection: The cloud id, such as "1-2-0".
        cloudUsername: The user name on that cloud.
        serviceName: Name of the outbound service.
        servicePassword: The outbound service password of that service.

    Raises:
        WrongOverloadError: other arguments than these.
        InvalidInputError: an argument cannot be sent.

    Base URL, proxy, timeout and CA bundle come from `ACULAB_*` variables.
    Source: Java tab, "class OutboundRESTAPIService". Evidence: documented.
    """

    __slots__ = ("_client", "_started")

    def __init__(
        self, connection: str, cloudUsername: str, serviceName: str, servicePassword: str
    ) -> None:
        try:
            self._client = OutboundClient(
                connection, cloudUsername, serviceName, servicePassword, timeout=None
            )
        finally:
            del servicePassword  # see Credentials
        self._started: list[ServiceInvocation] = []

    @overload
    def start(self, call: OutboundCall) -> ArrayList[ServiceInvocation]: ...
    @overload
    def start(self, calls: Iterable[OutboundCall]) -> ArrayList[ServiceInvocation]: ...
    def start(self, *args: object, **kwargs: object) -> ArrayList[ServiceInvocation]:
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
            StartedMismatchError: the cloud returned fewer, more or repeated ids. updateStatus
                follows them all.

        Wire: one POST /service_start.
        Source: Java tab, "Members". Evidence: documented; the exceptions are assumed.
        """
        calls = _core_calls(choose("start", _STARTS, args, kwargs))
        try:
            invocations = self._client.start(calls)
        except StartedMismatchError as error:
            self._started.extend(map(ServiceInvocation, error.invocations))
            raise
        started: ArrayList[ServiceInvocation] = ArrayList()
        started.extend(map(ServiceInvocation, invocations))
        self._started.extend(started)
        return started

    def updateStatus(self) -> ArrayList[ServiceInvocation]:
        """Ask the service how far each invocation has come.

        Returns:
            One ServiceInvocation for each started call, in the order of start.

        Raises:
            StatusError: the cloud refused, or did not answer within `ACULAB_TIMEOUT` seconds. The
                calls go on.

        Wire: as few service_status requests as the batch size allows; none once all have finished.
        Source: Java tab, "Members". Evidence: documented; that it follows every start
            of this object, and leaves out what has finished, is assumed.
        """
        running = [item for item in self._started if not item.isFinished()]
        news = [item._invocation for item in running]
        try:
            news = self._client.status(news)
        except StatusError as error:
            news = list(error.invocations)  # some batches may have been answered
            raise
        finally:
            for item, heard in zip(running, news, strict=True):
                item._invocation = heard
        return ArrayList(self._started)

    def isFinished(self) -> bool:
        """Return True when every started call has finished, as last reported, or none was started.

        Source: Java tab, third sample; the list of members leaves it out. Evidence:
            example only.
        """
        return all(item.isFinished() for item in self._started)

    def __repr__(self) -> str:
        return f"<OutboundRESTAPIService {getattr(self, '_client', None)!r}>"


def _core_calls(bound: dict[str, Any]) -> Call | list[Call]:
    if "call" in bound:
        call: Call = bound["call"]._call
        return call
    calls = as_list("start", _STARTS, "calls", bound["calls"], OutboundCall)
    return [item._call for item in calls]


_LISTS: Final = (
    Overload("ArrayList()", {}),
    Overload("ArrayList(int initialCapacity)", {"initialCapacity": int}),
    Overload("ArrayList(Collection<E> c)", {"c": Iterable}),
)
_OUTBOUND_CALLS: Final = (
    Overload("OutboundCall(String to)", {"to": str}),
    Overload("OutboundCall(String to, String from)", {"to": str, "from_": (str, type(None))}),
)
_STARTS: Final = (
    Overload("List<ServiceInvocation> start(OutboundCall call)", {"call": OutboundCall}),
    Overload("List<ServiceInvocation> start(List<OutboundCall> calls)", {"calls": Iterable}),
)
