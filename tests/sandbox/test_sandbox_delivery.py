"""Answers that come cut, late, or not at all, over real sockets."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from aculab_wrappers.sandbox import app, server
from aculab_wrappers.sandbox.address import Address
from aculab_wrappers.sandbox.answers import SLOW_SECONDS, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aculab_wrappers.sandbox.answers import Delivery, Problem
    from aculab_wrappers.sandbox.requests import Request

BODY = b'["0123456789","abcdefghij"]'
ASKED = b"POST /service_start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\na=b"


class Stub:
    """A cloud that has one answer, and notes what it was asked and refused."""

    def __init__(self, delivery: Delivery, body: bytes = BODY) -> None:
        kind = ("Content-Type", "application/json")
        self.prepared = Answer(200, (kind,), body, delivery=delivery)
        self.asked: list[Request] = []
        self.came = threading.Event()

    def answer(self, request: Request) -> Answer:
        self.asked.append(request)
        self.came.set()
        return self.prepared

    def refuse(self, request: Request, problem: Problem) -> Answer:
        raise AssertionError(f"{request} was refused: {problem}")


@contextmanager
def serving(stub: Stub) -> Iterator[server.Server]:
    made = server.Server(stub.answer, stub.refuse, Address())
    try:
        yield made
    finally:
        made.close()


def connect(made: server.Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(made.url).port or 0), timeout=30)


def exchange(made: server.Server, request: bytes = ASKED) -> bytes:
    with connect(made) as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(65_536), b""))


@pytest.fixture(autouse=True)
def silence(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def test_whole() -> None:
    with serving(Stub("whole")) as made:
        head, _, body = exchange(made).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body == BODY


@pytest.mark.parametrize(("whole", "sent"), [(BODY, BODY[:13]), (b"[]", b"["), (b"", b"")])
def test_cut_is_half_of_what_its_head_promises(whole: bytes, sent: bytes) -> None:
    stub = Stub("cut", whole)
    with serving(stub) as made:
        head, _, body = exchange(made).partition(b"\r\n\r\n")

    assert f"Content-Length: {len(whole)}".encode() in head.split(b"\r\n")
    assert body == sent
    assert len(stub.asked) == 1


def test_lost_is_a_close_without_a_byte() -> None:
    stub = Stub("lost")
    with serving(stub) as made:
        assert exchange(made) == b""
        assert exchange(made, ASKED + ASKED) == b""  # the second is not read

    assert [request.parameters for request in stub.asked] == [(("a", "b"),)] * 2


def test_reset_is_a_reset_without_a_byte() -> None:
    stub = Stub("reset")
    with serving(stub) as made, pytest.raises(ConnectionResetError):
        exchange(made)

    assert len(stub.asked) == 1


def test_slow_comes_whole_and_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "SLOW_SECONDS", 0.2)
    with serving(Stub("slow")) as made:
        began = time.monotonic()
        came = exchange(made)
        took = time.monotonic() - began

    assert came.endswith(b"\r\n\r\n" + BODY)
    assert took >= 0.2
    assert SLOW_SECONDS == 3.0


def test_slow_holds_up_neither_others_nor_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "SLOW_SECONDS", 3600.0)
    stub = Stub("slow")
    with serving(stub) as made, connect(made) as slow:
        slow.sendall(ASKED)
        assert stub.came.wait(30)
        stub.prepared = Answer(200, (), b"[]")
        assert exchange(made).endswith(b"\r\n\r\n[]")
        made.close()
        # What was being answered is answered, now that nobody may wait.
        assert b"".join(iter(lambda: slow.recv(65_536), b"")).endswith(BODY)


@pytest.mark.parametrize("delivery", ["cut", "lost", "slow", "whole"])
def test_a_client_that_goes_before_its_answer(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "SLOW_SECONDS", 0.05)
    stub = Stub(delivery)
    with serving(stub) as made, ExitStack() as gone:
        line = gone.enter_context(connect(made))
        line.sendall(ASKED)
        assert stub.came.wait(30)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.close()
        stub.prepared = Answer(200, (), b"[]")

        assert exchange(made).endswith(b"\r\n\r\n[]")
