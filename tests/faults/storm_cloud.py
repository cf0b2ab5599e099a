"""The cloud of the storm: its own ledger, its odd answers, and what cuts the connections to it."""

from __future__ import annotations

import contextlib
import json
import random
import select
import socket
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..transport.sockets import Peer, Server, answer, tunnel
from .cloud import tokens

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from .row import Script

HTTP: Final = b"HTTP/1.1 "
REFUSAL: Final = b'{"error":{"code":"0001","text":"not today"}}'
EARLY: Final = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
GARBAGE: Final = b"\xff\x00\xfe garbage \x80\r\n\r\n\xff" * 3
"""No byte of it can pass for the rest of a text."""
PATIENCE: Final = 2.0
"""Seconds for which a stalled connection is kept: longer than any client of the storm waits."""


@dataclass
class Ledger:
    """What the cloud has counted, by itself: complete requests, and the ids that it issued."""

    whole: Counter[str] = field(default_factory=Counter)
    issued: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refused: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, found: list[str], kind: str) -> list[str]:
        """Note a complete request for these tokens. Returns the ids that it is given."""
        with self._lock:
            self.whole.update(found)
            self.kinds[kind] += 1
            if kind.startswith("refuse"):
                self.refused.update(found)
                return []
            ids = [f"{token}.{self.whole[token]}" for token in found]
            for token, id_ in zip(found, ids, strict=True):
                self.issued[token].append(id_)
            return ids

    def note(self, kind: str) -> None:
        with self._lock:
            self.kinds[kind] += 1


def sound(ids: list[str]) -> bytes:
    return answer(json.dumps(ids).encode())


def chunked(ids: list[str]) -> bytes:
    body = json.dumps(ids).encode()
    parts = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:5], body[5:]))
    return HTTP + b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + parts + b"0\r\n\r\n"


ANSWERS: Final[dict[str, tuple[int, Callable[[list[str]], bytes]]]] = {
    "sound": (40, sound),
    "chunked": (8, chunked),
    "interim": (6, lambda ids: EARLY * 3 + sound(ids)),
    "doubled": (4, lambda ids: sound(ids) + sound([f"stray-{ids[0]}"])),
    "fewer": (4, lambda ids: sound(ids[1:])),
    "more": (4, lambda ids: sound([*ids, f"surplus-{ids[0]}"])),
    "twice": (2, lambda ids: sound([*ids, *ids])),
    "cut": (4, lambda ids: sound(ids)[:-4]),
    "not json": (2, lambda ids: sound(ids).replace(b'"', b"'")),
    "page": (2, lambda _ids: answer(b"<html>", HTTP + b"200 OK")),
    "500": (3, lambda _ids: answer(b"<html>", HTTP + b"500 No")),
    "503": (2, lambda _ids: answer(b"", HTTP + b"503 No", b"Retry-After: 0")),
    "404 page": (2, lambda _ids: answer(b"<html>", HTTP + b"404 No")),
    "307": (2, lambda _ids: answer(b"", HTTP + b"307 There", b"Location: /service_start")),
    "garbage": (3, lambda _ids: GARBAGE),
    "nothing": (4, lambda _ids: b""),
    "refuse 401": (4, lambda _ids: answer(b"no", HTTP + b"401 No")),
    "refuse 400": (4, lambda _ids: answer(REFUSAL, HTTP + b"400 No")),
}
"""How often each answer is given, among how many, and what is said."""


def answering(ledger: Ledger, dice: random.Random) -> Script:
    """Read a request, note it, and answer in one of the ways: at once, late, or in pieces."""
    weights = [weight for weight, _ in ANSWERS.values()]

    def script(peer: Peer) -> None:
        kind = dice.choices([*ANSWERS], weights)[0]
        split, slow, reset = dice.random(), dice.random(), dice.random()
        found = tokens(peer.read_request())
        data = ANSWERS[kind][1](ledger.count(found, kind))
        if slow < 0.1:
            peer.pause(slow * 0.3)
        at = int(split * len(data)) if split < 0.3 else len(data)
        peer.say(data[:at])
        if at < len(data):
            peer.pause(0.002)
            peer.say(data[at:])
        if reset < 0.05:
            peer.reset()
            return
        with contextlib.suppress(OSError, EOFError):  # a second one on this connection counts too
            while True:
                ledger.count(tokens(peer.read_request()), "second")

    return script


