' Create the service object
Dim myService As OutboundRESTAPIService =
    New OutboundRESTAPIService("1-2-0",
    "bob@acompany.com", "myOutboundService",
    "myOutboundServicePassword")
' Create the target
Dim call As OutboundCall =
    New OutboundCall("441908273800", "441908273801")
call.Token = "my token info"
call.OutboundParameters = "some user data"
' Start the service
Dim invocations As List(Of ServiceInvocation) =
    myService.Start(call)
