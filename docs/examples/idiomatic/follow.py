import os

from aculab_wrappers import Call, OutboundClient

client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    os.environ["ACULAB_SERVICE_PASSWORD"],
)
calls = [
    Call("441908283800", "441908283801", token="token1"),
    Call("sip:bob@acompany.com", token="token2"),
    Call("myConference", token="token3"),
]
started = client.start(calls)


def tell(invocations):
    print([each.status for each in invocations])


ended = client.wait(started, timeout=600, on_update=tell)
for call, each in zip(calls, ended, strict=True):
    if each.status == "COMPLETED":
        print(call.token, each.return_code)
    else:
        print(call.token, each.status_detail)
