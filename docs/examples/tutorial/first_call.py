import os

from aculab_wrappers import Call, OutboundClient

client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    os.environ["ACULAB_SERVICE_PASSWORD"],
)
call = Call(
    "441908283800", "441908283801", token="my token info"
)
[invocation] = client.start(call)
print("started", invocation.id)

[ended] = client.wait(invocation, timeout=60, poll=0.5)
print(ended.status, "with return code", ended.return_code)
