"""The sandbox over HTTP: a thin shell of Werkzeug around the cloud, on 127.0.0.1 only.

It must outlive whatever comes in: every request that HTTP can answer gets the JSON error, and
nothing is printed or logged of it.
"""

from __future__ import annotations

import logging
import re
import socket
import threading
from http import HTTPStatus
from io import BytesIO
from traceback import format_tb
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import get_input_stream

from ..errors import AculabError
from .answers import RefusedError, http_problem
from .requests import MOST_FIELDS, Request, read_request, split_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from .answers import Answer, Problem

    Ask = Callable[[Request], Answer]
    Refuse = Callable[[Request, Problem], Answer]

HOST: Final = "127.0.0.1"
MOST_BODY: Final = 16 * 1024 * 1024
"""Most bytes of a request's body. A limit of this sandbox, not a documented one."""

_log = logging.getLogger(__name__)
_MULTIPART: Final = "multipart/form-data"
_LENGTH = re.compile(r"\A[0-9]{1,18}\Z")
_JUNK: Final = {
    400: "this is not HTTP; a space in the address must be written %20, and "
    "https is not spoken here",
    414: "the address is too long; send the parameters by POST",
    431: "too many headers, or too long",
}


class Server:
    """A running HTTP server.

    Raises:
        AculabError: the port cannot be had.
    """

    def __init__(self, answer: Ask, refuse: Refuse, port: int) -> None:
        try:
            listening = socket.create_server((HOST, port), backlog=128)
        except OSError as error:
            raise AculabError(
                f"the sandbox cannot listen on port {port} of {HOST}: {error.strerror}. "
                f"Port 0 takes any free one"
            ) from error
        # Werkzeug is handed the socket because, binding by itself, it prints and exits.
        with listening:
            self._server = make_server(
                HOST,
                port,
                App(answer, refuse),
                threaded=True,
                request_handler=_Handler,
                fd=listening.fileno(),
            )
        self.url = f"http://{HOST}:{self._server.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="aculab-sandbox", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening. Requests that are being answered are still answered."""
        self._server.shutdown()
        self._thread.join()


class App:
    """The WSGI application.

    Args:
        answer: Answers a request.
        refuse: Answers a request with an error.
    """

    def __init__(self, answer: Ask, refuse: Refuse) -> None:
        self.answer = answer
        self.refuse = refuse

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as WSGI asks."""
        answer = self._answer(environ)
        head = [*answer.headers, ("Content-Length", str(len(answer.body)))]
        start_response(f"{answer.status} {_phrase(answer.status)}", head)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        target = _target(environ)
        try:
            return self.answer(_request(environ, target))
        except RefusedError as refused:
            problem = refused.problem
        except Exception as error:
            # A fault of the sandbox itself.
            _tell(error)
            problem = http_problem(500, f"Internal Server Error: {type(error).__name__}")
        bare = Request(environ["REQUEST_METHOD"], split_target(target)[0])
        return self.refuse(bare, problem)


class _Handler(WSGIRequestHandler):
    """Werkzeug's handler, silent, impatient, and with JSON for what is not HTTP."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def version_string(self) -> str:
        """The Server header: nobody shall take this for the real cloud."""
        return "aculab-wrappers-sandbox"

    def handle_expect_100(self) -> bool:
        """Nothing: Werkzeug sends the 100 Continue itself."""
        return True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - inherited
        """Nothing: a request line may hold what must not be shown."""

    def handle(self) -> None:
        try:
            super().handle()
        except Exception as error:
            # Without this, socketserver prints it.
            _tell(error)

    def run_wsgi(self) -> None:
        try:
            urlsplit(self.path)  # Werkzeug does this later, where a failure is not answered
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        super().run_wsgi()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what http.server could not read."""
        del message, explain  # they quote the request
        app = self.server.app
        assert isinstance(app, App)
        reason = _JUNK.get(code, "this cannot be answered")
        problem = http_problem(code, f"{_phrase(code)}: {reason}")
        answer = app.refuse(Request(self.command or "", ""), problem)
        head = f"HTTP/1.1 {code} {_phrase(code)}\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(answer.body)}\r\nConnection: close\r\n\r\n"
        self.close_connection = True
        self.wfile.write(head.encode("ascii") + answer.body)
        self._drain()

    def _drain(self) -> None:
        """Read on for a moment: closing on unread bytes would take the answer back (RST)."""
        try:
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(0.5)
            left = MOST_BODY
            while left > 0:
                got = len(self.connection.recv(65_536))
                left -= got or left
        except OSError:
            pass


def _request(environ: WSGIEnvironment, target: str) -> Request:
    """Read the request. The parts are those of read_request, but for multipart forms."""
    method = environ["REQUEST_METHOD"]
    authorization = environ.get("HTTP_AUTHORIZATION")
    content_type = environ.get("CONTENT_TYPE", "")
    length = environ.get("CONTENT_LENGTH", "")
    if length and not _LENGTH.match(length):
        raise RefusedError(http_problem(400, "Bad Request: Content-Length is not a number"))
    body = _body(environ)
    if content_type.partition(";")[0].strip().lower() != _MULTIPART:
        return read_request(method, target, authorization, content_type, body)
    request = read_request(method, target, authorization)
    parameters = (*request.parameters, *_multipart(body, content_type))
    return Request(method, request.path, parameters, request.login)


def _body(environ: WSGIEnvironment) -> bytes:
    try:
        # One more than the most: at its limit, Werkzeug's reader just ends.
        body = get_input_stream(environ, max_content_length=MOST_BODY + 1).read()
        if len(body) <= MOST_BODY:
            return body
    except RequestEntityTooLarge:
        pass
    except (ClientDisconnected, OSError):
        raise RefusedError(http_problem(400, "Bad Request: the body is cut or broken")) from None
    reason = f"Content Too Large: this sandbox takes {MOST_BODY} bytes at once"
    raise RefusedError(http_problem(413, reason))


def _multipart(body: bytes, content_type: str) -> list[tuple[str, str]]:
    parser = FormDataParser(
        max_form_memory_size=MOST_BODY, max_form_parts=MOST_FIELDS, silent=False
    )
    kind, options = parse_options_header(content_type)
    try:
        _, form, _ = parser.parse(BytesIO(body), kind, len(body), options)
    except (ValueError, RequestEntityTooLarge):
        reason = f"Bad Request: the multipart body is broken, or has more than {MOST_FIELDS} parts"
        raise RefusedError(http_problem(400, reason)) from None
    return list(form.items(multi=True))


def _target(environ: WSGIEnvironment) -> str:
    """The target as sent: bytes that are no UTF-8 become lone surrogates."""
    # Werkzeug holds it as UTF-8 bytes shown as Latin-1, of text that http.server read as Latin-1.
    text: str = environ["RAW_URI"].encode("latin-1").decode("utf-8")
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


def _tell(error: Exception) -> None:
    # Without the error's own text, which may quote the request.
    where = "".join(format_tb(error.__traceback__))
    _log.error("the sandbox failed: %s\n%s", type(error).__name__, where)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
