"""Ctrl-C and SIGTERM during a run: nothing that was started may lose its id to them."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

GRACE: Final = 3.0
"""Seconds that a start under way is given after the first Ctrl-C."""

_NOTICE: Final = (
    b"\nStopping when the start under way has its answer. Ctrl-C again breaks it off.\n"
)
_SIGNALS = ("SIGINT", "SIGTERM")


class Interrupts:
    """While entered, a signal asks the run to stop instead of breaking it off anywhere.

    The first lets the start under way come to its end, so that its outcome is known. A second,
    or `grace` seconds (not on Windows), breaks it off by a KeyboardInterrupt, which is raised
    nowhere but inside `dialling`.

    Attributes:
        asked: True once the run was asked to stop.
    """

    def __init__(self, grace: float = GRACE) -> None:
        self.asked = False
        self._grace = grace
        self._dialling = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for name in (*_SIGNALS, "SIGALRM"):
                number = getattr(signal, name, None)
                if number is not None:
                    self._before[number] = signal.signal(number, self._signalled)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._before:
            self._alarm(0)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextlib.contextmanager
    def dialling(self) -> Iterator[None]:
        """Around a start: the only place that a signal may break off."""
        self._dialling = True
        if self.asked:
            self._alarm(self._grace)
        try:
            yield
        finally:
            self._dialling = False

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        first, self.asked = not self.asked, True  # at once: the next may come while this one talks
        if not self._dialling:
            return
        if not first:
            raise KeyboardInterrupt
        self._alarm(self._grace)
        # Not print: its buffer may be in the middle of another write.
        with contextlib.suppress(AttributeError, OSError, ValueError):
            os.write(sys.stderr.fileno(), _NOTICE)

    def _alarm(self, seconds: float) -> None:
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, seconds)
