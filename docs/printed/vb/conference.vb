' Create the service object
Dim myService As OutboundRESTAPIService =
    New OutboundRESTAPIService("1-2-0",
    "bob@acompany.com", "myCallAConferenceService",
    "myCallAConferenceServicePassword")
' Create the target
Dim call As OutboundCall =
    New OutboundCall("myConference")
call.Token = "my token info"
call.OutboundParameters = "some user data"
' Start the service
Dim invocations As List(Of ServiceInvocation) =
    myService.Start(call)
