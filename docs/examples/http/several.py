import json
import os

import requests

base = os.environ.get(
    "ACULAB_BASE_URL", "https://ws.aculabcloud.net"
)
calls = [
    {
        "to": "441908283800",
        "from": "441908283801",
        "token": "token1",
        "outbound_parameters": "some user data",
    },
    {
        "to": "sip:bob@acompany.com",
        "token": "token2",
    },
    {
        "to": "sip:bill@anotherCompany.com",
        "from": "sip:bob@acompany.com",
        "token": "token3",
    },
]
answer = requests.post(
    f"{base}/service_start",
    data={"outbound_parameters": json.dumps(calls)},
    headers={"Accept": "application/json"},
    auth=(
        "1-2-0/user@example.com/MyOutboundService",
        "MyOutboundServicePassword",
    ),
    timeout=30,
)
answer.raise_for_status()
ids = answer.json()
