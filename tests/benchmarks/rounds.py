"""Contestants take turns, so that whatever else the machine does meets all of them alike.

The order is another one in each round. What comes out is a ratio per round: single times mean
nothing on a machine that others use too.
"""

from __future__ import annotations

import gc
import random
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


def race(turns: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """What each turn of each contestant came to, round by round. The first round is not counted."""
    order, dice = list(turns), random.Random(7)  # the same orders in every run
    for turn in turns.values():
        turn()
    # What is there before the race is nobody's litter.
    gc.collect()
    gc.freeze()
    found: dict[str, list[T]] = {name: [] for name in turns}
    for _ in range(rounds):
        dice.shuffle(order)
        for name in order:
            gc.collect()
            found[name].append(turns[name]())
    gc.unfreeze()
    return found


def cpu(run: Callable[[], object], times: int) -> Callable[[], float]:
    """A turn of so many runs. It costs CPU microseconds (user and system) of this process a run."""

    def turn() -> float:
        begin = time.process_time_ns()
        for _ in range(times):
            run()
        return (time.process_time_ns() - begin) / times / 1000

    return turn


def elapsed(run: Callable[[], object]) -> Callable[[], float]:
    """A turn of one run. It costs milliseconds by the clock."""

    def turn() -> float:
        begin = time.perf_counter_ns()
        run()
        return (time.perf_counter_ns() - begin) / 1_000_000

    return turn
