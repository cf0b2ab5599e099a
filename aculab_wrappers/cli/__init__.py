"""The command `aculab-wrappers`.

    commands.py       which commands there are
    demo.py           `demo`
    start.py          `start`: from the options to the exit code
    rows.py             the calls of a file, all checked before anything is dialled
    results.py          what became of each row, on disk before the next one is dialled
    checked_lines.py      how that is written: lines that show damage
    run.py              the run itself: one start for each row, in order, never one twice
    interrupt.py        Ctrl-C in a run: at the end of the start under way, if possible
    follow.py         `status` and `wait`
    serve.py          `sandbox`
    introduction.py     what it says when it begins
    parity.py         `parity`
    doctor.py         `doctor`, whose steps are the package `doctor` beside this one
    stop_signal.py    Ctrl-C while `wait` or `sandbox` waits: at once
    account.py        who asks, and with which password
    locks.py         one process at a time, and why not
    kept_sandbox.py   the embedded cloud behind `--sandbox`, kept between two commands
    output.py         tables for people, tab-separated lines for pipes, JSON for programs

Nothing but this module may be imported without the extra `cli`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (None: those of the process). Returns its exit code."""
    try:
        from .commands import run

        return run(arguments)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing == "aculab_wrappers" or missing in sys.stdlib_module_names:
            raise
        if sys.stderr is not None:
            sys.stderr.write(
                f"aculab-wrappers: {missing} is not installed: pip install 'aculab-wrappers[cli]'\n"
            )
        return 1
