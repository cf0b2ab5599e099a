"""Where a row is played: its cloud, the way to it, the client's arguments, and what comes of it."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
import tracemalloc
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aculab_wrappers import (
    AculabError,
    Call,
    InvalidInputError,
    Invocation,
    OutboundClient,
    Outcome,
    StartedMismatchError,
    StartError,
    UnknownOutcomeError,
)

from ..transport.asking import PASSWORD, PROXY_PASSWORD, PROXY_USER
from ..transport.sockets import Server, closed_port, tunnel
from .cloud import starts
from .row import Row, Stage, Way

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from aculab_wrappers.parity.proxy import Proxies

    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Peer
    from .leaves import Leaves
    from .row import Script

REAL = (Way.REAL_TUNNEL, Way.REAL_ASKED)
_TLS = (Way.TLS, Way.TUNNEL, Way.REAL_TUNNEL)


class Missed(AssertionError):
    """A row did not come to what it must come to."""


@dataclass(repr=False)
class Bench:
    """The scene of one row, reached in one way. An `arrange` may change anything in it."""

    row: Row
    way: Way
    serve: Serve
    certificates: Certificates
    leaves: Leaves
    patch: pytest.MonkeyPatch
    folder: Path
    stack: contextlib.ExitStack
    proxies: Proxies | None
    script: Script | tuple[Script, ...] | None = None
    tls: ssl.SSLContext | None = None
    family: socket.AddressFamily = socket.AF_INET
    options: dict[str, Any] = field(default_factory=dict)
    others: list[Server] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    cloud: Server = field(init=False)
    _client: OutboundClient | None = None

    def open(self) -> None:
        """Set the scene: arrange it, let the cloud listen, find the way to it."""
        self.script = self.row.script
        self.tls = self.certificates.good
        if self.row.arrange:
            self.row.arrange(self)
        scripts = self.script if isinstance(self.script, tuple) else (self.script or unplayed,)
        over_tls = self.way in _TLS and self.row.stage is Stage.REQUEST
        if self.way is Way.TUNNEL:
            self.cloud = self.serve(*(self._behind_connect(one) for one in scripts))
        else:
            tls = self.tls if over_tls else None
            self.cloud = self.serve(*scripts, tls=tls, family=self.family)
        self.options = {**self._usual(), **self.options}

    def client(self, **changes: Any) -> OutboundClient:
        """A client of the row's cloud: the same one each time, unless something is changed."""
        if self._client is None or changes:
            made = OutboundClient(
                "1-2-0", "user@example.com", "My Service", PASSWORD, **{**self.options, **changes}
            )
            if changes:
                return made
            self._client = made
        return self._client

    def start(self, calls: tuple[Call, ...] | Call | None = None) -> list[Invocation]:
        return self.client().start(calls or self.row.calls)

    def reach(self, port: int) -> None:
        """Have the client connect to `port` instead of the cloud's."""
        scheme = "https" if self.way in _TLS else "http"
        self.options["base_url"] = f"{scheme}://localhost:{port}"

    def nobody(self) -> int:
        """A port where nobody listens."""
        return self.stack.enter_context(closed_port())

    def deaf(self) -> int:
        """A port whose queue is full: the kernel takes a few connections by itself, then none."""
        listener = self.stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in itertools.repeat(None, 8):
            filler = self.stack.enter_context(socket.socket())
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(listener.getsockname())
        return int(listener.getsockname()[1])

    def other(self, *scripts: Script, **options: Any) -> Server:
        """Another server, which the client has no business with."""
        made = self.serve(*scripts, **options)
        self.others.append(made)
        return made

    def resolve(self, *addresses: tuple[socket.AddressFamily, Callable[[], int]]) -> None:
        """Have every name stand for these loopback addresses."""

        def found(*_args: object, **_more: object) -> list[Any]:
            hosts = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
            return [
                (family, socket.SOCK_STREAM, 6, "", (hosts[family], port()))
                for family, port in addresses
            ]

        self.patch.setattr(socket, "getaddrinfo", found)

    def _behind_connect(self, script: Script) -> Script:
        if self.row.stage is Stage.PROXY:
            return script
        if self.row.stage is Stage.REQUEST:
            assert self.tls is not None
            return tunnel(script, self.tls)

        def through(peer: Peer) -> None:
            peer.read_request()
            peer.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
            script(peer)

        return through

    def _usual(self) -> dict[str, Any]:
        port = self.cloud.port
        scripted = f"http://{PROXY_USER}:{PROXY_PASSWORD}@127.0.0.1:{port}"
        real = f"http://{self.proxies.open}" if self.proxies else None
        base_url, proxy = {
            Way.PLAIN: (self.cloud.url, None),
            Way.TLS: (f"https://localhost:{port}", None),
            Way.TUNNEL: ("https://localhost", scripted),
            Way.ASKED: ("http://127.0.0.1:9", scripted),
            Way.REAL_TUNNEL: (f"https://127.0.0.1:{port}", real),
            Way.REAL_ASKED: (f"http://127.0.0.1:{port}", real),
        }[self.way]
        return {
            "base_url": base_url,
            "proxy": proxy,
            "timeout": self.row.timeout,
            "ca_bundle": self.certificates.file,
        }


