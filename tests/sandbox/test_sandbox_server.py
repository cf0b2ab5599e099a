"""Serving: starting and stopping the server, its address, and what is missing."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from aculab_wrappers import AculabError, Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aculab_wrappers import Invocation

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
        assert sandbox.environment() == {"ACULAB_BASE_URL": sandbox.base_url}
        assert sandbox.base_url.startswith("http://127.0.0.1:")
        assert sandbox.base_url in repr(sandbox)
    with pytest.raises(AculabError, match="not serving"):
        _ = sandbox.base_url


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


def test_without_werkzeug_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "aculab_wrappers.sandbox.app", raising=False)
    monkeypatch.delattr("aculab_wrappers.sandbox.app", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "werkzeug"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(AculabError, match=r"pip install 'aculab-wrappers\[sandbox\]'"):
        Sandbox().start()
