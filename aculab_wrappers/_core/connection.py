"""Connections that know when a request's first byte leaves, keep one deadline, and record.

urllib3's exceptions cannot tell "never sent" from "perhaps sent": a TLS handshake that stalls and
an answer that never comes are the same ReadTimeout. So nothing here is guessed from exceptions:
`Exchange.is_sent` is set just before the first byte of the request is handed to the socket. Bytes
that only build the way there (a proxy's CONNECT, the TLS handshake) do not count.

urllib3 and http.client speak HTTP. Ours are the points that they leave open: how a connection is
made, how bytes are sent, and the file that answers are read from.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import urllib3.connection

from . import sockets
from .exchange import MAX_HEAD, current_exchange
from .failures import describe_os_error, is_from_outside
from .road import is_stack_clear
from .settings import is_loopback
from .tls import describe_tls_error

if TYPE_CHECKING:
    from typing_extensions import Buffer
    from urllib3 import HTTPConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection

    from .exchange import Exchange


_BLOCK: Final = 65_536

_MAX_DRAINED: Final = 262_144

_STATUS = re.compile(rb"HTTP/1\.[0-9]+[ \t]+([1-9][0-9]{2})[ \t\r\n]")
_INTERIM = re.compile(
    rb"HTTP/1\.[0-9]+[ \t]+1(?!01)[0-9]{2}(?:[ \t][^\n]*)?\r?\n(?:[^\r\n][^\n]*\n)*+\r?\n"
)
_TUNNEL_OPEN = re.compile(rb"HTTP/1\.[0-9]+[ \t]+200\b[^\n]*\n(?:[^\r\n][^\n]*\n)*+\r?\n")


def _original(found: type) -> Any:
    """Return urllib3's own class: a recorder may be recording when this module is imported."""
    own = (kind for kind in found.__mro__ if kind.__module__ == "urllib3.connection")
    return next(own, found)


if not TYPE_CHECKING:
    HTTPConnection = _original(urllib3.connection.HTTPConnection)
    HTTPSConnection = _original(urllib3.connection.HTTPSConnection)

IS_CLASSIC: Final = any(kind.__module__ == "http.client" for kind in HTTPConnection.__mro__)
"""Whether urllib3 is urllib3. Where urllib3-future has taken its place, our connections cannot
watch: every failure is then one that may have been sent."""


class AlreadySentError(http.client.HTTPException):
    """A program that stands between us and our connection asked to send a request again."""


class _Reader(io.RawIOBase):
    """What comes over a socket, recorded; and first of all what came while it was written to."""

    def __init__(self, sock: Any, exchange: Exchange) -> None:
        self._sock = sock
        # http.client closes a socket while its answer is read; this holds it open until then.
        self._hold = sock.makefile("rb", buffering=0)
        self._exchange = exchange
        self._is_late = False
        self.has_ended = False

    def close(self) -> None:
        """Let the socket go."""
        super().close()
        self._hold.close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        exchange, view = self._exchange, memoryview(buffer)
        if exchange.early:
            count = min(len(exchange.early), len(view))
            view[:count] = exchange.early[:count]
            del exchange.early[:count]
        else:
            count = sockets.receive(self._sock, buffer, self._wait())
        self.has_ended = count == 0
        exchange.received += view[:count]
        if len(exchange.received) > exchange.limit:
            raise http.client.HTTPException(f"the answer is longer than {exchange.limit} bytes")
        if not exchange.is_sent:
            # A proxy's answer: the handshake that follows is limited by the socket alone.
            self._sock.settimeout(exchange.remaining())
        return count

    def drain(self) -> None:
        """Record what else comes, for a short while."""
        self._exchange.drain()
        buffer, most = bytearray(_BLOCK), len(self._exchange.received) + _MAX_DRAINED
        try:
            while self.readinto(buffer) and len(self._exchange.received) < most:
                pass
        except (OSError, http.client.HTTPException) as error:
            if is_from_outside(error):
                raise

    def _wait(self) -> float:
        try:
            return self._exchange.remaining()
        except TimeoutError:
            # A program that was stopped until after the deadline takes what came meanwhile, once.
            if self._is_late or not isinstance(self._sock, socket.socket):
                raise
            self._is_late = True
            return 0.0


