"""Ctrl-C and SIGTERM while waiting: the wait ends at once, and nothing is torn in the middle."""

from __future__ import annotations

import select
import signal
import socket
import threading
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import FrameType, TracebackType


class StopSignal(threading.Event):
    """While entered, an event that SIGINT and SIGTERM set. A second signal interrupts.

    An ordinary Event cannot do this: its lock may be held by the very code that the signal's
    handler interrupts, and a KeyboardInterrupt inside its `wait` leaves that lock in disorder.
    Here the signal makes a socket readable, and `wait` looks at that socket.
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._readable, self._written = socket.socketpair()
        self._readable.setblocking(False)
        self._written.setblocking(False)
        self._fd = signal.set_wakeup_fd(self._written.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._signalled)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._fd)
        self._readable.close()
        self._written.close()

    def is_set(self) -> bool:
        """Whether a signal came."""
        return self._asked

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for a signal, at most `timeout` seconds. Returns whether one came."""
        if not self._asked:
            select.select([self._readable], [], [], timeout)
        return self._asked

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
