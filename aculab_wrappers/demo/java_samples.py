"""The three Java samples of the Aculab's page, as printed but for syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..java import ArrayList, OutboundCall, OutboundRESTAPIService

if TYPE_CHECKING:
    from collections.abc import Callable


def telephone(_sleep: Callable[[float], object]) -> None:
    # Create the service object
    myService = OutboundRESTAPIService(
        "1-2-0", "bob@acompany.com", "myOutboundService", "myOutboundServicePassword"
    )
    # Create the target
    call = OutboundCall("441908273800", "441908273801")
    call.setToken("my token info")
    call.setOutboundParameters("some user data")
    # Start the service
    invocations = myService.start(call)
    assert invocations.size() == 1


def conference(_sleep: Callable[[float], object]) -> None:
    # Create the service object (C# and VB print another password for this service)
    myService = OutboundRESTAPIService(
        "1-2-0", "bob@acompany.com", "myCallAConferenceService", "myOutboundServicePassword"
    )
    # Create the target
    call = OutboundCall("myConference")
    call.setToken("my token info")
    call.setOutboundParameters("some user data")
    # Start the service
    invocations = myService.start(call)
    assert invocations.size() == 1


def several(sleep: Callable[[float], object]) -> None:
    # Create the service object (the page names here the service that its conference sample uses)
    myService = OutboundRESTAPIService(
        "1-2-0", "bob@acompany.com", "myCallAConferenceService", "myOutboundServicePassword"
    )
    # Create multiple targets (calls[0] is as the page prints it; Java itself wants calls.get(0))
    calls = ArrayList[OutboundCall](3)
    calls.add(OutboundCall("441908273800", "441908273801"))
    calls[0].setToken("my token info 1")
    calls[0].setOutboundParameters("some user data")
    calls.add(OutboundCall("sip:bob@acompany.com"))
    calls[1].setToken("my token info 2")
    calls.add(OutboundCall("sip:bill@anothercompany.com", "sip:bob@acompany.com"))
    calls[2].setToken("my token info 3")
    # Start the services (the page prints call2 here, a name that it never defines)
    invocations = myService.start(calls)
    # Wait until all instances of this service run have completed.
    while True:
        invocations = myService.updateStatus()
        sleep(2.0)
        if myService.isFinished():
            break
    assert invocations.size() == 3
