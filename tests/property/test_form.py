"""The body of a request is the form that everybody else writes."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.http import HttpRequest

CREDENTIALS = Credentials("1-2-0", "user", "service", "password")

ascii_text = st.text(st.characters(max_codepoint=127))
any_text = st.text(st.characters(codec="utf-8"))


@given(st.lists(st.tuples(ascii_text | any_text, ascii_text | any_text), max_size=3))
def test_the_body_is_what_urlencode_makes_of_the_form(form: list[tuple[str, str]]) -> None:
    assert HttpRequest("/", tuple(form), CREDENTIALS).body == urlencode(form).encode()


def test_every_ascii_character_is_escaped_as_urlencode_does() -> None:
    text = "".join(map(chr, range(128))) + "%2B+ %"
    assert HttpRequest("/", ((text, text),), CREDENTIALS).body == urlencode({text: text}).encode()
