// Create the service object
OutboundRESTAPIService myService =
    new OutboundRESTAPIService("1-2-0",
    "bob@acompany.com", "myOutboundService",
    "myOutboundServicePassword");
// Create multiple targets
List<OutboundCall> calls =
    new List<OutboundCall>(3);
calls.Add(new OutboundCall("441908273800",
    "441908273801"));
calls[0].Token = "my token info 1";
calls[0].OutboundParameters = "some user data";
calls.Add(new OutboundCall("sip:bob@acompany.com"));
calls[1].Token = "my token info 2";
calls.Add(new
    OutboundCall("sip:bill@anothercompany.com",
    "sip:bob@acompany.com"));
calls[2].Token = "my token info 3";
// Start the services
List<ServiceInvocation> invocations =
    myService.Start(call2);
// Wait until all instances of this service run have completed.
bool finished;
do {
    invocations = myService.UpdateStatus(out finished);
    Thread.Sleep(2000);
} while (!finished);
