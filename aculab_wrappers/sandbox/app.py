"""The sandbox as a WSGI application: reads requests, guards the door, and delivers the answers.

Some answers are delivered badly, because a client must be able to stand that. For this the
application needs the client's socket, which Werkzeug's server puts into the environment.
"""

from __future__ import annotations

import logging
import re
import socket
import struct
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from io import BytesIO
from traceback import format_tb
from typing import TYPE_CHECKING, Final

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from .answers import SLOW_SECONDS, RefusedError, http_problem
from .guard import refusal
from .requests import MOST_FIELDS, Request, read_request, split_target

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

    from .answers import Answer, Problem

    Ask = Callable[[Request], Answer]
    Refuse = Callable[[Request, Problem], Answer]

HEADERS: Final = "aculab.headers"
"""Where the environment holds all headers as they came, as pairs."""
MOST_BODY: Final = 16 * 1024 * 1024
"""Most bytes of a request's body. A limit of this sandbox, not a documented one."""
ALWAYS: Final = (
    # No browser shall guess what an answer is, keep it, lend it to another page, or frame it.
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)
"""What the head of every answer says."""

_log = logging.getLogger(__name__)
_PIECE: Final = 65_536
_MULTIPART: Final = "multipart/form-data"
_LENGTH = re.compile(r"\A[0-9]{1,18}\Z")
_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class App:
    """The WSGI application.

    Args:
        answer: Answers a request.
        refuse: Answers a request with an error.
        host_names: Further names of the sandbox, in small letters.

    Attributes:
        closing: Set it, and no answer is slow any more.
    """

    def __init__(self, answer: Ask, refuse: Refuse, host_names: Collection[str] = ()) -> None:
        self.answer = answer
        self.refuse = refuse
        self.host_names = host_names
        self.closing = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as WSGI asks.

        Raises:
            ConnectionAbortedError: the answer is lost on purpose. Werkzeug takes that for a
                client that went away, and does nothing.
        """
        answer = self._answer(environ)
        body = answer.body
        length = len(body)
        if answer.delivery in ("lost", "reset"):
            _hang_up(environ["werkzeug.socket"], reset=answer.delivery == "reset")
            raise ConnectionAbortedError
        if answer.delivery == "slow":
            self.closing.wait(SLOW_SECONDS)
        if answer.delivery == "cut":
            body = body[: length // 2]
        head = [*answer.headers, *ALWAYS, ("Content-Length", str(length))]
        start_response(f"{answer.status} {phrase(answer.status)}", head)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        target = _target(environ)
        try:
            _check_length(environ[HEADERS])
            self._guard(environ, target)
            return self.answer(_request(environ, target, _body(environ)))
        except RefusedError as refused:
            problem = refused.problem
        except Exception as error:
            # A fault of the sandbox itself.
            tell(error)
            problem = http_problem(500, f"Internal Server Error: {type(error).__name__}")
        path = split_target(target)[0]
        return self.refuse(Request(environ["REQUEST_METHOD"], path, agent=_agent(environ)), problem)

    def _guard(self, environ: WSGIEnvironment, target: str) -> None:
        problem = refusal(
            environ["REQUEST_METHOD"],
            target,
            environ[HEADERS],
            scheme=environ["wsgi.url_scheme"],
            host_names=self.host_names,
        )
        if problem is not None:
            _pass_over_body(environ)
            raise RefusedError(problem)


def tell(error: Exception) -> None:
    """Log a fault of the sandbox, without the error's own text, which may quote the request."""
    where = "".join(format_tb(error.__traceback__))
    _log.error("the sandbox failed: %s\n%s", type(error).__name__, where)


def phrase(status: int) -> str:
    """The words that go with an HTTP status."""
    return HTTPStatus(status).phrase


def _hang_up(line: socket.socket, *, reset: bool) -> None:
    """Close the connection under the server, which would end it in good order otherwise."""
    if reset:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    line.close()


