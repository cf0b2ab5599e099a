"""Rows 50 to 59: an answer came, or none at all, and what it says is not right."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from aculab_wrappers import Call
from aculab_wrappers._core import deadline, exchange

from ..transport.sockets import answer
from .bench import Missed
from .cloud import ID, OK, cut, posts, says, whole
from .row import EVERY, STRAIGHT, TWO, started, unknown

if TYPE_CHECKING:
    from aculab_wrappers import Invocation

    from .bench import Bench
    from .row import Row


IDS: Final = b'["id-1","id-2"]'
CUT_IDS: Final = b'["id-1","id-2","id'
BOTH: Final = ("id-1", "id-2")
MARKED: Final[dict[str, Any]] = {"calls": TWO, "mismatch": True}
HTML: Final = b"<!DOCTYPE html><html><form action=/login>Welcome to our guest network</form></html>"


def headed(*headers: bytes, body: bytes = ID) -> Any:
    return says(body, b"200 OK", *headers)


def first_then_both(bench: Bench) -> list[Invocation]:
    bench.client().start(Call("+441908273800"))
    return bench.start()


def hundred_times_as_fast(bench: Bench) -> None:
    """Time runs a hundred times as fast for the client, and its waits are as short."""
    remaining = exchange.Exchange.remaining

    def hurried(here: exchange.Exchange) -> float:
        return remaining(here) / 100

    bench.patch.setattr(deadline, "clock", lambda: time.monotonic() * 100)
    bench.patch.setattr(exchange.Exchange, "remaining", hurried)


def no_timeout(bench: Bench) -> list[Invocation]:
    del bench.options["timeout"]
    return bench.start()


def timeout_none(bench: Bench) -> list[Invocation]:
    return bench.client(timeout=None).start(bench.row.calls)


def polls(bench: Bench) -> list[Invocation]:
    (one,) = bench.client().status(bench.start())
    if one.status != "RUNNING":
        raise Missed(f"its status is {one.status!r}")
    return [one]


def asked_whole(bench: Bench) -> None:
    """Elsewhere the cloud takes lists of ids with slashes between them; we send a JSON array."""
    (found,) = parse_qs(posts(bench.cloud)[-1].body.decode())["service_invocation_reference_ids"]
    assert json.loads(found) == ["id/1"]


def bodies(number: int, *found: tuple[str, str, bytes], **more: Any) -> tuple[Row, ...]:
    """Rows of whole answers whose body proves nothing; what came is kept."""
    return tuple(
        unknown(number, f"-{letter}", title, says(body), kept=body[:50], **more)
        for letter, title, body in found
    )


def ids(*found: str) -> bytes:
    return json.dumps(found).encode()


def odd_id(letter: str, title: str, id_: str) -> Row:
    return started(59, letter, title, says(ids(id_)), ids=(id_,))


JUNK: Final = (
    ("junk", "junk", b"220 smtp.example ESMTP\r\n\r\n" + ID),
    ("0.9", "HTTP/0.9", ID),
    ("200x", "a status of four signs", answer(ID, b"HTTP/1.1 200x OK")),
    ("99", "a status below 100", answer(ID, b"HTTP/1.1 99 OK")),
    ("3.0", "another version", answer(ID, b"HTTP/3.0 200 OK")),
    ("half", "half a status line", b"HTTP/1.1 20"),
)


ROWS: Final[tuple[Row, ...]] = (
    unknown(
        50,
        "a",
        "no timeout given, silence",
        whole(),
        arrange=hundred_times_as_fast,
        run=no_timeout,
        timeout=0.3,
        waits=True,
        within=3.0,
        says="within 30 seconds",
    ),
    unknown(
        50,
        "b",
        "timeout None, silence",
        whole(),
        arrange=hundred_times_as_fast,
        run=timeout_none,
        timeout=0.3,
        waits=True,
        within=3.0,
        says="within 30 seconds",
    ),
    unknown(51, "a", "101 headers", headed(*[b"X: y"] * 101), ids=("id-1",)),
    unknown(
        51,
        "b",
        "101 headers, cut body",
        cut(answer(CUT_IDS, OK[:-2], *[b"X: y"] * 101)[:-1]),
        ids=BOTH,
    ),
    unknown(51, "c", "a line of 64 KB", headed(b"X: " + b"y" * 66_000), ids=("id-1",)),
    started(51, "d", "a NUL in a header", headed(b"X: a\x00b")),
    started(51, "e", "a folded header", headed(b"X: a\r\n b", b"Y: c")),
    started(51, "f", "a header that is none", cut(answer(ID, OK[:-2], b"no colon here"))),
    *(unknown(52, f"-{letter}", title, cut(data), ids=None) for letter, title, data in JUNK),
    *(
        unknown(
            52,
            f"-{letter}-kept",
            f"{title}: what came is kept",
            cut(data),
            ids=("id-1",) if ID in data else (),
            kept=data[-len(ID) :],
            ways=STRAIGHT,
        )
        for letter, title, data in JUNK
    ),
    unknown(52, "-999", "status 999", says(ID, b"999 Odd"), kept=ID, ids=("id-1",)),
    started(52, "-1.0", "HTTP/1.0", cut(b"HTTP/1.0 200 OK\r\n\r\n" + ID)),
    unknown(52, "-1.0-cut", "HTTP/1.0, cut", cut(b"HTTP/1.0 200 OK\r\n\r\n" + CUT_IDS), ids=BOTH),
    unknown(53, "a", "200 with a login page", says(HTML), ways=EVERY, kept=HTML),
    unknown(
        53,
        "b",
        "200 with a login page, said to be one",
        says(HTML),
        kept=HTML,
        says="(?i)not from aculab",
    ),
    *(
        started(54, letter, header.decode("latin-1"), headed(header))
        for letter, header in (
            ("a", b"Content-Type: text/html"),
            ("b", b"Content-Type: ;;;"),
            ("c", b"Content-Type: application/json; charset=utf-16"),
            ("d", b"Content-Type: application/json; charset=nonsense"),
            ("e", b"Content-Type: \xff\xfe"),
        )
    ),
    started(54, "f", "no content type", says()),
    started(55, "a", "a byte order mark", says(b"\xef\xbb\xbf" + ID)),
    *bodies(
        55,
        ("utf-16", "UTF-16", '["id-1"]'.encode("utf-16")),
        ("utf-32", "UTF-32", '["id-1"]'.encode("utf-32")),
        ("latin-1", "a byte of Latin-1", b'["id-\xe9"]'),
        ids=None,
    ),
    *bodies(
        55,
        ("surrogate", "half of a surrogate pair", b'["id-\\ud800","id-2"]'),
        ("nul", "a NUL in an id", b'["id-\\u0000","id-2"]'),
        ids=("id-2",),
        calls=TWO,
    ),
    *bodies(
        56,
        ("integer", "an integer of 5000 digits", b"[" + b"9" * 5000 + b"]"),
        ("float", "a number beyond all", b"[1e400]"),
        ("nan", "NaN", b"[NaN]"),
        ("infinity", "Infinity", b'["id-1",-Infinity]'),
        ("deep", "100,000 lists deep", b"[" * 100_000),
        ("deep-objects", "100,000 objects deep", b'{"a":' * 100_000),
        ("twice", "a member twice", b'{"a":["id-1"],"a":["id-2"]}'),
        ids=None,
    ),
    *bodies(
        57,
        ("null", "null", b"null"),
        ("number", "a number", b"1"),
        ("empty", "an empty list", b"[]"),
        ("nulls", "a list of nulls", b"[null]"),
        ("lists", "a list of lists", b"[[]]"),
        ("blank", "an empty id", b'[""]'),
        ("nothing", "no body", b""),
    ),
    unknown(57, "-string", "a string", says(b'"id-1"'), ids=("id-1",)),
    unknown(57, "-object", "an object", says(b'{"ids":["id-1"]}'), ids=("id-1",)),
    unknown(57, "-numbers", "a list of numbers", says(b"[1,23]"), ids=("1", "23"), calls=TWO),
    unknown(57, "-word", "a word", says(b"id-1"), ids=("id-1",)),
    unknown(57, "-utf-16", "UTF-16", says('["id-1"]'.encode("utf-16")), ids=("id-1",)),
    unknown(57, "-refused", "a list in a 400", says(ID, b"400 Bad"), ids=("id-1",)),
    unknown(57, "-inner", "a list of a list of ids", says(b'[["id-1"]]'), ids=("id-1",)),
    unknown(57, "-mixed", "ids and a null", says(b'["id-1",null]'), ids=("id-1",), calls=TWO),
    started(58, "a", "fewer ids than calls", says(), **MARKED, ways=EVERY),
    started(58, "b", "more ids", says(IDS), mismatch=True, ids=BOTH),
    started(58, "c", "an id twice", says(ids("id-1", "id-1")), **MARKED, ids=("id-1", "id-1")),
    started(
        58,
        "d",
        "an id of an earlier start",
        (says(), says(ids("id-1", "id-9"))),
        run=first_then_both,
        starts=2,
        tries=2,
        **MARKED,
        ids=("id-1", "id-9"),
    ),
    odd_id("a", "an id with a slash", "id/1"),
    odd_id("b", "an id with a line's end", "id\r1"),
    odd_id("c", "an id of 10 kB", "i" * 10_000),
    odd_id("d", "an id of other letters", "ид-1"),
    started(
        59,
        "e",
        "an id with a slash is asked for",
        (says(ids("id/1")), says(b'{"id/1":{"status":"RUNNING"}}')),
        ids=("id/1",),
        run=polls,
        check=asked_whole,
        tries=2,
        ways=STRAIGHT,
    ),
)
