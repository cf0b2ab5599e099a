"""The .NET types around the service: `Ref`, `List`, `ServiceStatus`, `PlatformAccount`.

Import them from `aculab_wrappers.csharp` or `aculab_wrappers.vb`.
Source: Aculab Cloud, "Starting An Outbound Service", C# and VB tabs,
https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/rest-api-version-1/starting-an-outbound-service
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Final, Generic, TypeVar, overload

from ._core.misspelt import names_members
from ._core.overloads import Overload, choose
from .errors import InvalidInputError

T = TypeVar("T")


@names_members("Value")
class Ref(Generic[T]):
    """A box for an `out` or `ByRef` argument, which Python lacks. VB's name for it is `ByRef`.

        finished = Ref()
        invocations = myService.UpdateStatus(finished)
        while not finished: ...

    It compares, prints and tests as its Value: `finished == True`, `f"{finished}"`, `not finished`.
    `finished is True` is always False, because Python compares the box itself then. A box can
    change, so it cannot be a dict key: use its Value.
    """

    __slots__ = ("Value",)

    Value: T

    @overload
    def __init__(self: Ref[bool]) -> None: ...
    @overload
    def __init__(self, Value: T) -> None: ...
    def __init__(self, Value: object = False) -> None:
        self.Value = Value  # type: ignore[assignment]  # the overloads say which T

    def __bool__(self) -> bool:
        return bool(self.Value)

    def __eq__(self, other: object) -> bool:
        return bool(self.Value == other)  # if that is a Ref, it then compares in its turn

    __hash__ = None  # type: ignore[assignment]  # its Value, and so a hash of it, can change

    def __str__(self) -> str:
        return str(self.Value)

    def __format__(self, format_spec: str) -> str:
        return format(self.Value, format_spec)

    def __repr__(self) -> str:
        return f"Ref({self.Value!r})"


@names_members("Count")
class List(list[T]):
    """A stand-in for .NET's List<T>: a Python list that also has `Add` and `Count`.

    List() and List(3) are empty, for 3 is a capacity; List(items) copies. `List[OutboundCall](3)`
    is `new List<OutboundCall>(3)`.
    """

    __slots__ = ()

    @overload
    def __init__(self) -> None: ...
    @overload
    def __init__(self, capacity: int) -> None: ...
    @overload
    def __init__(self, collection: Iterable[T]) -> None: ...
    def __init__(self, *args: object, **kwargs: object) -> None:
        if not args and not kwargs:
            return  # it is empty already
        bound = choose("List", _LISTS, args, kwargs)
        capacity = bound.get("capacity", 0)
        if isinstance(capacity, bool) or capacity < 0:
            raise InvalidInputError(f"capacity must be a whole number of 0 or more: {capacity!r}")
        super().__init__(bound.get("collection", ()))

    def Add(self, item: T) -> None:
        """Append `item`."""
        self.append(item)

    @property
    def Count(self) -> int:
        """The number of items."""
        return len(self)


class ServiceStatus(enum.StrEnum):
    """How far an invocation has come. A member is also its word as text.

    Source: VB tab, "class ServiceInvocation", for the name; the members are the six words of the
        PHP wrapper's documentation. Evidence: the name documented, the members inferred.
    """

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    COULDNOTRUN = "COULDNOTRUN"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"

    def ToString(self) -> str:
        """Return the word."""
        return self.value


class OtherStatus(str):
    """A status word that ServiceStatus lacks, because the cloud added it later.

    It is text, and has what a member of ServiceStatus has.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """The word."""
        return str(self)

    @property
    def value(self) -> str:
        """The word."""
        return str(self)

    def ToString(self) -> str:
        """Return the word."""
        return str(self)


@names_members()
class PlatformAccount:
    """The account that a service is configured on.

    Args:
        connection: The cloud id, such as "1-2-0".
        username: The user name on it.

    Source: first constructor of OutboundRESTAPIService, for the name. Evidence: the constructor's
        arguments are assumed.
    """

    __slots__ = ("_connection", "_username")

    def __init__(self, connection: str, username: str) -> None:
        self._connection = connection
        self._username = username

    def __repr__(self) -> str:
        return f"<PlatformAccount {self._connection}/{self._username}>"


class WebServiceWrappers:
    """The namespace that the page writes before PlatformAccount and ServiceStatus."""

    PlatformAccount = PlatformAccount
    ServiceStatus = ServiceStatus


_LISTS: Final = (
    Overload("List()", {}),
    Overload("List(int capacity)", {"capacity": int}),
    Overload("List(IEnumerable<T> collection)", {"collection": Iterable}),
)
