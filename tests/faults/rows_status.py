"""Rows 70 to 73: what servers say of time, and what they say of calls."""

from __future__ import annotations

import itertools
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from aculab_wrappers import Invocation, StatusError

from ..transport.sockets import Peer, answer
from .bench import Missed
from .cloud import count_on
from .rule import Rule, client_of, expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aculab_wrappers import OutboundClient

    from ..transport.sockets import Request, Server
    from .row import Script
    from .rule import Scene

HTTP: Final = b"HTTP/1.1 "
NOW: Final = datetime(2031, 6, 1, 12, tzinfo=UTC)
"""What the server's clock says: years away from any clock here."""


def asked_of(request: Request) -> list[str]:
    (found,) = parse_qs(request.body.decode())["service_invocation_reference_ids"]
    return list(json.loads(found))


def says(data: bytes) -> Script:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(data)
        count_on(peer)

    return script


def news(**words: object) -> Script:
    """Reports by id: a word, or a whole report."""
    reports = {
        id_: word if isinstance(word, dict) else {"status": word} for id_, word in words.items()
    }
    return says(answer(json.dumps(reports).encode()))


DONE: Final = news(a="COMPLETED", b="COMPLETED")


def pauses_of(scene: Scene) -> list[float]:
    """Do not wait between polls; the list holds how long it would have been."""
    found: list[float] = []
    scene.patch.setattr(
        "aculab_wrappers._core.deadline.pause", lambda seconds, _cancel: found.append(seconds)
    )
    return found


def client(server: Server) -> OutboundClient:
    return client_of(base_url=server.url, timeout=5)


def dated(**from_now: float) -> str:
    return format_datetime(NOW + timedelta(**from_now), usegmt=True)


JITTER: Final = (0.0, 0.5)
"""What is no wish leaves the pause after a first failure: up to half a second, at random."""
# A wish is kept to, and up to a second more: not all who were told the same come at once.
WISHES: Final = {
    "1e9": ("1000000000", (60.0, 60.0)),
    "1e9-spelt-so": ("1e9", JITTER),
    "-1": ("-1", JITTER),
    "nan": ("nan", JITTER),
    "inf": ("Infinity", JITTER),
    "zero": ("0", (1.0, 2.0)),
    "seven": ("7", (7.0, 8.0)),
    "junk": ("soon; or later", JITTER),
    "empty": ("", JITTER),
    "400-digits": ("9" * 400, JITTER),
    "full-width": ("\uff17", JITTER),
    "past": (dated(days=-1), (1.0, 2.0)),
    "skewed-clock": (dated(seconds=12), (12.0, 13.0)),
    "far-future": (dated(days=400), (60.0, 60.0)),
    "no-date": ("Mon, 99 Nov 2031 12:00:00 GMT", JITTER),
    "year-10000": ("Fri, 31 Dec 99999 23:59:59 GMT", JITTER),
}


def after_a_wish(
    wish: str, least: float, most: float, *, status: bytes = b"503 Busy", timeout: float = 100
) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        pauses = pauses_of(scene)
        head = [b"Retry-After: " + wish.encode(), b"Date: " + dated().encode()]
        server = scene.serve(says(answer(b"", HTTP + status, *head)), DONE)
        [item] = client(server).wait("a", timeout=timeout)
        assert item.finished
        (pause,) = pauses
        expect(least <= pause <= most, f"it would have waited {pause} seconds")

    return play


def rows_70() -> Iterator[Rule]:
    for name, (wish, (least, most)) in WISHES.items():
        yield Rule(70, f"-{name}", f"Retry-After {name}", after_a_wish(wish, least, most))
    throttled = after_a_wish("7", 7, 8, status=b"429 Too many")
    yield Rule(70, "-429", "Retry-After with a 429", throttled)
    late = after_a_wish("60", 4, 5, timeout=5)
    yield Rule(70, "-deadline", "Retry-After past the deadline", late)


ETAS: Final[dict[str, object]] = {
    "past": 1,
    "far-future": 4_000_000_000,
    "milliseconds": 1_800_000_000_000,
    "negative": -5,
    "fraction": 1_800_000_000.25,
    "string": "1800000000",
    "null": None,
    "bool": True,
    "list": [1],
    "huge": 10**300,
    "beyond-all": 1e308,
    "soon": int(time.time()) + 30,
}


def eta_is_only_told(eta: object) -> Callable[[Scene], None]:
    """An ETA never steers polling: it is handed on, and the pauses stay what the caller said."""

    def play(scene: Scene) -> None:
        pauses = pauses_of(scene)
        running = {"status": "RUNNING", "application_status_eta": eta}
        server = scene.serve(news(a=running), news(a=running), DONE)
        [item] = client(server).wait("a", timeout=100, poll=2.5)
        assert item.finished
        expect(pauses == [2.5, 2.5], f"it would have waited {pauses}")

    return play


def rows_71() -> Iterator[Rule]:
    for name, eta in ETAS.items():
        yield Rule(71, f"-{name}", f"an ETA of {name} changes no pause", eta_is_only_told(eta))


