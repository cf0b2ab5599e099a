"""The Python of README.md, and of the page on dialling twice, runs as it stands there."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import UnknownOutcomeError
from aculab_wrappers.sandbox import Sandbox

from ..transport.sockets import Server, answer, closed_port, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..transport.sockets import Peer

ROOT = Path(__file__).parents[2]


def blocks(name: str) -> list[str]:
    page = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"(?ms)^```python\n(.*?)^```", page)


def sections(name: str) -> list[str]:
    """The parts of an example that its page shows."""
    example = (ROOT / "docs" / "examples" / name).read_text(encoding="utf-8")
    return re.findall(r"(?ms)^# --8<-- \[start:\w+\]\n(.*?)^# --8<-- \[end", example)


BLOCKS = blocks("README.md")
OUTCOMES, AGAIN = sections("never_dial_twice.py")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(time="manual") as cloud:
        monkeypatch.setenv("ACULAB_BASE_URL", cloud.base_url)

        # Waiting moves the sandbox's clock instead of the world's.
        monkeypatch.setattr(time, "sleep", cloud.advance)
        yield cloud


def run(block: str, **names: Any) -> dict[str, Any]:
    exec(compile(block, "page.md", "exec"), names)
    return names


def test_there_are_the_five_dialects_and_the_new_way() -> None:
    assert len(BLOCKS) == 6


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_starts_the_call_that_it_shows(
    block: str, cloud: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    run(block, password="MyOutboundServicePassword")

    [instance] = cloud.instances
    assert instance.to in ("441908273800", "441908283800")
    assert instance.token == "my token info"
    if "print(" in block:
        assert capsys.readouterr().out == f"{instance.id} COMPLETED 0\n"


def test_the_outcomes_are_handled_when_all_is_well(
    cloud: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    run(OUTCOMES, password="MyOutboundServicePassword")
    [instance] = cloud.instances
    assert capsys.readouterr().out == f"started: {instance.id}\n"


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        (answer(b"", b"HTTP/1.1 401 No"), "refused, nobody was called: 401"),
        (answer(b"", b"HTTP/1.1 503 Busy"), "look before dialling again; ids seen: []"),
        (answer(b'["id-1", nu'), "look before dialling again; ids seen: ['id-1']"),
        (answer(b'["id-1", "id-2"]'), "started, follow these: ['id-1', 'id-2']"),
    ],
)
def test_the_other_outcomes_are_handled(
    said: bytes,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = Server([reply(said)])
    monkeypatch.setenv("ACULAB_BASE_URL", server.url)
    run(OUTCOMES, password="any")
    server.close()
    assert capsys.readouterr().out == f"{printed}\n"
    assert server.posts == 1


def test_a_start_that_was_not_sent_is_handled(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with closed_port() as port:
        monkeypatch.setenv("ACULAB_BASE_URL", f"http://127.0.0.1:{port}")
        run(OUTCOMES, password="any")
    assert capsys.readouterr().out == "nobody was called; trying again may help: True\n"


def test_a_start_is_tried_again_while_it_is_safe(
    cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = run(OUTCOMES + AGAIN, password="MyOutboundServicePassword")
    connect, refusals = socket.socket.connect, iter(range(4))

    def refuses_at_first(sock: socket.socket, address: Any) -> None:
        if next(refusals, None) is not None:
            raise ConnectionRefusedError
        connect(sock, address)

    # More often than a start is tried again by itself.
    monkeypatch.setattr(socket.socket, "connect", refuses_at_first)
    page["dial"]("441908283801")
    assert next(refusals, None) is None
    assert [instance.to for instance in cloud.instances] == ["441908283800", "441908283801"]


def test_a_start_is_not_tried_again_when_it_may_have_been_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ends(peer: Peer) -> None:
        peer.read_request()

    server = Server([ends])
    monkeypatch.setenv("ACULAB_BASE_URL", server.url)
    page = run(OUTCOMES + AGAIN, password="any")
    with pytest.raises(UnknownOutcomeError):
        page["dial"]("441908283801")
    server.close()
    assert server.posts == 2, "one by the first block, and one by the second"
