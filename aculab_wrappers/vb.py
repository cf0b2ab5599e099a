"""The VB wrapper, named letter for letter as the page prints it.

    from aculab_wrappers.vb import ByRef, List, OutboundCall, OutboundRESTAPIService

    myService = OutboundRESTAPIService("1-2-0", "bob@acompany.com", "myOutboundService", password)
    call = OutboundCall("441908273800", "441908273801")
    call.Token = "my token info"
    invocations = myService.Start(call)

Two things stand in for what Python lacks: `ByRef`, the box for `ByRef finished As Boolean` (C#
calls it Ref), and `List`.
Source: seed page, VB tab. It documents the classes of the C# tab.
"""

from ._dotnet import OutboundCall, OutboundRESTAPIService, ServiceInvocation
from ._dotnet_types import List, PlatformAccount, Ref, ServiceStatus, WebServiceWrappers

ByRef = Ref

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
