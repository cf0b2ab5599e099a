import signal

from aculab_wrappers import (
    Call,
    OutboundClient,
    StartError,
    UnknownOutcomeError,
)


class TimeLimit(Exception):
    pass


def stop(_number, _frame):
    raise TimeLimit


signal.signal(signal.SIGALRM, stop)
signal.alarm(2)

client = OutboundClient.from_env()
# The sandbox takes three seconds to answer this one.
call = Call("sip:slow-answer@sandbox", token="order 4711")
try:
    client.start(call)
except TimeLimit as error:
    failed = error.__cause__
    if isinstance(failed, StartError):
        print(failed.outcome.name, failed.retryable)
    if isinstance(failed, UnknownOutcomeError):
        print("look for:", failed.calls[0].token)
        print("ids seen:", list(failed.hinted_ids))
