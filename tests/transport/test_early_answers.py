"""What comes while the request is still being written, or between an answer's head and its body."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import urllib3

from aculab_wrappers.errors import TransportError

from .asking import request, transport
from .sockets import Peer, answer, reply

if TYPE_CHECKING:
    from .conftest import Certificates, Serve

LARGE = (("to", "1" * 2_000_000),)


@pytest.mark.parametrize("over_tls", [False, True])
@pytest.mark.parametrize(
    "interim", [b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Hints\r\nX: y\r\n\r\n" * 3]
)
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
    assert taken[0] < 2_000_000


def test_switching_protocols_early_ends_the_request(serve: Serve, small_buffers: None) -> None:
    def script(peer: Peer) -> None:
        peer.narrow()
        peer.read_head()
        peer.say(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        peer.read_to_end()

    assert transport(serve(script)).send(request(form=LARGE)).status == 101


def test_an_interim_answer_does_not_end_the_request(serve: Serve, small_buffers: None) -> None:
    def script(peer: Peer) -> None:
        peer.say(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        peer.read_request()
        peer.say(answer())

    server = serve(script)
    assert transport(server).send(request(form=LARGE)).status == 200
    assert server.posts == 1


def test_a_flood_that_comes_early_is_bounded(serve: Serve, small_buffers: None) -> None:
    def script(peer: Peer) -> None:
        peer.narrow()
        peer.read_head()
        while True:
            peer.say(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)

    with pytest.raises(TransportError, match="within|longer than") as caught:
        transport(serve(script), timeout=1).send(request(form=LARGE))
    assert caught.value.sent


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
