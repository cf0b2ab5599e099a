// Create the service object
OutboundRESTAPIService myService =
    new OutboundRESTAPIService("1-2-0",
    "bob@acompany.com", "myOutboundService",
    "myOutboundServicePassword");
// Create the target
OutboundCall call = new OutboundCall("441908273800",
    "441908273801");
call.Token = "my token info";
call.OutboundParameters = "some user data";
// Start the service
List<ServiceInvocation> invocations =
    myService.Start(call);
