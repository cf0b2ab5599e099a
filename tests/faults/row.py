"""What a row of the fault table is: a fault, how it comes about, and what must come of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers import Call, Outcome

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from ..transport.sockets import Peer
    from .bench import Bench

    Script = Callable[[Peer], object]

MIB: Final = 1_048_576
ONE: Final = (Call("+441908273800", token="one"),)
TWO: Final = (*ONE, Call("+441908273801", token="two"))
LARGE: Final = (Call("+441908273800", token="x" * 1_000_000),)
"""With small buffers, more than the connection holds: its end is not written in one go."""


class Way(enum.Enum):
    """How the client reaches the cloud."""

    PLAIN = "plain"
    TLS = "tls"
    TUNNEL = "tunnel"
    """TLS inside the tunnel of a scripted proxy."""
    ASKED = "asked"
    """Plain http, asked of a scripted proxy."""
    REAL_TUNNEL = "tinyproxy-tunnel"
    REAL_ASKED = "tinyproxy"


STRAIGHT: Final = (Way.PLAIN, Way.TLS)
SECURE: Final = (Way.TLS, Way.TUNNEL)
USUAL: Final = (Way.PLAIN, Way.TLS, Way.TUNNEL)
EVERY: Final = tuple(Way)
THROUGH_TLS: Final = (Way.TLS, Way.TUNNEL, Way.REAL_TUNNEL)


class Stage(enum.Enum):
    """Where a row's script takes over the connection."""

    PROXY = "in place of the proxy"
    HANDSHAKE = "in place of TLS"
    REQUEST = "once the request can come"


@dataclass(frozen=True, repr=False)
class Row:
    """One fault of the table, in one variant.

    Attributes:
        number: The row of the table.
        letter: The variant, where a row has several.
        title: The fault, in plain words.
        outcome: What the start must come to.
        script: What the cloud does with each connection; several are played in turn.
        stage: Where the script takes over.
        ways: How the client reaches the cloud; each is a test.
        ids: The ids in hand when started, the hinted ids when unknown. None: not said.
        starts: Complete requests that the cloud must have counted, over all tries.
        tries: How often a start is asked for. There may never be more starts than that.
        calls: What is started.
        timeout: Seconds given to the client.
        waits: Whether the fault shows only when that time is over.
        within: Seconds after which it counts as hanging.
        most_memory: Bytes that the client may take, where the row speaks of memory.
        mismatch: Whether the ids must be marked as not pairing up with the calls.
        kept: Bytes that came and must be in the error's answer.
        says: Pattern that the message must match.
        code: The cloud's own code that the error must name.
        transient: Whether the cause of a start that was not sent may pass.
        stop: What interrupts the start and must come out of it, our error being its cause.
        arrange: Sets the scene before the cloud listens.
        run: Starts, if not simply once; the last start is the one judged.
        check: Looks at the scene afterwards.
    """

    number: int
    letter: str
    title: str
    outcome: Outcome
    script: Script | tuple[Script, ...] | None = None
    stage: Stage = Stage.REQUEST
    ways: tuple[Way, ...] = USUAL
    ids: tuple[str, ...] | None = ()
    starts: int = 1
    tries: int = 1
    calls: tuple[Call, ...] = ONE
    timeout: float = 8.0
    waits: bool = False
    within: float = 6.0
    most_memory: int | None = None
    mismatch: bool = False
    kept: bytes | None = None
    says: str | re.Pattern[str] = ""
    code: str | None = None
    transient: bool | None = None
    stop: type[BaseException] | None = None
    arrange: Callable[[Bench], object] | None = None
    run: Callable[[Bench], Any] | None = None
    check: Callable[[Bench], object] | None = field(default=None)

    @property
    def id(self) -> str:
        return f"{self.number}{self.letter}"

    def __repr__(self) -> str:
        return f"<row {self.id}: {self.title}>"


def not_sent(
    number: int, letter: str, title: str, script: Script | None = None, **more: Any
) -> Row:
    return Row(number, letter, title, Outcome.NOT_SENT, script, **{"starts": 0, **more})


def unknown(number: int, letter: str, title: str, script: Script | None = None, **more: Any) -> Row:
    return Row(number, letter, title, Outcome.UNKNOWN, script, **more)


def rejected(
    number: int, letter: str, title: str, script: Script | None = None, **more: Any
) -> Row:
    return Row(number, letter, title, Outcome.REJECTED, script, **more)


def started(
    number: int,
    letter: str,
    title: str,
    script: Script | tuple[Script, ...] | None = None,
    **more: Any,
) -> Row:
    return Row(number, letter, title, Outcome.STARTED, script, **{"ids": ("id-1",), **more})


SILENT: Final[dict[str, Any]] = {"timeout": 0.3, "waits": True, "within": 3.0}
"""For a row in which nothing more comes: a short time, and all of it is waited."""
