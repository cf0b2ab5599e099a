"""Answers that Hypothesis makes of real ones, through both parsers. See fuzz.py for the checks."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aculab_wrappers._core.http import HttpResponse

from . import fuzz

if TYPE_CHECKING:
    import pytest

SCALARS: Final = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**300, 10**301)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(("id-1", "COMPLETED", "UNKNOWN", "RUNNING", "0001", "HTTP 400", "7", ""))
)
MEMBERS: Final = st.sampled_from(
    (
        *("id-1", "id-2", "id-3", "status", "status_detail", "application_status_eta"),
        *("application_instance_id", "error", "code", "text", "details", "link", "request", ""),
    )
)
JSON: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=12,
)
REPORTS: Final = st.dictionaries(
    st.sampled_from(("id-1", "id-2", "id-3", "id-4")), st.dictionaries(MEMBERS, SCALARS) | JSON
)
ERRORS: Final = st.fixed_dictionaries(
    {"error": st.fixed_dictionaries({"code": SCALARS, "text": SCALARS, "details": JSON})}
)
IDS: Final = st.lists(st.text(max_size=6) | SCALARS, max_size=6)
DEEP: Final = st.builds(
    lambda opening, depth: opening * depth,
    st.sampled_from((b"[", b'{"a":', b'{"id-1":{"status":[')),
    st.sampled_from((10, 900, 100_000)),
)
ODD: Final = st.sampled_from(
    (
        b"",
        b"null",
        b"[NaN]",
        b'{"id-1":{"status":"RUNNING","application_status_eta":-Infinity}}',
        b"[" + b"9" * 5000 + b"]",
        b'["\\ud800"]',
        b'["\xff"]',
        b'["id-1"]\x00',
        b'{"id-1":1,"id-1":2}',
        '["id-1"]'.encode("utf-16"),
    )
)


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


@st.composite
def mutated(draw: st.DrawFn, bodies: st.SearchStrategy[bytes]) -> bytes:
    """A body with some of its bytes cut out, doubled, or replaced."""
    body = draw(bodies)
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(body)))
        end = draw(st.integers(begin, min(len(body), begin + 8)))
        body = (
            body[:begin] + draw(st.binary(max_size=4) | st.just(body[begin:end] * 2)) + body[end:]
        )
    return body


BODIES: Final = (
    st.sampled_from(fuzz.SEEDS)
    | st.builds(encoded, IDS | REPORTS | ERRORS | JSON)
    | DEEP
    | ODD
    | st.binary(max_size=60)
)
HEADERS: Final = st.lists(st.tuples(st.text(max_size=6), st.text(max_size=12)), max_size=3)
ANSWERS: Final = st.builds(
    HttpResponse,
    st.just(200) | st.sampled_from(fuzz.STATUSES) | st.integers(-1000, 10_000),
    HEADERS.map(tuple),
    mutated(BODIES),
    st.sampled_from((None, None, None, "the body was cut")),
)


@settings(max_examples=250)
@given(response=ANSWERS, count=st.integers(1, 6))
@example(HttpResponse(200, (), b'["id-1","id-1"]'), 2)
def test_any_answer_to_a_start(response: HttpResponse, count: int) -> None:
    fuzz.check_start(response, count)


@settings(max_examples=250)
@given(response=ANSWERS)
def test_any_answer_to_a_status(response: HttpResponse) -> None:
    fuzz.check_status(response)


@settings(max_examples=200)
@given(data=st.binary(max_size=80) | st.sampled_from(fuzz.SEEDS).map(lambda seed: b"\0\0" + seed))
def test_what_the_fuzzer_is_given(data: bytes) -> None:
    fuzz.one_input(data)


def test_every_end_is_reached() -> None:
    """The answers that are made come to every outcome there is: else little would be tried."""
    ends: Counter[str] = Counter()

    @settings(max_examples=400, database=None)
    @given(response=ANSWERS, count=st.integers(1, 3))
    def make(response: HttpResponse, count: int) -> None:
        ends[fuzz.check_start(response, count)] += 1
        ends[fuzz.check_status(response)] += 1

    make()
    assert set(ends) == {"STARTED", "REJECTED", "UNKNOWN", "HEARD", "FAILED"}
    assert min(ends.values()) >= 3, ends


def test_without_the_fuzzer_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing: Any = None
    monkeypatch.setitem(__import__("sys").modules, "atheris", nothing)
    assert fuzz.main() == 2
    assert "pip install atheris" in capsys.readouterr().err
