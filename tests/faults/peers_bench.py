"""Where a peer plays a row: the row's own scene, with somebody else's client in it."""

from __future__ import annotations

import itertools
import socket
import sys
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import urllib3.connection

from aculab_wrappers import Call, Invocation
from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.operations import Start

from .bench import Bench, Missed, at_work
from .cloud import own_ids
from .peers_clients import OURS, Peer, start_ids
from .row import Row, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..transport.sockets import Peer as Connected

_ROWS_WITH_SMALL_BUFFERS: Final = (21, 22)
_OWN_IDS: Final = (36, 37)
MIXED: Final = 36
"""The row in which processes that share a connection may send what no cloud can read."""


class Starter:
    """A client as the rows know one, whoever does the work."""

    def __init__(self, start: Callable[[Any, dict[str, str]], list[str]], given: list[Any]) -> None:
        self._start = start
        self._given = given

    def start(self, calls: Any) -> list[Invocation]:
        several = (calls,) if isinstance(calls, Call) else tuple(calls)
        request = Start(several).request(Credentials("1-2-0", "nobody", "none", "none"))
        ids = self._start(calls, dict(request.form))
        self._given.append(ids)
        return [Invocation(id_) for id_ in ids]


@dataclass(repr=False)
class PeerBench(Bench):
    """The scene of a row, for a peer."""

    peer: Peer = OURS
    asked: Row = field(init=False)

    def client(self, **changes: Any) -> Any:
        if not changes and "starter" in self.notes:
            return self.notes["starter"]
        options = {**self.options, **changes}
        made = Starter(start_ids(self.peer, options), self.notes.setdefault("given", []))
        if not changes:
            self.notes["starter"] = made
        return made

    def open(self) -> None:
        self.asked, self.row = self.row, replace(self.row, arrange=self._arrange)
        for module in [m for n, m in sys.modules.items() if n.startswith(__package__ or "?")]:
            if hasattr(module, "count_on"):
                self.patch.setattr(module, "count_on", _until_more)
        if self.peer is not OURS and self.row.number in _ROWS_WITH_SMALL_BUFFERS:
            # The row's own way to this is a patch of our connections.
            usual: Any = urllib3.connection.HTTPConnection.default_socket_options
            small = (socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
            self.patch.setattr(
                urllib3.connection.HTTPConnection, "default_socket_options", [*usual, small]
            )
        super().open()

    def _arrange(self, _: Bench) -> None:
        """As the row says; and then each request, on whichever connection, gets the next script.

        The rows' own scripts answer one start for each connection, which is how we ask. A peer
        may keep a connection and send its next start, or the same one again, on it.
        """
        row, number = self.asked, itertools.count()
        if row.arrange:
            row.arrange(self)
        if row.number in _OWN_IDS:
            self.script = own_ids(then=_until_more)
        scripts: tuple[Any, ...] = self.script if isinstance(self.script, tuple) else (self.script,)

        def script(peer: Connected) -> None:
            while True:
                played = scripts[min(next(number), len(scripts) - 1)]
                try:
                    played(peer)
                except _MoreCame:
                    continue
                return

        if scripts[0] is not None:
            self.script = script


class _MoreCame(Exception):
    """The client has said more on a connection whose script is over."""


def _until_more(peer: Connected) -> None:
    peer._more()
    raise _MoreCame


def counted(made: Bench) -> int:
    """How many whole requests to start something have come: the cloud's own count."""
    lines = [request.line.split(" ") for request in made.cloud.requests]
    return sum(len(line) == 3 and line[1].endswith("/service_start") for line in lines)


def settle(made: Bench) -> None:
    """Let the cloud read what has already been written."""
    wanted = 0 if made.row.stage is not Stage.REQUEST else made.row.starts
    with made.cloud.changed:
        made.cloud.changed.wait_for(lambda: counted(made) >= wanted, 1.0)
    end = time.monotonic() + 0.2
    while time.monotonic() < end and any(map(at_work, made.cloud._threads[1:])):
        time.sleep(0.002)


_HARM: Final = ("nobody_called", "learnt_nothing", "our_credentials_only", "no_keys_logged")
"""The checks that speak of harm to the caller, whatever is made of the connection."""


def harm(made: Bench) -> str | None:
    check = made.row.check
    if check is None or getattr(check, "__name__", "") not in _HARM:
        return None
    try:
        check(made)
    except (AssertionError, Missed) as error:
        return str(error) or "harm"
    return None
