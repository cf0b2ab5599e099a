"""Budget 7: many starts in flight at once, from threads, while the server takes its time."""

from __future__ import annotations

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from . import contestants
from .contestants import PEERS, is_here
from .rounds import race
from .row import Row, absent, at_least, below, compared
from .server import serving
from .surroundings import unpin_core

if TYPE_CHECKING:
    from collections.abc import Callable

    from .contestants import Run

    Turn = Callable[[], tuple[float, float]]

_THREADS: Final = 128
_STARTS: Final = 8 * _THREADS
_ROUNDS: Final = 7
_DELAY: Final = 0.05
_OURS: Final = "this package"
_BARE: Final = "requests.post"
_OTHERS: Final = (*PEERS, "http.client")


def rows() -> list[Row]:
    unpin_core()  # on a single one, threads in line for the interpreter's lock left half of it idle
    with serving(_DELAY) as base, ThreadPoolExecutor(_THREADS) as threads:
        runs = {_OURS: contestants.ours(base), _BARE: contestants.requests_post(base)}
        runs["http.client"] = contestants.http_client(base)
        for name, make in PEERS.items():
            if is_here(name):
                runs[name] = _one_each(make, base)
        found = race({name: _turn(run, threads) for name, run in runs.items()}, _ROUNDS)
    rates = {name: [rate for rate, _ in turns] for name, turns in found.items()}
    waits = {name: [wait for _, wait in turns] for name, turns in found.items()}
    what = f"{_THREADS} starts in flight"
    rows = [
        compared(f"{what}, rate", rates, _OURS, _BARE, at_least(1.8), "starts/s"),
        compared(f"{what}, 99th percentile", waits, _OURS, _BARE, below(0.5), "ms"),
    ]
    for name in _OTHERS:
        if name in rates:
            rows.append(compared(f"{what}, rate", rates, _OURS, name, None, "starts/s"))
        else:
            rows.append(absent(f"{what}, rate", name))
    return rows


def _turn(run: Run, threads: ThreadPoolExecutor) -> Turn:
    """A turn comes to starts per second, and the 99th percentile of a start in milliseconds."""

    def one(_number: int) -> float:
        begin = time.perf_counter()
        assert run()
        return (time.perf_counter() - begin) * 1000

    def turn() -> tuple[float, float]:
        begin = time.perf_counter()
        waits = list(threads.map(one, range(_STARTS)))
        rate = _STARTS / (time.perf_counter() - begin)
        return rate, statistics.quantiles(waits, n=100)[98]

    return turn


def _one_each(make: Callable[[str], Run], base: str) -> Run:
    """What is not made to be shared, for each thread."""
    mine = threading.local()

    def run() -> object:
        if not hasattr(mine, "run"):
            mine.run = make(base)
        return mine.run()

    return run
