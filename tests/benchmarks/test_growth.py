"""Whether one costs more among many than among few: by counts, which are exact."""

from __future__ import annotations

import pytest

from .batches import bare_body, function_calls_of, our_body
from .counting import function_calls
from .following import FACES, MEASURED, MOST_BYTES, bytes_of_each, update_calls
from .growth import GROWTH, growth
from .sandboxes import DOINGS

SIZES = (500, 1_000, 2_000, 3_000)


def test_growth_is_seen() -> None:
    sizes = (1, 2, 8, 9)
    assert growth(lambda count: 7 + 3 * count, sizes) == (3, 3)
    assert growth(lambda count: 7 + count * count, sizes) == (3, 17)


def test_a_call_of_a_start_costs_the_same_among_many() -> None:
    few, many = growth(function_calls_of, SIZES)
    assert 0 < many <= GROWTH * few


def test_the_bare_work_is_the_same_work() -> None:
    assert our_body(20) == bare_body(20)


@pytest.mark.parametrize("face", FACES)
def test_news_of_a_call_cost_the_same_among_many(face: str) -> None:
    few, many = growth(lambda count: update_calls(face, count), SIZES)
    assert 0 < many <= GROWTH * few


@pytest.mark.parametrize("face", MEASURED)
def test_a_followed_call_takes_little_memory(face: str) -> None:
    assert 0 < bytes_of_each(face, 15_000) <= MOST_BYTES


@pytest.mark.parametrize("what", DOINGS)
def test_a_live_call_of_the_sandbox_costs_the_same_among_many(what: str) -> None:
    few, many = growth(lambda count: function_calls(DOINGS[what](count)), SIZES)
    assert 0 < many <= GROWTH * few
