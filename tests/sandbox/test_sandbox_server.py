"""Serving: starting and stopping the server, its address, and what is missing."""

from __future__ import annotations

import http.client
import selectors
import socket
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from aculab_wrappers import AculabError, Call, InvalidInputError, OutboundClient
from aculab_wrappers.sandbox import Sandbox, Service
from aculab_wrappers.sandbox.address import Address
from aculab_wrappers.sandbox.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aculab_wrappers import Invocation
    from aculab_wrappers.sandbox.requests import Request

PHONES = Service("alice@example.com", "phones", "pw")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox([PHONES]) as made:
        yield made


def start(sandbox: Sandbox) -> Invocation:
    at = sandbox.base_url
    client = OutboundClient("1-2-0", "alice@example.com", "phones", "pw", base_url=at)
    return client.start(Call("sip:bob@example.com"))[0]


def test_the_address_is_there_while_it_serves() -> None:
    sandbox = Sandbox([PHONES])
    with pytest.raises(AculabError, match="not serving HTTP.*transport="):
        sandbox.environment()
    with sandbox:
        variables = sandbox.environment()
        assert {name: text for name, text in variables.items() if text} == {
            "ACULAB_BASE_URL": sandbox.base_url
        }
        assert sandbox.base_url.startswith("http://127.0.0.1:")
        assert sandbox.base_url in repr(sandbox)
    with pytest.raises(AculabError, match="not serving"):
        _ = sandbox.base_url


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ACULAB_BASE_URL", "http://127.0.0.1:9"),
        ("ACULAB_PROXY", "http://127.0.0.1:9"),
        ("ACULAB_CA_BUNDLE", "/no/such/file"),
        ("ACULAB_TIMEOUT", "0.000001"),
        ("ACULAB_TIMEOUT", "nonsense"),
    ],
)
def test_what_was_in_the_environment_does_not_matter(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text)
    for variable, value in sandbox.environment().items():
        monkeypatch.setenv(variable, value)
    client = OutboundClient("1-2-0", "alice@example.com", "phones", "pw", timeout=None)
    client.start(Call("sip:bob@example.com"))
    assert sandbox.accepted == 1


def test_it_can_be_started_again_and_keeps_what_was_started(sandbox: Sandbox) -> None:
    start(sandbox)
    before = urlsplit(sandbox.base_url)
    sandbox.stop()
    sandbox.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", before.port or 0))
    sandbox.start()

    assert start(sandbox).status == "QUEUED"
    assert sandbox.accepted == 2


def test_it_waits_for_requests_and_not_for_time_to_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float | None] = []

    class Watched(selectors.DefaultSelector):
        def select(self, timeout: float | None = None) -> Any:
            waited.append(timeout)
            return super().select(timeout)

    monkeypatch.setattr("aculab_wrappers.sandbox.server.selectors.DefaultSelector", Watched)
    with Sandbox([PHONES]) as sandbox:
        start(sandbox)
    # For the request, and for the end: to stop takes no longer than that.
    assert waited.count(None) == 2


def test_starting_twice_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(AculabError, match="already serving at http://127.0.0.1"):
        sandbox.start()
    with pytest.raises(AculabError, match="second Sandbox"), sandbox:
        pass
    assert sandbox.base_url


def test_a_taken_port_is_an_error_and_a_free_one_is_used(sandbox: Sandbox) -> None:
    port = urlsplit(sandbox.base_url).port or 0
    with pytest.raises(AculabError, match=f"port {port} .*Port 0"):
        Sandbox([PHONES], port=port).start()
    sandbox.stop()
    with Sandbox([PHONES], port=port) as other:
        assert other.base_url.endswith(f":{port}")


