from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox

cloud = Sandbox(time="manual")
client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    "MyOutboundServicePassword",
    transport=cloud,
)
client.start(Call("sip:bob@acompany.com"))
cloud.advance(60)
[call] = cloud.instances
print(call.status, call.status_detail)
for when, what in call.timeline:
    print(f"after {when - call.started_at:g} s: {what}")
