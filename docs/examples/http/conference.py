import json
import os

import requests

base = os.environ.get(
    "ACULAB_BASE_URL", "https://ws.aculabcloud.net"
)
call = {
    "to": "myConference",
    "token": "my token info",
    "outbound_parameters": "some user data",
}
answer = requests.post(
    f"{base}/service_start",
    data={"outbound_parameters": json.dumps(call)},
    headers={"Accept": "application/json"},
    auth=(
        "1-2-0/user@example.com/MyOutboundService",
        "MyOutboundServicePassword",
    ),
    timeout=30,
)
answer.raise_for_status()
[id_] = answer.json()
