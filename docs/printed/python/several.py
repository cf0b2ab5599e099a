from web_services import invoke_outbound_service, OutboundCalls

outbound_calls = OutboundCalls(call_to="441908273800",
    call_from="441908273801", token="my token info 1",
    outbound_parameters="some additional data")

outbound_calls.add_call(call_to="sip:bob@acompany.com",
    token="my token info 2",
    outbound_parameters="some additional data")

outbound_calls.add_call(call_to="sip:bill@anothercompany.com",
    call_from="sip:bob@acompany.com",
    token="my token info 3",
    outbound_parameters="some additional data")

invoke_outbound_service(target='1-2-0',
    username="bob@acompany.com",
    service_name="myOutboundService",
    service_password="myOutboundServicePassword",
    outbound_calls=outbound_calls)
