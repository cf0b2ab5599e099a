' Create the service object
Dim myService As OutboundRESTAPIService =
    New OutboundRESTAPIService("1-2-0",
    "bob@acompany.com", "myOutboundService",
    "myOutboundServicePassword")
' Create multiple targets
Dim calls List(Of OutboundCall) =
    New List(Of OutboundCall)(3)
calls.Add(New OutboundCall("441908273800",
    "441908273801"))
calls(0).Token = "my token info 1"
calls(0).OutboundParameters = "some user data"
calls.Add(New OutboundCall("sip:bob@acompany.com"))
calls(1).Token = "my token info 2"
calls.Add(New
    OutboundCall("sip:bill@anothercompany.com",
    "sip:bob@acompany.com"))
calls(2).Token = "my token info 3"
' Start the services
Dim invocations As List(Of ServiceInvocation) =
    myService.Start(calls)
' Wait until all instances of this service run have completed.
Dim finished As Boolean
Do
    invocations = myService.UpdateStatus(finished)
    Thread.Sleep(2000)
Loop while Not finished
