"""Rows 38 and 39: interrupts, no memory, a clock that jumps, and a program that is stopped."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from aculab_wrappers import Invocation, NotSentError, UnknownOutcomeError
from aculab_wrappers._core import sockets

from ..transport.asking import PASSWORD
from ..transport.sockets import answer
from .cloud import (
    CHUNKED,
    ID,
    count_on,
    starts,
    swallow,
    whole,
)
from .row import (
    SECURE,
    STRAIGHT,
    Stage,
    Way,
    not_sent,
    started,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..transport.sockets import Peer
    from .bench import Bench
    from .row import Row


class Cancelled(BaseException):
    """What a framework raises into the thread that waits."""


SIGNALS: Final[dict[str, tuple[signal.Signals, type[BaseException]]]] = (
    {
        "ctrl-c": (signal.SIGINT, KeyboardInterrupt),
        "sigterm": (signal.SIGTERM, SystemExit),
        "cancel": (signal.SIGUSR1, Cancelled),
    }
    if os.name == "posix"
    else {}
)


def handled(number: signal.Signals, stop: type[BaseException]) -> Callable[[Bench], None]:
    """Have the signal raise as a program's own handler does, while the row is played."""

    def raises(*_: object) -> None:
        raise stop

    def arrange(bench: Bench) -> None:
        assert threading.current_thread() is threading.main_thread()
        before = signal.signal(number, raises)
        bench.stack.callback(signal.signal, number, before)

    return arrange


def interrupting(number: signal.Signals, *, first: bytes | None, raw: bool = False) -> Any:
    """Interrupt the client, which waits: for the handshake, the head, or the rest of a body."""

    def script(peer: Peer) -> None:
        if raw:
            peer.read_some()
        else:
            peer.read_request()
            peer.say(first or b"")
            peer.pause(0.05)
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, number)
        if raw:
            swallow(peer)
        else:
            count_on(peer)

    return script


def interrupts() -> list[Row]:
    rows: list[Row] = []
    for name, (number, stop) in SIGNALS.items():
        more: dict[str, Any] = {"stop": stop, "arrange": handled(number, stop)}
        rows += [
            not_sent(
                38,
                f"-{name}-handshake",
                f"{name} in the handshake",
                interrupting(number, first=None, raw=True),
                stage=Stage.HANDSHAKE,
                ways=SECURE,
                **more,
            ),
            unknown(
                38,
                f"-{name}-silence",
                f"{name} before an answer",
                interrupting(number, first=b""),
                **more,
            ),
            unknown(
                38,
                f"-{name}-body",
                f"{name} in the answer",
                interrupting(number, first=answer(b'["id-1","id-2"]')[:-3]),
                ids=("id-1",),
                **more,
            ),
        ]
    return rows


def failing(step: str, error: type[BaseException]) -> Any:
    def fails(*_args: object, **_more: object) -> Any:
        raise error

    def arrange(bench: Bench) -> None:
        bench.patch.setattr(sockets, step, fails)

    return arrange


def jumping_clock(bench: Bench) -> None:
    wall, day = time.time, 86_400
    bench.patch.setattr(time, "time", lambda: wall() + random.choice((-day, 0, day)))


PROGRAM: Final = """
import sys
from aculab_wrappers import Call, OutboundClient, StartError
account = ("1-2-0", "user@example.com", "My Service", sys.stdin.read())
client = OutboundClient(*account, base_url=sys.argv[1], timeout=1)
try:
    print("STARTED", *[one.id for one in client.start(Call("+441908273800"))])
except StartError as error:
    print(error.outcome.name)
"""


def suspended(bench: Bench) -> list[Invocation]:
    """Stop the whole program while it waits, and wake it after its deadline."""
    if os.name != "posix":
        pytest.skip("this system does not stop programs")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, bench.cloud.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(PASSWORD)
        process.stdin.close()
        bench.cloud.wait_for(lambda: starts(bench.cloud) == 1)
        process.send_signal(signal.SIGSTOP)
        bench.notes["stopped"].set()
        time.sleep(1.1)
        process.send_signal(signal.SIGCONT)
        woken = time.monotonic()
        said = process.stdout.read().split()
    assert time.monotonic() - woken < 0.8, "the time began anew"
    if said[0] == "STARTED":
        return [Invocation(id_) for id_ in said[1:]]
    raise {"UNKNOWN": UnknownOutcomeError, "NOT_SENT": NotSentError}[said[0]]("told by its program")


def once_stopped(*parts: bytes) -> Callable[[Bench], None]:
    """Answer, if at all, while the program is stopped."""

    def arrange(bench: Bench) -> None:
        stopped = bench.notes["stopped"] = threading.Event()

        def script(peer: Peer) -> None:
            peer.read_request()
            stopped.wait(10)
            for part in parts:
                peer.say(part)
            count_on(peer)

        bench.script = script

    return arrange


ROWS: Final[tuple[Row, ...]] = (
    *interrupts(),
    unknown(
        38,
        "-memory-reading",
        "no memory while reading",
        whole(answer(ID)),
        arrange=failing("receive", MemoryError),
        ways=STRAIGHT,
    ),
    unknown(
        38,
        "-memory-writing",
        "no memory while writing",
        swallow,
        starts=0,
        arrange=failing("send_some", MemoryError),
        ways=(Way.PLAIN,),
    ),
    started(
        39,
        "a",
        "the clock jumps by a day, back and forth",
        whole(CHUNKED, b"8\r\n", ID, b"\r\n0\r\n\r\n", pause=0.02),
        arrange=jumping_clock,
    ),
    unknown(
        39,
        "b",
        "the program is stopped until after the deadline",
        ways=(Way.PLAIN,),
        arrange=once_stopped(),
        run=suspended,
    ),
    started(
        39,
        "c",
        "the answer comes while it is stopped",
        ways=(Way.PLAIN,),
        arrange=once_stopped(answer(ID)),
        run=suspended,
    ),
)