def told(*scripts: Script, **wanted: object) -> Callable[[Scene], None]:
    """What is known of `a` after asking once for each script."""

    def play(scene: Scene) -> None:
        one = client(scene.serve(*scripts))
        items = [Invocation("a")]
        for _ in scripts:
            items = one.status(items)
        found = {name: getattr(items[0], name) for name in wanted}
        expect(found == wanted, f"it is {found}")

    return play


def finished_is_not_asked(scene: Scene) -> None:
    pauses_of(scene)
    server = scene.serve(news(a="COMPLETED", b="RUNNING"), news(a="RUNNING", b="COMPLETED"))
    items = client(server).wait(["a", "b"], timeout=100)
    expect([item.status for item in items] == ["COMPLETED"] * 2, f"they are {items}")
    expect([asked_of(one) for one in server.requests] == [["a", "b"], ["b"]], "it asked again")


def completed(detail: object) -> Script:
    return news(a={"status": "COMPLETED", "status_detail": detail})


def rows_72() -> Iterator[Rule]:
    for end, then in itertools.product(
        ("COMPLETED", "COULDNOTRUN", "CANCELLED"), ("RUNNING", "QUEUED", "UNKNOWN")
    ):
        sticky = told(news(a=end), news(a=then), status=end, finished=True)
        yield Rule(72, f"-{end.lower()}-{then.lower()}", f"{end}, then {then}", sticky)
    twice = told(news(a="UNKNOWN"), news(a="UNKNOWN"), status="UNKNOWN", finished=True)
    yield Rule(72, "-unknown-twice", "UNKNOWN twice is an end", twice)
    between = (news(a="UNKNOWN"), news(), news(a="UNKNOWN"))
    yield Rule(
        72, "-unknown-apart", "but not with a silence between", told(*between, finished=False)
    )
    back = told(news(a="UNKNOWN"), news(a="UNKNOWN"), news(a="RUNNING"), status="RUNNING")
    yield Rule(72, "-unknown-running", "and a later word replaces it", back)
    for word in ("PAUSED", "completed", "ЖДИ", "x" * 1000):
        kept = told(news(a=word), status=word, finished=False)
        yield Rule(72, f"-word-{word[:9]}", "a word that nobody knows is kept", kept)
    yield Rule(72, "-code-text", "a return code as text", told(completed("7"), return_code=7))
    yield Rule(72, "-code-number", "and as a number", told(completed(7), return_code=7))
    junk = told(completed("7up"), return_code=None, status_detail="7up", finished=True)
    yield Rule(72, "-code-junk", "and as neither", junk)
    yield Rule(72, "-wait", "what has finished is not asked about again", finished_is_not_asked)


def left_out(scene: Scene) -> None:
    """An id that an answer leaves out keeps its news; ids that nobody asked for are ignored."""
    server = scene.serve(news(a="RUNNING", b="RUNNING"), news(b="COMPLETED", c="COMPLETED"))
    one = client(server)
    items = one.status(one.status(["a", "b"]))
    found = [(item.id, item.status) for item in items]
    expect(found == [("a", "RUNNING"), ("b", "COMPLETED")], f"they are {found}")


def blaming(*bad: str, status: bytes = b"404 No") -> Script:
    def script(peer: Peer) -> None:
        asked = asked_of(peer.read_request())
        if set(asked) & set(bad):
            peer.say(answer(b"", HTTP + status))
        else:
            peer.say(answer(json.dumps({id_: {"status": "COMPLETED"} for id_ in asked}).encode()))

    return script


def bisected(count: int, *bad: int) -> Callable[[Scene], None]:
    """One bad id fails its batch: it is found out, and the others are told of."""

    def play(scene: Scene) -> None:
        pauses_of(scene)
        ids = [f"i{number}" for number in range(count)]
        blamed = [ids[number] for number in bad]
        server = scene.serve(blaming(*blamed))
        try:
            client(server).wait(ids, timeout=100)
        except StatusError as error:
            expect(list(error.blamed_ids) == blamed, f"blamed are {error.blamed_ids}")
            words = {item.id: item.status for item in error.invocations}
        else:
            raise Missed("nothing was said of the bad id")
        expect(all(words[id_] == "COMPLETED" for id_ in ids if id_ not in blamed), "news are lost")
        splits = 2 * len(bad) * (count.bit_length() + 1) + 2
        expect(server.posts <= splits, f"{server.posts} requests for {count} ids")

    return play


def rows_73() -> Iterator[Rule]:
    yield Rule(73, "-left-out", "ids left out, and ids not asked for", left_out)
    for count, bad in ((2, (1,)), (100, (17,)), (100, (17, 80)), (501, (500,)), (500, (0,))):
        title = f"{len(bad)} bad among {count}"
        yield Rule(73, f"-{count}-{len(bad)}", title, bisected(count, *bad))


RULES: Final = (*rows_70(), *rows_71(), *rows_72(), *rows_73())
