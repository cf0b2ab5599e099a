"""Plays of rows by peers: each in a process of its own, which is ended when its time is over."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import ssl
import sys
import threading
import time
import traceback
import tracemalloc
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from ..loopback import sitecustomize as _stays_here  # noqa: F401  it sees to it
from ..transport.conftest import Certificates
from ..transport.sockets import Server
from .bench import Bench
from .leaves import Leaves
from .peers_bench import MIXED, PeerBench, counted, harm, settle
from .peers_judge import Fault, Told, hung, judged, of_error, of_ids
from .row import MIB, Row, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from .peers_clients import Peer

AT_ONCE = 4
"""Plays at a time: most of a play is waiting."""
_SPARE = 20.0
_TRIES = 3
_FOREIGN_SETTINGS = ("ACULAB_", "TWILIO_", "REQUESTS_CA", "CURL_CA", "SSL_CERT", "SSLKEYLOG")


@dataclass(frozen=True)
class Verdict:
    """What a play came to: the cloud's count, what the caller was told, and how it failed."""

    starts: int
    words: str
    fault: Fault | None


class CannotPlay(Exception):
    """The fault could not be brought about, whatever a peer makes of it."""


@dataclass(frozen=True)
class _Broken:
    """A play that did not come about: the fault is in here and not in the peer."""

    trace: str


@dataclass(frozen=True)
class Play:
    """A row, the way to reach the cloud, and who is to do it."""

    row: Row
    way: Way
    peer: Peer


@dataclass(frozen=True)
class Scene:
    """What all plays share: certificates, made once."""

    folder: Path
    certificates: Certificates
    leaves: Leaves


def scene_in(folder: Path) -> Scene:
    authority = trustme.CA()
    file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    good = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(good)
    return Scene(folder, Certificates(file, folder, good, {}), Leaves(folder))


def verdicts(plays: list[Play], folder: Path) -> Iterator[tuple[Play, Verdict]]:
    """Play all, several at a time. They come in the order of the plays."""
    scene, done = scene_in(folder), dict[int, Verdict]()
    running: dict[Any, tuple[int, Any, float]] = {}
    tries = dict.fromkeys(range(len(plays)), _TRIES)
    waiting = list(enumerate(plays))
    shown = 0
    while shown < len(plays):
        while waiting and len(running) < AT_ONCE:
            number, play = waiting.pop(0)
            mine, process = _begun(scene, number, play)
            running[mine] = (number, process, time.monotonic() + play.row.within + _SPARE)
        ready = wait(list(running), 0.2)
        for mine in list(running):
            number, process, end = running[mine]
            if mine in ready or time.monotonic() > end:
                del running[mine]
                verdict = _ended(plays[number], mine, process, mine in ready)
                tries[number] -= 1
                if tries[number] and _too_slow(plays[number].row, verdict):
                    waiting.append((number, plays[number]))
                else:
                    done[number] = verdict
        while shown in done:
            yield plays[shown], done[shown]
            shown += 1


def _too_slow(row: Row, verdict: Verdict) -> bool:
    """Whether a short time was over before the fault came: this machine is busy, play it again."""
    return row.waits and verdict.starts < min(row.starts, 1)


def _begun(scene: Scene, number: int, play: Play) -> tuple[Connection, Any]:
    # Forked, so that nothing is imported again; this process has no second thread.
    context: Any = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(scene, number, play, theirs))
    process.start()
    theirs.close()
    return mine, process


def _ended(play: Play, mine: Connection, process: Any, answered: bool) -> Verdict:
    try:
        said: Any = mine.recv() if answered else None
    except EOFError:
        said = None
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)  # a play's own group, and what it has forked
    process.join()
    mine.close()
    if isinstance(said, _Broken):
        raise CannotPlay(f"row {play.row.id}, {play.peer.name}:\n{said.trace}")
    return said or Verdict(0, "its process died", Fault.HUNG)


def _child(scene: Scene, number: int, play: Play, out: Connection) -> None:
    os.setpgid(0, 0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    logging.getLogger().setLevel(logging.DEBUG)  # row 40 is about what hears it
    for name in list(os.environ):
        if name.startswith(_FOREIGN_SETTINGS) or name.upper().endswith("_PROXY"):
            del os.environ[name]
    folder = scene.folder / str(number)
    folder.mkdir()
    try:
        with contextlib.ExitStack() as stack:
            _played(scene, play, folder, stack, out)
    except BaseException:
        out.send(_Broken(traceback.format_exc()))
    os._exit(0)


def _played(
    scene: Scene, play: Play, folder: Path, stack: contextlib.ExitStack, out: Connection
) -> None:
    row, patch = play.row, pytest.MonkeyPatch()

    def serve(*scripts: Any, **options: Any) -> Server:
        return Server(list(scripts), **options)

    made = PeerBench(
        row,
        play.way,
        serve,
        scene.certificates,
        Leaves(folder, scene.leaves.root, scene.leaves.old_root),
        patch,
        folder,
        stack,
        None,
        peer=play.peer,
    )
    once, over = threading.Lock(), threading.Event()

    def tell(told: Told) -> None:
        """The first to get here tells, and ends this process."""
        once.acquire()
        count = counted(made)
        fault = judged(row, count, told, None if told.slow else harm(made))
        out.send(Verdict(count, told.words, fault))
        os._exit(0)

    try:
        made.open()
        if row.most_memory is not None:
            tracemalloc.start()
        threading.Thread(target=_watched, args=(row, over, tell), daemon=True).start()
        told = _told(made)
        over.set()
    except pytest.skip.Exception as skipped:
        raise CannotPlay(f"not on this machine: {skipped}") from None
    settle(made)
    if made.cloud.errors and row.number != MIXED:
        raise made.cloud.errors[0]
    tell(told)


def _told(made: PeerBench) -> Told:
    given = made.notes.setdefault("given", [])
    try:
        found = (made.row.run or Bench.start)(made)
    except pytest.skip.Exception:
        raise
    except BaseException as error:
        return of_error(error, made.row.ids or ())
    ids = [one.id for one in found]
    earlier = {id_ for before in given[:-1] for id_ in before}
    return of_ids(ids, repeated=set(ids) <= earlier)


def _watched(row: Row, over: threading.Event, tell: Callable[[Told], None]) -> None:
    """Tell in the client's place when its time is over, or it takes too much memory."""
    end = time.monotonic() + row.within
    while time.monotonic() < end:
        if over.wait(0.01):
            return
        most = row.most_memory
        if most is not None and tracemalloc.get_traced_memory()[1] > most:
            tell(hung(f"over {most // MIB} MiB of memory"))
    tell(hung(f"nothing after {row.within:g} s"))


def can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and sys.platform != "win32"
