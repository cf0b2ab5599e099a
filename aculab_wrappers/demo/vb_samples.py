"""The three VB samples of the Aculab's page, as printed but for syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..vb import ByRef, List, OutboundCall, OutboundRESTAPIService

if TYPE_CHECKING:
    from collections.abc import Callable


def telephone(_sleep: Callable[[float], object]) -> None:
    # Create the service object
    myService = OutboundRESTAPIService(
        "1-2-0", "bob@acompany.com", "myOutboundService", "myOutboundServicePassword"
    )
    # Create the target (Call is a keyword of VB, which itself wants [call] for a name)
    call = OutboundCall("441908273800", "441908273801")
    call.Token = "my token info"
    call.OutboundParameters = "some user data"
    # Start the service
    invocations = myService.Start(call)
    assert invocations.Count == 1


def conference(_sleep: Callable[[float], object]) -> None:
    # Create the service object
    myService = OutboundRESTAPIService(
        "1-2-0",
        "bob@acompany.com",
        "myCallAConferenceService",
        "myCallAConferenceServicePassword",
    )
    # Create the target (Call is a keyword of VB, which itself wants [call] for a name)
    call = OutboundCall("myConference")
    call.Token = "my token info"
    call.OutboundParameters = "some user data"
    # Start the service
    invocations = myService.Start(call)
    assert invocations.Count == 1


def several(sleep: Callable[[float], object]) -> None:
    # Create the service object
    myService = OutboundRESTAPIService(
        "1-2-0", "bob@acompany.com", "myOutboundService", "myOutboundServicePassword"
    )
    # Create multiple targets
    calls = List[OutboundCall](3)  # the page forgets the As of this declaration
    calls.Add(OutboundCall("441908273800", "441908273801"))
    calls(0).Token = "my token info 1"
    calls(0).OutboundParameters = "some user data"
    calls.Add(OutboundCall("sip:bob@acompany.com"))
    calls(1).Token = "my token info 2"
    calls.Add(OutboundCall("sip:bill@anothercompany.com", "sip:bob@acompany.com"))
    calls(2).Token = "my token info 3"
    # Start the services
    invocations = myService.Start(calls)
    # Wait until all instances of this service run have completed.
    finished = ByRef[bool]()
    while True:
        invocations = myService.UpdateStatus(finished)
        sleep(2.0)
        if finished:
            break
    assert invocations.Count == 3
