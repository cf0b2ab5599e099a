"""The client's side of the storm: sockets that write and read short, fail, and are interrupted."""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator


class Stopped(BaseException):
    """What interrupts a start, as Ctrl-C does."""


KINDS: Final[dict[str, Callable[[], BaseException]]] = {
    "reset": lambda: ConnectionResetError(errno.ECONNRESET, "reset"),
    "pipe": lambda: BrokenPipeError(errno.EPIPE, "broken pipe"),
    "no buffers": lambda: OSError(errno.ENOBUFS, "no buffers"),
    "no memory": MemoryError,
    "a fault": lambda: RuntimeError("a fault"),
    "stopped": Stopped,
}


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

    def used(sock: Any, *args: Any, **more: Any) -> Any:
        mischief = here.mischief
        if mischief is None:
            return real(sock, *args, **more)
        comes = mischief.comes()
        if comes and not mischief.after:
            raise mischief.strike()
        if mischief.short and cut and len(args[0]) > 1:
            args = (memoryview(args[0])[: max(1, len(args[0]) // 2)], *args[1:])
        found = real(sock, *args, **more)
        if comes:
            raise mischief.strike()
        return found

    return used


@contextlib.contextmanager
def mischievous() -> Iterator[None]:
    """Sockets obey the mischief of the thread that uses them, while this is entered."""
    uses = (
        (socket.socket, "connect", False),
        (socket.socket, "send", True),
        (socket.socket, "recv_into", True),
        (ssl.SSLSocket, "send", True),
        (ssl.SSLSocket, "recv_into", True),
        (ssl.SSLSocket, "do_handshake", False),
    )
    with contextlib.ExitStack() as stack:
        for kind, name, cut in uses:
            made = _mischievous(getattr(kind, name), cut=cut)
            stack.enter_context(mock.patch.object(kind, name, made))
        yield