def unplayed(peer: Peer) -> None:
    raise AssertionError(f"nobody should have connected: {peer}")


@dataclass(repr=False)
class Result:
    """What the last start of a row came to."""

    outcome: Outcome
    ids: tuple[str, ...]
    error: BaseException | None
    took: float
    memory: int | None

    @property
    def start_error(self) -> StartError | None:
        """The error of the start itself: of an interrupt, its cause."""
        told = (self.error, getattr(self.error, "__cause__", None))
        return next((error for error in told if isinstance(error, StartError)), None)


def played(bench: Bench) -> Result:
    """Start as the row says, and tell what came of it. A foreign error is no result: it fails."""
    row = bench.row
    measured = row.most_memory is not None
    guard = threading.Timer(row.within, cut_off, (bench,))
    guard.start()
    found: list[Invocation] = []
    error: BaseException | None = None
    if measured:
        tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0] if measured else 0
    began = time.monotonic()
    try:
        found = (row.run or Bench.start)(bench)
    except AculabError as caught:
        error = caught
    except BaseException as caught:
        if row.stop is None or not isinstance(caught, row.stop):
            raise
        error = caught
    finally:
        took = time.monotonic() - began
        guard.cancel()
        memory = tracemalloc.get_traced_memory()[1] - before if measured else None
        tracemalloc.stop()
    outcome, ids = Outcome.STARTED, tuple(one.id for one in found)
    if error is not None:
        outcome, ids = judged(error, row.stop)
    settle(bench, 0 if outcome is Outcome.NOT_SENT else row.starts)
    return Result(outcome, ids, error, took, memory)


def cut_off(bench: Bench) -> None:
    """End what hangs: the row has failed already, and the tests are to go on."""
    bench.cloud.stopping.set()
    for peer in bench.cloud._peers:
        with contextlib.suppress(OSError):
            peer.sock.shutdown(socket.SHUT_RDWR)


def settle(bench: Bench, expected: int) -> None:
    """Let the cloud read what the client has already written."""
    cloud = bench.cloud
    with cloud.changed:
        cloud.changed.wait_for(lambda: starts(cloud) >= expected, 1.0)
    end = time.monotonic() + 0.2
    while time.monotonic() < end and any(map(at_work, cloud._threads[1:])):
        time.sleep(0.002)


def at_work(thread: threading.Thread) -> bool:
    return thread.ident is None or thread.is_alive()  # without an ident, it is yet to start


def judged(
    error: BaseException, stop: type[BaseException] | None
) -> tuple[Outcome, tuple[str, ...]]:
    """What an error says became of the start, and the ids that it names."""
    ours = error.__cause__ if stop and isinstance(error, stop) else error
    if isinstance(ours, InvalidInputError):
        return Outcome.NOT_SENT, ()
    if not isinstance(ours, StartError):
        raise error
    if isinstance(ours, StartedMismatchError):
        return ours.outcome, tuple(one.id for one in ours.invocations)
    return ours.outcome, ours.hinted_ids if isinstance(ours, UnknownOutcomeError) else ()
