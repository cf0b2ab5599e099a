"""A relay that makes the way long: it holds each piece back for half a round trip.

    python -m tests.benchmarks.delayed PORT SECONDS

It prints its port, and ends when its input does.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


async def _relay(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, seconds: float
) -> None:
    loop = asyncio.get_running_loop()
    while data := await source.read(65_536):
        loop.call_later(seconds, target.write, data)
    loop.call_later(seconds, target.close)


async def _serve(port: int, seconds: float) -> None:
    async def through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.suppress(asyncio.CancelledError):  # at the end of it all
            await asyncio.gather(_relay(reader, forth, seconds), _relay(back, writer, seconds))

    server = await asyncio.start_server(through, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@contextlib.contextmanager
def delayed(port: int, round_trip: float) -> Iterator[int]:
    """Yield the port of a relay to `port`, while it runs."""
    command = [sys.executable, "-m", __name__, str(port), str(round_trip / 2)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        yield int(process.stdout.readline())
        process.stdin.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
