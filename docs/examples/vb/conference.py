from aculab_wrappers.vb import (
    OutboundCall,
    OutboundRESTAPIService,
)

# Create the service object
myService = OutboundRESTAPIService(
    "1-2-0",
    "bob@acompany.com",
    "myCallAConferenceService",
    "myCallAConferenceServicePassword",
)
# Create the target
call = OutboundCall("myConference")
call.Token = "my token info"
call.OutboundParameters = "some user data"
# Start the service
invocations = myService.Start(call)
