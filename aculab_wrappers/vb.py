"""The VB wrapper, named letter for letter as the page prints it.

    from aculab_wrappers.vb import ByRef, List, OutboundCall, OutboundRESTAPIService

    myService = OutboundRESTAPIService("1-2-0", "bob@acompany.com", "myOutboundService", password)
    call = OutboundCall("441908273800", "441908273801")
    call.Token = "my token info"
    invocations = myService.Start(call)

Two things stand in for what Python lacks: `ByRef`, the box for `ByRef finished As Boolean` (C#
calls it Ref), and `List`.
Source: Aculab Cloud, "Starting An Outbound Service", VB tab,
https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/rest-api-version-1/starting-an-outbound-service
It documents the classes of the C# tab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, overload

from ._dotnet import OutboundCall, ServiceInvocation
from ._dotnet import OutboundRESTAPIService as _OutboundRESTAPIService
from ._dotnet_types import List as _List
from ._dotnet_types import PlatformAccount, Ref, ServiceStatus, WebServiceWrappers

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ByRef",
    "List",
    "OutboundCall",
    "OutboundRESTAPIService",
    "PlatformAccount",
    "Ref",
    "ServiceInvocation",
    "ServiceStatus",
    "WebServiceWrappers",
]

ByRef = Ref
T = TypeVar("T")


class List(_List[T]):
    """.NET's List(Of T): a Python list that also has `Add` and `Count`, and `calls(0)`.

    List() and List(3) are empty, for 3 is a capacity; List(items) copies. `List[OutboundCall](3)`
    is `New List(Of OutboundCall)(3)`.
    """

    __slots__ = ()

    def __call__(self, index: int) -> T:
        """Return the item at `index`, from 0. Raises IndexError outside, and below 0."""
        if not 0 <= index < len(self):
            raise IndexError(f"index {index} is out of range: Count is {len(self)}")
        return self[index]


class OutboundRESTAPIService(_OutboundRESTAPIService):
    """One outbound service, and every invocation that this object has started.

    Everything is inherited from the class that C# has, too; its lists are this module's `List`.
    """

    __slots__ = ()

    _list = List

    # Declared again for type checkers alone, because what it returns has another type.
    if TYPE_CHECKING:

        @overload
        def Start(self, call: OutboundCall) -> List[ServiceInvocation]: ...
        @overload
        def Start(self, calls: Iterable[OutboundCall]) -> List[ServiceInvocation]: ...
        def Start(  # noqa: D102  documented where it is defined
            self, *args: object, **kwargs: object
        ) -> List[ServiceInvocation]: ...

        @overload
        def UpdateStatus(self, finished: Ref[bool]) -> List[ServiceInvocation]: ...
        @overload
        def UpdateStatus(self) -> tuple[List[ServiceInvocation], bool]: ...
        def UpdateStatus(  # noqa: D102  the same
            self, *args: object, **kwargs: object
        ) -> List[ServiceInvocation] | tuple[List[ServiceInvocation], bool]: ...
