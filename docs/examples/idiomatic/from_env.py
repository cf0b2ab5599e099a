from aculab_wrappers import (
    Call,
    Invocation,
    OutboundClient,
)


def told(invocation: Invocation) -> str:
    match invocation.status:
        case "COMPLETED":
            return f"done: {invocation.return_code}"
        case "COULDNOTRUN" | "CANCELLED":
            return f"no: {invocation.status_detail}"
        case "UNKNOWN":
            return "not known"
        case _:  # queued, running, or a later word
            return f"not yet: {invocation.status}"


with OutboundClient.from_env() as client:
    started = client.start(Call("sip:bob@acompany.com"))
    print(told(started[0]))
    [over] = client.wait(started, timeout=600)
    print(told(over))