CUTS: Final = ("close", "close", "reset", "reset", "garbage", "garbage", "stall")


class Cutter:
    """Stands between the clients and a server, and lets through so many bytes and no more."""

    def __init__(self, behind: int, ledger: Ledger, seed: str, most: tuple[int, int]) -> None:
        self._behind, self._ledger, self._seed, self._most = behind, ledger, seed, most
        self._numbers = iter(range(1_000_000_000))
        self.server = Server([self.play], backlog=512)

    def play(self, peer: Peer) -> None:
        dice = random.Random(f"{self._seed}/{next(self._numbers)}")
        if dice.random() < 0.6:
            self._carry(peer, None, 0, "")
            return
        upwards, how = dice.random() < 0.5, dice.choice(CUTS)
        most = self._most[0 if upwards else 1]
        # Half of the cuts anywhere, half of them among the first bytes and the last.
        at = dice.randrange(most) if dice.random() < 0.5 else dice.choice((0, 1, 5, most - 1))
        self._ledger.note(f"{how} {'up' if upwards else 'down'}")
        self._carry(peer, upwards, at, how)

    def _carry(self, peer: Peer, cut: bool | None, left: int, how: str) -> None:
        """Carry bytes both ways, until in the direction of the cut none is left to be carried."""
        client = peer.sock
        if cut is not None and left == 0 and self._end(peer, None, how):
            return
        with socket.create_connection(("127.0.0.1", self._behind), PATIENCE) as cloud:
            while True:
                ready, _, _ = select.select((client, cloud), (), (), PATIENCE)
                for source in ready:
                    data = source.recv(65_536)
                    upwards = source is client
                    if not data:
                        return
                    target = cloud if upwards else client
                    if upwards is cut and len(data) >= left:
                        target.sendall(data[:left])
                        self._end(peer, cloud, how)
                        return
                    left -= len(data) if upwards is cut else 0
                    target.sendall(data)
                if not ready:
                    return

    def _end(self, peer: Peer, cloud: socket.socket | None, how: str) -> bool:
        if how == "garbage":
            peer.say(GARBAGE)
        if how == "stall":
            peer.pause(PATIENCE)
        if how == "reset":
            peer.reset()
        if cloud is not None:
            cloud.close()
        return True


@dataclass
class Clouds:
    """Three ways to one ledger: plain, TLS, and TLS inside the tunnel of a proxy."""

    seed: int
    tls: ssl.SSLContext
    ledger: Ledger = field(default_factory=Ledger)
    cutters: dict[str, Cutter] = field(default_factory=dict)
    _servers: list[Server] = field(default_factory=list)

    def __post_init__(self) -> None:
        for way, most in (("plain", (800, 160)), ("tls", (1700, 3200)), ("tunnel", (1900, 3300))):
            script = self._script(way)
            origin = Server(
                [tunnel(script, self.tls) if way == "tunnel" else script],
                tls=self.tls if way == "tls" else None,
                backlog=512,
            )
            self.cutters[way] = Cutter(origin.port, self.ledger, f"{self.seed}/{way}", most)
            self._servers += [self.cutters[way].server, origin]

    def _script(self, way: str) -> Script:
        numbers = iter(range(1_000_000_000))

        def script(peer: Peer) -> None:
            dice = random.Random(f"{self.seed}/{way}/answer/{next(numbers)}")
            answering(self.ledger, dice)(peer)

        return script

    def options(self, way: str) -> dict[str, str]:
        """The arguments of a client that goes this way."""
        port = self.cutters[way].server.port
        if way == "tunnel":
            return {"base_url": "https://localhost", "proxy": f"http://127.0.0.1:{port}"}
        return {"base_url": f"{'https' if way == 'tls' else 'http'}://localhost:{port}"}

    def close(self) -> None:
        for server in self._servers:
            server.close()
