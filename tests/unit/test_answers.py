"""Reading the parts of an answer: the cloud's error, and what may still be ids in a damaged one."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers._core.answers import Refusal, hint_ids, read_ids, read_refusal
from aculab_wrappers._core.http import HttpResponse

from ..benchmarks.counting import function_calls

if TYPE_CHECKING:
    from collections.abc import Callable


def answered(body: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(status, body=body)


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        # Lists, whole and cut.
        (b'["a", "b"]', ("a", "b")),
        (b'["a", "b", "c', ("a", "b")),
        (b'["a", 5, null, "b"]', ("a", "5", "b")),
        (b'["a", "b\\", "c"]', ("a", 'b", ')),
        (b'["a\\"b", "\\u0063"]', ('a"b', "c")),
        (b'[["a"], ["b"]]', ("a", "b")),
        (b'[{"id": "a"}, {"id": "b"}]', ("a", "b")),
        (b"[17, 18]", ("17", "18")),
        (b"[17, null, true]", ("17",)),
        (b"[]", ()),
        (b'  \r\n["a"', ("a",)),
        # Other forms.
        (b'{"id": "call-1"}', ("call-1",)),
        (b'{"call-1": {"status": "QUEUED"}}', ("call-1",)),
        (b'{"ids": ["call-1", "call-2"], "count": 2}', ("call-2", "call-1")),
        (b"123456", ("123456",)),
        (b'"call-1"', ("call-1",)),
        (b"call-1", ("call-1",)),
        (b"call-1\n", ("call-1",)),
        (b"true", ()),
        (b"OK", ()),
        (b"12", ()),
        (b"two words 5", ()),
        (b"x" * 300 + b"1", ()),
        (b"<html>call-1</html>", ()),
        (b'{"call-1": ', ()),
        (b'{"error": {"code": "0001", "text": "call-1"}}', ()),
        (b"", ()),
        # Other charsets.
        (b'\xef\xbb\xbf["a"', ("a",)),
        ('["a", "b"]'.encode("utf-16"), ("a", "b")),
        ('["a", "b"]'.encode("utf-16-be"), ("a", "b")),
        ('["a", "b"]'.encode("utf-32"), ("a", "b")),
        ('{"id": "call-1"}'.encode("utf-16"), ("call-1",)),
        (b'["\xff", "b"]', ("b",)),
    ],
)
def test_what_may_be_ids_in_the_answer_to_a_start(body: bytes, ids: tuple[str, ...]) -> None:
    assert set(hint_ids(answered(body))) == set(ids)


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_of_a_refusal_only_a_list_is_read(status: int) -> None:
    assert hint_ids(answered(b'["a", "b"]', status)) == ("a", "b")
    assert hint_ids(answered(b'{"id": "call-1"}', status)) == ()
    assert hint_ids(answered(b"call-1", status)) == ()


@pytest.mark.parametrize("status", [101, 302, 307])
def test_of_an_answer_that_sends_on_nothing_is_read(status: int) -> None:
    assert hint_ids(answered(b'["a", "b"]', status)) == ()


@pytest.mark.parametrize(
    "came",
    [
        b'HTTP/1.1 200 OK\r\nX: "1"\r\n\r\n["a"]',
        b'HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n\r\n["a", "b',
        b'junk\r\n["a"]',
        b'["a"]',
    ],
)
def test_of_all_that_came_without_a_status_the_heads_are_passed_over(came: bytes) -> None:
    assert hint_ids(answered(came, 0)) == ("a",)


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("X-GZIP ", gzip.compress), ("deflate", zlib.compress)],
)
def test_a_compression_that_nobody_asked_for_is_undone(
    coding: str, pack: Callable[[bytes], bytes]
) -> None:
    headers = (("Content-Encoding", coding),)

    assert hint_ids(HttpResponse(200, headers, pack(b'["a"]'))) == ("a",)
    assert hint_ids(HttpResponse(200, headers, pack(b'{"id": "call-1"}'))) == ("call-1",)
    assert hint_ids(HttpResponse(200, headers, pack(b'["a", "b"]' * 500)[:-9]))[:2] == ("a", "b")


MEGABYTE = 1_048_576
WORST = {
    "one string without an end": b'["' + b"x" * MEGABYTE,
    "strings that end in a line end": b'["x\n' * (MEGABYTE // 4),
    "quotes": b"[" + b'"' * MEGABYTE,
    "escaped quotes": b'["' + b'\\"' * (MEGABYTE // 2),
    "backslashes": b'["' + b"\\" * MEGABYTE,
    "short strings": b"[" + b'"a",' * (MEGABYTE // 4),
    "names of members": b"[" + b'"a":' * (MEGABYTE // 4),
    "blanks behind a string": b'["a"' + b" " * MEGABYTE,
    "lists": b"[" * MEGABYTE,
    "blanks": b" " * MEGABYTE,
    "a header without an end": b"HTTP/1.1 200 OK\r\nX: " + b"y" * MEGABYTE,
    "headers without an end": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * (MEGABYTE // 6),
    "heads": b"HTTP/1.1 103 x\r\n\r\n" * (MEGABYTE // 18),
}


@pytest.mark.parametrize("status", [200, 0])
@pytest.mark.parametrize("kind", WORST)
def test_a_megabyte_of_the_worst_comes_to_its_end(kind: str, status: int) -> None:
    """What takes time by the square of the size would not."""
    assert len(hint_ids(answered(WORST[kind], status))) <= MEGABYTE // 4


@pytest.mark.parametrize("status", [200, 0])
@pytest.mark.parametrize("kind", ["one string without an end", "blanks", "a header without an end"])
def test_a_megabyte_in_one_piece_takes_little_memory(kind: str, status: int) -> None:
    response = answered(WORST[kind], status)
    tracemalloc.start()
    try:
        hint_ids(response)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 8 * MEGABYTE


@pytest.mark.parametrize("kind", WORST)
def test_twice_the_size_takes_no_more_than_twice_the_steps(kind: str) -> None:
    def steps(size: int) -> int:
        response = answered(WORST[kind][:size])
        return function_calls(lambda: hint_ids(response))

    assert steps(40_000) <= 2.2 * steps(20_000)


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b'["a", "b"]', ["a", "b"]),
        (b'["\xc3\xbc"]', ["ü"]),
        *((body, None) for body in (b"[]", b"{}", b'["a", 5]', b'[""]', b'["\\ud800"]', b'["a"')),
    ],
)
def test_a_list_of_ids_is_whole_or_none(body: bytes, ids: list[str] | None) -> None:
    assert read_ids(answered(body)) == ids
    assert read_ids(HttpResponse(200, body=body, fault="cut")) is None


def test_a_refusal_is_told_on_one_line() -> None:
    error = {
        "code": "0001",
        "text": "no\r\nForged: line",
        "details": ["\x1b[2J", "more\u2028"],
        "link": "https://example.com/",
    }
    refusal = read_refusal(answered(json.dumps({"error": error}).encode(), 400))

    assert refusal == Refusal(
        "0001", "no\r\nForged: line", ("\x1b[2J", "more\u2028"), "https://example.com/"
    )
    assert str(refusal) == "0001: no  Forged: line;  [2J; more "


def test_hints_are_bounded_in_number() -> None:
    body = b"[" + b'"a",' * 150_000

    assert len(hint_ids(answered(body))) == 100_000
