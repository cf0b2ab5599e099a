// Create the service object
OutboundRESTAPIService myService =
    new OutboundRESTAPIService("1-2-0",
    "bob@acompany.com", "myCallAConferenceService",
    "myCallAConferenceServicePassword");
// Create the target
OutboundCall call =
    new OutboundCall("myConference");
call.Token = "my token info";
call.OutboundParameters = "some user data";
// Start the service
List<ServiceInvocation> invocations =
    myService.Start(call);
