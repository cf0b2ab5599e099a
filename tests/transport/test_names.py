"""Names and addresses: a look-up has a time limit, and an address that stalls is tried last."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import Call, NotSentError, OutboundClient
from aculab_wrappers._core import deadline, sockets
from aculab_wrappers._core.deadline import Deadline

from .asking import failure, request, transport
from .sockets import closed_port, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Serve


def entry(port: int, host: str = "127.0.0.1", family: int = socket.AF_INET) -> Any:
    return (family, socket.SOCK_STREAM, 6, "", (host, port))


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[threading.Thread]]:
    """A name server that does not answer until the test ends; who waits for it."""
    over, waiting = threading.Event(), list[threading.Thread]()

    def look_up(*_args: object, **_more: object) -> Any:
        waiting.append(threading.current_thread())
        over.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "no")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield waiting
    over.set()
    for thread in waiting:
        thread.join(10)


def test_a_silent_name_server_is_not_waited_for_beyond_the_deadline(
    silent: list[threading.Thread],
) -> None:
    began = time.monotonic()
    error = failure(transport("https://cloud.example", timeout=0.2))
    assert time.monotonic() - began < 2
    assert (error.sent, error.transient) == (False, True)
    assert str(error) == "no answer about the host name cloud.example within 0.2 seconds"


def test_several_starts_in_a_row_are_each_in_time(silent: list[threading.Thread]) -> None:
    client = OutboundClient(
        "1-2-0", "user", "service", "password", base_url="https://cloud.example", timeout=0.1
    )
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(NotSentError, match="no answer about the host name"):
            client.start(Call("x"))
    assert time.monotonic() - began < 3
    assert threading.current_thread() not in silent


def test_an_address_is_looked_up_without_a_thread(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[threading.Thread] = []
    look_up = socket.getaddrinfo

    def noted(*args: Any) -> Any:
        asked.append(threading.current_thread())
        return look_up(*args)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    assert transport(serve(reply())).send(request()).status == 200
    assert asked == [threading.current_thread()]


def test_where_no_thread_can_be_had_the_name_is_looked_up_all_the_same(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(reply())

    def none_left(_self: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", none_left)
        found = sockets.resolve("localhost", server.port, Deadline(5))
    assert ("127.0.0.1", server.port) in [one[4] for one in found]


class Blocked(Exception):
    """What a plug-in raises that forbids the network."""


@pytest.mark.parametrize("host", ["cloud.example", "127.0.0.1"])
def test_what_stands_in_the_place_of_the_look_up_raises_in_the_caller(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    def blocked(*_args: object, **_more: object) -> Any:
        raise Blocked

    monkeypatch.setattr(socket, "getaddrinfo", blocked)
    client = OutboundClient("1-2-0", "user", "service", "password", base_url=f"https://{host}")
    with pytest.raises(Blocked) as caught:
        client.start(Call("x"))
    assert isinstance(caught.value.__cause__, NotSentError)


def test_a_start_to_a_name_that_no_resolver_takes_is_not_sent() -> None:
    client = OutboundClient("1-2-0", "user", "service", "password", base_url="https://a..example")
    with pytest.raises(NotSentError, match="the host name a..example was not found") as caught:
        client.start(Call("x"))
    assert not caught.value.transient


@pytest.mark.parametrize(
    ("found", "answered"),
    [(["127.0.0.1"], True), (["10.0.0.1", "127.0.0.1"], True), (["10.0.0.1"], False)],
)
def test_plain_http_never_leaves_this_machine_whatever_a_name_stands_for(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, found: list[str], answered: bool
) -> None:
    server = serve(reply())
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_args: [entry(server.port, host) for host in found]
    )
    carrier = transport(f"http://localhost:{server.port}")
    if answered:
        assert carrier.send(request()).status == 200
    else:
        assert not failure(carrier).sent
    assert server.connections == answered


# Addresses


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that are connected to, in order; of which 10.0.0.1 and 10.0.0.2 never answer."""
    found: list[str] = []
    connect_to = sockets.connect_to

    def noted(one: Any, seconds: float) -> socket.socket:
        found.append(one[4][0])
        if one[4][0].startswith("10."):
            raise TimeoutError("timed out")
        return connect_to(one, seconds)

    monkeypatch.setattr(sockets, "connect_to", noted)
    return found


def test_an_address_that_gave_no_answer_is_tried_last_for_some_minutes(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tried: list[str]
) -> None:
    server = serve(reply())
    clock, passed = deadline.clock, [0.0]
    monkeypatch.setattr(deadline, "clock", lambda: clock() + passed[0])
    addresses = [entry(server.port, "10.0.0.1"), entry(server.port)]
    orders = []
    for seconds in (0, 200, 200):
        passed[0] += seconds
        tried.clear()
        sockets.connect(addresses, Deadline(5)).close()
        orders.append(tuple(tried))
    assert orders == [("10.0.0.1", "127.0.0.1"), ("127.0.0.1",), ("10.0.0.1", "127.0.0.1")]


def test_where_none_answers_each_is_tried_again(tried: list[str]) -> None:
    addresses = [entry(7, "10.0.0.1"), entry(7, "10.0.0.2")]
    for _ in range(2):
        with pytest.raises(TimeoutError):
            sockets.connect(addresses, Deadline(5))
    assert tried == ["10.0.0.1", "10.0.0.2"] * 2


def test_an_address_that_refuses_is_not_tried_last(serve: Serve) -> None:
    server = serve(reply())
    told: list[int] = []
    with closed_port() as port:
        for _ in range(2):
            sockets.connect(
                [entry(port), entry(server.port)],
                Deadline(5),
                lambda one, error: told.append(one[4][1]),
            ).close()
    assert told == [port, port]


def test_of_the_addresses_to_avoid_not_all_are_remembered(serve: Serve, tried: list[str]) -> None:
    server = serve(reply())
    first = entry(server.port, "10.0.0.1")
    with pytest.raises(TimeoutError):
        sockets.connect([first], Deadline(5))
    many = [entry(port, "10.0.0.2") for port in range(1, 101)]
    with pytest.raises(TimeoutError):
        sockets.connect(many, Deadline(5))
    tried.clear()
    sockets.connect([first, entry(server.port)], Deadline(5)).close()
    assert tried == ["10.0.0.1", "127.0.0.1"]


def test_no_address_is_no_connection() -> None:
    with pytest.raises(OSError, match="no address"):
        sockets.connect([], Deadline(5))
