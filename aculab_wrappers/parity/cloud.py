"""The cloud of a case: an HTTP server that keeps what it is asked and answers by script."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from .._core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType
    from typing import Self

_SURPLUS: Final = {"status": 500, "body": "the case expects no such request"}
_PATIENCE: Final = 30.0
"""Seconds after which a silent connection is let go, should its client never end."""


@frozen
class Asked:
    """One request as it came.

    Attributes:
        method: The method.
        target: What stands behind it: a path, or a whole URL as proxies are sent.
        headers: By name in lower case; a repeated one has its values joined by commas.
        body: The body.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class ScriptedCloud:
    """Serves on loopback until it is closed. One case plays on it at a time."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        # Bound and never listening: a connection to it is refused, and nobody else can take it.
        self._closed_door = socket.socket()
        self._closed_door.bind(("127.0.0.1", 0))

    @property
    def address(self) -> str:
        """Its host:port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def dead_address(self) -> str:
        """A host:port where nothing listens."""
        return f"127.0.0.1:{self._closed_door.getsockname()[1]}"

    @property
    def asked(self) -> list[Asked]:
        """What came since `play`, in order."""
        with self._server.lock:
            return list(self._server.asked)

    def play(self, answers: Iterable[Mapping[str, Any]]) -> None:
        """Forget what came, and answer the next requests with these."""
        with self._server.lock:
            self._server.asked = []
            self._server.answers = list(answers)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._closed_door.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.lock = threading.Lock()
        self.asked: list[Asked] = []
        self.answers: list[Mapping[str, Any]] = []

    def next_answer(self, asked: Asked) -> Mapping[str, Any]:
        with self.lock:
            self.asked.append(asked)
            return self.answers.pop(0) if self.answers else _SURPLUS

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away in the middle is no trouble of the server's."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Whatever the method is, it is kept and answered."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        self.close_connection = True
        headers: dict[str, str] = {}
        for name, text in self.headers.items():
            key = name.lower()
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
        length = headers.get("content-length", "")
        body = self.rfile.read(int(length)) if length.isdecimal() else b""
        answer = self.server.next_answer(Asked(self.command, self.path, headers, body))
        if "fault" in answer:
            self._fail(answer["fault"])
        else:
            self._send(answer)

    def _fail(self, fault: str) -> None:
        if fault == "silent":
            self.connection.settimeout(_PATIENCE)
            with suppress(OSError):
                self.connection.recv(1)  # returns when the client hangs up
        elif fault == "resets":
            # With no time to linger, closing sends a reset instead of the usual end.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            os.close(self.connection.detach())

    def _send(self, answer: Mapping[str, Any]) -> None:
        body, kind = _body(answer)
        headers = {"Content-Type": kind, **answer.get("headers", {})}
        self.send_response(answer["status"])
        for name, text in headers.items():
            self.send_header(name, text)
        if answer["status"] not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: answer.get("cut_after", len(body))])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name above
        """Stderr belongs to the command."""


def _body(answer: Mapping[str, Any]) -> tuple[bytes, str]:
    if "json" in answer:
        return json.dumps(answer["json"]).encode(), "application/json"
    if "base64" in answer:
        return base64.b64decode(answer["base64"]), "application/octet-stream"
    return answer.get("body", "").encode(), "text/plain; charset=utf-8"
