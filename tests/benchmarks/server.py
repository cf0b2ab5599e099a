"""The cloud of the benchmarks: a process of its own that answers from memory.

    python -m tests.benchmarks.server CORE DELAY [CERTIFICATE]

It prints its port, and ends when its input does.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from .surroundings import pin_core

if TYPE_CHECKING:
    from collections.abc import Iterator

POLLED: Final = "0123456789abcdef" * 2
"""The id that service_status knows."""

_STATUS: Final = (
    b'{"%s":{"status":"RUNNING","status_detail":"","application_status_eta":null,'
    b'"application_instance_id":"app-1"}}' % POLLED.encode()
)
_CREATED: Final = b'{"sid":"CA%s","status":"queued","to":"+441908273800"}' % POLLED.encode()
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE: Final = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_numbers = itertools.count(1)


class _Connection(asyncio.Protocol):
    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, rest = self._data.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        wanted = int(length[1]) if length else 0
        if not end or len(rest) < wanted:
            return
        self._data = rest[wanted:]
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._answer, head)
        else:
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        target = head.split(b" ", 2)[1]
        body = b'["%032x"]' % next(_numbers)
        status = b"200 OK"
        if target.endswith(b"/service_status"):
            body = _STATUS
        elif target.endswith(b"/Calls.json"):
            body, status = _CREATED, b"201 Created"
        self._transport.write(
            b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (status, len(body), body)
        )
        if _CLOSE.search(head):
            self._transport.close()


async def _serve(delay: float, context: ssl.SSLContext | None) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Connection(delay), "127.0.0.1", 0, ssl=context, backlog=1024
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


def _main(core: str, delay: str, certificate: str = "") -> None:
    pin_core(int(core))
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    asyncio.run(_serve(float(delay), context))


@contextlib.contextmanager
def serving(delay: float = 0.0, certificate: str = "") -> Iterator[str]:
    """Its base URL, while it runs."""
    command = [sys.executable, "-m", __name__, "0", str(delay), certificate]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        port = int(process.stdout.readline())
        scheme, host = ("https", "localhost") if certificate else ("http", "127.0.0.1")
        yield f"{scheme}://{host}:{port}"
        process.stdin.close()


if __name__ == "__main__":
    _main(*(argument for argument in sys.argv[1:] if argument))
