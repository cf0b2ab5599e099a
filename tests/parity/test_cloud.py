"""The cloud of a case does on the socket what the script says."""

from __future__ import annotations

import http.client
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from aculab_wrappers.parity.cloud import ScriptedCloud


def _post(address: str, body: str = "a=b") -> tuple[int, bytes, http.client.HTTPMessage]:
    host, _, port = address.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    try:
        connection.request("POST", "/service_start", body, {"Accept": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def test_it_keeps_what_it_is_asked_and_answers_in_order(cloud: ScriptedCloud) -> None:
    cloud.play([{"status": 200, "json": ["ref-1"]}, {"status": 503, "body": "busy"}])

    first, second = _post(cloud.address), _post(cloud.address, "c=d")

    assert (first[0], json.loads(first[1])) == (200, ["ref-1"])
    assert (second[0], second[1]) == (503, b"busy")
    assert [(asked.method, asked.target, asked.body) for asked in cloud.asked] == [
        ("POST", "/service_start", b"a=b"),
        ("POST", "/service_start", b"c=d"),
    ]
    assert cloud.asked[0].headers["accept"] == "application/json"


def test_what_no_script_expects_is_kept_and_answered_with_500(cloud: ScriptedCloud) -> None:
    cloud.play([])

    assert _post(cloud.address)[0] == 500
    assert len(cloud.asked) == 1

    cloud.play([])
    assert cloud.asked == []


def test_headers_and_bytes_are_sent_as_they_are_written(cloud: ScriptedCloud) -> None:
    cloud.play([{"status": 429, "headers": {"Retry-After": "3"}, "base64": "/wA="}])

    status, body, headers = _post(cloud.address)

    assert (status, body, headers["Retry-After"]) == (429, b"\xff\x00", "3")


def test_a_body_is_cut(cloud: ScriptedCloud) -> None:
    cloud.play([{"status": 200, "body": "0123456789", "cut_after": 4}])

    with pytest.raises(http.client.IncompleteRead) as caught:
        _post(cloud.address)

    assert caught.value.partial == b"0123"


@pytest.mark.parametrize(
    ("fault", "error"),
    [("closes", http.client.RemoteDisconnected), ("resets", ConnectionResetError)],
)
def test_no_answer_comes(cloud: ScriptedCloud, fault: str, error: type[Exception]) -> None:
    cloud.play([{"fault": fault}])

    with pytest.raises(error) as caught:
        _post(cloud.address)

    assert type(caught.value) is error
    assert len(cloud.asked) == 1


def test_a_silent_cloud_has_heard_the_request(cloud: ScriptedCloud) -> None:
    cloud.play([{"fault": "silent"}])
    host, _, port = cloud.address.partition(":")

    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)

    assert len(cloud.asked) == 1


def test_nothing_listens_at_the_dead_address(cloud: ScriptedCloud) -> None:
    with pytest.raises(ConnectionRefusedError):
        _post(cloud.dead_address)


@pytest.mark.parametrize("method", ["GET", "CONNECT", "BREW"])
def test_every_method_is_kept(cloud: ScriptedCloud, method: str) -> None:
    answer: dict[str, Any] = {"status": 204}
    cloud.play([answer])
    host, _, port = cloud.address.partition(":")

    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(f"{method} x HTTP/1.1\r\n\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 204"

    assert [asked.method for asked in cloud.asked] == [method]
