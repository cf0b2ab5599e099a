import os

from aculab_wrappers import (
    Call,
    OutboundClient,
    UnknownOutcomeError,
)


def remind(number, appointment, caller_id="441908283801"):
    """The id of the call. None: it may be ringing."""
    client = OutboundClient(
        "1-2-0",
        "bob@acompany.com",
        "myOutboundService",
        os.environ["ACULAB_SERVICE_PASSWORD"],
    )
    call = Call(number, caller_id, token=appointment)
    try:
        [invocation] = client.start(call)
    except UnknownOutcomeError:
        return None
    return invocation.id
