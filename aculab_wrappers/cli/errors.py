"""What a command says when it cannot go on. Needs no library, so that the logic needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE: Final = 0
"""Everything that was asked for was done."""
FAILED: Final = 1
"""A row was rejected or not sent, a request failed, or the time was over."""
BAD_INPUT: Final = 2
"""The command line, a file or the environment cannot be used. Nothing was sent."""
UNKNOWN: Final = 3
"""A call may have been started. A human must look before it is dialled again."""
INTERRUPTED: Final = 130
"""Ctrl-C or SIGTERM."""

_SHOWN = 10


class CommandError(Exception):
    """A command cannot go on. The message is for the user; there is no traceback.

    Attributes:
        exit_code: What the command exits with.
    """

    def __init__(self, message: str, exit_code: int = BAD_INPUT) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def listed(problems: Sequence[str], advice: str) -> CommandError:
    """One error for several problems: the first ten, one on a line, and what to do."""
    shown = list(problems[:_SHOWN])
    if len(problems) > _SHOWN:
        shown.append(f"and {len(problems) - _SHOWN} more")
    return CommandError("\n".join([*shown, advice]))


def os_reason(error: OSError) -> str:
    """Why the operating system refused, without the path, which the message has already."""
    return error.strerror or type(error).__name__
