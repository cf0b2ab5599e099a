"""Counts that come out the same on every machine: function calls, and instructions."""

from __future__ import annotations

import gc
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def function_calls(run: Callable[[], object]) -> int:
    """How many functions, of Python's and of C's, this thread calls in a run."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1

    gc.collect()
    gc.disable()  # finalisers of other tests' litter are no calls of ours
    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count - 1  # the last call is that which ends the count


def calls_of(run: Callable[[], object]) -> int:
    """The same, once all that is made at the first run is there."""
    run()
    run()
    return function_calls(run)


def valgrind() -> str | None:
    return shutil.which("valgrind")


def instructions(program: str, *arguments: str) -> int:
    """How many instructions an interpreter executes for a program."""
    found = valgrind()
    assert found
    command = [found, "--tool=cachegrind", "--cache-sim=no"]
    command += ["--cachegrind-out-file=/dev/null", sys.executable, "-c", program, *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    (count,) = re.findall(r"I\s+refs:\s+([\d,]+)", said)
    return int(count.replace(",", ""))
