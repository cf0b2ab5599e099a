// Create the service object
OutboundRESTAPIService myService =
    new OutboundRESTAPIService("1-2-0",
    "bob@acompany.com", "myCallAConferenceService",
    "myOutboundServicePassword");
// Create the target
OutboundCall call =
    new OutboundCall("myConference");
call.setToken("my token info");
call.setOutboundParameters("some user data");
// Start the service
List<ServiceInvocation> invocations =
    myService.start(call);
