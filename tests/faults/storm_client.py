"""The client's side of the storm: sockets that write and read short, fail, and are interrupted."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from aculab_wrappers._core import deadline, sockets

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator


class Stopped(BaseException):
    """What interrupts a start, as Ctrl-C does."""


class SoftLimit(Exception):
    """What a task queue raises into a task that has run too long."""


KINDS: Final[dict[str, Callable[[], BaseException]]] = {
    "reset": lambda: ConnectionResetError(errno.ECONNRESET, "reset"),
    "pipe": lambda: BrokenPipeError(errno.EPIPE, "broken pipe"),
    "no buffers": lambda: OSError(errno.ENOBUFS, "no buffers"),
    "timeout": lambda: TimeoutError("timed out"),
    "no memory": MemoryError,
    "a fault": lambda: RuntimeError("a fault"),
    "soft limit": SoftLimit,
    "stopped": Stopped,
}
ALARMS: Final = (Stopped, SoftLimit, TimeoutError, ConnectionResetError, KeyboardInterrupt)
"""What the handler of a signal raises."""


class Mischief:
    """What goes wrong in one start: at its `at`th use of a socket, before or after it is done."""

    def __init__(self, dice: random.Random) -> None:
        self.short = dice.random() < 0.3
        self.at = dice.randrange(24) if dice.random() < 0.3 else -1
        self.kind = dice.choice([*KINDS])
        self.after = dice.random() < 0.5
        self._uses = 0
        self.made: str | None = None

    def comes(self) -> bool:
        """Whether this use is the one."""
        self._uses += 1
        return self._uses - 1 == self.at

    def strike(self) -> BaseException:
        self.made = self.kind
        return KINDS[self.kind]()


class _Here(threading.local):
    mischief: Mischief | None = None


here = _Here()


def _mischievous(real: Callable[..., Any], *, cut: bool = False) -> Callable[..., Any]:
    """`real`, with the mischief of the thread that uses it: servers have none."""

    def used(*args: Any, **more: Any) -> Any:
        mischief = here.mischief
        if mischief is None:
            return real(*args, **more)
        comes = mischief.comes()
        if comes and not mischief.after:
            raise mischief.strike()
        if mischief.short and cut and len(args[1]) > 1:
            args = (args[0], memoryview(args[1])[: max(1, len(args[1]) // 2)], *args[2:])
        found = real(*args, **more)
        if comes:
            if isinstance(found, socket.socket):
                found.close()
            raise mischief.strike()
        return found

    return used


def _no_pause(seconds: float, cancel: object = None) -> None:
    """Do not wait."""


@contextlib.contextmanager
def mischievous() -> Iterator[None]:
    """Connections obey the mischief of the thread that uses them, while this is entered."""
    uses = (
        (sockets, "connect_to", sockets.connect_to, False),
        (sockets, "send_some", sockets.send_some, True),
        (sockets, "receive", sockets.receive, False),
        (ssl.SSLSocket, "do_handshake", ssl.SSLSocket.do_handshake, False),
        (deadline, "pause", _no_pause, False),
    )
    with contextlib.ExitStack() as stack:
        for holder, name, real, cut in uses:
            made = _mischievous(real, cut=cut)
            stack.enter_context(mock.patch.object(holder, name, made))
        yield


class Alarms:
    """A signal in the middle of a start, whose handler raises. For the main thread alone."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.raised: BaseException | None = None

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        before = signal.signal(signal.SIGALRM, self._ring)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    @contextlib.contextmanager
    def armed(self) -> Iterator[None]:
        """Let it ring some time soon, or not at all before the end."""
        self.raised = None
        try:
            signal.setitimer(signal.ITIMER_REAL, self._dice.random() ** 2 * 0.1 + 1e-4)
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, *_: object) -> None:
        self.raised = self._dice.choice(ALARMS)()
        raise self.raised
