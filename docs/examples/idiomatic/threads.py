import os
from concurrent.futures import ThreadPoolExecutor

from aculab_wrappers import Call, OutboundClient

client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    os.environ["ACULAB_SERVICE_PASSWORD"],
)
calls = [
    Call(f"sip:{name}@acompany.com")
    for name in ("ann", "bob", "cleo")
]
with ThreadPoolExecutor(max_workers=3) as pool:
    started = list(pool.map(client.start, calls))
for call, [invocation] in zip(
    calls, started, strict=True
):
    print(call.to, invocation.id)
