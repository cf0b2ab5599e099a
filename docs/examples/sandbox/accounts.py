from aculab_wrappers import (
    Call,
    OutboundClient,
    RejectedError,
)
from aculab_wrappers.sandbox import Account, Sandbox

account = Account(
    "user@example.com",
    tier="developer",
    caller_ids=["441908283801"],
)
cloud = Sandbox(accounts=[account], time="immediate")
client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    "MyOutboundServicePassword",
    transport=cloud,
)
try:
    client.start(
        [Call("sip:ann@a.com"), Call("sip:bob@b.com")]
    )
except RejectedError as error:
    print(error)
for caller_id in ("441908283801", "441908999999"):
    started = client.start(
        Call("441908283800", caller_id)
    )
    [call] = client.status(started)
    print(call.status, call.status_detail)
