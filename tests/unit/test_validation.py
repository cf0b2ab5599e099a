"""Which text may be sent: strict for names and addresses, all that UTF-8 carries for data."""

from __future__ import annotations

import pytest

from aculab_wrappers import AculabError, Call, InvalidInputError
from aculab_wrappers._core.validation import check_text, pluralize, printable


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"to": ""}, "to is empty"),
        ({"to": None}, "to must be a str, not NoneType"),
        ({"to": 441908273800}, "to must be a str, not int"),
        ({"to": b"441908273800"}, "to must be a str, not bytes"),
        ({"to": ["441908273800"]}, "to must be a str, not list"),
        ({"to": "4419\n"}, r"to holds a control character \(U\+000A at position 4\)"),
        ({"to": "\x00"}, "to holds a control character"),
        ({"to": "x\x7f"}, "to holds a control character"),
        ({"to": "x\x85"}, "to holds a control character"),
        ({"to": "\ud800"}, "to holds a lone surrogate"),
        ({"to": "\u202e008372"}, "to holds a control character of writing direction"),
        ({"to": "x", "from_": "1\t"}, "from holds a control character"),
        ({"to": "x", "from_": 44}, "from must be a str, not int"),
        ({"to": "x", "token": "\ud83d"}, r"token holds a lone surrogate \(U\+D83D at position 0\)"),
        ({"to": "x", "token": 7}, "token must be a str, not int"),
        ({"to": "x", "outbound_parameters": "a\udfff"}, "outbound_parameters holds a lone surr"),
        ({"to": "x", "outbound_parameters": {}}, "outbound_parameters must be a str, not dict"),
    ],
)
def test_bad_input_is_named(arguments: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^{named}") as caught:
        Call(**arguments)  # type: ignore[arg-type]  # the point of the test

    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, AculabError)


@pytest.mark.parametrize(
    "text",
    [
        *("ünï", "😀", '"\\/', "a+b&c=d%20", " ", "x" * 10_000, "\u0645\u200f"),
        *("a\tb", "a\nb\r\n", "\x00\x1b\x7f\x85"),
    ],
)
def test_other_text_is_kept_as_it_is(text: str) -> None:
    call = Call("x", token=text, outbound_parameters=text)

    assert (call.token, call.outbound_parameters) == (text, text)


def test_a_secret_is_named_and_no_character_of_it_is_shown() -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_text("pass\x07word", "service_password", secret=True)

    assert str(caught.value) == ("service_password holds a control character, which cannot be sent")


@pytest.mark.parametrize(
    ("things", "said"), [([], "0 calls"), (["x"], "1 call"), (["x", "y"], "2 calls")]
)
def test_one_is_singular(things: list[str], said: str) -> None:
    assert pluralize(things, "call") == said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ünï", "plain ünï"),
        ("two\r\nlines", "two  lines"),
        ("\x1b[2Jgone", " [2Jgone"),
        ("\u2028\u202e\x85", "   "),
    ],
)
def test_a_text_of_strangers_is_shown_on_one_line(text: str, shown: str) -> None:
    assert printable(text) == shown
