"""A server that says exactly the bytes a test wants said, and keeps its own count of requests."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 10.0
"""Seconds after which anything that a test waits for counts as never."""

_CONNECT = socket.socket.connect


@dataclass
class Request:
    """One complete request, as it came."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def method(self) -> str:
        return self.line.partition(" ")[0]

    @property
    def target(self) -> str:
        return self.line.split(" ")[1]

    def header(self, name: str) -> str:
        (found,) = [text for key, text in self.headers if key.lower() == name.lower()]
        return found

    def has(self, name: str) -> bool:
        return any(key.lower() == name.lower() for key, _ in self.headers)


class Peer:
    """One accepted connection, seen from the server."""

    def __init__(self, server: Server, sock: socket.socket) -> None:
        self._server = server
        self.sock = sock
        sock.settimeout(PATIENCE)
        self._unread = b""

    def start_tls(self, context: ssl.SSLContext) -> None:
        self.sock = context.wrap_socket(self.sock, server_side=True)

    def read_head(self) -> tuple[str, list[tuple[str, str]]]:
        while b"\r\n\r\n" not in self._unread:
            self._more()
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        line, *rest = head.decode("latin-1").split("\r\n")
        pairs = [text.partition(": ") for text in rest]
        return line, [(name, text) for name, _, text in pairs]

    def read_request(self) -> Request:
        """Read one whole request, and count it."""
        line, headers = self.read_head()
        length = next((int(v) for k, v in headers if k.lower() == "content-length"), 0)
        while len(self._unread) < length:
            self._more()
        body, self._unread = self._unread[:length], self._unread[length:]
        request = Request(line, headers, body)
        with self._server.changed:
            self._server.requests.append(request)
            self._server.changed.notify_all()
        return request

    def read_some(self) -> bytes:
        """Whatever comes next, without looking at it; nothing at the end."""
        return self.sock.recv(65_536)

    def narrow(self) -> None:
        """Take little at a time, so that the client soon has to wait."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)

    def read_to_end(self) -> bytes:
        """All that still comes until the client closes its side."""
        data, self._unread = self._unread, b""
        with contextlib.suppress(ConnectionError):  # it closed on something it had not read
            while more := self.sock.recv(65_536):
                data += more
        with self._server.changed:
            self._server.ended += 1
            self._server.changed.notify_all()
        return data

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def drip(self, data: bytes, pause: float = 0.02) -> None:
        """A byte at a time, until the client or the test is gone."""
        for byte in data:
            self.sock.sendall(bytes([byte]))
            self.pause(pause)

    def pause(self, seconds: float) -> None:
        if self._server.stopping.wait(seconds):
            raise ConnectionAbortedError("the test is over")

    def hush(self) -> None:
        """Say nothing for as long as the test runs."""
        self.pause(PATIENCE)

    def under(self) -> socket.socket:
        """The TCP connection below TLS."""
        return socket.fromfd(self.sock.fileno(), self.sock.family, self.sock.type)

    def reset(self) -> None:
        """Close so that the client gets an RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def relay(self, port: int, pause: float = 0.0) -> None:
        """Carry bytes both ways between the client and a server on `port`, to the end."""
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as other:
            # In one thread, because a TLS connection is not for two.
            sinks = {self.sock: other, other: self.sock}
            while True:
                waiting = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
                ready = [self.sock] if waiting else select.select(sinks, (), (), PATIENCE)[0]
                for source in ready or list(sinks):
                    data = source.recv(65_536)
                    if not data:
                        return
                    sinks[source].sendall(data)
                self.pause(pause)

    def _more(self) -> None:
        data = self.sock.recv(65_536)
        if not data:
            raise EOFError("the client closed in the middle of a request")
        self._unread += data


@dataclass
class Server:
    """Listens on loopback, and plays a script to each connection.

    Scripts are used in turn; the last one serves every further connection.
    """

    scripts: list[Callable[[Peer], object]]
    tls: ssl.SSLContext | None = None
    family: socket.AddressFamily = socket.AF_INET
    backlog: int = 128
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    ended: int = 0
    """How many connections the client has closed while `read_to_end` watched."""
    errors: list[BaseException] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.listener = socket.socket(self.family, socket.SOCK_STREAM)
        self.listener.bind(("::1" if self.family == socket.AF_INET6 else "127.0.0.1", 0))
        self.listener.listen(self.backlog)
        self.port: int = self.listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._peers: list[Peer] = []
        self._threads[0].start()

    @property
    def url(self) -> str:
        if self.tls:
            return f"https://localhost:{self.port}"
        host = "[::1]" if self.family == socket.AF_INET6 else "127.0.0.1"
        return f"http://{host}:{self.port}"

    @property
    def posts(self) -> int:
        """How many complete requests to start something have come."""
        return sum(request.method == "POST" for request in self.requests)

    def wait_for(self, what: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(what, PATIENCE), "it never came to that"

    def close(self) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError), socket.socket(self.family) as wake:
            _CONNECT(wake, self.listener.getsockname())  # a test may have patched the method
        self._threads[0].join(PATIENCE)
        self.listener.close()
        for peer in self._peers:
            with contextlib.suppress(OSError):
                peer.sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in self._threads)
        for error in self.errors:
            raise error

    def _accept(self) -> None:
        while True:
            sock, _ = self.listener.accept()
            if self.stopping.is_set():
                sock.close()
                return
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            with self.changed:
                self.connections += 1
                self.changed.notify_all()
            peer = Peer(self, sock)
            thread = threading.Thread(target=self._play, args=(script, peer), daemon=True)
            self._peers.append(peer)
            self._threads.append(thread)
            thread.start()

    def _play(self, script: Callable[[Peer], object], peer: Peer) -> None:
        try:
            if self.tls:
                peer.start_tls(self.tls)
            script(peer)
        except (OSError, EOFError):
            pass  # the client is gone; whether it should be is for the test to say
        except BaseException as error:  # a script that is wrong fails the test
            self.errors.append(error)
        finally:
            peer.sock.close()


def answer(body: bytes = b'["id-1"]', head: bytes = b"HTTP/1.1 200 OK", *headers: bytes) -> bytes:
    """A whole answer. It ends the connection, unless one of the headers says what becomes of it."""
    said = any(header.lower().startswith(b"connection:") for header in headers)
    end = [] if said else [b"Connection: close"]
    lines = [head, *headers, *end, b"Content-Length: %d" % len(body), b"", body]
    return b"\r\n".join(lines)


def reply(data: bytes | None = None) -> Callable[[Peer], None]:
    """The script of a server that answers each request with `data` and watches it close."""

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(answer() if data is None else data)
        rest = peer.read_to_end()
        assert rest == b"", f"the client said more than its request: {rest!r}"

    return script


def tunnel(script: Callable[[Peer], object], context: ssl.SSLContext) -> Callable[[Peer], None]:
    """The script of a proxy that is, behind its CONNECT, the origin itself."""

    def through(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
        peer.start_tls(context)
        script(peer)

    return through


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """A port of loopback that is taken, and where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]
