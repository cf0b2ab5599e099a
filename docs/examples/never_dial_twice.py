import os

password = os.environ["ACULAB_SERVICE_PASSWORD"]

# --8<-- [start:outcomes]
from aculab_wrappers import (
    Call,
    NotSentError,
    OutboundClient,
    RejectedError,
    StartedMismatchError,
    UnknownOutcomeError,
)

client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    password,
)
call = Call(
    "441908283800", "441908283801", token="my token info"
)

try:
    [invocation] = client.start(call)
except NotSentError as error:
    print(
        "nobody was called; trying again may help:",
        error.transient,
    )
except RejectedError as error:
    print(
        "refused, nobody was called:",
        error.code or error.http_status,
    )
except UnknownOutcomeError as error:
    print(
        "look before dialling again; ids seen:",
        list(error.hinted_ids),
    )
except StartedMismatchError as error:
    print(
        "started, follow these:",
        [
            invocation.id
            for invocation in error.invocations
        ],
    )
else:
    print("started:", invocation.id)
# --8<-- [end:outcomes]

# --8<-- [start:again]
import functools
import time


def started_again_if_safe(start):
    """Up to five times, if nothing was sent for sure."""

    @functools.wraps(start)
    def trying(*arguments):
        for pause in (1, 2, 4, 8):
            try:
                return start(*arguments)
            except Exception as error:
                if not getattr(error, "retryable", False):
                    raise
            time.sleep(pause)
        return start(*arguments)

    return trying


@started_again_if_safe
def dial(to):
    return client.start(
        Call(to, "441908283801", token="my token info")
    )


# --8<-- [end:again]


dial("441908283801")
