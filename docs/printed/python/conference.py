from web_services import invoke_outbound_service, OutboundCalls

outbound_calls = OutboundCalls(call_to="myConference",
    token="my token info",
    outbound_parameters="some additional data")

# Please note that the outbound service must be configured as a conference destination
invoke_outbound_service(target='1-2-0',
    username="bob@acompany.com",
    service_name="myOutboundConferenceService",
    service_password="myOutboundServicePassword",
    outbound_calls=outbound_calls)
