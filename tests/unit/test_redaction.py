"""A password is found however a server has written it, and nothing else is taken out."""

from __future__ import annotations

import json
from base64 import b64encode, encodebytes, urlsafe_b64encode
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aculab_wrappers import Call, OutboundClient, RejectedError, StatusError, UnknownOutcomeError
from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.redaction import Redactor, find_spellings

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers._core.http import HttpRequest

PLAIN = "correct horse 42"
ODD = 'canary-pa55/wörd%"&<'
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


def percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def json_escapes(text: str) -> str:
    units = text.encode("utf-16-be").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))


def decimal(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


def in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def separated(mark: str) -> Callable[[str], str]:
    return lambda text: mark.join(f"{byte:02x}" for byte in text.encode())


SPELLINGS: dict[str, Callable[[str], str | bytes]] = {
    # once
    "as it is": lambda text: text,
    "Latin-1": lambda text: text.encode("latin-1"),
    "UTF-16, little end first": lambda text: text.encode("utf-16-le"),
    "UTF-16, big end first": lambda text: text.encode("utf-16-be"),
    "UTF-16 with its mark": lambda text: text.encode("utf-16"),
    "UTF-32": lambda text: text.encode("utf-32-le"),
    "hex": lambda text: text.encode().hex(),
    "hex, upper case": lambda text: text.encode().hex().upper(),
    "hex with blanks": separated(" "),
    "hex with colons": separated(":"),
    "hex with dashes": separated("-"),
    "base64": base64,
    "base64 one byte later": lambda text: base64("x" + text),
    "base64 two bytes later": lambda text: base64("xy" + text),
    "base64 for URLs": lambda text: urlsafe_b64encode(text.encode()),
    "base64 over lines": lambda text: encodebytes(b"x" * 50 + text.encode()),
    "base64 over lines of four": lambda text: "\r\n".join(
        base64(text)[place : place + 4] for place in range(0, len(base64(text)), 4)
    ),
    "percent": quote,
    "percent, slashes too": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: quote(text, safe="").lower(),
    "percent, each byte": percent,
    "form": quote_plus,
    "JSON": in_json,
    "JSON beyond ASCII": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, slashes escaped": lambda text: in_json(text).replace("/", "\\/"),
    "JSON, each character": json_escapes,
    "JSON, some characters": lambda text: json_escapes(text[:5]) + in_json(text[5:]),
    "HTML": escape,
    "HTML, decimal": decimal,
    "HTML, hexadecimal": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "HTML, one character": lambda text: text.replace("r", "&#114;"),
    "HTML, with zeroes": lambda text: "".join(f"&#{ord(char):07};" for char in text),
    # twice
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "each byte percent twice": lambda text: quote(percent(text)),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"got": text})),
    "JSON escapes in JSON": lambda text: in_json(json_escapes(text)),
    "HTML in JSON": lambda text: in_json(decimal(text)),
    "HTML in HTML": lambda text: escape(decimal(text)),
    "JSON in HTML": lambda text: escape(json.dumps(text)),
    "percent in HTML": lambda text: decimal(percent(text)),
    "percent in JSON": lambda text: json_escapes(percent(text)),
    "hex in HTML": lambda text: decimal(text.encode().hex()),
    "base64 in percent": lambda text: percent(base64(text)),
    "base64 in HTML": lambda text: decimal(base64(text)),
    "base64 over lines in JSON": lambda text: in_json(encodebytes(text.encode() * 5).decode()),
    "base64 in UTF-16": lambda text: base64(text).encode("utf-16-le"),
    # three times
    "percent three times": lambda text: quote(quote(quote(text, safe=""), safe=""), safe=""),
    "each byte percent four times": lambda text: quote(quote(quote(percent(text)))),
    "JSON in JSON in JSON": lambda text: json.dumps(json.dumps(json.dumps(text))),
    "hex with blanks in HTML in JSON": lambda text: in_json(decimal(separated(" ")(text))),
}


def test_there_are_many_spellings() -> None:
    assert len(SPELLINGS) >= 40