class _Files:
    """What http.client takes for a socket to read an answer from."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._reader)


class RecordedResponse(http.client.HTTPResponse):
    """An answer that is recorded as it comes in, and whose interim answers are skipped."""

    def __init__(
        self, sock: Any, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        self._exchange = current_exchange()
        self._reader = _Reader(sock, self._exchange)
        self._exchange.readers.append(self._reader)
        del debuglevel  # http.client's debug output would print what a server echoes
        files: Any = _Files(self._reader)
        super().__init__(files, 0, method, url)

    def flush(self) -> None:
        """Do nothing: there is only reading, and the file may be closed before the answer is."""

    def begin(self) -> None:
        """Read the head of the final answer."""
        if self.headers is not None:
            return
        again: Any = None  # what tells http.client to read another head
        try:
            super().begin()
            # http.client skips 100 alone.
            while self.status < 200 and self.status != http.client.SWITCHING_PROTOCOLS:
                self.headers = self.msg = again
                super().begin()
            if self._reader.has_ended:  # for http.client, the end of the connection ends a head
                raise http.client.HTTPException("the head of the answer was cut")
        except http.client.HTTPException as error:
            if not isinstance(error, OSError):  # the connection is there, and ids may follow
                self._reader.drain()
            raise
        self._check_length()
        # urllib3 logs header lines that it cannot read, whatever they hold. They are recorded.
        self.msg.defects.clear()
        if self.msg.get_payload():
            self.msg.set_payload("")

    def _check_length(self) -> None:
        """Read on to the end of the connection where a length cannot be relied on.

        http.client takes the first of two lengths, and none for one that is no number.
        """
        found = self.headers.get_all("Content-Length")
        if not found or self.chunked:
            return
        lengths = {one.strip() for one in ",".join(found).split(",")}
        length = lengths.pop()
        if lengths or not (length.isascii() and length.isdigit() and len(length) < 19):
            self._exchange.fault = "its Content-Length cannot be relied on"
            del self.headers["Content-Length"]
            self.length, self.will_close = None, True


class WatchedHttpConnection(HTTPConnection):
    """A connection that keeps the deadline, and knows the first byte of the request."""

    response_class = RecordedResponse
    debuglevel = 0  # http.client's debug output would print the Authorization header

    _is_connecting = False
    _stopped_by: OSError | None = None

    def connect(self) -> None:
        """Connect, by way of a proxy's tunnel where there is one."""
        exchange = current_exchange()
        _check_not_sent(exchange)
        exchange.connection, exchange.is_witnessed = self, is_stack_clear()
        tunnel_host = self._tunnel_host
        self._is_connecting = True
        try:
            super().connect()
        except (OSError, http.client.HTTPException) as error:
            if exchange.reason is None:
                exchange.fail(*_describe_failure(error, self.host, tunnel_host, exchange.received))
            raise
        except BaseException as stop:
            _close_handshakes(stop)
            raise
        finally:
            self._is_connecting = False
        exchange.received.clear()

    def _new_conn(self) -> socket.socket:
        exchange = current_exchange()
        addresses = self._resolve(exchange)
        where = f"{self.host}:{self.port}"

        def note(_entry: Any, error: OSError) -> None:
            exchange.fail(f"no connection to {where}: {describe_os_error(error)}")

        sock = sockets.connect(addresses, exchange, note)
        try:
            exchange.fail(None)
            sock.settimeout(exchange.remaining())  # the TLS handshake takes it as a whole
        except BaseException:
            sock.close()
            raise
        return sock

    def _resolve(self, exchange: Exchange) -> list[Any]:
        host = self.host.strip("[]")
        try:
            addresses = sockets.resolve(host, self.port, exchange)
        except OSError as error:
            if isinstance(error, TimeoutError):
                exchange.fail(f"no answer about the host name {host}")
            else:
                again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
                exchange.fail(f"the host name {host} was not found", again)
            raise
        if isinstance(self, HTTPSConnection) or not is_loopback(host):
            return addresses
        # Plain http never leaves this machine, whatever a name stands for.
        return [entry for entry in addresses if is_loopback(entry[4][0])]

    def request(self, *args: Any, **more: Any) -> None:
        """Send a request."""
        try:
            super().request(*args, **more)
        except OSError as error:
            if self.sock is None or is_from_outside(error):
                self._stopped_by = error
            raise

    def getresponse(self) -> Any:
        """Read the answer."""
        # After a reset, urllib3 looks for an answer that came early, connected or not.
        if self._stopped_by is not None:
            raise self._stopped_by
        return super().getresponse()

    def close(self) -> None:
        """Close it."""
        self._stopped_by = None
        super().close()

    def putrequest(self, *args: Any, **more: Any) -> None:
        """Begin a request. Raises AlreadySentError if it is the same one for the second time."""
        _check_not_sent(current_exchange())
        super().putrequest(*args, **more)

    def send(self, data: Any) -> None:
        """Send bytes, until the deadline, or until the answer to them has begun.

        A server may refuse a long request by its head alone, and then stop reading: the answer is
        there, but a program that goes on writing only hears that the connection is broken.
        """
        if self._is_connecting:
            super().send(data)
            return
        exchange = current_exchange()
        if self.sock is None:
            self.connect()
        if exchange.connection is not self:
            _check_not_sent(exchange)
            exchange.connection, exchange.is_reused = self, True
        rest = memoryview(data)
        exchange.remaining()  # no byte leaves after the deadline
        exchange.is_sent = True
        while rest:
            try:
                rest = rest[sockets.send_some(self.sock, rest[:_BLOCK], exchange.remaining()) :]
            except OSError as error:
                if is_from_outside(error) or not self._is_answered(exchange):
                    raise
                return
            if rest and self._is_answered(exchange):
                return

    def _is_answered(self, exchange: Exchange) -> bool:
        """Take in what has come so far, without waiting."""
        if not isinstance(self.sock, socket.socket):
            return False  # of TLS inside TLS, urllib3 cannot read without waiting
        block = bytearray(_BLOCK)
        try:
            while len(exchange.early) < MAX_HEAD and (
                count := sockets.receive(self.sock, block, 0)
            ):
                exchange.early += block[:count]
        except OSError as error:  # nothing there yet, or no more
            if is_from_outside(error):
                raise
        place, early = 0, bytes(exchange.early)
        while interim := _INTERIM.match(early, place):
            place = interim.end()
        found = _STATUS.match(early, place)
        return found is not None and (found[1] >= b"200" or found[1] == b"101")


