"""Rows 41 to 49: an answer came, and its frame is not right."""

from __future__ import annotations

import functools
import gzip
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers import StartedMismatchError

from ..transport.sockets import answer
from .cloud import CHUNKED, ID, OK, broken, cut, dripping, flooding, says, whole
from .row import EVERY, MIB, SILENT, STRAIGHT, TWO, started, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers import Invocation

    from .bench import Bench
    from .row import Row


EARLY: Final = b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
IDS: Final = b'["id-1","id-2"]'
CUT_IDS: Final = b'["id-1","id-2","id'
BOTH: Final = ("id-1", "id-2")
DOUBTED: Final[dict[str, Any]] = {"calls": TWO, "ids": BOTH, "kept": IDS}
LITTLE: Final[dict[str, Any]] = {"most_memory": 16 * MIB, "ways": STRAIGHT}
FLOOD: Final[dict[str, Any]] = {**LITTLE, "timeout": 0.5, "within": 4.0}
ZIPPED: Final = gzip.compress(ID, mtime=0)
CODED: Final = b"Content-Encoding: "
SLOW: Final[dict[str, Any]] = {**SILENT, "ways": STRAIGHT}


def coded(body: bytes, coding: bytes, **more: Any) -> Any:
    return says(body, b"200 OK", CODED + coding, **more)


@functools.cache
def bomb() -> bytes:
    """300 MiB of zeros in 300 KB: many gzip members are one gzip file."""
    return gzip.compress(bytes(MIB)) * 300


@functools.cache
def nested_bomb() -> bytes:
    return gzip.compress(bomb())


def loaded(make: Callable[[], bytes], coding: bytes) -> Callable[[Bench], None]:
    def arrange(bench: Bench) -> None:
        bench.script = says(make(), b"200 OK", CODED + coding)

    return arrange


def length(said: bytes, body: bytes = IDS) -> Any:
    return cut(OK + b"Content-Length: " + said + b"\r\n\r\n" + body)


def stray(second: bytes, pause: float) -> Any:
    """Answer, and then answer again though nobody asked."""
    return whole(answer(b'["stray-1"]'), second, pause=pause)


def first_then_own(bench: Bench) -> list[Invocation]:
    """Of the stray answer, the start before it may hear, and that is said. Its own start must."""
    try:
        first = bench.start()
    except StartedMismatchError as error:
        first = list(error.invocations)
    assert [one.id for one in first] in (["stray-1"], ["stray-1", "stray-2"])
    return bench.start()


