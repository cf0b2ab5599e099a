"""Answers that are late, long, short, or wrapped in something."""

from __future__ import annotations

import gzip
import socket
import time
from typing import TYPE_CHECKING

import pytest
import requests
from requests.adapters import HTTPAdapter

from aculab_wrappers._core.answers import hint_ids
from aculab_wrappers._core.connection import RecordedResponse
from aculab_wrappers._core.exchange import MAX_HEAD
from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.redaction import Redactor
from aculab_wrappers._core.transport import MAX_BODY
from aculab_wrappers.errors import TransportError

from .asking import SECRETS, failure, request, told, transport
from .sockets import answer, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Serve
    from .sockets import Peer

EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def cut(data: bytes) -> Callable[[Peer], None]:
    """The script of a server that ends the connection after `data`."""

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(data)

    return script


@pytest.mark.parametrize("interim", [CONTINUE, EARLY, EARLY * 1000, (EARLY + CONTINUE) * 8])
def test_interim_answers_are_skipped(serve: Serve, interim: bytes) -> None:
    server = serve(reply(interim + answer(b'["id"]')))
    got = transport(server).send(request())
    assert (got.status, got.body, got.fault) == (200, b'["id"]', None)


def test_interim_answers_in_pieces_are_skipped(serve: Serve) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.drip(EARLY, pause=0.001)
        peer.say(answer(b'["id"]'))

    assert transport(serve(script)).send(request()).body == b'["id"]'


