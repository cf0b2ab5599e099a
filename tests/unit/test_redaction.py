"""A secret is found however it is written, and nothing else is taken out."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from aculab_wrappers._core.hidden import spellings, without
from hypothesis import given
from hypothesis import strategies as st

from aculab_wrappers import Call, OutboundClient, RejectedError, StatusError
from aculab_wrappers._core.http import HttpResponse

if TYPE_CHECKING:
    from aculab_wrappers._core.http import HttpRequest

SECRET = 'canary-pa55/wörd%"&<'
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


def _hides(secret: str, text: bytes) -> bytes:
    pattern = spellings(secret)
    assert pattern is not None
    return pattern.sub(b"***", text)


@pytest.mark.parametrize(
    "written",
    [
        SECRET.encode(),
        SECRET.encode().hex().encode(),
        SECRET.encode().hex().upper().encode(),
        quote(SECRET).encode(),
        quote(SECRET, safe="").encode(),
        quote(SECRET, safe="").lower().encode(),
        quote_plus(SECRET).encode(),
        "".join(f"%{byte:02X}" for byte in SECRET.encode()).encode(),
        json.dumps(SECRET)[1:-1].encode(),
        json.dumps(SECRET, ensure_ascii=False)[1:-1].encode(),
        json.dumps(SECRET)[1:-1].replace("/", "\\/").encode(),
        "".join(f"\\u{ord(mark):04x}" for mark in SECRET).encode(),
        escape(SECRET).encode(),
        SECRET.encode("utf-16-le"),
    ],
)
def test_each_spelling_is_taken_out(written: bytes) -> None:
    assert _hides(SECRET, b"denied: " + written + b"!") == b"denied: ***!"


@given(before=TEXT, after=TEXT)
def test_base64_of_something_longer_gives_no_part_of_it_away(before: str, after: str) -> None:
    whole = f"{before}{SECRET}{after}".encode()
    for encode in (b64encode, urlsafe_b64encode):
        hidden = _hides(SECRET, encode(whole))

        assert b"***" in hidden
        assert len(hidden) < len(encode(whole)) - len(SECRET)


def test_the_authorization_header_is_taken_out() -> None:
    pair = b64encode(f"1-2-0/user@example.com/svc:{SECRET}".encode())

    assert b"***" in _hides(SECRET, b'{"got": "Basic ' + pair + b'"}')


@given(secret=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=4, max_size=30))
def test_every_secret_is_found_in_every_spelling(secret: str) -> None:
    for written in (secret.encode(), quote(secret, safe="").encode(), json.dumps(secret).encode()):
        assert secret.encode() not in _hides(secret, written)
        assert b"***" in _hides(secret, written)


def test_answers_that_came_after_one_are_cleaned_too() -> None:
    second = HttpResponse(200, (("X", SECRET),), SECRET.encode())

    clean = without(HttpResponse(200, further=(second,)), spellings(SECRET))

    assert clean.further == (HttpResponse(200, (("X", "***"),), b"***"),)
    assert without(second, None) is second


def test_nothing_else_is_taken_out() -> None:
    text = b'{"error": {"code": "0001", "text": "Parameter missing: outbound_parameters"}}'

    assert _hides(SECRET, text) == text


@pytest.mark.parametrize("secret", ["", "a", "abc"])
def test_what_is_too_short_to_be_known_again_is_left_alone(secret: str) -> None:
    assert spellings(secret) is None


class Echo:
    """A transport to a server that refuses, and repeats what it was given."""

    def __init__(self, status: int = 401) -> None:
        self._status = status

    def send(self, request: HttpRequest) -> HttpResponse:
        got = request.credentials.authorization()
        detail = f"no such password: {got}"
        refusal = {
            "error": {"code": "HTTP 401", "text": detail, "details": [detail], "link": detail},
            "request": {"url": "/service_start"},
        }
        return HttpResponse(self._status, (("X-Echo", got),), json.dumps(refusal).encode())


def _told(error: RejectedError | StatusError) -> str:
    return f"{error} {error.args} {error.response} {error.refusal}"


def test_what_a_server_echoes_is_not_in_the_error_of_a_start() -> None:
    with pytest.raises(RejectedError, match="no such password") as caught:
        _client(SECRET).start(Call("x"))

    assert "***" in _told(caught.value)
    assert SECRET not in _told(caught.value)
    assert b64encode(SECRET.encode())[4:-4].decode() not in _told(caught.value)


def test_nor_in_that_of_a_status() -> None:
    with pytest.raises(StatusError) as caught:
        _client(SECRET).status("id")

    assert "***" in _told(caught.value)


def test_a_password_too_short_to_be_known_again_takes_nothing_away() -> None:
    with pytest.raises(RejectedError, match="no such password: Basic") as caught:
        _client("a").start(Call("x"))

    assert "***" not in _told(caught.value)


def _client(password: str) -> OutboundClient:
    return OutboundClient("1-2-0", "user", "svc", password, transport=Echo())
