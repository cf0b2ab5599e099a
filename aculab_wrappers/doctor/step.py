"""What one step of the examination says."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from .._core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class State(enum.Enum):
    """How a step ended."""

    FINE = "ok"
    WARNING = "warning"
    FAILED = "failed"
    NOT_TRIED = "not tried"


@frozen
class Step:
    """One step.

    Attributes:
        name: What it is about.
        state: How it ended.
        looked_at: What was looked at, or why nothing was.
        found: What was found, line by line.
        advice: What to do about it, line by line.
    """

    name: str
    state: State
    looked_at: str
    found: tuple[str, ...]
    advice: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The step for people to read."""
        if self.state is State.NOT_TRIED:
            yield f"{self.name}: {self.state.value}: {self.looked_at}"
            return
        yield f"{self.name}: {self.state.value}"
        yield from _labelled("looked at", (self.looked_at,))
        yield from _labelled("found", self.found)
        yield from _labelled("to do", self.advice)


class Notes:
    """A step while it is under way."""

    def __init__(self, name: str, looked_at: str) -> None:
        self._name, self.looked_at = name, looked_at
        self._state = State.FINE
        self._found: list[str] = []
        self._advice: list[str] = []

    @property
    def failed(self) -> bool:
        """Whether it has failed so far."""
        return self._state is State.FAILED

    def saw(self, *texts: str) -> None:
        """Note what is as it should be, or merely is."""
        self._found += texts

    def warn(self, text: str, *advice: str) -> None:
        """Note what may be wrong."""
        self._note(text, advice, State.FAILED if self.failed else State.WARNING)

    def fail(self, text: str, *advice: str) -> None:
        """Note what is wrong."""
        self._note(text, advice, State.FAILED)

    def step(self) -> Step:
        """The step as it is now."""
        return Step(
            self._name, self._state, self.looked_at, tuple(self._found), tuple(self._advice)
        )

    def _note(self, text: str, advice: tuple[str, ...], state: State) -> None:
        self._state = state
        self._found.append(text)
        self._advice += [line for line in advice if line not in self._advice]


def not_tried(name: str, broken: Step) -> Step:
    """A step that would be pointless after one that failed."""
    return Step(name, State.NOT_TRIED, f"it needs what failed before, {broken.name}", ())


def _labelled(label: str, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield f"  {label:<10} {text}"
        label = ""
