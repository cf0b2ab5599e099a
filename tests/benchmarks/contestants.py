"""Who starts calls and asks for their status: this package, bare clients, and the peers.

Each function takes a base URL and gives what is to be run. All send the same call; each over a
connection of its own, unless its name says that it keeps one.
"""

from __future__ import annotations

import base64
import http.client
import importlib
import importlib.util
import json
import ssl
import urllib.parse
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import requests

from aculab_wrappers import Call, OutboundClient

from .server import POLLED

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[], object]

ACCOUNT: Final = ("1-2-0", "user@example.com", "MyOutboundService", "MyOutboundServicePassword")
TO: Final = "441908273800"
FROM: Final = "441908273801"
TOKEN: Final = "my token info"

_LOGIN: Final = ("/".join(ACCOUNT[:3]), ACCOUNT[3])
_BASIC: Final = "Basic " + base64.b64encode(":".join(_LOGIN).encode()).decode()
_FORM: Final = "application/x-www-form-urlencoded"
_SECONDS: Final = 30.0


def is_here(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def ours(base: str, bundle: str | None = None) -> Run:
    client = OutboundClient(*ACCOUNT, base_url=base, ca_bundle=bundle)
    return lambda: client.start(Call(TO, FROM, token=TOKEN))


def our_poll(base: str, bundle: str | None = None) -> Run:
    client = OutboundClient(*ACCOUNT, base_url=base, ca_bundle=bundle)
    return lambda: client.status(POLLED)


def form() -> dict[str, str]:
    """The form of the same start, as one who has no wrapper makes it."""
    return {"outbound_parameters": json.dumps({"to": TO, "from": FROM, "token": TOKEN})}


def requests_post(base: str, bundle: str | None = None) -> Run:
    url, verify = f"{base}/service_start", bundle or True

    def run() -> object:
        answer = requests.post(url, data=form(), auth=_LOGIN, timeout=_SECONDS, verify=verify)
        answer.raise_for_status()
        return answer.json()

    return run


def requests_poll(base: str, bundle: str | None = None) -> Run:
    session, url = requests.Session(), f"{base}/service_status"
    session.verify = bundle or True

    def run() -> object:
        ids = {"service_invocation_reference_ids": json.dumps([POLLED])}
        answer = session.post(url, data=ids, auth=_LOGIN, timeout=_SECONDS)
        answer.raise_for_status()
        return answer.json()

    return run


def http_client(base: str, bundle: str | None = None) -> Run:
    """Over TLS the certificates are loaded once, for all connections."""
    where = urllib.parse.urlsplit(base)
    host, port = where.hostname or "", where.port
    connect: Callable[[], http.client.HTTPConnection]
    if bundle:
        context = ssl.create_default_context(cafile=bundle)
        connect = partial(
            http.client.HTTPSConnection, host, port, timeout=_SECONDS, context=context
        )
    else:
        connect = partial(http.client.HTTPConnection, host, port, timeout=_SECONDS)
    headers = {"Authorization": _BASIC, "Content-Type": _FORM, "Connection": "close"}

    def run() -> object:
        connection = connect()
        connection.request("POST", "/service_start", urllib.parse.urlencode(form()), headers)
        ids = json.loads(connection.getresponse().read())
        connection.close()
        return ids

    return run


def twilio(base: str) -> Run:
    """Its own call creation, which sends another form of about the same size."""
    rest: Any = importlib.import_module("twilio.rest")
    transport: Any = importlib.import_module("twilio.http.http_client")
    carrier = transport.TwilioHttpClient(pool_connections=False, timeout=_SECONDS)
    client = rest.Client(f"AC{POLLED}", ACCOUNT[3], http_client=carrier)
    client.api.base_url = base
    return lambda: client.calls.create(to=f"+{TO}", from_=f"+{FROM}", url=f"{base}/voice").sid


def httpx(base: str) -> Run:
    package: Any = importlib.import_module("httpx")
    client = package.Client(timeout=_SECONDS, limits=package.Limits(max_keepalive_connections=0))
    url = f"{base}/service_start"

    def run() -> object:
        answer = client.post(url, data=form(), auth=_LOGIN)
        answer.raise_for_status()
        return answer.json()

    return run


def pycurl(base: str) -> Run:
    package: Any = importlib.import_module("pycurl")
    curl = package.Curl()
    for option, value in (
        (package.URL, f"{base}/service_start"),
        (package.USERPWD, ":".join(_LOGIN)),
        (package.TIMEOUT, int(_SECONDS)),
        (package.FRESH_CONNECT, 1),
        (package.FORBID_REUSE, 1),
    ):
        curl.setopt(option, value)

    def run() -> object:
        curl.setopt(package.POSTFIELDS, urllib.parse.urlencode(form()))
        return json.loads(curl.perform_rb())

    return run


PEERS: Final[dict[str, Callable[[str], Run]]] = {
    "twilio": twilio,
    "httpx": httpx,
    "pycurl": pycurl,
}
"""Other packages, which are measured where they are installed; requests always is."""
