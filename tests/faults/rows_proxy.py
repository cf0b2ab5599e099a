"""Row 10: a proxy that gives no way to the cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..transport.asking import PROXY_PASSWORD, PROXY_USER
from ..transport.sockets import answer
from .cloud import cut, says, swallow
from .row import (
    SILENT,
    Stage,
    Way,
    not_sent,
    started,
)

if TYPE_CHECKING:
    from ..transport.sockets import Peer
    from .bench import Bench
    from .row import Row


NO_TUNNEL: Final[dict[str, Any]] = {"stage": Stage.PROXY, "ways": (Way.TUNNEL,)}
CONNECTED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"


def nobody_listens(bench: Bench) -> None:
    bench.reach(bench.nobody())


def reset_in_handshake(peer: Peer) -> None:
    peer.read_some()
    peer.reset()


def proxy_refuses(bench: Bench) -> None:
    bench.options["proxy"] = f"http://{PROXY_USER}:{PROXY_PASSWORD}@127.0.0.1:{bench.nobody()}"


def proxy_proves_nothing(bench: Bench) -> None:
    bench.other(says(), tls=bench.leaves.context("unknown root"))
    port = bench.others[0].port
    bench.options["proxy"] = f"https://{PROXY_USER}:{PROXY_PASSWORD}@localhost:{port}"


def learnt_nothing(bench: Bench) -> None:
    assert [server.requests for server in bench.others] == [[] for _ in bench.others]


def guarded(user: str) -> Any:
    def arrange(bench: Bench) -> None:
        assert bench.proxies is not None
        bench.options["proxy"] = f"http://{user}{bench.proxies.guarded}"

    return arrange


ROWS: Final[tuple[Row, ...]] = (
    not_sent(
        10,
        "a",
        "proxy refuses connections",
        ways=(Way.TUNNEL, Way.ASKED),
        arrange=proxy_refuses,
        transient=True,
    ),
    *(
        not_sent(
            10,
            letter,
            f"proxy: {status.decode()}",
            cut(answer(b"no", b"HTTP/1.1 " + status)),
            **NO_TUNNEL,
            transient=transient,
            says=status[:3].decode(),
        )
        for letter, status, transient in (
            ("b", b"407 Who are you?", False),
            ("c", b"502 Bad Gateway", True),
            ("d", b"403 No", False),
            ("e", b"504 Late", True),
        )
    ),
    not_sent(10, "f", "proxy stalls", swallow, **NO_TUNNEL, **SILENT, transient=True),
    not_sent(10, "g", "proxy resets", reset_in_handshake, **NO_TUNNEL, transient=True),
    not_sent(10, "h", "200, then the end", cut(CONNECTED), **NO_TUNNEL, transient=True),
    not_sent(10, "i", "proxy is no proxy", cut(b"SSH-2.0-OpenSSH_9\r\n\r\n"), **NO_TUNNEL),
    not_sent(
        10,
        "j",
        "proxy over TLS proves nothing",
        ways=(Way.TUNNEL, Way.ASKED),
        arrange=proxy_proves_nothing,
        transient=False,
        check=learnt_nothing,
    ),
    not_sent(
        10,
        "k",
        "a real proxy wants a password",
        ways=(Way.REAL_TUNNEL,),
        arrange=guarded(""),
        transient=False,
        says="407",
    ),
    not_sent(
        10, "l", "a real proxy cannot get there", ways=(Way.REAL_TUNNEL,), arrange=nobody_listens
    ),
    started(
        10,
        "m",
        "a real proxy takes the password",
        says(),
        ways=(Way.REAL_TUNNEL, Way.REAL_ASKED),
        arrange=guarded("user:pass@"),
    ),
)
