"""Whether the cost of each grows with how many there are."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from .row import Row, at_most, ratios, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GROWTH: Final = 1.1
"""Most that one among many may cost, in terms of one among few: by counts, which are exact."""
CPU_GROWTH: Final = 2.0
"""The same by CPU time, where memory caches and the garbage collector have their say."""


def marginal(cost: Callable[[int], float], small: int, large: int) -> float:
    """What each further one costs between two sizes: what is paid once does not count."""
    return (cost(large) - cost(small)) / (large - small)


def growth(cost: Callable[[int], float], sizes: Sequence[int]) -> tuple[float, float]:
    """What each further one costs between the first two sizes, and between the last two."""
    return marginal(cost, *sizes[:2]), marginal(cost, *sizes[-2:])


def growth_row(
    unit: str, what: str, sizes: Sequence[int], cost: Callable[[int], float], limit: float
) -> Row:
    """The row of a count that comes out the same every time."""
    few, many = growth(cost, sizes)
    return grown(unit, what, (sizes[0], sizes[-1]), [few], [many], limit)


def grown(
    unit: str,
    what: str,
    sizes: tuple[int, int],
    few: Sequence[float],
    many: Sequence[float],
    limit: float,
) -> Row:
    """The row of what one costs among many, held against one among few."""
    return Row(
        f"{what}, {sizes[1]:,} of them, by {unit}",
        shown(median(many), _UNITS.get(unit, unit)),
        f"{sizes[0]:,} of them",
        shown(median(few), _UNITS.get(unit, unit)),
        ratios(many, few),
        at_most(limit),
        raw={"among few": few, "among many": many},
    )


_UNITS: Final = {"CPU": "us", "function calls": "calls"}
