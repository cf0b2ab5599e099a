"""What one step says. What a server, a proxy or a certificate says stays on its line in it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from .._core.validation import printable

if TYPE_CHECKING:
    from collections.abc import Iterator


class State(enum.Enum):
    """How a step ended."""

    FINE = "ok"
    WARNING = "warning"
    FAILED = "failed"
    NOT_TRIED = "not tried"


class Step:
    """One step. Each of its texts becomes one line without control characters.

    Attributes:
        name: What it is about.
        looked_at: What was looked at, or why nothing was.
        state: How it ended.
        found: What was found, line by line.
        advice: What to do about it, line by line.
    """

    def __init__(self, name: str, looked_at: str, state: State = State.FINE) -> None:
        self.name, self.looked_at, self.state = name, printable(looked_at), state
        self.found: list[str] = []
        self.advice: list[str] = []

    @property
    def has_failed(self) -> bool:
        """Return whether it has failed so far."""
        return self.state is State.FAILED

    def note(self, *texts: str) -> None:
        """Note what is as it should be, or merely is."""
        self.found += map(printable, texts)

    def warn(self, text: str, *advice: str) -> None:
        """Note what may be wrong, and what to do about it."""
        self.state = State.FAILED if self.has_failed else State.WARNING
        self.note(text)
        self.advice += [line for line in map(printable, advice) if line not in self.advice]

    def fail(self, text: str, *advice: str) -> None:
        """Note what is wrong, and what to do about it."""
        self.state = State.FAILED
        self.warn(text, *advice)

    def lines(self) -> Iterator[str]:
        """Yield the step for people to read."""
        if self.state is State.NOT_TRIED:
            yield f"{self.name}: {self.state.value}: {self.looked_at}"
            return
        yield f"{self.name}: {self.state.value}"
        texts = {"looked at": [self.looked_at], "found": self.found, "to do": self.advice}
        for label, lines in texts.items():
            for place, line in enumerate(lines):
                yield f"  {'' if place else label:<10} {line}"
