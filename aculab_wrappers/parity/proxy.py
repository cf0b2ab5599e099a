"""A real proxy server for the cases that want one: tinyproxy, from the distribution.

Two of them, for a proxy that asks for a password takes nobody without.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .._core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM: Final = "tinyproxy"
_TRIES: Final = 5
_PATIENCE: Final = 10.0
_GRACE: Final = 1.0
_SETTINGS: Final = """\
Port {port}
Listen 127.0.0.1
Timeout 30
MaxClients 20
LogLevel Critical
ViaProxyName "parity"
{more}
"""


@frozen
class Proxies:
    """Where the proxies are, as host:port.

    Attributes:
        open: Takes everybody.
        guarded: Takes the user "user" with the password "pass".
    """

    open: str
    guarded: str


@contextmanager
def real_proxies() -> Iterator[Proxies | None]:
    """Run both while the block lasts. None if the program is not on this machine."""
    program = shutil.which(PROGRAM)
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        yield Proxies(
            stack.enter_context(_running(program, Path(folder, "open.conf"), "")),
            stack.enter_context(
                _running(program, Path(folder, "guarded.conf"), "BasicAuth user pass")
            ),
        )


@contextmanager
def _running(program: str, settings: Path, more: str) -> Iterator[str]:
    for _ in range(_TRIES):
        port = _free_port()
        settings.write_text(_SETTINGS.format(port=port, more=more), encoding="utf-8")
        process = subprocess.Popen(  # noqa: S603  found on PATH, no shell
            [program, "-d", "-c", str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            if _listens(process, port):
                yield f"127.0.0.1:{port}"
                return
        finally:
            _end(process)
    raise RuntimeError(f"{program} did not start: run it with {settings} to see why")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and see that it does.

    tinyproxy that is asked in the instant before it waits for a connection notes the wish, and
    then waits for a connection that never comes.
    """
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    process.kill()
    process.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the process took the port; another one may have been quicker."""
    end = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return process.poll() is None
        time.sleep(0.01)
    return False
