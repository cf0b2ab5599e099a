"""The sandbox's server: Werkzeug's, made silent, with TLS that cannot be held up.

It must outlive whatever comes in: every request that HTTP can answer gets the JSON error, and
nothing is printed or logged of it.
"""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import ssl
import sys
import threading
from email import errors
from http import HTTPStatus
from io import BufferedReader, RawIOBase
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from ..errors import AculabError
from .answers import http_problem
from .app import ALWAYS, HEADERS, MOST_BODY, App, phrase, tell
from .requests import Request

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from typing_extensions import Buffer

    from .address import Address
    from .app import Ask, Refuse

_Socket = socket.socket

HANDSHAKE_SECONDS: Final = 10.0
"""How long a client may take to agree on TLS."""
REQUEST_SECONDS: Final = 60.0
"""How long a request may take to arrive. A client that sends nothing has less, see `_Handler`."""

_TLS_HELLO: Final = 0x16
_NO_FILES: Final = (errno.EMFILE, errno.ENFILE)
_PAUSE: Final = 0.05
_NO_HEADERS: Final = (
    errors.FirstHeaderLineIsContinuationDefect,
    errors.InvalidHeaderDefect,
    errors.MisplacedEnvelopeHeaderDefect,
    errors.MissingHeaderBodySeparatorDefect,
)
_NO_HEADER: Final = "a line of the head is no header, such as one with a space before its colon"
_NOT_TLS: Final = "this is plain HTTP, and the sandbox speaks https here"
_JUNK: Final = {
    400: "this is not HTTP; a space in the address must be written %20",
    414: "the address is too long; send the parameters by POST",
    431: "too many headers, or too long",
}


