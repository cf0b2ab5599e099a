"""A connection to the server, made one layer at a time: TCP, the proxy's tunnel, TLS, HTTP."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from urllib3.util.ssltransport import SSLTransport

from .._core.exchange import Exchange, current
from .._core.heads import read_head
from .._core.incoming import Incoming
from .._core.stream import Stream
from .._core.timed import TimedSocket
from .._core.transport import _USER_AGENT, _tls_context
from .._core.troubles import no_tls, words
from .._core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .._core.heads import Head
    from .._core.settings import Proxy, Settings
    from .._core.http import HttpResponse

MOST: Final = 262_144
"""Most bytes of an answer that are read."""
_PORTS: Final = {"http": 80, "https": 443}


@frozen
class Route:
    """The way to the server.

    Attributes:
        base: The base URL, without a slash at its end.
        proxy: The proxy, or None.
        trust: The certificates to trust, or None for the usual ones.
    """

    base: str
    proxy: Proxy | None
    trust: str | None

    @classmethod
    def of(cls, settings: Settings) -> Route:
        """The way that the settings and the environment say."""
        return cls(settings.base(), settings.way(), settings.trust())

    @property
    def secure(self) -> bool:
        """Whether it is https."""
        return self.base.startswith("https:")

    @property
    def host(self) -> str:
        """The server's name or address."""
        return urlsplit(self.base).hostname or ""

    @property
    def port(self) -> int:
        """The server's port."""
        parts = urlsplit(self.base)
        return parts.port or _PORTS[parts.scheme]

    @property
    def authority(self) -> str:
        """The server's host:port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def peer(self) -> tuple[str, int]:
        """Host and port that this machine connects to."""
        if self.proxy is None:
            return self.host, self.port
        parts = urlsplit(self.proxy.url)
        return parts.hostname or "", parts.port or _PORTS[parts.scheme]


def tls_words(error: OSError, peer: str) -> str:
    """Why a handshake failed, in words."""
    if isinstance(error, (ssl.SSLError, ConnectionError)):
        return no_tls(error, peer)[0]
    return words(error)


class NoTunnelError(Exception):
    """The proxy made no tunnel. `head` is its answer."""

    def __init__(self, head: Head) -> None:
        super().__init__()
        self.head = head


class Line:
    """One connection, in one deadline. Use it as a context manager."""

    def __init__(self, route: Route, addresses: list[Any], seconds: float) -> None:
        self._route, self._addresses = route, addresses
        self._here = Exchange(seconds, MOST)
        self.sock: Any = None
        self.refused: list[tuple[str, OSError]] = []
        """The addresses that gave no connection, and why."""

    @contextmanager
    def open(self) -> Iterator[Line]:
        """Keep the deadline, and close the connection in the end."""
        before = current.set(self._here)  # the sockets of TLS look for it there
        try:
            yield self
        finally:
            current.reset(before)
            if self.sock is not None:
                with suppress(OSError):
                    self.sock.close()

    def connect(self) -> str:
        """Connect to the first address that answers, and return it. Raises OSError."""
        for rest in range(len(self._addresses), 0, -1):
            family, kind, protocol, _, address = self._addresses[-rest]
            self.sock = socket.socket(family, kind, protocol)
            try:
                self.sock.settimeout(self._here.left() / rest)
                self.sock.connect(address)
            except OSError as error:
                self.sock.close()
                self.refused.append((str(address[0]), error))
            else:
                return str(address[0])
        raise self.refused[-1][1]

    def greet_proxy(self) -> None:
        """The TLS handshake with an https proxy; nothing with another."""
        if self._route.proxy and self._route.proxy.url.startswith("https:"):
            self._secure(_tls_context(self._route.trust), self._route.peer[0])

    def tunnel(self) -> None:
        """Have the proxy connect to the server. Raises NoTunnelError, NoHeadError, OSError."""
        route = self._route
        if route.proxy is None or not route.secure:
            return
        headers = {"Host": route.authority, "User-Agent": _USER_AGENT}
        authorization = route.proxy.authorization()
        if authorization:
            headers["Proxy-Authorization"] = authorization
        stream = self._said("CONNECT", route.authority, headers, b"")
        head = read_head(stream, bytearray())
        if not 200 <= head.status < 300:
            raise NoTunnelError(head)

    def secure(self, context: ssl.SSLContext | None = None) -> None:
        """The TLS handshake with the server. Raises OSError."""
        if self._route.secure:
            self._secure(context or _tls_context(self._route.trust), self._route.host)

    def reach(self) -> None:
        """All of the way. Raises NoTunnelError, NoHeadError, OSError."""
        self.connect()
        self.greet_proxy()
        self.tunnel()
        self.secure()

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> HttpResponse:
        """Send one request below the base URL, and read its answer.

        Raises NoHeadError, OSError.
        """
        route = self._route
        target = urlsplit(route.base).path + path
        always = {"Host": urlsplit(route.base).netloc, "User-Agent": _USER_AGENT}
        if route.proxy and not route.secure:
            target = route.base + path
            authorization = route.proxy.authorization()
            if authorization:
                always["Proxy-Authorization"] = authorization
        self._here.sent = True
        always |= {"Accept-Encoding": "identity", "Connection": "close"}
        incoming = Incoming(
            self._said(method, target, {**always, **headers}, body), self._here, MOST
        )
        incoming.read()
        return incoming.response

    def _said(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Stream:
        lines = [
            f"{method} {target} HTTP/1.1",
            *(f"{name}: {text}" for name, text in headers.items()),
        ]
        timed = TimedSocket(self.sock, self._here)
        timed.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        return Stream(timed.reader())

    def _secure(self, context: ssl.SSLContext, name: str) -> None:
        self.sock.settimeout(self._here.left())
        if isinstance(self.sock, ssl.SSLSocket):
            # TLS inside the TLS of an https proxy, which the ssl module's sockets cannot do.
            self.sock = SSLTransport(self.sock, context, server_hostname=name)
        else:
            self.sock = context.wrap_socket(self.sock, server_hostname=name)