def _request(environ: WSGIEnvironment, target: str, body: bytes) -> Request:
    """Read the request. The parts are those of read_request, but for multipart forms."""
    method = environ["REQUEST_METHOD"]
    authorization = environ.get("HTTP_AUTHORIZATION")
    content_type = environ.get("CONTENT_TYPE", "")
    agent = _agent(environ)
    if content_type.partition(";")[0].strip().lower() != _MULTIPART:
        return read_request(method, target, authorization, content_type, body, agent=agent)
    request = read_request(method, target, authorization)
    parameters = (*request.parameters, *_multipart(body, content_type))
    return replace(request, parameters=parameters, agent=agent)


def _agent(environ: WSGIEnvironment) -> str:
    return str(environ.get("HTTP_USER_AGENT", ""))


def _pieces(environ: WSGIEnvironment) -> Iterator[bytes]:
    """Yield the body, piece by piece. Raises OSError if it is cut or broken."""
    stream = environ["wsgi.input"]
    if "wsgi.input_terminated" in environ:  # Werkzeug takes chunks apart
        yield from iter(lambda: stream.read(_PIECE), b"")
        return
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left > 0:
        piece = stream.read(min(_PIECE, left))
        if not piece:
            raise ConnectionAbortedError
        left -= len(piece)
        yield piece


def _pass_over_body(environ: WSGIEnvironment) -> None:
    """Read it and keep nothing: closing on unread bytes would take the answer back (RST)."""
    with suppress(OSError):
        for _ in _pieces(environ):
            pass


def _body(environ: WSGIEnvironment) -> bytes:
    """Return the body; one that is too long is read to its end all the same, and refused."""
    kept: list[bytes] = []
    size = 0
    try:
        for piece in _pieces(environ):
            size += len(piece)
            if size <= MOST_BODY:
                kept.append(piece)
    except OSError:
        raise RefusedError(http_problem(400, "Bad Request: the body is cut or broken")) from None
    if size > MOST_BODY:
        reason = f"Content Too Large: this sandbox takes {MOST_BODY} bytes at once"
        raise RefusedError(http_problem(413, reason))
    return b"".join(kept)


def _check_length(headers: Iterable[tuple[str, str]]) -> None:
    """How long a body is must be said once: who reads it differently sees other requests."""
    found = [(name.lower(), text.strip().lower()) for name, text in headers]
    lengths = [text for name, text in found if name == "content-length"]
    codings = [text for name, text in found if name == "transfer-encoding"]
    if codings and codings != ["chunked"]:
        reason = "Not Implemented: of the transfer codings, only chunked is understood"
        raise RefusedError(http_problem(501, reason))
    if len(lengths) + len(codings) > 1:
        reason = "Bad Request: Content-Length came more than once, or with Transfer-Encoding"
        raise RefusedError(http_problem(400, reason))
    # An empty one counts as none.
    if lengths and lengths[0] and not _LENGTH.match(lengths[0]):
        raise RefusedError(http_problem(400, "Bad Request: Content-Length is not a number"))


def _multipart(body: bytes, content_type: str) -> list[tuple[str, str]]:
    parser = FormDataParser(max_form_memory_size=MOST_BODY, silent=False)
    kind, options = parse_options_header(content_type)
    try:
        _, form, _ = parser.parse(BytesIO(body), kind, len(body), options)
        fields = list(form.items(multi=True))
        if len(fields) <= MOST_FIELDS:
            return fields
    except (ValueError, RequestEntityTooLarge):  # newer Werkzeugs count by themselves
        pass
    reason = f"Bad Request: the multipart body is broken, or has more than {MOST_FIELDS} parts"
    raise RefusedError(http_problem(400, reason))


def _target(environ: WSGIEnvironment) -> str:
    """The target as sent: bytes that are no UTF-8 become lone surrogates."""
    # Werkzeug holds it as UTF-8 bytes shown as Latin-1, of text that http.server read as Latin-1.
    text: str = environ["RAW_URI"].encode("latin-1").decode("utf-8")
    return text.encode("latin-1").decode("utf-8", "surrogateescape")
