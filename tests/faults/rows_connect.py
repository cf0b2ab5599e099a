"""Rows 1 to 7 and 15: no connection, or no TLS, and so no byte of the request."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from aculab_wrappers._core import sockets

from ..transport.asking import PROXY_PASSWORD, PROXY_USER
from ..transport.sockets import answer
from .cloud import ID, says, swallow
from .row import (
    SECURE,
    SILENT,
    STRAIGHT,
    THROUGH_TLS,
    TWO,
    Stage,
    Way,
    not_sent,
    started,
)

if TYPE_CHECKING:
    from ..transport.sockets import Peer
    from .bench import Bench
    from .row import Row


SHAKING: Final[dict[str, Any]] = {"stage": Stage.HANDSHAKE, "ways": THROUGH_TLS}
NO_TUNNEL: Final[dict[str, Any]] = {"stage": Stage.PROXY, "ways": (Way.TUNNEL,)}
CONNECTED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"


def nobody_listens(bench: Bench) -> None:
    bench.reach(bench.nobody())


def nobody_accepts(bench: Bench) -> None:
    bench.reach(bench.deaf())


def unresolved(code: int) -> Any:
    def arrange(bench: Bench) -> None:
        def fails(*_args: object, **_more: object) -> Any:
            raise socket.gaierror(code, "no")

        bench.patch.setattr(socket, "getaddrinfo", fails)
        if bench.way is Way.PLAIN:
            bench.options["base_url"] = "http://localhost"
        elif bench.way is Way.TLS:
            bench.options["base_url"] = "https://cloud.example"
        else:
            address = f"http://{PROXY_USER}:{PROXY_PASSWORD}@proxy.example:3128"
            bench.options["proxy"] = address

    return arrange


def second_is_ipv6(bench: Bench) -> None:
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    bench.family, dead = socket.AF_INET6, bench.nobody()
    bench.resolve((socket.AF_INET, lambda: dead), (socket.AF_INET6, lambda: bench.cloud.port))


def first_is_deaf(bench: Bench) -> None:
    deaf = bench.deaf()
    bench.resolve((socket.AF_INET, lambda: deaf), (socket.AF_INET, lambda: bench.cloud.port))


def reset_in_handshake(peer: Peer) -> None:
    peer.read_some()
    peer.reset()


def drips_handshake(peer: Peer) -> None:
    peer.read_some()
    peer.drip(b"\x16\x03\x03\x40\x00" + b"\x02" * 500)


def not_tls(data: bytes) -> Any:
    def script(peer: Peer) -> None:
        peer.read_some()
        peer.say(data)
        swallow(peer)

    return script


def slow_resolver(bench: Bench) -> None:
    look_up = socket.getaddrinfo

    def slow(*args: Any, **more: Any) -> Any:
        time.sleep(0.5)
        return look_up(*args, **more)

    bench.patch.setattr(socket, "getaddrinfo", slow)


def slow_proxy(peer: Peer) -> None:
    peer.read_request()
    peer.pause(0.45)
    peer.say(CONNECTED)
    swallow(peer)


def slow_connection(bench: Bench) -> None:
    """The connection is made just after the deadline."""
    connect_to = sockets.connect_to

    def slow(*args: Any) -> socket.socket:
        sock = connect_to(*args)
        time.sleep(0.4)
        return sock

    bench.patch.setattr(sockets, "connect_to", slow)


def slow_handshake(bench: Bench) -> None:
    context = bench.certificates.good

    def script(peer: Peer) -> None:
        peer.pause(0.45)
        peer.start_tls(context)
        peer.read_request()

    bench.script = script


ROWS: Final[tuple[Row, ...]] = (
    not_sent(1, "", "nobody listens", ways=STRAIGHT, arrange=nobody_listens, transient=True),
    not_sent(2, "", "connect stalls", ways=STRAIGHT, arrange=nobody_accepts, **SILENT),
    not_sent(3, "a", "no such host", arrange=unresolved(socket.EAI_NONAME), transient=False),
    not_sent(3, "b", "resolver busy", arrange=unresolved(socket.EAI_AGAIN), transient=True),
    started(4, "a", "first address refuses", says(), ways=STRAIGHT, arrange=second_is_ipv6),
    started(4, "b", "first stalls", says(), ways=STRAIGHT, arrange=first_is_deaf, timeout=1.0),
    started(
        4,
        "c",
        "two calls, first address refuses",
        says(b'["id-1","id-2"]'),
        ways=STRAIGHT,
        arrange=second_is_ipv6,
        calls=TWO,
        ids=("id-1", "id-2"),
    ),
    not_sent(5, "a", "handshake silent", swallow, **SHAKING, **SILENT, transient=True),
    not_sent(5, "b", "handshake drips", drips_handshake, **SHAKING, **SILENT),
    not_sent(6, "a", "handshake reset", reset_in_handshake, **SHAKING, transient=True),
    not_sent(6, "b", "handshake ended", lambda peer: peer.read_some(), **SHAKING, transient=True),
    not_sent(6, "c", "ended at once", lambda peer: None, **SHAKING, transient=True),
    not_sent(
        7, "a", "no TLS but a 400", not_tls(b"HTTP/1.1 400 No\r\n\r\n"), **SHAKING, says="no TLS"
    ),
    not_sent(7, "b", "no TLS but ids", not_tls(answer(ID)), **SHAKING, says="no TLS"),
    not_sent(15, "a", "slow resolver", says(), arrange=slow_resolver, **SILENT),
    not_sent(15, "b", "tunnel too late", slow_proxy, **NO_TUNNEL, **SILENT),
    not_sent(
        15,
        "c",
        "handshake too late",
        **{**SHAKING, "ways": SECURE},
        **SILENT,
        arrange=slow_handshake,
    ),
    not_sent(15, "d", "connection too late", says(), arrange=slow_connection, **SILENT),
)
