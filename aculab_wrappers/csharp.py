"""The C# wrapper, named letter for letter as the page prints it.

    from aculab_wrappers.csharp import List, OutboundCall, OutboundRESTAPIService, Ref

    myService = OutboundRESTAPIService("1-2-0", "bob@acompany.com", "myOutboundService", password)
    call = OutboundCall("441908273800", "441908273801")
    call.Token = "my token info"
    invocations = myService.Start(call)

Two things stand in for what Python lacks: `Ref`, the box for `out bool finished`, and `List`.
Source: Aculab Cloud, "Starting An Outbound Service", C# tab,
https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/rest-api-version-1/starting-an-outbound-service
"""

from ._dotnet import OutboundCall, OutboundRESTAPIService, ServiceInvocation
from ._dotnet_types import List, PlatformAccount, Ref, ServiceStatus, WebServiceWrappers

__all__ = [
    "List",
    "OutboundCall",
    "OutboundRESTAPIService",
    "PlatformAccount",
    "Ref",
    "ServiceInvocation",
    "ServiceStatus",
    "WebServiceWrappers",
]
