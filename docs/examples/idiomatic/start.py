import os

from aculab_wrappers import Call, OutboundClient

client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    os.environ["ACULAB_SERVICE_PASSWORD"],
)
[invocation] = client.start(
    Call(
        "441908283800",
        "441908283801",
        token="my token info",
        outbound_parameters="some user data",
    )
)
print(invocation.id, invocation.status)
