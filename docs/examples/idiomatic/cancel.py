import os
import threading

from aculab_wrappers import Call, OutboundClient

client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    os.environ["ACULAB_SERVICE_PASSWORD"],
)
started = client.start(Call("sip:bob@acompany.com"))

enough = threading.Event()
threading.Timer(0.2, enough.set).start()
[seen] = client.wait(started, timeout=600, cancel=enough)
print("finished:", seen.finished)
