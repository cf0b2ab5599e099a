"""Connections that know when the request's first byte leaves, and that keep one total deadline.

urllib3's exceptions cannot tell "never sent" from "perhaps sent": a TLS handshake that stalls and
an answer that never comes are the same ReadTimeout. So nothing here is guessed from exceptions:
`Exchange.sent` is set just before the first byte of the request is handed to the socket. Bytes
that only build the way there (a proxy's CONNECT, the TLS handshake) do not count.
"""

from __future__ import annotations

import http.client
import logging
import socket
import ssl
from typing import TYPE_CHECKING, Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection

from .exchange import current
from .heads import BLANK
from .incoming import Incoming
from .stream import Stream
from .timed import TimedSocket
from .troubles import no_tls, no_tunnel, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3.util import Url

    from .exchange import Exchange

_MOST_INTERIM: Final = 16

_LOGGERS: Final = ("connection", "connectionpool", "poolmanager", "response", "util.retry")


def _not_of_ours(_record: logging.LogRecord) -> bool:
    return current.get(None) is None


for _name in _LOGGERS:
    # urllib3 logs from the midst of a request, between the head of an answer and its body: what a
    # program's log handlers do there, raise or wait, must not decide what becomes of a start.
    logging.getLogger(f"urllib3.{_name}").addFilter(_not_of_ours)


class _ProxyResponse(http.client.HTTPResponse):
    """A proxy's answer to CONNECT. Skips interim answers, of which http.client skips only 100."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST_INTERIM + 1):
            version, status, reason = super()._read_status()  # type: ignore[misc]  # private
            if not 100 <= status < 200 or status == http.client.SWITCHING_PROTOCOLS:
                return version, status, reason
            while self.fp.readline(65_536) not in (*BLANK, b""):
                pass
        raise http.client.HTTPException(f"more than {_MOST_INTERIM} interim answers")


class _Watched(HTTPConnection):
    """What both schemes share: the deadline, the first byte, and no debug output."""

    response_class = _ProxyResponse
    debuglevel = 0  # http.client's debug output would print the Authorization header

    _buffer: list[bytes]  # the lines of the head, which http.client collects
    _making_way = False
    _peer = ""  # who is at the other end: a proxy, or behind its tunnel the origin

    def connect(self) -> None:
        here = current.get()
        self._peer, self._making_way = self.host, True
        try:
            super().connect()
        except (ssl.SSLError, ConnectionError) as error:
            if here.trouble is None:
                here.blame(*no_tls(error, self._peer))
            raise
        finally:
            self._making_way = False
        self.sock: Any = TimedSocket(self.sock, here)

    def _new_conn(self) -> socket.socket:
        """Connect to the first address that answers, sharing the time among those left."""
        here = current.get()
        addresses = self._addresses(here)
        for rest in range(len(addresses), 0, -1):
            try:
                sock = _connected(addresses[-rest], here, rest)
            except OSError as error:
                here.blame(f"no connection to {self.host}:{self.port}: {words(error)}")
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
        self.sock = TimedSocket(plain, here)
        try:
            super()._tunnel()
        except (OSError, http.client.HTTPException) as error:
            here.blame(*no_tunnel(error))
            raise
        self.sock, self._peer = plain, self._tunnel_host or ""
        plain.settimeout(here.left())

    # Not urllib3's, which looks through each header for a word of its own.
    putheader = http.client.HTTPConnection.putheader

    def _send_output(self, message_body: bytes, encode_chunked: bool = False) -> None:  # noqa: ARG002
        """Hand over head and body at once. http.client does it in two steps, for which a program of
        many threads waits twice for its turn.
        """
        whole = b"\r\n".join((*self._buffer, b"", message_body))
        self._buffer.clear()
        self.send(whole)

    def send(self, data: Any) -> None:
        if not self._making_way:
            here = current.get()
            here.left()  # no byte leaves after the deadline
            here.sent = True
        super().send(data)

    def read_answer(self) -> None:
        """Read all of the answer into the exchange.

        Not by getresponse: http.client and urllib3 give up on answers that hold ids, and throw
        them away.
        """
        here = current.get()
        here.incoming = Incoming(Stream(self.sock.reader()), here, here.most)
        here.incoming.read()


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class FreshPool:
    """What an HTTPAdapter takes for a pool of connections: one for each request, and none is kept.

    A kept connection can be closed by the server just as a start is written to it, and then
    nobody knows whether the start was read.

    Args:
        origin: The web service's address.
        proxy: The proxy's address, or None.
        to_proxy: Headers for a proxy that is asked for a tunnel.
        tls: Whom to trust, the proxy included; None where neither speaks TLS.
    """

    def __init__(
        self,
        origin: Url,
        proxy: Url | None,
        to_proxy: Mapping[str, str],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._origin, self._proxy, self._to_proxy, self._tls = origin, proxy, to_proxy, tls

    def urlopen(
        self, method: str, url: str, *, body: bytes, headers: Mapping[str, str], **_ours: object
    ) -> None:
        """Send one request, and read the answer into the exchange."""
        connection = self._connection()
        try:
            connection.connect()
            connection.putrequest(method, url, skip_host=True, skip_accept_encoding=True)
            for name, text in headers.items():
                connection.putheader(name, text)
            connection.endheaders(body)
            connection.read_answer()
        finally:
            connection.close()

    def _connection(self) -> _Watched:
        """A connection that is still to be made."""
        peer = self._proxy or self._origin
        host = peer.host or ""
        if self._tls is None:
            return _Watched(host, peer.port)
        made = _WatchedTls(host, peer.port, ssl_context=self._tls)
        if self._proxy and self._origin.scheme == "https":
            from urllib3.connection import ProxyConfig  # which a urllib3 that is refused may lack

            made.proxy_config = ProxyConfig(self._tls, False, None, None)
            port = self._origin.port or made.default_port
            made.set_tunnel(self._origin.host or "", port, self._to_proxy, peer.scheme or "http")
        return made


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
