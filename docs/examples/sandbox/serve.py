import os

from aculab_wrappers.java import (
    OutboundCall,
    OutboundRESTAPIService,
)
from aculab_wrappers.sandbox import Sandbox

with Sandbox() as cloud:
    os.environ.update(cloud.environment())
    service = OutboundRESTAPIService(
        "1-2-0",
        "bob@acompany.com",
        "myOutboundService",
        "myOutboundServicePassword",
    )
    service.start(
        OutboundCall("441908273800", "441908273801")
    )
    [call] = cloud.instances
    print(cloud.accepted, call.to, call.status)
