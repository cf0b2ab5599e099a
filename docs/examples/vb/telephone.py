from aculab_wrappers.vb import (
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
call.Token = "my token info"
call.OutboundParameters = "some user data"
# Start the service
invocations = myService.Start(call)
