from web_services import invoke_outbound_service, OutboundCalls

outbound_calls = OutboundCalls(call_to="441908273800",
    call_from="441908273801", token="my token info",
    outbound_parameters="some additional data")

invoke_outbound_service(target='1-2-0',
    username="bob@acompany.com",
    service_name="myOutboundService",
    service_password="myOutboundServicePassword",
    outbound_calls=outbound_calls)
