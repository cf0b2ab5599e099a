"""Connections that know when the request's first byte leaves, and that keep one total deadline.

urllib3's exceptions cannot tell "never sent" from "perhaps sent": a TLS handshake that stalls and
an answer that never comes are the same ReadTimeout. So nothing here is guessed from exceptions:
`Exchange.sent` is set just before the first byte of the request is handed to the socket. Bytes
that only build the way there (a proxy's CONNECT, the TLS handshake) do not count.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from typing_extensions import Buffer

_LONGEST_WAY: Final = 10.0
"""Most seconds until the request's first byte: name, connection, tunnel and TLS handshake."""
_MOST_INTERIM: Final = 16
_LONGEST_LINE: Final = 65_536


class Exchange:
    """One request on its way: its deadline, and how far it has come.

    The way there has a share of the time: what stalls before anything was sent can be tried again.

    Attributes:
        target: What the request line asks for, if not what urllib3 finds usual.
        sent: True from just before the first byte of the request.
        trouble: What went wrong before that, in words, if it is known.
        transient: Whether that may pass by itself.
    """

    __slots__ = ("_begin", "_seconds", "sent", "target", "transient", "trouble")

    def __init__(self, seconds: float) -> None:
        self._begin, self._seconds = time.monotonic(), seconds
        self.target: str | None = None
        self.sent = False
        self.trouble: str | None = None
        self.transient = True

    @property
    def limit(self) -> float:
        """The seconds from the beginning to the deadline, of the way there or of the whole."""
        return self._seconds if self.sent else min(self._seconds, _LONGEST_WAY)

    def left(self) -> float:
        """Seconds until the deadline, above 0. Raises TimeoutError after it."""
        left = self._begin + self.limit - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole exchange is over")
        return left

    @property
    def over(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self._begin + self.limit

    def blame(self, trouble: str | None, transient: bool = True) -> None:
        """Say why the connection could not be made; None takes that back."""
        self.trouble, self.transient = trouble, transient


current: ContextVar[Exchange] = ContextVar("current")
"""The exchange that connections made in this thread serve. Set by the transport."""


class _TimedSocket:
    """A connected socket whose every wait ends at the exchange's deadline.

    A socket's own timeout starts anew with each byte, so a server that drips could hold it for
    ever.
    """

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._sock = sock
        self._exchange = exchange

    def sendall(self, data: Buffer) -> None:
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(self._exchange.left())
            rest = rest[self._sock.send(rest) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock, self._exchange))

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
        return super().recv(buflen, flags)


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._sock = sock
        self._exchange = exchange
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        self._sock.settimeout(self._exchange.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _FinalResponse(http.client.HTTPResponse):
    """Skips every interim answer, where http.client skips only 100 and takes a 103 for the end."""

    def begin(self) -> None:
        super().begin()
        # urllib3 logs the text of headers that it cannot read, and a server may echo a password.
        self.headers.defects.clear()
        self.headers.set_payload("")

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST_INTERIM + 1):
            version, status, reason = super()._read_status()  # type: ignore[misc]  # private
            if not 100 <= status < 200 or status == http.client.SWITCHING_PROTOCOLS:
                return version, status, reason
            while self.fp.readline(_LONGEST_LINE) not in (b"\r\n", b"\n", b""):
                pass
        raise http.client.HTTPException(f"more than {_MOST_INTERIM} interim answers")


class _Watched(HTTPConnection):
    """What both schemes share: the deadline, the first byte, and no debug output."""

    response_class = _FinalResponse
    debuglevel = 0  # http.client's debug output would print the Authorization header

    _making_way = False
    _peer = ""  # who is at the other end: a proxy, or behind its tunnel the origin

    def connect(self) -> None:
        here = current.get()
        self._peer, self._making_way = self.host, True
        try:
            super().connect()
        except (ssl.SSLError, ConnectionError) as error:
            if here.trouble is None:
                here.blame(*_tls_trouble(error, self._peer))
            raise
        finally:
            self._making_way = False
        self.sock: Any = _TimedSocket(self.sock, here)

    def _new_conn(self) -> socket.socket:
        """Connect to the first address that answers, sharing the time among those left."""
        here = current.get()
        addresses = self._addresses(here)
        for rest in range(len(addresses), 0, -1):
            try:
                sock = _connected(addresses[-rest], here, rest)
            except OSError as error:
                here.blame(f"no connection to {self.host}:{self.port}: {_words(error)}")
                if rest == 1:
                    raise
            else:
                here.blame(None)
                return sock
        raise OSError(f"no address for {self.host}")

    def _addresses(self, here: Exchange) -> list[Any]:
        try:
            return socket.getaddrinfo(self._dns_host.strip("[]"), self.port, 0, socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            here.blame(f"the host name {self.host} was not found", transient=again)
            raise

    def _tunnel(self) -> None:
        here, plain = current.get(), self.sock
        self.sock = _TimedSocket(plain, here)
        try:
            super()._tunnel()
        except (OSError, http.client.HTTPException) as error:
            here.blame(*_tunnel_trouble(error))
            raise
        self.sock, self._peer = plain, self._tunnel_host or ""
        plain.settimeout(here.left())

    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        super().putrequest(method, current.get().target or url, *args, **kwargs)

    def send(self, data: Any) -> None:
        if not self._making_way:
            if self.sock is None:
                self.connect()
            here = current.get()
            here.left()  # no byte leaves after the deadline
            here.sent = True
        super().send(data)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class FreshPool(HTTPConnectionPool):
    """A pool that keeps nothing: each request has a connection of its own.

    A kept connection can be closed by the server just as a start is written to it, and then
    nobody knows whether the start was read.
    """

    ConnectionCls = _Watched  # pyright: ignore[reportAssignmentType]  # urllib3 types its own

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.close()


class FreshTlsPool(FreshPool, HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = _WatchedTls


def _connected(entry: Any, here: Exchange, rest: int) -> socket.socket:
    """A connection to one address, in its share of the time left: one part of `rest`."""
    family, kind, protocol, _, address = entry
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(here.left() / rest)
        sock.connect(address)
        sock.settimeout(here.left())  # for the TLS handshake, which takes it as a whole
    except BaseException:
        sock.close()
        raise
    return sock


def _tunnel_trouble(error: Exception) -> tuple[str, bool]:
    status = str(error).partition("Tunnel connection failed: ")[2][:3]
    if status.isdigit():
        return f"the proxy refused the tunnel: HTTP {status}", status in ("502", "503", "504")
    if isinstance(error, OSError):
        return f"the proxy gave no tunnel: {_words(error)}", True
    return "the proxy gave no tunnel: its answer is not HTTP", False


def _tls_trouble(error: ssl.SSLError | ConnectionError, peer: str) -> tuple[str, bool]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {peer} is not trusted: {error.verify_message}", False
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError)):
        return f"{peer} broke off the TLS handshake", True
    reason = (error.reason or "no TLS").replace("_", " ").lower()
    return f"no TLS 1.2 or newer with {peer}: {reason}", False


def _words(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror or type(error).__name__).lower()