ROWS: Final[tuple[Row, ...]] = (
    started(41, "a", "one 103", whole(EARLY, answer(), pause=0.02), ways=EVERY),
    started(41, "b", "sixteen 103s and 100s", whole((EARLY + CONTINUE) * 8 + answer())),
    started(41, "c", "a 103 in pieces", whole(*(bytes([b]) for b in EARLY), answer())),
    started(41, "d", "a thousand 103s", whole(EARLY * 1000 + answer())),
    unknown(41, "e", "endless 100s", flooding(b"", CONTINUE * 1000), **FLOOD),
    unknown(41, "f", "endless headers of a 103", flooding(EARLY[:-2], b"X: y\r\n" * 1000), **FLOOD),
    *(
        started(
            42,
            letter,
            title,
            (stray(answer(b'["stray-2"]'), pause), says(b'["own"]')),
            run=first_then_own,
            starts=2,
            tries=2,
            ids=("own",),
        )
        for letter, title, pause in (
            ("a", "a second answer at once", 0.0),
            ("b", "a second answer later", 0.03),
        )
    ),
    unknown(43, "a", "cut in an id", length(b"100", CUT_IDS), ids=BOTH, kept=CUT_IDS, ways=EVERY),
    unknown(
        43,
        "b",
        "reset in an id",
        broken(OK + b"Content-Length: 99\r\n\r\n" + CUT_IDS),
        ids=BOTH,
        kept=CUT_IDS,
    ),
    unknown(43, "c", "nothing of the body", length(b"100", b"")),
    unknown(43, "d", "cut at the end of an id", length(b"100", b'["id-1","id-2"'), ids=BOTH),
    unknown(43, "e", "cut without a length", cut(OK + b"\r\n" + CUT_IDS), ids=BOTH, kept=CUT_IDS),
    unknown(
        44, "a", "length too short", length(b"12"), calls=TWO, ids=("id-1",), kept=b'["id-1","id-'
    ),
    unknown(44, "b", "length below 0", length(b"-5"), **DOUBTED),
    unknown(44, "c", "two lengths", length(b"15\r\nContent-Length: 7"), **DOUBTED),
    unknown(44, "d", "two lengths in one", length(b"15, 7"), **DOUBTED),
    unknown(44, "e", "length is no number", length(b"many"), **DOUBTED),
    unknown(44, "f", "length is a number and more", length(b"15x"), **DOUBTED),
    unknown(44, "g", "junk length, cut id", length(b"x", CUT_IDS), ids=BOTH, kept=CUT_IDS),
    unknown(
        45,
        "a",
        "bad chunk size",
        cut(CHUNKED + b'8\r\n["id-1",\r\nzz\r\n"id-2"]\r\n0\r\n\r\n'),
        ids=("id-1",),
        kept=b'["id-1"',
    ),
    unknown(45, "b", "no last chunk", cut(CHUNKED + b'f\r\n["id-1","id-2"]\r\n'), ids=BOTH),
    unknown(45, "c", "cut chunk", cut(CHUNKED + b'f\r\n["id-1","id-'), ids=("id-1",)),
    unknown(
        45,
        "d",
        "a huge extension",
        cut(CHUNKED + b'8\r\n["id-1",\r\n7;' + b"e" * 70_000),
        ids=("id-1",),
    ),
    unknown(
        45,
        "e",
        "an endless extension",
        flooding(CHUNKED + b'8\r\n["id-1",\r\n7;', b"e" * 50_000),
        **FLOOD,
        ids=("id-1",),
    ),
    unknown(
        45,
        "f",
        "a chunk size beyond all",
        cut(CHUNKED + b'ffffffffffffffffff\r\n["id-1","id'),
        ids=("id-1",),
    ),
    started(46, "a", "says gzip, is plain", coded(ID, b"gzip")),
    unknown(46, "b", "gzip unasked", coded(ZIPPED, b"gzip"), ids=("id-1",), kept=ZIPPED),
    unknown(
        46,
        "c",
        "truncated gzip",
        coded(gzip.compress(b'["id-1",' + bytes(range(256)) * 9, 0, mtime=0)[:200], b"gzip"),
        ids=("id-1",),
    ),
    unknown(46, "d", "br unasked", coded(b"\x8b\x02\x80" + ID + b"\x03", b"br"), kept=ID),
    unknown(46, "e", "zstd unasked", coded(b"\x28\xb5\x2f\xfd" + ID, b"zstd"), kept=ID),
    unknown(47, "a", "300 MiB in 300 KB", arrange=loaded(bomb, b"gzip"), **LITTLE),
    unknown(
        47, "b", "the same, packed twice", arrange=loaded(nested_bomb, b"gzip, gzip"), **LITTLE
    ),
    unknown(
        48,
        "a",
        "endless body",
        flooding(OK + b'\r\n["id-1",', b" " * 50_000),
        **FLOOD,
        ids=("id-1",),
    ),
    unknown(
        48,
        "b",
        "endless chunks",
        flooding(CHUNKED + b'8\r\n["id-1",\r\n', b"3\r\n   \r\n" * 5000),
        **FLOOD,
        ids=("id-1",),
    ),
    unknown(48, "c", "endless headers", flooding(OK, b"X: y\r\n" * 5000), **FLOOD),
    unknown(48, "d", "one endless header", flooding(OK + b"X: ", b"y" * 50_000), **FLOOD),
    unknown(48, "e", "endless status line", flooding(b"HTTP/1.1 200 ", b"y" * 50_000), **FLOOD),
    unknown(
        48,
        "f",
        "endless trailers",
        flooding(CHUNKED + b"8\r\n" + ID + b"\r\n0\r\n", b"T: x\r\n" * 999),
        **FLOOD,
        ids=("id-1",),
    ),
    unknown(
        48,
        "g",
        "a length of 300 MiB",
        flooding(OK + b'Content-Length: 314572800\r\n\r\n["id-1",', b" " * 50_000),
        **FLOOD,
        ids=("id-1",),
    ),
    unknown(49, "a", "the status line drips", dripping(b"HTTP/1.1 200 ", b"x"), **SLOW),
    unknown(49, "b", "a header drips", dripping(OK + b"X: ", b"y"), **SLOW),
    unknown(49, "c", "headers drip", dripping(OK, b"X:\r\n"), **SLOW),
    unknown(49, "d", "the body drips", dripping(OK + b'\r\n["id-1",', b" "), **SLOW, ids=("id-1",)),
    unknown(
        49,
        "e",
        "chunks drip",
        dripping(CHUNKED + b'8\r\n["id-1",\r\n', b"1\r\n \r\n"),
        **SLOW,
        ids=("id-1",),
    ),
    unknown(
        49,
        "f",
        "a chunk size drips",
        dripping(CHUNKED + b'8\r\n["id-1",\r\n1;', b"e"),
        **SLOW,
        ids=("id-1",),
    ),
)