def test_a_flood_of_interim_answers_is_refused(serve: Serve) -> None:
    hints = EARLY.replace(b"preload", b"x" * 60_000)
    server = serve(cut(hints * ((MAX_HEAD + MAX_BODY) // len(hints) + 1) + answer()))
    error = failure(transport(server))
    assert error.sent
    assert "the answer is longer than 2097152 bytes" in str(error)
    assert server.posts == 1


@pytest.mark.parametrize(
    "headers",
    [
        (b"X: y",) * 90,
        (b"X: " + b"y" * 65_000,),
        (b"X: a", *(b"\t" + b"b" * 50,) * 90),
        (b" Folded: at first",),
        (b"no colon", b": no name"),
    ],
    ids=["many", "long", "folded", "folded at first", "none"],
)
def test_a_head_may_be_large_and_odd(serve: Serve, headers: tuple[bytes, ...]) -> None:
    head = answer(b'["id"]', b"HTTP/1.1 200 OK", *headers)
    got = transport(serve(cut(head))).send(request())
    assert (got.status, got.body, got.fault) == (200, b'["id"]', None)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ((b"X: y",) * 101, "got more than 100 headers"),
        ((b"X: " + b"y" * 70_000,), "LineTooLong"),
        ((b"X: a", *(b"\tb",) * 110), "got more than 100 headers"),
    ],
    ids=["many", "long", "folded"],
)
def test_the_body_behind_a_head_that_is_refused_is_kept(
    serve: Serve, headers: tuple[bytes, ...], why: str
) -> None:
    error = failure(transport(serve(cut(answer(b'["id"]', b"HTTP/1.1 200 OK", *headers)))))
    assert error.sent
    assert str(error) == f"what came is no HTTP answer ({why})"
    assert error.response is not None
    assert hint_ids(error.response) == ("id",)


def test_headers_come_as_they_were_sent(serve: Serve) -> None:
    head = answer(b"[]", b"HTTP/1.1 200 OK", b"X-One:  a ", b"x-TWO: \xe9", b"Two: b\r\n  c", b"E:")
    got = transport(serve(reply(head))).send(request())
    assert got.headers == (
        ("X-One", "a "),
        ("x-TWO", "\xe9"),
        ("Two", "b c"),
        ("E", ""),
        ("Connection", "close"),
        ("Content-Length", "2"),
    )


@pytest.mark.parametrize(
    ("came", "why"),
    [
        (b"220 smtp.example ESMTP\r\n\r\n[]", "BadStatusLine"),
        (b"HTTP/1.1 2000 OK\r\n\r\n[]", "BadStatusLine"),
        (b"HTTP/1.1 20", "BadStatusLine"),
        (b"HTTP/1.1 401 No\r\nX: y", "the head of the answer was cut"),
        (EARLY + b"HTTP/1.1 200 OK\r\n", "the head of the answer was cut"),
    ],
)
def test_what_is_no_answer_is_kept(serve: Serve, came: bytes, why: str) -> None:
    error = failure(transport(serve(cut(came))))
    assert str(error) == f"what came is no HTTP answer ({why})"
    assert error.response == HttpResponse(0, (), came, str(error))


def test_no_answer_is_none(serve: Serve) -> None:
    error = failure(transport(serve(cut(b""))))
    assert str(error) == "the answer did not come: RemoteDisconnected"
    assert error.response is None


def test_a_server_of_another_kind_is_not_waited_for(serve: Serve) -> None:
    def greets(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"220 smtp.example ESMTP\r\n")
        peer.hush()

    began = time.monotonic()
    error = failure(transport(serve(greets), timeout=30))
    assert time.monotonic() - began < 5
    assert error.response == HttpResponse(
        0, (), b"220 smtp.example ESMTP\r\n", "what came is no HTTP answer (BadStatusLine)"
    )


def test_half_a_head_is_kept_when_the_time_is_over(serve: Serve) -> None:
    def stops(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 OK\r\nX: y")
        peer.hush()

    error = failure(transport(serve(stops), timeout=0.2))
    assert str(error) == "no answer within 0.2 seconds"
    assert error.response is not None
    assert error.response.body == b"HTTP/1.1 200 OK\r\nX: y"


def test_what_is_kept_holds_no_secret(serve: Serve) -> None:
    def echoes(peer: Peer) -> None:
        peer.say(b"not HTTP: " + peer.read_request().header("Authorization").encode())

    error = failure(transport(serve(echoes)))
    assert error.response is not None
    assert b"***" in error.response.body
    assert not [secret for secret in SECRETS if secret in told(error)]


@pytest.mark.parametrize(
    "lengths",
    [
        (b"9", b"7"),
        (b"7, 9",),
        (b"-7",),
        (b"+7",),
        (b"7x",),
        (b"0x7",),
        (b"7_0",),
        (b"",),
        (b"many",),
        (b"9" * 30,),
    ],
)
def test_a_length_that_cannot_be_relied_on(serve: Serve, lengths: tuple[bytes, ...]) -> None:
    head = b"".join(b"Content-Length: " + length + b"\r\n" for length in lengths)
    got = transport(serve(cut(b"HTTP/1.1 200 OK\r\n" + head + b'\r\n["id-1"]'))).send(request())
    assert (got.status, got.body) == (200, b'["id-1"]')
    assert got.fault == "its Content-Length cannot be relied on"


def test_a_length_may_be_said_twice(serve: Serve) -> None:
    data = answer(b"[1]", b"HTTP/1.1 200 OK", b"Content-Length: 3, 3")
    assert transport(serve(reply(data))).send(request()).fault is None


@pytest.mark.parametrize("status", [b"204 None", b"304 As before"])
def test_some_answers_have_no_body(serve: Serve, status: bytes) -> None:
    data = b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\n"
    got = transport(serve(reply(data))).send(request())
    assert (got.body, got.fault) == (b"", None)


def test_trailers_are_bounded(serve: Serve) -> None:
    data = CHUNKED + b"2\r\n[]\r\n0\r\n" + b"T: x\r\n" * ((MAX_HEAD + MAX_BODY) // 6 + 1)
    got = transport(serve(cut(data))).send(request())
    assert got.body == b"[]"
    assert got.fault == "the body was cut after 2 bytes: the answer is longer than 2097152 bytes"


def test_switching_protocols_is_an_answer(serve: Serve) -> None:
    server = serve(cut(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\nother"))
    got = transport(server).send(request())
    assert (got.status, got.body) == (101, b"")


@pytest.mark.parametrize("script", [reply, cut])
def test_a_body_ends_at_its_content_length(
    serve: Serve, script: Callable[[bytes], Callable[[Peer], None]]
) -> None:
    got = transport(serve(script(answer(b'["id"]') + b"and more"))).send(request())
    assert (got.body, got.fault) == (b'["id"]', None)


def test_a_body_without_a_length_ends_with_the_connection(serve: Serve) -> None:
    got = transport(serve(cut(b'HTTP/1.0 200 OK\r\n\r\n["id"]'))).send(request())
    assert (got.body, got.fault) == (b'["id"]', None)


@pytest.mark.parametrize("came", [b"", b'["id-1","id', b"x" * 100_000])
def test_a_short_body_is_kept_and_marked(serve: Serve, came: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    got = transport(serve(cut(head + came))).send(request())
    assert (got.status, got.body) == (200, came)
    assert got.fault is not None


def test_a_reset_in_the_body_keeps_what_came(serve: Serve) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n["id-1",')
        peer.reset()

    got = transport(serve(script)).send(request())
    assert (got.status, got.body) == (200, b'["id-1",')
    assert got.fault is not None


@pytest.mark.parametrize("sizes", [b"3", b"0003", b"3;extension=1", b"3 "])
def test_chunks_are_joined(serve: Serve, sizes: bytes) -> None:
    chunks = sizes + b'\r\n["i\r\n' + sizes + b'\r\nd"]\r\n0\r\nTrailer: x\r\n\r\n'
    got = transport(serve(reply(CHUNKED + chunks))).send(request())
    assert (got.body, got.fault) == (b'["id"]', None)


@pytest.mark.parametrize(
    "chunks",
    [
        b'3\r\n["i\r\n',
        b'3\r\n["i\r\n3\r\n',
        b'3\r\n["i\r\nzz\r\n',
        b'3\r\n["i\r\n' + b"f" * 70_000,
        b'3\r\n["i\r\n-1\r\n',
        b'3\r\n["i and more than three',
        b'3\r\n["i',
        b'9\r\n["i',
    ],
)
def test_cut_and_broken_chunks_keep_what_came(serve: Serve, chunks: bytes) -> None:
    got = transport(serve(cut(CHUNKED + chunks))).send(request())
    assert (got.status, got.body) == (200, b'["i')
    assert got.fault is not None


@pytest.mark.parametrize("more", [0, 1, 100_000])
@pytest.mark.parametrize("how", ["length", "close", "chunks"])
def test_a_body_is_cut_at_one_mebibyte(serve: Serve, how: str, more: int) -> None:
    body = b"x" * (MAX_BODY + more)
    whole = {
        "length": answer(body),
        "close": b"HTTP/1.1 200 OK\r\n\r\n" + body,
        "chunks": CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body),
    }[how]
    got = transport(serve(cut(whole))).send(request())
    assert len(got.body) == MAX_BODY
    assert (got.fault is not None) == (more > 0)


def test_a_large_start_gets_all_of_its_ids(serve: Serve) -> None:
    ids = b"x" * (MAX_BODY + 100_000)
    large = request(form=(("outbound_parameters", "1" * MAX_BODY),))
    got = transport(serve(reply(answer(ids)))).send(large)
    assert (len(got.body), got.fault) == (len(ids), None)


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"gzip, gzip", b"identity", b"?"])
def test_a_coded_body_is_not_decoded(serve: Serve, coding: bytes) -> None:
    body = gzip.compress(b"x" * 10_000_000)
    got = transport(
        serve(reply(answer(body, b"HTTP/1.1 200 OK", b"Content-Encoding: " + coding)))
    ).send(request())
    assert (got.body, got.fault) == (body, None)


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: application/json; charset",
        b"Content-Type: application/json; charset=nonsense",
        b"Content-Type: ;;;=",
        b"Content-Type: \xff\xfe",
        b"Set-Cookie: =; expires=never; max-age=x; domain=..",
        b"Set-Cookie: \xff",
        b"Refresh: 0",
        b"Date: never",
        b"X-Folded: a\r\n b",
        b"X-Empty:",
        b"Keep-Alive: timeout=x",
    ],
)
def test_no_header_costs_the_answer(serve: Serve, header: bytes) -> None:
    got = transport(serve(reply(answer(b'["id"]', b"HTTP/1.1 200 OK", header)))).send(request())
    assert (got.status, got.body, got.fault) == (200, b'["id"]', None)


def test_an_early_answer_is_read_though_the_server_stops_reading(serve: Serve) -> None:
    big = (("number", "1" * 8_000_000),)

    def script(peer: Peer) -> None:
        peer.read_head()
        peer.say(answer(b"no", b"HTTP/1.1 401 Unauthorized"))
        peer.read_some()

    server = serve(script)
    got = transport(server).send(request(form=big))
    assert got.status == 401
    assert server.connections == 1


@pytest.mark.parametrize("shortage", [MemoryError, RecursionError])
def test_where_what_came_cannot_be_cleaned_it_is_left_out(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, shortage: type[Exception]
) -> None:
    def fails(*_args: object) -> HttpResponse:
        raise shortage

    monkeypatch.setattr(Redactor, "redact_response", fails)
    error = failure(transport(serve(cut(b"no HTTP"))))
    assert error.sent
    assert error.response is None


def test_a_head_is_read_once() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(answer(b"[]", b"HTTP/1.1 200 OK", b"X: 1"))
        with RecordedResponse(ours) as response:
            response.begin()
            response.begin()
            assert (response.status, response.getheader("X"), response.read()) == (200, "1", b"[]")


@pytest.mark.parametrize(
    ("error", "comes_out"), [(OSError("broken"), False), (KeyError("no key"), True)]
)
def test_an_answer_that_another_program_made_stands_though_it_cannot_be_closed(
    monkeypatch: pytest.MonkeyPatch, error: Exception, comes_out: bool
) -> None:
    class Made(requests.Response):
        @property
        def content(self) -> bytes:
            return b'["id-1"]'

        def close(self) -> None:
            raise error

    def send(*_args: object, **_more: object) -> requests.Response:
        made = Made()
        made.status_code = 200
        return made

    monkeypatch.setattr(HTTPAdapter, "send", send)
    carrier = transport("https://cloud.example")
    if comes_out:
        with pytest.raises(KeyError) as caught:
            carrier.send(request())
        assert isinstance(caught.value.__cause__, TransportError)
        assert caught.value.__cause__.sent
    else:
        assert carrier.send(request()) == HttpResponse(200, (), b'["id-1"]')
