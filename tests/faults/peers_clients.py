"""The natural code of each peer: what people write to send one form and read the answer.

Each function is what the page prints as that peer's code. What is handed to it, it hands on: the
time limit, the proxy, and the certificates to trust.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import inspect
import platform
import ssl
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from aculab_wrappers import OutboundClient

from ..transport.asking import PASSWORD, USER

if TYPE_CHECKING:
    from collections.abc import Callable

    Send = Callable[[dict[str, str]], Any]

INSTALL: Final = "python -m pip install --group peers"


@dataclass(frozen=True, repr=False)
class Place:
    """Where to send, and with which settings."""

    base: str
    url: str
    auth: Any
    timeout: float | None
    proxies: dict[str, str]
    ca: Any


def place(options: dict[str, Any]) -> Place:
    """The settings of our client, as a peer is given them."""
    base, proxy = options["base_url"], options.get("proxy")
    # As bytes: of text, requests makes Latin-1, which is a fault that no row here is about.
    auth = (USER.encode(), PASSWORD.encode())
    proxies = {"http": proxy, "https": proxy} if proxy else {}
    timeout = options.get("timeout")
    return Place(base, f"{base}/service_start", auth, timeout, proxies, str(options["ca_bundle"]))


def plain(at: Place) -> Send:
    def send(form: dict[str, str]) -> Any:
        response = requests.post(
            at.url, data=form, auth=at.auth, timeout=at.timeout, proxies=at.proxies, verify=at.ca
        )
        response.raise_for_status()
        return response.json()

    return send


def three_retries(at: Place) -> Send:
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=3))
    session.mount("http://", HTTPAdapter(max_retries=3))

    def send(form: dict[str, str]) -> Any:
        response = session.post(
            at.url, data=form, auth=at.auth, timeout=at.timeout, proxies=at.proxies, verify=at.ca
        )
        response.raise_for_status()
        return response.json()

    return send


def posts_too(at: Place) -> Send:
    retry = Retry(
        total=3,
        backoff_factor=0.1,
        status_forcelist=[429, 500, 502, 503, 504],
        allowed_methods=["POST"],
    )
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=retry))
    session.mount("http://", HTTPAdapter(max_retries=retry))

    def send(form: dict[str, str]) -> Any:
        response = session.post(
            at.url, data=form, auth=at.auth, timeout=at.timeout, proxies=at.proxies, verify=at.ca
        )
        response.raise_for_status()
        return response.json()

    return send


def twilio(at: Place) -> Send:
    rest: Any = importlib.import_module("twilio.rest")
    http: Any = importlib.import_module("twilio.http.http_client")
    http_client = http.TwilioHttpClient(timeout=at.timeout, proxy=at.proxies)
    http_client.session.verify = at.ca
    client = rest.Client(*at.auth, http_client=http_client)
    client.api.base_url = at.base

    def send(form: dict[str, str]) -> Any:
        # What client.calls.create() calls, but with this service's path and form.
        create = client.api.v2010.create_with_response_info
        payload, _status, _headers = create("POST", "service_start", data=form)
        return payload

    return send


@dataclass(frozen=True)
class Peer:
    """A column of the table; without code, it is this package's."""

    name: str
    code: Callable[[Place], Send] | None = None
    packages: tuple[str, ...] = ("requests",)

    @property
    def missing(self) -> list[str]:
        """The packages that it needs and that are not installed."""
        return [name for name in self.packages if not importlib.util.find_spec(name)]

    @property
    def shown(self) -> str:
        """The code as the page prints it."""
        assert self.code is not None
        return textwrap.dedent(inspect.getsource(self.code)).strip()


OURS: Final = Peer("this package")
PEERS: Final = (
    OURS,
    Peer("requests", plain),
    Peer("requests, max_retries=3", three_retries),
    Peer("requests, Retry for POST", posts_too),
    Peer("twilio-python", twilio, ("twilio", "requests")),
)


class NoIds(Exception):
    """A peer took something for an answer that is no list of ids."""

    def __init__(self, value: object) -> None:
        super().__init__(f"{value!r:.40}")
        self.value = value


def start_ids(peer: Peer, options: dict[str, Any]) -> Callable[[Any, dict[str, str]], list[str]]:
    """How `peer` starts calls: given the calls, and the form that stands for them."""
    if peer.code is None:
        account = ("1-2-0", "user@example.com", "My Service", PASSWORD)
        client = OutboundClient(*account, **options)

        def ours(calls: Any, _form: dict[str, str]) -> list[str]:
            return [one.id for one in client.start(calls)]

        return ours
    send = peer.code(place(options))

    def theirs(_calls: Any, form: dict[str, str]) -> list[str]:
        found = send(form)
        if not isinstance(found, list) or not found or not all(isinstance(x, str) for x in found):
            raise NoIds(found)
        return found

    return theirs


def versions() -> str:
    """What was run, for the page."""
    names = ("requests", "urllib3", "twilio")
    found = [f"{name} {importlib.metadata.version(name)}" for name in names]
    return ", ".join([f"Python {platform.python_version()}", ssl.OPENSSL_VERSION, *found])
