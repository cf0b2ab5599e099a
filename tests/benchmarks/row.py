"""A row of the table: what was measured, what it is held against, and whether that holds."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HELD: Final = "held"
MISSED: Final = "missed"
SHOWN: Final = "shown"
ABSENT: Final = "not here"

_MEASURES: Final = ("us", "us CPU", "ms", "MiB")


@dataclass(frozen=True)
class Spread:
    """A median, and the quartiles on both sides of it."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        return cls(*statistics.quantiles(values, n=4, method="inclusive"))


@dataclass(frozen=True)
class Limit:
    """How far a median may go."""

    value: float
    word: str

    def holds(self, value: float) -> bool:
        if self.word == "below":
            return value < self.value
        return value <= self.value if self.word == "at most" else value >= self.value


def at_most(value: float) -> Limit:
    return Limit(value, "at most")


def below(value: float) -> Limit:
    return Limit(value, "below")


def at_least(value: float) -> Limit:
    return Limit(value, "at least")


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        what: What was done.
        ours: What it cost us, with its unit.
        against: Who else did it, or what else it is held against.
        theirs: What it cost there, with its unit; "" when there is nothing to say.
        judged: What the limit is for; None when it could not be measured here.
        limit: How far its median may go; None for a row that is only shown.
        unit: Of the judged value. By default it is a ratio: ours over theirs.
        raw: Every figure behind the row, by what it is.
    """

    what: str
    ours: str
    against: str
    theirs: str
    judged: Spread | None
    limit: Limit | None = None
    unit: str = "×"
    raw: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        if self.judged is None:
            return ABSENT
        if self.limit is None:
            return SHOWN
        return HELD if self.limit.holds(self.judged.median) else MISSED


def absent(what: str, against: str, limit: Limit | None = None) -> Row:
    """The row of what is not on this machine."""
    return Row(what, "", against, "", None, limit)


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """How the two compare, round by round."""
    return Spread.of([mine / other for mine, other in zip(ours, theirs, strict=True)])


def compared(
    what: str,
    costs: Mapping[str, Sequence[float]],
    ours: str,
    against: str,
    limit: Limit | None = None,
    unit: str = "us",
) -> Row:
    """The row of two contestants of one race."""
    mine, theirs = costs[ours], costs[against]
    return Row(
        what,
        shown(statistics.median(mine), unit),
        against,
        shown(statistics.median(theirs), unit),
        ratios(mine, theirs),
        limit,
        raw={ours: mine, against: theirs},
    )


def shown(value: float, unit: str) -> str:
    """A figure as people read it: three digits, and no more of them than it takes."""
    if unit == "×":
        return f"{value:.2f}"
    counted = value == int(value) and unit not in _MEASURES
    digits = 0 if abs(value) >= 100 or counted else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()
