"""A scripted cloud over real HTTP: it answers from a list, and keeps what it was asked."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


class ScriptedCloud(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[tuple[str, Any]] = []
        self.users: list[str] = []

    def answers_with(self, body: object, status: int = 200) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append((status, raw))

    def reports(self, **words: str) -> None:
        self.answers_with({id_: {"status": word} for id_, word in words.items()})


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedCloud  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        [(_, text)] = parse_qsl(body.decode("ascii"))
        pair = self.headers["Authorization"].removeprefix("Basic ")
        self.server.users.append(base64.b64decode(pair).decode())
        self.server.asked.append((self.path, json.loads(text)))
        status, answer = self.server.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name above
        """Keep the test's output clean."""


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedCloud]:
    with ScriptedCloud() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("ACULAB_BASE_URL", f"http://127.0.0.1:{server.server_port}")
        yield server
        server.shutdown()
        thread.join()