class Server:
    """A running HTTP server.

    Args:
        answer: Answers a request.
        refuse: Answers a request with an error.
        address: Where, and under which names.
        context: Serve https with it.

    Raises:
        AculabError: the port cannot be had.

    Attributes:
        url: Where it is reached, without a slash at its end.
    """

    def __init__(
        self,
        answer: Ask,
        refuse: Refuse,
        address: Address,
        context: ssl.SSLContext | None = None,
    ) -> None:
        host, port = address.host, address.port
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family, backlog=128)
        except OSError as error:
            raise AculabError(
                f"the sandbox cannot listen on port {port} of {host}: {error.strerror}. "
                f"Port 0 takes any free one"
            ) from error
        self._app = App(answer, refuse, address.host_names)
        # Werkzeug is handed the socket because, binding by itself, it prints and exits.
        with listening:
            self._server = _Listener(host, port, self._app, _Handler, fd=listening.fileno())
        # Given to Werkzeug, it would have every client wait for the slowest one's handshake.
        self._server.ssl_context = context
        self.url = address.url(self._server.port)
        self._closing, closed = socket.socketpair()
        self._thread = threading.Thread(
            target=self._server.serve_until, args=(closed,), name="aculab-sandbox", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening. Requests that are being answered are still answered, slow ones at once.

        Does not wait for them.
        """
        self._app.closing.set()
        self._closing.close()
        self._thread.join()


class _Listener(ThreadedWSGIServer):
    """Werkzeug's server, with each handshake in its own connection's thread."""

    timeout = 0  # a client that is gone again when it is to be accepted is not waited for
    _given: _Socket | None = None

    @property
    def socket(self) -> _Socket:
        """The listening socket. Given another one, the one before is closed.

        Werkzeug 2.1 leaves open what socketserver opens before it takes the socket it was given.
        """
        assert self._given is not None
        return self._given

    @socket.setter
    def socket(self, given: _Socket) -> None:
        if self._given is not None:
            self._given.close()
        self._given = given

    def serve_until(self, closed: _Socket) -> None:
        """Serve until the other end of this pair is closed.

        Serving for ever looks at intervals whether to stop: each stop would wait for one, and a
        sandbox that nobody uses would still wake up.
        """
        with self, closed, selectors.DefaultSelector() as waiting:
            waiting.register(self, selectors.EVENT_READ)
            waiting.register(closed, selectors.EVENT_READ)
            while all(key.fileobj is not closed for key, _ in waiting.select()):
                self.handle_request()

    def get_request(self) -> Any:
        try:
            return super().get_request()
        except OSError as error:
            if error.errno in _NO_FILES:
                sleep(_PAUSE)  # who waits is still there at once, until another client has gone
            raise

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            if self.ssl_context is None or not _begins_tls(request):
                super().finish_request(request, client_address)
                return
            with self.ssl_context.wrap_socket(
                request, server_side=True, do_handshake_on_connect=False
            ) as secured:
                secured.do_handshake()
                super().finish_request(secured, client_address)
                _take_leave(secured)
        except OSError:
            # A client that went away, was too slow, or disliked the certificate.
            pass

    def handle_error(self, request: Any, client_address: Any) -> None:
        del request, client_address
        # Without this, socketserver prints it to stderr.
        error = sys.exception()
        if isinstance(error, Exception):
            tell(error)


def _begins_tls(line: socket.socket) -> bool:
    line.settimeout(HANDSHAKE_SECONDS)
    return line.recv(1, socket.MSG_PEEK)[:1] == bytes([_TLS_HELLO])


def _take_leave(line: socket.socket) -> None:
    """Say by TLS that all was sent, or clients take the answer for cut. Waits for no reply."""
    if isinstance(line, ssl.SSLSocket) and line.fileno() >= 0:
        with contextlib.suppress(OSError, ValueError):
            line.settimeout(0)
            line.unwrap()
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_WR)


class _Incoming(RawIOBase):
    """What a client sends, until its time is over: a byte now and then is not enough."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._end = monotonic() + REQUEST_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, into: Buffer) -> int:
        if monotonic() > self._end:
            raise TimeoutError
        return self._line.recv_into(into)


class _Handler(WSGIRequestHandler):
    """Werkzeug's handler, silent, impatient, and with JSON for what is not HTTP."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self.rfile = BufferedReader(_Incoming(self.connection))

    def version_string(self) -> str:
        """The Server header: nobody shall take this for the real cloud."""
        return "aculab-wrappers-sandbox"

    def handle_expect_100(self) -> bool:
        """Nothing: Werkzeug sends the 100 Continue itself."""
        return True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - inherited
        """Nothing: a request line may hold what must not be shown."""

    def connection_dropped(
        self, error: BaseException, environ: WSGIEnvironment | None = None
    ) -> None:
        """End here: an answer that was lost on purpose had no head to say so."""
        del error, environ
        self.close_connection = True

    def make_environ(self) -> WSGIEnvironment:
        environ = super().make_environ()
        # Werkzeug joins some that are repeated and drops others.
        environ[HEADERS] = self.headers.items()
        return environ

    def run_wsgi(self) -> None:
        if self.server.ssl_context is not None and not isinstance(self.connection, ssl.SSLSocket):
            self._refuse(HTTPStatus.BAD_REQUEST, _NOT_TLS)
            return
        if any(isinstance(defect, _NO_HEADERS) for defect in self.headers.defects):
            # What follows such a line was not read, and may say who asks.
            self._refuse(HTTPStatus.BAD_REQUEST, _NO_HEADER)
            return
        try:
            urlsplit(self.path)  # Werkzeug does this later, where a failure is not answered
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        super().run_wsgi()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what http.server could not read."""
        del message, explain  # they quote the request
        reason = _JUNK.get(code, "this cannot be answered")
        if code == 400 and self.server.ssl_context is None:
            reason += ", and https is not spoken here"
        self._refuse(code, reason)

    def _refuse(self, code: int, reason: str) -> None:
        app = self.server.app
        assert isinstance(app, App)
        problem = http_problem(code, f"{phrase(code)}: {reason}")
        answer = app.refuse(Request(self.command or "", ""), problem)
        head = [f"HTTP/1.1 {code} {phrase(code)}", f"Content-Length: {len(answer.body)}"]
        head += [f"{name}: {text}" for name, text in (*answer.headers, *ALWAYS)]
        head += ["Connection: close", "", ""]
        self.close_connection = True
        self.wfile.write("\r\n".join(head).encode("ascii") + answer.body)
        self._drain()

    def _drain(self) -> None:
        """Read on for a moment: closing on unread bytes would take the answer back (RST)."""
        _take_leave(self.connection)
        try:
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(0.5)
            left = MOST_BODY
            while left > 0:
                got = len(self.connection.recv(65_536))
                left -= got or left
        except OSError:
            pass
