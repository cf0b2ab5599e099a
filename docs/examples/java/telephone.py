from aculab_wrappers.java import (
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
# Create the target
call = OutboundCall("441908273800", "441908273801")
call.setToken("my token info")
call.setOutboundParameters("some user data")
# Start the service
invocations = myService.start(call)
