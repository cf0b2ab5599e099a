import logging

from aculab_wrappers import (
    Call,
    OutboundClient,
    UnknownOutcomeError,
)

logging.basicConfig(
    level=logging.INFO,
    format="%(levelname)s %(name)s: %(message)s",
)
client = OutboundClient.from_env()
calls = [
    Call("sip:ann@acompany.com", token="order 4711"),
    Call("sip:bob@acompany.com"),
]
client.start(calls)
try:
    # The sandbox loses the answer to this one.
    client.start(Call("sip:lost-answer@sandbox"))
except UnknownOutcomeError:
    print("the program goes on")
