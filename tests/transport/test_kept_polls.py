"""A poll keeps its connection for the next one; a start never takes it, and leaves none."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers._core import deadline
from aculab_wrappers._core.settings import Settings
from aculab_wrappers._core.transport import NetworkTransport
from aculab_wrappers.errors import TransportError

from .asking import PASSWORD, request, transport
from .sockets import answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers._core.http import HttpRequest, HttpResponse

    from .conftest import Certificates, Serve
    from .sockets import Peer, Server

KEPT = answer(b"{}", b"HTTP/1.1 200 OK", b"Connection: keep-alive")


def serves(peer: Peer) -> None:
    """Answer whatever is asked, on one connection, until the client ends it."""
    try:
        while True:
            peer.read_request()
            peer.say(KEPT)
    finally:
        peer.read_to_end()


def serves_once(peer: Peer) -> None:
    """Answer once, and close: a connection that has been kept for too long."""
    peer.read_request()
    peer.say(KEPT)


def serves_once_and_reads(peer: Peer) -> None:
    """Answer once, and close on the next request: the client cannot have known."""
    peer.read_request()
    peer.say(KEPT)
    peer.read_request()


def closes(peer: Peer) -> None:
    peer.read_request()


def poll(timeout: float | None = None) -> HttpRequest:
    return replace(request(timeout), path="/service_status", repeatable=True)


def ask(carrier: NetworkTransport) -> HttpResponse:
    got = carrier.send(poll())
    assert (got.status, got.body, got.fault) == (200, b"{}", None)
    return got


@pytest.mark.parametrize("way", ["plain", "tls", "tunnel", "tls in tls", "asked proxy"])
def test_several_polls_go_over_one_connection(
    serve: Serve, certificates: Certificates, way: str
) -> None:
    if way in ("tunnel", "tls in tls"):
        inner = serve(serves, tls=certificates.good)

        def through(peer: Peer) -> None:
            peer.read_request()
            peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
            peer.relay(inner.port)

        proxy = serve(through, tls=certificates.good if way == "tls in tls" else None)
        carrier = transport(inner, proxy=proxy, ca=certificates.file)
    else:
        inner = proxy = serve(serves, tls=certificates.good if way == "tls" else None)
        asked = "http://127.0.0.1:9" if way == "asked proxy" else inner
        carrier = transport(
            asked, proxy=proxy if way == "asked proxy" else None, ca=certificates.file
        )
    for _ in range(3):
        ask(carrier)
    assert (inner.posts, inner.connections, proxy.connections) == (3, 1, 1)
    assert not any(sent.has("Connection") for sent in inner.requests)
    carrier.close()


@pytest.mark.parametrize("over_tls", [False, True])
def test_a_connection_that_was_closed_meanwhile_is_replaced(
    serve: Serve, certificates: Certificates, over_tls: bool
) -> None:
    server = serve(serves_once, tls=certificates.good if over_tls else None)
    carrier = transport(server, ca=certificates.file)
    for _ in range(3):
        ask(carrier)
    assert (server.posts, server.connections) == (3, 3)


@pytest.mark.parametrize("over_tls", [False, True])
def test_a_poll_that_a_kept_connection_lost_is_asked_again(
    serve: Serve, certificates: Certificates, over_tls: bool
) -> None:
    tls = certificates.good if over_tls else None
    server = serve(serves_once_and_reads, serves, tls=tls)
    carrier = transport(server, ca=certificates.file)
    ask(carrier)
    ask(carrier)
    assert (server.posts, server.connections) == (3, 2)
    carrier.close()


def test_a_poll_is_asked_again_once_only(serve: Serve) -> None:
    server = serve(serves_once_and_reads, closes)
    carrier = transport(server)
    ask(carrier)
    with pytest.raises(TransportError):
        carrier.send(poll())
    assert (server.posts, server.connections) == (3, 2)


def test_on_a_fresh_connection_it_is_not_asked_again(serve: Serve) -> None:
    server = serve(closes)
    with pytest.raises(TransportError):
        transport(server).send(poll())
    assert (server.posts, server.connections) == (1, 1)


def test_after_its_deadline_it_is_not_asked_again(serve: Serve) -> None:
    def stalls(peer: Peer) -> None:
        serves_once(peer)
        peer.read_request()
        peer.hush()

    server = serve(stalls)
    carrier = transport(server, timeout=0.2)
    ask(carrier)
    with pytest.raises(TransportError, match=r"within 0\.2 seconds"):
        carrier.send(poll())
    assert (server.posts, server.connections) == (2, 1)


def test_a_start_neither_takes_a_kept_connection_nor_leaves_one(serve: Serve) -> None:
    server = serve(serves)
    carrier = transport(server)
    ask(carrier)
    carrier.send(request())
    server.wait_for(lambda: server.ended == 1)  # that of the start, though it could be kept
    ask(carrier)
    assert (server.posts, server.connections) == (3, 2)
    carrier.close()


def test_a_start_whose_connection_is_lost_is_not_sent_again(serve: Serve) -> None:
    server = serve(serves_once_and_reads, closes)
    carrier = transport(server)
    ask(carrier)
    with pytest.raises(TransportError) as caught:
        carrier.send(request())
    assert caught.value.sent
    assert (server.posts, server.connections) == (2, 2)
    carrier.close()


@pytest.mark.parametrize(("seconds", "connections"), [(9.9, 1), (10.1, 2)])
def test_a_connection_is_kept_for_ten_seconds(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, seconds: float, connections: int
) -> None:
    clock, passed = deadline.clock, [0.0]
    monkeypatch.setattr(deadline, "clock", lambda: clock() + passed[0])
    server = serve(serves)
    carrier = transport(server)
    ask(carrier)
    passed[0] += seconds
    ask(carrier)
    assert server.connections == connections
    server.wait_for(lambda: server.ended == connections - 1)
    carrier.close()


def test_the_ten_seconds_begin_with_the_last_poll(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, passed = deadline.clock, [0.0]
    monkeypatch.setattr(deadline, "clock", lambda: clock() + passed[0])
    server = serve(serves)
    carrier = transport(server)
    for _ in range(4):
        ask(carrier)
        passed[0] += 6.0
    assert server.connections == 1
    carrier.close()


def test_what_the_server_does_not_keep_is_not_kept(serve: Serve) -> None:
    def says_so(peer: Peer) -> None:
        peer.read_request()
        peer.say(answer(b"{}"))
        peer.read_to_end()

    server = serve(says_so)
    carrier = transport(server)
    ask(carrier)
    server.wait_for(lambda: server.ended == 1)
    ask(carrier)
    assert server.connections == 2


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1200000\r\n\r\n" + b"x" * 1_200_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["too long", "two lengths", "a bad chunk"],
)
def test_a_connection_is_not_kept_after_an_answer_that_is_not_whole(
    serve: Serve, data: bytes
) -> None:
    def faulty(peer: Peer) -> None:
        peer.read_request()
        peer.say(data)
        peer.read_to_end()

    server = serve(faulty, serves)
    carrier = transport(server, timeout=0.3)
    assert carrier.send(poll()).fault is not None
    server.wait_for(lambda: server.ended == 1)
    ask(carrier)
    assert server.connections == 2
    carrier.close()


def client_of(server: Server) -> OutboundClient:
    return OutboundClient("1-2-0", "user", "service", PASSWORD, base_url=server.url, timeout=5)


@pytest.mark.parametrize("how", ["close", "with"])
def test_a_client_closes_what_it_has_kept_and_can_be_used_again(serve: Serve, how: str) -> None:
    server = serve(serves)
    client = client_of(server)
    if how == "with":
        with client:
            client.status("a")
    else:
        client.status("a")
        client.close()
    server.wait_for(lambda: server.ended == 1)
    client.status("a")
    assert (server.posts, server.connections) == (2, 2)
    client.close()


def test_a_client_that_is_forgotten_leaves_no_connection(serve: Serve) -> None:
    server = serve(serves)
    client_of(server).status("a")
    server.wait_for(lambda: server.ended == 1)


def test_a_wait_polls_over_one_connection_and_starts_over_others(serve: Serve) -> None:
    words = iter(["RUNNING", "RUNNING", "COMPLETED"])

    def cloud(peer: Peer) -> None:
        try:
            while True:
                asked = peer.read_request()
                start = asked.target.endswith("/service_start")
                body = (
                    b'["id-1"]' if start else b'{"id-1": {"status": "%s"}}' % next(words).encode()
                )
                peer.say(answer(body, b"HTTP/1.1 200 OK", b"Connection: keep-alive"))
        finally:
            peer.read_to_end()

    server = serve(cloud)
    with client_of(server) as client:
        [ended] = client.wait(client.start(Call("x")), timeout=10, poll=0.001)
    assert ended.status == "COMPLETED"
    assert (server.posts, server.connections) == (4, 2)


def in_thread(run: Callable[[], Any]) -> None:
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            run()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert failed == []


def test_each_thread_keeps_its_own_until_it_ends(serve: Serve) -> None:
    server = serve(serves)
    carrier = transport(server)
    ask(carrier)
    in_thread(lambda: [ask(carrier), ask(carrier)])
    assert server.connections == 2
    server.wait_for(lambda: server.ended == 1)
    ask(carrier)
    assert (server.posts, server.connections) == (4, 2)
    carrier.close()


def test_close_reaches_the_connections_of_other_threads(serve: Serve) -> None:
    server = serve(serves)
    carrier = transport(server)
    ask(carrier)
    in_thread(carrier.close)
    server.wait_for(lambda: server.ended == 1)
    ask(carrier)
    assert (server.posts, server.connections) == (2, 2)
    carrier.close()


def test_other_settings_have_another_connection(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = serve(serves), serve(serves)
    carrier = NetworkTransport(Settings.checked(timeout=5))
    for server in (first, second):
        monkeypatch.setenv("ACULAB_BASE_URL", server.url)
        ask(carrier)
    first.wait_for(lambda: first.ended == 1)
    assert (first.posts, second.posts) == (1, 1)
    carrier.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("over_tls", [False, True])
def test_a_forked_child_uses_a_connection_of_its_own(
    serve: Serve, certificates: Certificates, over_tls: bool
) -> None:
    server = serve(serves, tls=certificates.good if over_tls else None)
    carrier = transport(server, ca=certificates.file)
    ask(carrier)
    child = os.fork()
    if child == 0:
        right = False
        try:
            ask(carrier)
            ask(carrier)
            right = True
        finally:
            os._exit(0 if right else 1)
    assert os.waitpid(child, 0)[1] == 0
    ask(carrier)
    assert (server.posts, server.connections) == (4, 2)
    carrier.close()


def test_an_interrupt_leaves_no_connection_that_waits_for_an_answer(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next poll must not be given the answer of the one that was broken off."""

    def cloud(peer: Peer) -> None:
        peer.read_request()
        peer.say(answer(b'["late"]', b"HTTP/1.1 200 OK", b"Connection: keep-alive"))
        serves(peer)

    def stops(*_args: object) -> Any:
        raise KeyboardInterrupt

    server = serve(cloud, serves)
    carrier = transport(server)
    with monkeypatch.context() as patched:
        patched.setattr("aculab_wrappers._core.sockets.receive", stops)
        with pytest.raises(KeyboardInterrupt):
            carrier.send(poll())
    ask(carrier)
    assert server.connections == 2
    carrier.close()
