from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox

cloud = Sandbox()
client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    "MyOutboundServicePassword",
    transport=cloud,
)
[invocation] = client.start(Call("sip:bob@acompany.com"))
statuses = [
    client.status(invocation)[0].status for _ in range(4)
]
print(cloud.accepted, statuses)
