"""Row 69: a wait lives through what would end a start, and keeps what it knew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from .bench import Missed
from .rows_polling import (
    LASTING,
    NOT_POLLED,
    STOPS,
    nothing_else,
    polled,
    survived,
    then_reports,
    waited,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark import ParameterSet

    from .conftest import Ears, MakeBench
    from .row import Row

NOT_YET: Final[dict[str, str]] = {}
"""Rows whose target is not met at a poll, and what happens instead."""


def cases() -> Iterator[ParameterSet]:
    for row in polled():
        reason = NOT_YET.get(row.id)
        marks = [pytest.mark.xfail(strict=True, reason=reason, raises=Missed)] if reason else []
        yield pytest.param(then_reports(row), id=f"69-{row.id}", marks=marks)


@pytest.mark.parametrize("row", [*cases()])
def test_a_poll_that_meets_the_fault(row: Row, bench: MakeBench, ears: Ears) -> None:
    scene = bench(row, row.ways[0])
    poll = waited(scene)
    assert ears.secrets(poll.error) == []
    nothing_else(scene)
    survived(scene, poll)


def test_every_row_is_polled_or_says_why_not() -> None:
    numbers = {row.number for row in polled()}
    assert numbers | set(NOT_POLLED) == set(range(1, 60))
    assert not numbers & set(NOT_POLLED)
    assert STOPS | LASTING | set(NOT_YET) <= {row.id for row in polled()}
