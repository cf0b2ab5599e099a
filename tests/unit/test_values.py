"""Call: which values there are, and which input is refused."""

from __future__ import annotations

import copy
import enum
import pickle

import pytest

from aculab_wrappers import AculabError, Call, InvalidInputError


def test_the_wire_names_only_what_was_set() -> None:
    assert Call("myConference").to_wire() == {"to": "myConference"}


def test_the_wire_has_the_pages_four_names() -> None:
    call = Call("441908273800", "441908273801", token="t", outbound_parameters="p")

    assert call.to_wire() == {
        "to": "441908273800",
        "from": "441908273801",
        "token": "t",
        "outbound_parameters": "p",
    }


def test_an_empty_from_is_left_out_but_an_empty_token_is_sent() -> None:
    call = Call("x", "", token="", outbound_parameters="")

    assert call.to_wire() == {"to": "x", "token": "", "outbound_parameters": ""}


def test_digits_without_from_are_not_refused() -> None:
    assert Call("441908273800").to_wire() == {"to": "441908273800"}


def test_a_str_enum_is_the_text_it_stands_for() -> None:
    class Number(enum.StrEnum):
        OFFICE = "441908273800"

    assert Call(Number.OFFICE).to_wire() == {"to": "441908273800"}
    assert type(Call(Number.OFFICE).to) is str


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
        ({"to": "x", "token": "\x1b"}, "token holds a control character"),
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
    "text", ["ünï", "😀", '"\\/', "a+b&c=d%20", " ", "x" * 10_000, "\u0645\u200f"]
)
def test_other_text_is_kept_as_it_is(text: str) -> None:
    call = Call("x", token=text, outbound_parameters=text)

    assert (call.token, call.outbound_parameters) == (text, text)


def test_a_misspelt_member_is_an_attribute_error() -> None:
    call = Call("x")

    with pytest.raises(AttributeError, match="^Call has no attribute 'tokn'$"):
        call.tokn = "t"  # type: ignore[attr-defined]  # the point of the test
    with pytest.raises(AttributeError):
        call.tokn  # type: ignore[attr-defined]  # noqa: B018  the same


def test_a_call_cannot_be_changed() -> None:
    call = Call("x")

    with pytest.raises(AttributeError, match="^Call.to cannot be changed"):
        call.to = "y"  # type: ignore[misc]  # the point of the test
    with pytest.raises(AttributeError, match="^Call.to cannot be changed"):
        del call.to  # pyright: ignore[reportAttributeAccessIssue]  # the point of the test


def test_equal_calls_are_equal_wherever_they_come_from() -> None:
    call = Call("x", "y", token="t", outbound_parameters="p")

    assert call == Call("x", "y", token="t", outbound_parameters="p")
    assert call != Call("x", "y", token="t")
    assert pickle.loads(pickle.dumps(call)) == copy.deepcopy(call) == call
    assert len({call, copy.copy(call)}) == 1
