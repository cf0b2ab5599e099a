import os

from aculab_wrappers import Call, OutboundClient

client = OutboundClient(
    "1-2-0",
    "bob@acompany.com",
    "myOutboundService",
    os.environ["ACULAB_SERVICE_PASSWORD"],
)
calls = [
    Call(
        "441908273800",
        "441908273801",
        token="my token info 1",
        outbound_parameters="some user data",
    ),
    Call("sip:bob@acompany.com", token="my token info 2"),
    Call(
        "sip:bill@anothercompany.com",
        "sip:bob@acompany.com",
        token="my token info 3",
    ),
]
started = client.start(calls)
ended = client.wait(started, timeout=3600)
