"""The page's three raw requests, as a program without any wrapper would make them.

The page prints the JSON into the URL as it is; here it is percent-encoded, as HTTP wants it. The
package itself never uses GET: numbers in URLs end up in logs, and a GET may be sent twice.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import requests

if TYPE_CHECKING:
    from collections.abc import Callable

_USER = ("1-2-0/user@example.com/MyOutboundService", "MyOutboundServicePassword")

_TELEPHONE = """{ "to" : "441908283800", "from" : "441908283801", "token" : "my token info",
    "outbound_parameters" : "some user data" }"""
_CONFERENCE = """{ "to" : "myConference", "token" : "my token info",
    "outbound_parameters" : "some user data" }"""
_SEVERAL = """[
    { "to" : "441908283800", "from" : "441908283801", "token" : "token1",
      "outbound_parameters" : "some user data" },
    { "to" : "sip:bob@acompany.com", "token" : "token2" },
    { "to" : "sip:bill@anotherCompany.com", "from" : "sip:bob@acompany.com", "token" : "token3" }
]"""


def telephone(_sleep: Callable[[float], object]) -> None:
    _get(_TELEPHONE)


def conference(_sleep: Callable[[float], object]) -> None:
    _get(_CONFERENCE)


def several(_sleep: Callable[[float], object]) -> None:
    _get(_SEVERAL)


def _get(outbound_parameters: str) -> None:
    query = urlencode({"outbound_parameters": outbound_parameters})
    with requests.Session() as session:
        session.trust_env = False  # no proxy, no netrc
        answer = session.get(
            f"{os.environ['ACULAB_BASE_URL']}/service_start?{query}", auth=_USER, timeout=10
        )
    answer.raise_for_status()
