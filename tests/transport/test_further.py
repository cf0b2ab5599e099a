"""What comes beside the answer: before the request is written, after the answer, or in between."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING, Any

import pytest
import urllib3
from aculab_wrappers._core.exchange import Exchange

from aculab_wrappers._core import connection, incoming
from aculab_wrappers._core import transport as module
from aculab_wrappers.errors import TransportError

from .asking import failure, request, transport
from .sockets import Peer, answer, reply, tunnel

if TYPE_CHECKING:
    from .conftest import Certificates, Serve

LARGE = (("to", "1" * 2_000_000),)


def says(data: bytes) -> Any:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(data)

    return script


def test_a_second_answer_is_kept_aside(serve: Serve) -> None:
    second = answer(b'["id-2"]', b"HTTP/1.1 201 Made")
    got = transport(serve(says(answer(b'["id-1"]') + second))).send(request())
    assert (got.status, got.body, got.fault) == (200, b'["id-1"]', None)
    (other,) = got.further
    assert (other.status, other.body, other.fault) == (201, b'["id-2"]', None)


def test_a_second_answer_that_is_cut_is_marked(serve: Serve) -> None:
    got = transport(serve(says(answer() + answer(b'["id-2"]')[:-1]))).send(request())
    (other,) = got.further
    assert other.body == b'["id-2"'
    assert other.fault is not None


def test_further_answers_are_bounded_in_number(serve: Serve) -> None:
    got = transport(serve(says(answer() * 100))).send(request())
    assert len(got.further) == 15


def test_further_answers_are_bounded_in_size(serve: Serve) -> None:
    got = transport(serve(says(answer() + answer(b"x" * 400_000) * 10))).send(request())
    assert sum(len(one.body) for one in got.further) <= module.MOST_BODY


@pytest.mark.parametrize("junk", [b"and more", b"HTTP/1.1 2", b"\r\n\r\n", b"x" * 100_000])
def test_what_is_no_answer_is_passed_over(serve: Serve, junk: bytes) -> None:
    got = transport(serve(says(answer() + junk))).send(request())
    assert (got.body, got.fault, got.further) == (b'["id-1"]', None, ())


def test_a_connection_that_stays_open_is_not_waited_for(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    lulls: list[tuple[float, float]] = []
    linger = Exchange.linger

    def watched(here: Exchange, lull: float, longest: float) -> None:
        lulls.append((lull, longest))
        linger(here, lull, longest)

    monkeypatch.setattr(Exchange, "linger", watched)
    assert transport(serve(reply())).send(request()).further == ()
    assert lulls == [incoming._AFTER]
    assert incoming._AFTER[0] <= 0.05


def test_drops_after_the_answer_end_in_time(serve: Serve) -> None:
    def drips(peer: Peer) -> None:
        peer.read_request()
        peer.say(answer() + b"HTTP/1.1 200 OK\r\n")
        while True:
            peer.drip(b"X: y\r\n", pause=0.005)

    got = transport(serve(drips), timeout=30).send(request())
    assert (got.body, got.fault, got.further) == (b'["id-1"]', None, ())


def test_once_the_answer_is_there_nothing_can_lose_it(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> Any:
        raise RuntimeError("something else")

    monkeypatch.setattr(module._Adapter, "build_response", fails)
    assert transport(serve(reply())).send(request()).body == b'["id-1"]'


def test_an_interrupt_after_the_answer_leaves_it_with_the_cause(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_args: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(module._Adapter, "build_response", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        transport(serve(reply())).send(request())
    trouble = caught.value.__cause__
    assert isinstance(trouble, TransportError)
    assert trouble.response is not None
    assert (trouble.response.status, trouble.response.body) == (200, b'["id-1"]')


@pytest.fixture
def small_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = connection._connected

    def narrow(*args: Any) -> socket.socket:
        sock = connected(*args)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
        return sock

    monkeypatch.setattr(connection, "_connected", narrow)


@pytest.mark.parametrize("over_tls", [False, True])
@pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_an_early_answer_ends_the_request(
    serve: Serve, certificates: Certificates, small_buffers: None, over_tls: bool, interim: bytes
) -> None:
    """The server does not close: without listening, all of the request would be written first."""
    taken: list[int] = []

    def script(peer: Peer) -> None:
        peer.narrow()
        peer.read_head()
        peer.say(interim + answer(b"no", b"HTTP/1.1 413 Too much"))
        taken.append(len(peer.read_to_end()))

    server = serve(script, tls=certificates.good if over_tls else None)
    got = transport(server, ca=certificates.file).send(request(form=LARGE))
    assert (got.status, got.body) == (413, b"no")
    server.wait_for(lambda: server.ended == 1)
    assert taken[0] < 3_000_000


def test_an_interim_answer_does_not_end_the_request(serve: Serve, small_buffers: None) -> None:
    def script(peer: Peer) -> None:
        peer.say(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        peer.read_request()
        peer.say(answer())

    server = serve(script)
    assert transport(server).send(request(form=LARGE)).status == 200
    assert server.posts == 1


def test_an_early_answer_counts_though_the_rest_was_never_taken(
    serve: Serve, small_buffers: None
) -> None:
    def script(peer: Peer) -> None:
        peer.narrow()
        peer.read_head()
        peer.pause(0.2)  # the client waits to write, and does not listen
        peer.say(answer(b"no", b"HTTP/1.1 401 No"))
        peer.hush()

    got = transport(serve(script), timeout=0.8).send(request(form=LARGE))
    assert (got.status, got.body) == (401, b"no")


def test_a_broken_request_in_tls_in_tls(serve: Serve, certificates: Certificates) -> None:
    def script(peer: Peer) -> None:
        peer.read_head()
        peer.reset()

    def through(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.relay(origin.port)

    origin = serve(script, tls=certificates.good)
    proxy = serve(through, tls=certificates.good)
    carrier = transport(origin, proxy=proxy, ca=certificates.file)
    with pytest.raises(TransportError) as caught:
        carrier.send(request(form=LARGE))
    assert caught.value.sent
    assert origin.posts == 0


def test_interim_answers_of_a_proxy_are_skipped(serve: Serve, certificates: Certificates) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"

    def through(peer: Peer) -> None:
        peer.say(early * 3)
        tunnel(reply(), certificates.good)(peer)

    got = transport("https://localhost", proxy=serve(through), ca=certificates.file).send(request())
    assert got.status == 200


def test_a_flood_of_a_proxys_interim_answers_is_no_tunnel(serve: Serve) -> None:
    def through(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 17)
        peer.read_to_end()

    error = failure(transport("https://localhost", proxy=serve(through)))
    assert not error.sent


def test_urllib3_logs_for_others_and_not_for_us(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    heard: list[list[str]] = []

    def between(peer: Peer) -> None:
        # In another thread, in the midst of our exchange.
        peer.read_request()
        with urllib3.PoolManager() as pool:
            pool.request("POST", other.url, retries=False)
        heard.append([record.name for record in caplog.records])
        peer.say(answer())

    other = serve(reply())
    transport(serve(between)).send(request())
    assert heard[0].count("urllib3.connectionpool") == 2
    assert [record.name for record in caplog.records] == heard[0]
