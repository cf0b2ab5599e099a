import time

from aculab_wrappers.vb import (
    ByRef,
    List,
    OutboundCall,
    OutboundRESTAPIService,
)

# Create the service object
myService = OutboundRESTAPIService(
    "1-2-0",
    "bob@acompany.com",
    "myOutboundService",
    "myOutboundServicePassword",
)
# Create multiple targets
calls = List[OutboundCall](3)
calls.Add(
    OutboundCall("441908273800", "441908273801"),
)
calls(0).Token = "my token info 1"
calls(0).OutboundParameters = "some user data"
calls.Add(OutboundCall("sip:bob@acompany.com"))
calls(1).Token = "my token info 2"
calls.Add(
    OutboundCall(
        "sip:bill@anothercompany.com",
        "sip:bob@acompany.com",
    )
)
calls(2).Token = "my token info 3"
# Start the services
invocations = myService.Start(calls)
# Wait until all instances have completed
finished = ByRef[bool]()
while True:
    invocations = myService.UpdateStatus(finished)
    time.sleep(2)
    if finished:
        break
