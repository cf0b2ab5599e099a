"""Refusals that are part of a normal exchange, and those that are not, over HTTP."""

from __future__ import annotations

import base64
import http.client
import socket
import urllib.parse
import urllib.request
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

START = "/service_start"
RIGHT = "1-2-0/user@example.com/MyOutboundService:MyOutboundServicePassword"
WRONG = "1-2-0/user@example.com/MyOutboundService:wrong"


@pytest.fixture
def cloud() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def ask(
    cloud: Sandbox,
    method: str,
    path: str,
    headers: Mapping[str, str] = MappingProxyType({}),
    body: bytes = b"",
) -> int:
    """Send one request. Returns the status."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(cloud.base_url).netloc)
    connection.request(method, path, body or None, dict(headers))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def basic(login: str) -> str:
    return f"Basic {base64.b64encode(login.encode()).decode()}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", START, 401),
        ("GET", START, 401),
        ("GET", "/service_status", 401),
        ("GET", "/service/v1/outbound_queues", 401),
        ("HEAD", START, 405),
        ("OPTIONS", START, 405),
        ("HEAD", "/nowhere", 404),
        ("GET", "/favicon.ico", 404),
        ("GET", "/apple-touch-icon.png", 404),
        ("GET", "/health", 404),
        ("GET", "/.well-known/ready", 404),
    ],
)
def test_a_normal_exchange(cloud: Sandbox, method: str, path: str, status: int) -> None:
    assert ask(cloud, method, path) == status
    assert cloud.unseen_refusals() == []
    # It was refused all the same, and whoever looks sees it.
    assert [request.status for request in cloud.refused] == [status]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", START, {"Authorization": basic(WRONG)}, 401),
        ("GET", START, {"Authorization": basic(WRONG)}, 401),
        ("POST", START, {"Authorization": basic("")}, 401),
        ("POST", START, {"Authorization": "Basic *"}, 401),
        ("POST", START, {"Authorization": "Bearer token"}, 401),
        ("POST", START, {"Authorization": basic(RIGHT)}, 400),
        ("GET", "/health", {"Authorization": basic(RIGHT)}, 404),
        ("GET", "/service_strat", {}, 404),
        ("GET", "/rest/service_start", {}, 404),
        ("POST", "/start", {}, 404),
        ("PUT", START, {}, 405),
        ("POST", START, {"Host": "elsewhere.example"}, 421),
    ],
)
def test_a_mistake(
    cloud: Sandbox, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    assert ask(cloud, method, path, headers) == status
    assert [request.status for request in cloud.unseen_refusals()] == [status]


def test_a_multipart_form_with_a_wrong_password_is_a_mistake(cloud: Sandbox) -> None:
    kind = "multipart/form-data; boundary=x"
    headers = {"Authorization": basic(WRONG), "Content-Type": kind}
    assert ask(cloud, "POST", START, headers, b"--x--\r\n") == 401
    assert len(cloud.unseen_refusals()) == 1


def test_a_client_that_waits_for_the_challenge_starts_its_call(cloud: Sandbox) -> None:
    url = cloud.base_url + START
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, *RIGHT.split(":"))
    form = urllib.parse.urlencode({"outbound_parameters": '{"to": "sip:a@b"}'}).encode()
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
    opener.open(url, form).close()
    cloud.assert_started(1)
    assert [request.status for request in cloud.peek(9)] == [200, 401]
    assert cloud.unseen_refusals() == []


def test_a_connection_that_asks_nothing_is_no_request(cloud: Sandbox) -> None:
    parts = urllib.parse.urlsplit(cloud.base_url)
    socket.create_connection((parts.hostname or "", parts.port or 0)).close()
    assert ask(cloud, "GET", "/") == 200
    assert cloud.unseen_refusals() == []