class WatchedHttpsConnection(WatchedHttpConnection, HTTPSConnection):
    """The same over TLS."""

    _watchdog: threading.Timer | None = None
    _twin: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        if self.proxy_config and self._tunnel_scheme == "https":
            # TLS inside TLS: urllib3 reads and writes it in steps, each with the whole time.
            self._twin = sock.dup()
            seconds = current_exchange().deadline.remaining()
            self._watchdog = threading.Timer(seconds, _cut_off, (self._twin,))
            self._watchdog.daemon = True
            self._watchdog.start()
        return sock

    def close(self) -> None:
        """Close it, and what watches over it."""
        try:
            super().close()
        finally:
            if self._watchdog is not None and self._twin is not None:
                self._watchdog.cancel()
                self._twin.close()


def watch(pool: HTTPConnectionPool) -> HTTPConnectionPool:
    """Have a pool make our connections, unless another program has put its own there."""
    ours = {HTTPConnection: WatchedHttpConnection, HTTPSConnection: WatchedHttpsConnection}
    stock: Any = type(pool).ConnectionCls
    pool.ConnectionCls = ours.get(stock, stock)
    return pool


def describe_tunnel_error(error: Exception) -> tuple[str, bool]:
    """Return why a proxy made no tunnel, and whether that may pass."""
    status = str(error).partition("Tunnel connection failed: ")[2][:3]
    if status.isdigit():
        return f"the proxy refused the tunnel: HTTP {status}", status in ("502", "503", "504")
    if isinstance(error, OSError):
        return f"the proxy gave no tunnel: {describe_os_error(error)}", True
    return "the proxy gave no tunnel: its answer is not HTTP", False


def _describe_failure(
    error: Exception, host: str, tunnel_host: str | None, received: bytearray
) -> tuple[str, bool]:
    """Return why there is no connection, and whether that may pass: the tunnel, or TLS."""
    is_open = _TUNNEL_OPEN.match(received) is not None
    if tunnel_host and not is_open and not isinstance(error, ssl.SSLError):
        return describe_tunnel_error(error)
    peer = tunnel_host if tunnel_host and is_open else host
    if isinstance(error, (ssl.SSLError, ConnectionError)):
        return describe_tls_error(error, peer)
    what = describe_os_error(error) if isinstance(error, OSError) else type(error).__name__
    return f"no TLS with {peer}: {what}", True


def _check_not_sent(exchange: Exchange) -> None:
    if not exchange.is_sent:
        return
    if not exchange.repeatable:
        raise AlreadySentError("the request was sent before, and is not sent again")
    exchange.is_sent = False
    exchange.received.clear()
    exchange.early.clear()


def _close_handshakes(stop: BaseException) -> None:
    """Close what a handshake was broken off on: after an interrupt, ssl does not."""
    traceback = stop.__traceback__
    while traceback is not None:
        made = traceback.tb_frame.f_locals.get("self")
        if isinstance(made, ssl.SSLSocket):
            with suppress(AttributeError):  # it may have been made by half only
                made.close()
        traceback = traceback.tb_next


def _cut_off(sock: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        sock.shutdown(socket.SHUT_RDWR)
