"""Rows 16 to 31: the request was written, and what became of it is not clear."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers._core import sockets

from ..transport.sockets import answer
from .cloud import ID, broken, count_on, cut, early, late, says, starts, under_tls, whole
from .row import (
    EVERY,
    LARGE,
    SECURE,
    SILENT,
    STRAIGHT,
    USUAL,
    Way,
    rejected,
    unknown,
)

if TYPE_CHECKING:
    from ..transport.sockets import Peer
    from .bench import Bench
    from .row import Row

HTML: Final = b"<!DOCTYPE html><html><title>Bad gateway</title></html>"
REFUSAL: Final = json.dumps(
    {"error": {"code": "0001", "text": "not allowed", "details": ["a", "b"], "link": "http://x"}}
).encode()
HTTP_REFUSAL: Final = b'{"error":{"code":"HTTP 429","text":"too many"}}'
ALERT: Final = b"\x15\x03\x03\x00\x02\x02\x50"
NO_HTTP_BOX: Final = (Way.PLAIN, Way.TLS, Way.TUNNEL, Way.ASKED, Way.REAL_TUNNEL)


def small_buffers(bench: Bench) -> None:
    """The client can hand over only a part of its request before the cloud reads."""
    connect_to = sockets.connect_to

    def narrow(*args: Any) -> socket.socket:
        sock = connect_to(*args)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
        return sock

    bench.patch.setattr(sockets, "connect_to", narrow)


UNREAD: Final[dict[str, Any]] = {"calls": LARGE, "starts": 0, "arrange": small_buffers}


def stops_reading(peer: Peer) -> None:
    peer.narrow()
    peer.read_head()
    peer.pause(0.2)
    peer.reset()


def never_reads(peer: Peer) -> None:
    peer.narrow()
    peer.hush()


def to_itself(status: bytes) -> Any:
    def arrange(bench: Bench) -> None:
        def script(peer: Peer) -> None:
            host = peer.read_request().header("Host").encode()
            scheme = b"http" if bench.way is Way.PLAIN else b"https"
            location = b"Location: %b://%b/service_start" % (scheme, host)
            peer.say(answer(b"", b"HTTP/1.1 " + status, location))
            count_on(peer)

        bench.script = script

    return arrange


def elsewhere(status: bytes, *, over_tls: bool = False) -> Any:
    """To another server, which would answer with an id."""

    def arrange(bench: Bench) -> None:
        other = bench.other(says(), tls=bench.certificates.good if over_tls else None)
        location = f"Location: {other.url}/service_start".encode()
        bench.script = says(b"", status, location)

    return arrange


def nobody_there(bench: Bench) -> None:
    location = f"Location: http://127.0.0.1:{bench.nobody()}/".encode()
    bench.script = says(b"", b"307 Elsewhere", location)


def nobody_called(bench: Bench) -> None:
    assert [server.connections for server in bench.others] == [0] * len(bench.others)


def at_most_once(bench: Bench) -> None:
    assert starts(bench.cloud) <= bench.cloud.connections == 1


def statuses(number: int, *lines: bytes, **more: Any) -> tuple[Row, ...]:
    """Rows of answers that prove nothing, with a page and with JSON."""
    return tuple(
        unknown(
            number,
            f"-{line[:3].decode()}-{kind}",
            f"{line.decode()}, {kind}",
            says(body, line, b"Retry-After: 0"),
            **more,
        )
        for line in lines
        for kind, body in (("page", HTML), ("json", b'{"error":"no"}'))
    )


ROWS: Final[tuple[Row, ...]] = (
    unknown(16, "", "read, and ended", cut(), ways=EVERY),
    unknown(17, "", "read, and reset", broken(b""), ways=EVERY),
    unknown(18, "", "read, and silence", whole(), ways=EVERY, **SILENT),
    unknown(19, "a", "no TLS record", under_tls(b"HTTP/1.1 400 No\r\n\r\n"), ways=SECURE),
    unknown(19, "b", "clear alert", under_tls(ALERT), ways=SECURE),
    unknown(
        19,
        "c",
        "a record that does not open",
        under_tls(b"\x17\x03\x03\x00\x20" + b"x" * 32),
        ways=(*SECURE, Way.REAL_TUNNEL),
    ),
    unknown(21, "a", "half written, reset", stops_reading, **UNREAD),
    unknown(21, "b", "half written, never read", never_reads, **UNREAD, timeout=1.0, waits=True),
    rejected(
        22,
        "a",
        "401 after the head",
        early(answer(b"no", b"HTTP/1.1 401 No")),
        **UNREAD,
        ways=(Way.PLAIN,),
        check=at_most_once,
    ),
    unknown(
        22,
        "b",
        "413 after the head",
        early(answer(HTML, b"HTTP/1.1 413 No")),
        **UNREAD,
        ways=(Way.PLAIN,),
        check=at_most_once,
        kept=HTML,
    ),
    rejected(
        22,
        "c",
        "401 after the head, over TLS",
        early(answer(b"no", b"HTTP/1.1 401 No")),
        **UNREAD,
        ways=SECURE,
        check=at_most_once,
    ),
    rejected(
        22,
        "d",
        "413 after the head, with the cloud's code",
        early(answer(REFUSAL, b"HTTP/1.1 413 No")),
        **UNREAD,
        ways=(Way.PLAIN,),
        code="0001",
    ),
    unknown(23, "a", "answer after the deadline", late(0.45, answer(ID)), **SILENT, kept=None),
    unknown(
        23,
        "b",
        "its end after the deadline",
        whole(answer(b'["id-1","id-2"]')[:-3], b'2"]', pause=0.45),
        **SILENT,
        kept=b'["id-1","id-',
        ids=("id-1",),
    ),
    *statuses(24, b"500 No", b"502 Bad Gateway", b"504 Late", ways=(*USUAL, Way.REAL_ASKED)),
    unknown(24, "-refusal", "500 with the cloud's code", says(REFUSAL, b"500 No"), code="0001"),
    unknown(24, "-ids", "500 with ids", says(ID, b"500 No"), kept=ID, ids=("id-1",)),
    *statuses(25, b"503 Busy", ways=(*USUAL, Way.REAL_TUNNEL, Way.REAL_ASKED)),
    *statuses(
        26, b"429 Slowly", b"408 Late", b"425 Early", b"421 Not here", b"409 No", ways=STRAIGHT
    ),
    rejected(
        26,
        "-refusal",
        "429 with the cloud's code",
        says(HTTP_REFUSAL, b"429 Slowly"),
        code="HTTP 429",
        ways=EVERY,
    ),
    rejected(
        27, "a", "401", says(b"", b"401 No", b'WWW-Authenticate: Basic realm="x"'), ways=EVERY
    ),
    rejected(27, "b", "401 with a page", says(HTML, b"401 No")),
    rejected(27, "c", "401 with the cloud's code", says(REFUSAL, b"401 No"), code="0001"),
    rejected(27, "d", "403 with the cloud's code", says(REFUSAL, b"403 No"), code="0001"),
    rejected(27, "e", "404 with the cloud's code", says(REFUSAL, b"404 No"), code="0001"),
    rejected(27, "f", "400 with the cloud's code", says(REFUSAL, b"400 No"), code="0001"),
    unknown(27, "g", "403 with a page", says(HTML, b"403 No"), kept=HTML, ways=EVERY),
    unknown(27, "h", "404 with a page", says(HTML, b"404 No"), kept=HTML),
    unknown(27, "i", "400 with other JSON", says(b'{"error":"no"}', b"400 No")),
    unknown(27, "j", "400 with a cut refusal", cut(answer(REFUSAL, b"HTTP/1.1 400 No")[:-4])),
    unknown(27, "k", "407 by a page", says(HTML, b"407 Who?"), ways=(*STRAIGHT, Way.ASKED)),
    unknown(28, "a", "307 to itself", arrange=to_itself(b"307 Here"), ways=NO_HTTP_BOX[:3]),
    unknown(28, "b", "308 to itself", arrange=to_itself(b"308 Here"), ways=NO_HTTP_BOX[:3]),
    *(
        unknown(
            29,
            letter,
            f"{status.decode()} to another",
            arrange=elsewhere(status),
            check=nobody_called,
        )
        for letter, status in (("a", b"301 Moved"), ("b", b"302 Found"), ("c", b"303 See"))
    ),
    unknown(30, "a", "307 to another", arrange=elsewhere(b"307 There"), check=nobody_called),
    unknown(
        30,
        "b",
        "308 to another over TLS",
        arrange=elsewhere(b"308 There", over_tls=True),
        check=nobody_called,
    ),
    unknown(
        30,
        "c",
        "307 through a real proxy",
        arrange=elsewhere(b"307 There"),
        check=nobody_called,
        ways=(Way.REAL_TUNNEL, Way.REAL_ASKED),
    ),
    unknown(31, "", "307 to nobody", arrange=nobody_there),
)
