"""Whether the cost of each grows with how many there are."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from .rounds import race
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


def cpu_growth_row(
    what: str, sizes: Sequence[int], turn: Callable[[int, int], Callable[[], float]], rounds: int
) -> Row:
    """The row of CPU time.

    Args:
        turn: Makes a turn for so many, which is to do it so many times, and comes to CPU
            microseconds for each of them.
    """
    few, many = sizes[0], sizes[-1]
    turns = {count: turn(count, max(1, _LEAST // count)) for count in (few, many)}
    costs = race({str(count): turn for count, turn in turns.items()}, rounds)
    return grown("CPU", what, (few, many), costs[str(few)], costs[str(many)], CPU_GROWTH)


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


_LEAST: Final = 10_000
"""How many a turn is about at least, so that few take long enough to be timed, too."""
_UNITS: Final = {"CPU": "us", "function calls": "calls"}
