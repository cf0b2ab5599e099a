import os

import requests
import responses
from aculab_wrappers import (
    Call,
    OutboundClient,
    UnknownOutcomeError,
)

START = "https://ws.aculabcloud.net/service_start"
client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    os.environ["ACULAB_SERVICE_PASSWORD"],
)
call = Call("441908283800", "441908283801")

with responses.RequestsMock() as stub:
    stub.post(START, json=["id-1"])
    [invocation] = client.start(call)
    print(invocation.id, len(stub.calls))

with responses.RequestsMock() as stub:
    stub.post(
        START, body=requests.ConnectionError("gone")
    )
    try:
        client.start(call)
    except UnknownOutcomeError as error:
        print(error.outcome.name, len(stub.calls))
