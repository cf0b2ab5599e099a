from aculab_wrappers import (
    Call,
    OutboundClient,
    StartError,
)
from aculab_wrappers.sandbox import Sandbox

cloud = Sandbox(
    time="immediate",
    outcomes={"sip:bill@anotherCompany.com": "busy"},
)
client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    "MyOutboundServicePassword",
    transport=cloud,
)
started = client.start(
    Call("sip:bill@anotherCompany.com")
)
print(client.status(started)[0].status_detail)

cloud.answer_next(
    "unauthorised", "answered", "lost-answer"
)
for name in ("ann", "bob", "cleo"):
    before = cloud.accepted
    try:
        client.start(Call(f"sip:{name}@acompany.com"))
        said = "started"
    except StartError as error:
        said = error.outcome.name
    print(name, said, cloud.accepted - before)
