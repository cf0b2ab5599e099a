import os
import time

from aculab_wrappers.csharp import (
    OutboundCall,
    OutboundRESTAPIService,
    Ref,
)

myService = OutboundRESTAPIService(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    os.environ["ACULAB_SERVICE_PASSWORD"],
)
invocations = myService.Start(
    OutboundCall("sip:bob@acompany.com")
)
finished = Ref()
while not finished:
    invocations = myService.UpdateStatus(finished)
    time.sleep(0.5)
print(invocations[0].Status, invocations[0].ReturnCode)
