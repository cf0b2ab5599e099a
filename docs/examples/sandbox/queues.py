from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox

USER = "1-2-0/user@example.com/MyOutboundService"

cloud = Sandbox(time="manual", calls_per_second=2)
client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    "MyOutboundServicePassword",
    transport=cloud,
)
client.start(
    [Call(f"sip:{n}@acompany.com") for n in range(8)]
)
for second in range(4):
    waiting = cloud.queue_lengths()[USER]
    print(f"{second} s, queued: {waiting}")
    cloud.advance(1)
print("purged:", cloud.purge(USER))
print([call.status for call in cloud.instances])
