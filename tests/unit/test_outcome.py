"""The table: what an answer, or a failure, proves about a start."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from aculab_wrappers import (
    Call,
    NotSentError,
    Outcome,
    RejectedError,
    StartedMismatchError,
    StartError,
    TransportError,
    UnknownOutcomeError,
)
from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.operations import Start
from aculab_wrappers._core.outcome import judge_failure

ONE = Start((Call("441908273800", "441908273801"),))
TWO = Start((Call("a"), Call("b")))
REFUSAL = {
    "error": {
        "code": "0001",
        "text": "from is missing",
        "datetime": "2026-01-15_08:56:24",
        "link": "https://example.com/errors",
    },
    "request": {"url": "/service_start", "datetime": "2026-01-15_08:56:23"},
}


def _json(status: int, body: object) -> HttpResponse:
    return HttpResponse(status, body=json.dumps(body).encode())


def _error(operation: Start, response: HttpResponse) -> StartError:
    with pytest.raises(StartError) as caught:
        operation.parse(response)
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_list_of_ids_is_an_invocation_for_each_call(status: int) -> None:
    first, second = TWO.parse(_json(status, ["id-1", "id-2"]))

    assert (first.id, first.call, first.status) == ("id-1", Call("a"), "QUEUED")
    assert (second.id, second.call, second.finished) == ("id-2", Call("b"), False)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    [only] = ONE.parse(HttpResponse(200, body=b'\xef\xbb\xbf["id-1"]'))

    assert only.id == "id-1"


@pytest.mark.parametrize(
    "ids", [["one"], ["one", "two", "three"], ["same", "same"]], ids=["fewer", "more", "repeated"]
)
def test_ids_that_do_not_pair_up_are_all_kept(ids: list[str]) -> None:
    error = _error(TWO, _json(200, ids))

    assert isinstance(error, StartedMismatchError)
    assert error.outcome is Outcome.STARTED
    assert [(item.id, item.call) for item in error.invocations] == [(id_, None) for id_ in ids]
    assert error.calls == TWO.calls


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        b"<html>log in here</html>",
        b"null",
        b"5",
        b'"id-1"',
        b'{"id": "id-1"}',
        b"[]",
        b"[1]",
        b"[null]",
        b'[["id-1"]]',
        b'[""]',
        b'["id-1", NaN]',
        b"[" * 100_000,
        b"[" + b"9" * 10_000 + b"]",
        '["id-1"]'.encode("utf-16"),
        b'["id-\xff"]',
    ],
)
def test_a_success_without_a_list_of_ids_is_unknown(body: bytes) -> None:
    error = _error(ONE, HttpResponse(200, body=body))

    assert isinstance(error, UnknownOutcomeError)
    assert error.outcome is Outcome.UNKNOWN
    assert not error.retryable
    assert error.response is not None
    assert error.response.body == body


def test_a_cut_list_is_unknown_and_gives_its_whole_ids_as_hints() -> None:
    error = _error(TWO, HttpResponse(200, body=b'["id-1", "id-2", "id', fault="the body was cut"))

    assert isinstance(error, UnknownOutcomeError)
    assert error.hinted_ids == ("id-1", "id-2")
    assert "the body was cut" in str(error)


def test_even_a_list_that_reads_well_is_not_trusted_after_a_fault() -> None:
    error = _error(ONE, HttpResponse(200, body=b'["id-1"]', fault="the body is 9 bytes short"))

    assert isinstance(error, UnknownOutcomeError)
    assert error.hinted_ids == ("id-1",)


@pytest.mark.parametrize("status", [400, 403, 404, 429])
def test_a_refusal_in_the_clouds_own_words_is_proof(status: int) -> None:
    error = _error(ONE, _json(status, REFUSAL))

    assert isinstance(error, RejectedError)
    assert error.outcome is Outcome.REJECTED
    assert (error.http_status, error.code) == (status, "0001")
    assert error.refusal is not None
    assert error.refusal.text == "from is missing"
    assert error.refusal.link == "https://example.com/errors"
    assert f"HTTP {status}, 0001: from is missing" in str(error)
    assert error.calls == ONE.calls


@pytest.mark.parametrize(
    ("details", "wanted"),
    [
        ("only one", ("only one",)),
        (["first", "second"], ("first", "second")),
        (["first", 2], ("first",)),
        (7, ()),
        (None, ()),
    ],
)
def test_details_come_as_text_or_as_a_list(details: object, wanted: tuple[str, ...]) -> None:
    body = {"error": {"code": "HTTP 400", "text": "see details", "details": details}}

    error = _error(ONE, _json(400, body))

    assert error.refusal is not None
    assert error.refusal.details == wanted


def test_a_401_is_proof_without_any_body() -> None:
    error = _error(ONE, HttpResponse(401, body=b"<html>who are you?</html>"))

    assert isinstance(error, RejectedError)
    assert error.refusal is None
    assert error.code is None
    assert "outbound service password" in str(error)


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(400, body=b"<html>blocked by the firewall</html>"),
        HttpResponse(403, body=b""),
        HttpResponse(404, body=b'{"error": "no"}'),
        HttpResponse(400, body=b'{"error": {"code": "7", "text": "no"}}'),
        HttpResponse(400, body=b'{"error": {"code": 1, "text": "no"}}'),
        HttpResponse(400, body=b'{"error": {"code": "0001"}}'),
        HttpResponse(413, body=json.dumps(REFUSAL).encode(), fault="cut"),
        HttpResponse(500, body=json.dumps(REFUSAL).encode()),
        HttpResponse(502, body=b"<html>Bad Gateway</html>"),
        HttpResponse(503),
        HttpResponse(302, (("Location", "https://example.com/"),)),
        HttpResponse(307),
        HttpResponse(101),
        HttpResponse(999),
    ],
    ids=lambda response: f"{response.status}-{response.body[:12].decode()}",
)
def test_any_other_answer_proves_nothing(response: HttpResponse) -> None:
    error = _error(ONE, response)

    assert isinstance(error, UnknownOutcomeError)
    assert error.http_status == response.status
    assert f"HTTP {response.status}" in str(error)
    assert error.hinted_ids == ()


@pytest.mark.parametrize("transient", [True, False])
def test_no_answer_before_the_first_byte_is_not_sent(transient: bool) -> None:
    error = judge_failure(ONE.calls, TransportError("refused", sent=False, transient=transient))

    assert isinstance(error, NotSentError)
    assert (error.outcome, error.retryable) == (Outcome.NOT_SENT, True)
    assert error.transient is transient
    assert error.calls == ONE.calls
    assert str(error) == "no call was started: refused"


def test_no_answer_after_the_first_byte_is_unknown() -> None:
    error = judge_failure(TWO.calls, TransportError("silence"))

    assert isinstance(error, UnknownOutcomeError)
    assert error.http_status is None
    assert str(error).startswith("2 calls may have been started: silence. Do not send again")


def test_what_came_without_a_status_is_kept_and_searched() -> None:
    came = HttpResponse(0, (), b'junk\r\nX: [\r\n\r\n["id-1","id', "what came is no HTTP answer")

    error = judge_failure(TWO.calls, TransportError("what came is no HTTP answer", response=came))

    assert isinstance(error, UnknownOutcomeError)
    assert error.response == came
    assert error.http_status is None
    assert error.hinted_ids == ("id-1",)
    assert "started: what came is no HTTP answer. Do not" in str(error)


def _packed(coding: str, body: bytes) -> HttpResponse:
    return HttpResponse(200, (("content-encoding", coding),), body)


BARE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    "response",
    [
        _packed("gzip", gzip.compress(b'["one","tw')),
        _packed("GZIP ", gzip.compress(b'["one",' + b" " * 5000)[:-12]),
        _packed("x-gzip", gzip.compress(b'["one"]')),
        _packed("deflate", zlib.compress(b'["one"]')),
        _packed("deflate", BARE.compress(b'["one"]') + BARE.flush()),
        _packed("deflate", b'["one"'),
        _packed("gzip", gzip.compress(b'["one",' + b" " * 50_000_000)),
    ],
)
def test_ids_are_looked_for_in_a_compressed_answer(response: HttpResponse) -> None:
    error = _error(ONE, response)

    assert isinstance(error, UnknownOutcomeError)
    assert error.hinted_ids == ("one",)
    assert error.response == response


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "identity"])
def test_no_ids_are_guessed_in_what_cannot_be_unpacked(coding: str) -> None:
    error = _error(ONE, _packed(coding, gzip.compress(gzip.compress(b'["one"]'))))

    assert isinstance(error, UnknownOutcomeError)
    assert error.hinted_ids == ()


@pytest.mark.parametrize("bad", ["\\u0000", "a\\u0000b", "\\ud800", "\\udfff\\ud800"])
def test_what_no_id_can_be_is_not_taken_for_one(bad: str) -> None:
    error = _error(TWO, HttpResponse(200, body=f'["{bad}","two"]'.encode()))

    assert isinstance(error, UnknownOutcomeError)
    assert error.hinted_ids == ("two",)


def test_other_odd_ids_are_ids() -> None:
    odd = ["a/b", "\r", "\U0001f600", "\x7f"]

    started = Start((*TWO.calls, *TWO.calls)).parse(_json(200, odd))

    assert [item.id for item in started] == odd


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\r\n "])
def test_a_page_is_not_from_the_cloud(start: bytes) -> None:
    error = _error(ONE, HttpResponse(200, body=start + b"<!DOCTYPE html><title>Log in</title>"))

    assert isinstance(error, UnknownOutcomeError)
    assert "not from Aculab's cloud" in str(error)
    assert "Log in" not in str(error)
