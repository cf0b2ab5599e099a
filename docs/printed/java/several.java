// Create the service object
OutboundRESTAPIService myService =
    new OutboundRESTAPIService("1-2-0",
    "bob@acompany.com", "myCallAConferenceService",
    "myOutboundServicePassword");
// Create multiple targets
List<OutboundCall> calls =
    new ArrayList<OutboundCall>(3);
calls.add(new OutboundCall("441908273800",
    "441908273801"));
calls[0].setToken("my token info 1");
calls[0].setOutboundParameters("some user data");
calls.add(new OutboundCall("sip:bob@acompany.com"));
calls[1].setToken("my token info 2");
calls.add(new
    OutboundCall("sip:bill@anothercompany.com",
    "sip:bob@acompany.com"));
calls[2].setToken("my token info 3");
// Start the services
List<ServiceInvocation> invocations =
    myService.start(call2);
// Wait until all instances of this service run have completed.
do {
    invocations = myService.updateStatus();
    Thread.sleep(2000);
} while (!myService.isFinished());
