"""A command line as a user has it: in this process, or as a process of its own."""

from __future__ import annotations

import io
import queue
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers.cli import main
from aculab_wrappers.sandbox import Sandbox, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PASSWORD = "canary-pa55/word%"
ACCOUNT = {
    "ACULAB_CLOUD_ID": "1-2-0",
    "ACULAB_USERNAME": "user@example.com",
    "ACULAB_SERVICE": "MyOutboundService",
    "ACULAB_SERVICE_PASSWORD": PASSWORD,
}


@dataclass(frozen=True)
class Result:
    """What a command left: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


class Run:
    """Runs a command line in this process: `run("start", "--file", path, stdin=b"...")`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Result:
        self._capsys.readouterr()
        with self._monkeypatch.context() as patch, io.TextIOWrapper(io.BytesIO(stdin)) as given:
            patch.setattr(sys, "stdin", given)
            code = main([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        return Result(code, out, err)


class SilentServer:
    """Reads whole requests, counts them, and never answers."""

    def __init__(self) -> None:
        self.received: queue.Queue[bytes] = queue.Queue()
        self.count = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._kept: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self.base_url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._kept.append(connection)
            data = b""
            while b"\r\n\r\n" not in data or not data.partition(b"\r\n\r\n")[2]:
                data += connection.recv(65536)
            self.count += 1
            self.received.put(data)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()
        for connection in self._kept:
            connection.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(monkeypatch, capsys)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder and the home of every test."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)
    return ACCOUNT


@pytest.fixture
def cloud(account: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox over HTTP, and an environment that leads there."""
    service = Service("user@example.com", "MyOutboundService", PASSWORD)
    with Sandbox([service]) as made:
        for name, value in made.environment().items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def silent(account: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[SilentServer]:
    """A server that never answers, and an environment that leads there."""
    server = SilentServer()
    monkeypatch.setenv("ACULAB_BASE_URL", server.base_url)
    yield server
    server.close()


@pytest.fixture
def process() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command as a process of its own; ends what is left of it."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "aculab_wrappers", *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        made = subprocess.Popen(command, text=True, **pipes)
        started.append(made)
        return made

    yield start
    for made in started:
        with ended(made):
            pass


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    yield
    if process.poll() is None:
        process.kill()
    process.communicate()
