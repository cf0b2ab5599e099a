"""What every measurement has around it: 30 environment variables, and a core for each side."""

from __future__ import annotations

import os
import sys
from typing import Final

VARIABLES: Final = 30
"""How many environment variables there are: requests reads all of them for each request."""

_KEPT: Final = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "TEMP")


def pin_environment(**wanted: str) -> None:
    """Let the environment be those that a program needs, the wanted ones, and fillers."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    kept |= {"PYTHONHASHSEED": "0", **wanted}
    fillers = (f"BENCHMARK_{number:02}" for number in range(VARIABLES))
    while len(kept) < VARIABLES:
        kept[next(fillers)] = "a value of about the usual length"
    os.environ.clear()
    os.environ.update(kept)


def pin_core(number: int) -> None:
    """Stay on one core from now on, where the system can do that. Servers take 0, clients -1."""
    if sys.platform == "linux":
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[number]})


def unpin_core() -> None:
    """Have every core again, as many as there are."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
