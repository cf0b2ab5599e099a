"""Sockets whose every wait ends at the exchange's deadline.

A socket's own timeout starts anew with each byte, so a server that drips could hold it for ever.
"""

from __future__ import annotations

import contextlib
import io
import socket
import ssl
from typing import TYPE_CHECKING, Any, Final

from .exchange import current
from .heads import MOST_HEAD, has_begun

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from .exchange import Exchange

_BLOCK: Final = 65_536


class TimedSocket:
    """A connected socket that keeps the deadline, and listens while it writes.

    A server may refuse a long request by its head alone, and then stop reading: the answer is
    there, but whoever goes on writing only hears that the connection is broken.
    """

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._sock = sock
        self._exchange = exchange
        self._early = bytearray()

    def sendall(self, data: Buffer) -> None:
        """Send all of it, or less once the answer to it has begun."""
        rest = memoryview(data)
        while rest:
            try:
                self._sock.settimeout(self._exchange.left())
                rest = rest[self._sock.send(rest[:_BLOCK]) :]
            except OSError:
                if not self._is_answered():
                    raise
                return
            if rest and self._is_answered():
                return

    def _is_answered(self) -> bool:
        """Take in what has come so far, without waiting."""
        if not isinstance(self._sock, socket.socket):
            return False  # of TLS inside TLS, urllib3 cannot read without waiting
        block = bytearray(_BLOCK)
        with contextlib.suppress(OSError):  # nothing there yet, or no more
            self._sock.settimeout(0)
            while len(self._early) < MOST_HEAD and (count := self._sock.recv_into(block)):
                self._early += block[:count]
        return has_begun(bytes(self._early))

    def reader(self) -> TimedReader:
        """What comes over the connection, without a buffer."""
        return TimedReader(self._sock, self._exchange, self._early)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """For http.client, which reads a proxy's answer to CONNECT."""
        return io.BufferedReader(self.reader())

    def settimeout(self, seconds: float | None) -> None:
        """Leave the deadline as it is: urllib3 sets timeouts here that start anew."""

    def __getattr__(self, name: str) -> Any:  # close, shutdown, fileno, getpeercert, ...
        return getattr(self._sock, name)


class TimedTlsSocket(ssl.SSLSocket):
    """Keeps the deadline when urllib3 reads it by itself, for TLS inside TLS."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()  # after an interrupt, ssl does not
            raise

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        self.settimeout(current.get().left())
        try:
            return super().recv(buflen, flags)
        except BaseException:
            self.close()  # nor when it meets a reset before the handshake
            raise


class TimedReader(io.RawIOBase):
    """What comes over a socket, and first of all what came while it was written to."""

    def __init__(self, sock: socket.socket, exchange: Exchange, early: bytearray) -> None:
        self._sock = sock
        self._exchange = exchange
        self._early = early
        self._is_late = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        if not self._early:
            self._sock.settimeout(self._wait())
            return self._sock.recv_into(buffer)
        view = memoryview(buffer)
        taken = self._early[: len(view)]
        view[: len(taken)] = taken
        del self._early[: len(taken)]
        return len(taken)

    def _wait(self) -> float:
        try:
            return self._exchange.left()
        except TimeoutError:
            # A program that was stopped until after the deadline takes what came meanwhile, once.
            if self._is_late or not isinstance(self._sock, socket.socket):
                raise
            self._is_late = True
            return 0.0