@pytest.mark.parametrize("secret", [PLAIN, ODD], ids=["plain", "odd"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_spelling_is_taken_out(secret: str, spelling: str) -> None:
    written = SPELLINGS[spelling](secret)
    raw = written if isinstance(written, bytes) else written.encode()

    for text in (raw, b'{"denied": "' + raw + b'"}'):
        hidden = Redactor([secret]).redact(text)

        assert b"***" in hidden
        assert raw not in hidden


@pytest.mark.parametrize("place", [60_000, 65_530, 200_000])
def test_a_spelling_far_inside_a_long_text_is_taken_out(place: int) -> None:
    text = b"x" * place + decimal(PLAIN).encode() + b"y" * 70_000

    assert decimal(PLAIN).encode() not in Redactor([PLAIN]).redact(text)


def test_what_is_encoded_more_than_once_is_withheld_as_a_whole() -> None:
    hidden = Redactor([PLAIN]).redact(b"some text " + percent(percent(PLAIN)).encode())

    assert hidden == b"*** (withheld: it holds a password, encoded more than once)"


def test_one_encoding_leaves_the_text_around_it() -> None:
    assert Redactor([PLAIN]).redact(b"denied: correct horse 42!") == b"denied: ***!"


def test_of_several_passwords_each_is_taken_out() -> None:
    assert Redactor(["first-one", "second-one"]).redact_text("first-one second-one") == "*** ***"


WITHOUT = [
    b"",
    b"plain text",
    b'{"error": {"code": "0001", "text": "Parameter missing: outbound_parameters"}}',
    b"<html>&lt;b&gt; 100%25 &#9731; %zz &nonsense; \\u00e9\\n \\ud800 \\x</html>",
    b"correct horse",
    b"de ad be ef 01:02:03",
    "grüße, ☃".encode("utf-16"),
    bytes(range(256)),
    b"&#114" * 1000 + b"%41" * 1000 + b"\\u0041" * 1000,
]


@pytest.mark.parametrize("text", WITHOUT)
def test_a_text_without_the_password_stays_as_it_is(text: bytes) -> None:
    assert Redactor([PLAIN, ODD]).redact(text) == text


@given(before=TEXT, after=TEXT)
def test_base64_of_something_longer_gives_no_part_of_it_away(before: str, after: str) -> None:
    whole = f"{before}{ODD}{after}".encode()
    for encode in (b64encode, urlsafe_b64encode):
        hidden = Redactor([ODD]).redact(encode(whole))

        assert b"***" in hidden
        assert len(hidden) < len(encode(whole)) - len(ODD)


@given(secret=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=4, max_size=30))
def test_every_secret_is_found_in_every_spelling(secret: str) -> None:
    for written in (secret.encode(), quote(secret, safe="").encode(), json.dumps(secret).encode()):
        hidden = Redactor([secret]).redact(written)

        assert secret == "***" or secret.encode() not in hidden
        assert b"***" in hidden


@pytest.mark.parametrize("secret", ["", "a", "abc"])
def test_what_is_too_short_to_be_known_again_is_left_alone(secret: str) -> None:
    response = HttpResponse(500, (("X", secret),), secret.encode())

    assert find_spellings(secret) == set()
    assert Redactor([secret]).redact_response(response) is response


@pytest.mark.parametrize(
    "name_and_text", [("X", ODD), (ODD, "x"), ("X", ODD.encode().decode("latin-1"))]
)
def test_a_header_is_cleaned_in_whatever_charset(name_and_text: tuple[str, str]) -> None:
    [[name, text]] = Redactor([ODD]).redact_response(HttpResponse(500, (name_and_text,))).headers

    assert "***" in (name, text)


def test_a_header_beyond_latin_1_is_cleaned_too() -> None:
    response = HttpResponse(500, (("X", f"☃ {ODD}"),))

    assert Redactor([ODD]).redact_response(response).headers == (("X", "☃ ***"),)


def test_hinted_ids_are_cleaned_and_the_ids_of_started_calls_are_not() -> None:
    error = UnknownOutcomeError("perhaps", hinted_ids=["id-1", PLAIN])

    Redactor([PLAIN]).redact_error(error)

    assert error.hinted_ids == ("id-1", "***")


def test_it_shows_no_password() -> None:
    assert repr(Redactor([PLAIN])) == "<Redactor>"


def test_its_work_is_bounded() -> None:
    """Each further megabyte of the worst text costs no more: the work ends at a bound."""
    worst = b"%25" * 1_000_000

    assert Redactor([PLAIN]).redact(worst) == worst


class Echo:
    """A transport to a server that refuses, and repeats what it was given."""

    def __init__(self, write: Callable[[str], str] = str) -> None:
        self._write = write

    def send(self, request: HttpRequest) -> HttpResponse:
        got = request.credentials.authorization()
        detail = self._write(f"no such password: {got} {request.credentials.password()}")
        refusal = {
            "error": {"code": "HTTP 401", "text": detail, "details": [detail], "link": detail},
            "request": {"url": "/service_start"},
        }
        return HttpResponse(401, (("X-Echo", got),), json.dumps(refusal).encode())


def _told(error: RejectedError | StatusError) -> str:
    return f"{error} {error.args} {error.response} {error.refusal}"


@pytest.mark.parametrize(
    "write", [str, decimal, percent, json_escapes], ids=lambda one: one.__name__
)
def test_what_a_server_echoes_is_in_no_error(write: Callable[[str], str]) -> None:
    client = _client(ODD, write)
    with pytest.raises(RejectedError) as start:
        client.start(Call("x"))
    with pytest.raises(StatusError) as status:
        client.status("id")

    for error in (start.value, status.value):
        assert "***" in str(error)
        assert "***" in _told(error)
        for secret in (ODD, write(ODD), b64encode(ODD.encode())[4:-4].decode()):
            assert secret not in _told(error)


def test_a_password_too_short_to_be_known_again_takes_nothing_away() -> None:
    with pytest.raises(RejectedError, match="no such password: Basic") as caught:
        _client("a").start(Call("x"))

    assert "***" not in _told(caught.value)


def _client(password: str, write: Callable[[str], str] = str) -> OutboundClient:
    return OutboundClient("1-2-0", "user", "svc", password, transport=Echo(write))
