import os

from aculab_wrappers import (
    Call,
    OutboundClient,
    StatusError,
    WaitTimeoutError,
)

client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    os.environ["ACULAB_SERVICE_PASSWORD"],
)
started = client.start(Call("sip:bob@acompany.com"))
try:
    client.wait(started, timeout=0.5)
except WaitTimeoutError as error:
    [last] = error.invocations
    print("goes on:", last.status)
except StatusError as error:
    print("no news:", error)