@pytest.mark.parametrize(
    ("library", "module"), [("werkzeug", "server"), ("werkzeug", "app"), ("trustme", "tls")]
)
def test_without_a_library_the_error_says_what_to_install(
    library: str, module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for ours in {"app", "server", module}:
        monkeypatch.delitem(sys.modules, f"aculab_wrappers.sandbox.{ours}", raising=False)
        monkeypatch.delattr(f"aculab_wrappers.sandbox.{ours}", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    needs = f"needs {library.capitalize()}: pip install 'aculab-wrappers\\[sandbox\\]'"
    with pytest.raises(AculabError, match=needs):
        Sandbox(ca_file=tmp_path / "ca.pem").start()


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no ::1")
def test_the_other_loopback_address() -> None:
    with Sandbox([PHONES], host="::1") as sandbox:
        assert sandbox.base_url == f"http://[::1]:{urlsplit(sandbox.base_url).port}"
        assert start(sandbox).status == "QUEUED"


def test_localhost_is_an_address_and_no_lookup() -> None:
    with Sandbox([PHONES], host="localhost") as sandbox:
        assert sandbox.base_url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "2001:db8::1", "169.254.0.1"])
def test_other_machines_are_kept_out_unless_that_is_said(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bind(*_: object, **__: object) -> None:
        raise AssertionError("bound")

    monkeypatch.setattr(socket, "create_server", bind)
    with pytest.raises(InvalidInputError, match="allow_other_machines=True"):
        Sandbox(host=host)
    Sandbox(host=host, allow_other_machines=True)


def test_on_all_addresses_it_is_asked_at_loopback() -> None:
    with Sandbox([PHONES], host="0.0.0.0", allow_other_machines=True) as sandbox:
        assert sandbox.base_url.startswith("http://127.0.0.1:")
        assert start(sandbox).status == "QUEUED"
    assert Address("::", allow_other_machines=True).url(7) == "http://[::1]:7"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"host": "sandbox.example"}, "host must be an IP address"),
        ({"host": ""}, "host must be an IP address"),
        ({"host": "127.1"}, "host must be an IP address"),
        ({"host": "::1%lo"}, "host must be an IP address"),
        ({"host": None}, "host must be an IP address"),
        ({"host": 2130706433}, "host must be an IP address"),
        ({"allow_other_machines": "yes"}, "allow_other_machines must be True or False"),
        ({"host_names": "desk.example"}, "host_names must be an iterable"),
        ({"host_names": None}, "host_names must be an iterable"),
        ({"host_names": ["http://desk.example"]}, "host_names holds 'http://desk.example'"),
        ({"host_names": ["desk.example:80"]}, "host_names holds"),
        ({"host_names": ["*"]}, "host_names holds"),
        ({"host_names": ["zo\u00eb.example"]}, "host_names holds"),
        ({"host_names": ["-a"]}, "host_names holds"),
        ({"host_names": [""]}, "host_names holds ''"),
        ({"host_names": [7]}, "host_names holds 7"),
        ({"ca_file": ""}, "ca_file must be a path"),
        ({"ca_file": b"ca.pem"}, "ca_file must be a path"),
        ({"ca_file": "a\0b"}, "ca_file must be a path"),
        ({"ca_file": True}, "ca_file must be a path"),
        ({"port": 65536}, "port must be"),
        ({"port": True}, "port must be"),
    ],
)
def test_an_argument_that_cannot_be_used(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        Sandbox(**arguments)


@pytest.mark.parametrize(
    ("kind", "host", "refused"),
    [
        ("application/x-www-form-urlencoded", "127.0.0.1", False),
        ("multipart/form-data; boundary=b", "127.0.0.1", False),
        ("application/x-www-form-urlencoded", "evil.example", True),
    ],
)
def test_who_asks_is_told_with_a_request_and_with_a_refusal(
    kind: str, host: str, refused: bool
) -> None:
    asked: list[tuple[Request, bool]] = []

    def answer(request: Request, problem: object = None) -> Answer:
        asked.append((request, problem is not None))
        return Answer(200, (), b"")

    running = Address().serve(answer, answer)
    try:
        line = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=30)
        headers = {"User-Agent": "desk/1.0", "Content-Type": kind, "Host": host}
        line.request("POST", "/service_start", b"--b--\r\n", headers)
        line.getresponse().read()
        line.close()
    finally:
        running.close()

    assert [(one.agent, one.path, was) for one, was in asked] == [
        ("desk/1.0", "/service_start", refused)
    ]
