import time

from aculab_wrappers.java import (
    ArrayList,
    OutboundCall,
    OutboundRESTAPIService,
)

# Create the service object
myService = OutboundRESTAPIService(
    "1-2-0",
    "bob@acompany.com",
    "myCallAConferenceService",
    "myOutboundServicePassword",
)
# Create multiple targets
calls = ArrayList[OutboundCall](3)
calls.add(
    OutboundCall("441908273800", "441908273801"),
)
calls[0].setToken("my token info 1")
calls[0].setOutboundParameters("some user data")
calls.add(OutboundCall("sip:bob@acompany.com"))
calls[1].setToken("my token info 2")
calls.add(
    OutboundCall(
        "sip:bill@anothercompany.com",
        "sip:bob@acompany.com",
    )
)
calls[2].setToken("my token info 3")
# Start the services
invocations = myService.start(calls)
# Wait until all instances have completed
while True:
    invocations = myService.updateStatus()
    time.sleep(2)
    if myService.isFinished():
        break
