"""One connection to the server, made one layer at a time: TCP, the proxy's tunnel, TLS, HTTP.

The steps are the core's own, and http.client writes and reads. No request with the service password
is sent here.
"""

from __future__ import annotations

import http.client
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from urllib3.util import parse_url

from .._core.connection import RecordedResponse
from .._core.exchange import MAX_HEAD, Exchange, current
from .._core.failures import describe_os_error
from .._core.http import HttpResponse
from .._core.sockets import connect
from .._core.tls import client_context, describe_tls_error
from .._core.transport import USER_AGENT

if TYPE_CHECKING:
    from contextvars import Token
    from typing import Self
    from urllib.parse import SplitResult

    from .._core.settings import Resolved

HTTP_FAILURES: Final = (OSError, http.client.HTTPException)
"""What every step may raise when there is no connection or no answer."""
_PORTS: Final = {"http": 80, "https": 443}


class NoTunnelError(Exception):
    """The proxy made no tunnel.

    Attributes:
        status: The HTTP status of its answer.
        schemes: The kinds of authentication that it offers, in lower case.
    """

    def __init__(self, status: int, schemes: list[str]) -> None:
        super().__init__()
        self.status, self.schemes = status, schemes


class Route:
    """The hosts and ports on the way to the server.

    Attributes:
        resolved: The settings that say so.
        host, port: The server.
        authority: The server as host:port.
        peer_host, peer_port: Whom this machine connects to: the proxy if there is one.
    """

    __slots__ = ("authority", "host", "peer_host", "peer_port", "port", "resolved")

    def __init__(self, resolved: Resolved) -> None:
        self.resolved = resolved
        server = urlsplit(resolved.base_url)
        peer = urlsplit(resolved.proxy.url) if resolved.proxy else server
        self.host, self.port = _host_and_port(server)
        self.peer_host, self.peer_port = _host_and_port(peer)
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.authority = f"{host}:{self.port}"


def _host_and_port(parts: SplitResult) -> tuple[str, int]:
    return parts.hostname or "", parts.port or _PORTS[parts.scheme]


class Connection:
    """One connection, inside one deadline. Use it as a context manager.

    Attributes:
        sock: The socket of the highest layer that was made.
        failures: The addresses that gave no connection, and why.
    """

    def __init__(self, route: Route, addresses: list[Any]) -> None:
        self._route, self._addresses = route, addresses
        self._exchange = Exchange(route.resolved.timeout, MAX_HEAD)
        self._before: Token[Exchange | None] | None = None
        self.sock: Any = None
        self.failures: list[tuple[str, OSError]] = []

    def __enter__(self) -> Self:
        self._before = current.set(self._exchange)  # the answers look for their limits there
        return self

    def __exit__(self, *_: object) -> None:
        assert self._before
        current.reset(self._before)
        if self.sock is not None:
            with suppress(OSError):
                self.sock.close()

    @property
    def seconds(self) -> float:
        """Return how long the present step may last: until the request leaves, or the whole."""
        return self._exchange.current_limit.seconds

    def connect(self) -> str:
        """Connect to the first address that answers, and return it. Raises OSError."""

        def note(entry: Any, error: OSError) -> None:
            self.failures.append((str(entry[4][0]), error))

        self.sock = connect(self._addresses, self._exchange, note)
        return str(self.sock.getpeername()[0])

    def greet_proxy(self) -> None:
        """Make the TLS handshake with an https proxy; do nothing with another."""
        proxy = self._route.resolved.proxy
        if proxy and proxy.url.startswith("https:"):
            self._secure(client_context(self._route.resolved.ca_bundle), self._route.peer_host)

    def open_tunnel(self) -> None:
        """Have the proxy connect to the server. Raises NoTunnelError, or one of HTTP_FAILURES."""
        resolved = self._route.resolved
        if resolved.proxy is None or not resolved.is_https:
            return
        authority = self._route.authority
        with self._send("CONNECT", authority, {"Host": authority}) as answer:
            if not 200 <= answer.status < 300:
                offered = answer.headers.get_all("Proxy-Authenticate") or []
                words = [text.split() for text in ",".join(offered).lower().split(",")]
                raise NoTunnelError(answer.status, [found[0] for found in words if found])

    def secure(self, context: ssl.SSLContext | None = None) -> None:
        """Make the TLS handshake with the server. Raises OSError."""
        resolved = self._route.resolved
        if resolved.is_https:
            self._secure(context or client_context(resolved.ca_bundle), self._route.host)

    def reach(self, context: ssl.SSLContext | None = None) -> None:
        """Make all layers. Raises NoTunnelError, or one of HTTP_FAILURES."""
        self.connect()
        self.greet_proxy()
        self.open_tunnel()
        self.secure(context)

    def get_first_page(self) -> HttpResponse:
        """Ask for the page at the base URL, without a password; return the head of the answer.

        Raises one of HTTP_FAILURES.
        """
        resolved = self._route.resolved
        url = parse_url(f"{resolved.base_url}/")
        target = url.url if resolved.asks_whole_url else url.request_uri
        headers = {"Host": url.netloc or "", "Accept": "*/*", "Connection": "close"}
        self._exchange.is_sent = True
        with self._send("GET", target, headers) as answer:
            return HttpResponse(answer.status, tuple(answer.headers.items()))

    def _send(self, method: str, target: str, headers: dict[str, str]) -> RecordedResponse:
        """Send a request that has no body, and return its answer when the head is there."""
        proxy = self._route.resolved.proxy
        authorization = proxy and proxy.authorization()
        if authorization and (method == "CONNECT" or not self._route.resolved.is_https):
            headers["Proxy-Authorization"] = authorization
        client = http.client.HTTPConnection("")
        client.debuglevel = 0  # else it would print a password
        client.sock = self.sock
        self.sock.settimeout(self._exchange.remaining())
        client.request(method, target, headers={"User-Agent": USER_AGENT, **headers})
        answer = RecordedResponse(self.sock, method=method)
        answer.begin()
        return answer

    def _secure(self, context: ssl.SSLContext, name: str) -> None:
        self.sock.settimeout(self._exchange.remaining())
        if isinstance(self.sock, ssl.SSLSocket):
            # TLS inside the TLS of an https proxy, which the ssl module's sockets cannot do.
            from urllib3.util.ssltransport import SSLTransport

            self.sock = SSLTransport(self.sock, context, server_hostname=name)
        else:
            self.sock = context.wrap_socket(self.sock, server_hostname=name)


def describe_no_tls(error: OSError, peer: str) -> str:
    """Return why a handshake failed."""
    if isinstance(error, (ssl.SSLError, ConnectionError)):
        return describe_tls_error(error, peer)[0]
    return describe_os_error(error)


def describe_no_answer(error: Exception) -> str:
    """Return why no answer could be read, for one of HTTP_FAILURES."""
    if isinstance(error, http.client.RemoteDisconnected):
        return "the connection ended before an answer"
    if isinstance(error, OSError):
        return describe_os_error(error)
    return "what came is no HTTP answer"
