"""Row 69: what rows 1 to 59 do to a start, done to the polls of a wait."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from aculab_wrappers import Invocation, Outcome, StatusError, WaitTimeoutError

from ..transport.sockets import answer, tunnel
from .bench import REAL, Missed
from .cloud import count_on, posts, tls_with
from .row import Row, Stage
from .rows import ROWS
from .rule import expect

if TYPE_CHECKING:
    from ..transport.sockets import Peer
    from .bench import Bench
    from .row import Script

KNOWN: Final = Invocation("id-1", status="RUNNING")
SLACK: Final = 3.0
"""Seconds that a busy machine may add. A server that is waited for keeps silent for longer."""

NOT_POLLED: Final[dict[int, str]] = {
    13: "is about what a failure proves; a poll is asked again in any case",
    14: "is about two clients, of which the first one starts",
    20: "is about many starts in turn",
    33: "is about ids, which a status does not bring",
    34: "is about decorators around a start",
    35: "is about what is no transport, and is refused as one before anything is asked",
    36: "is about forks: test_threads polls from them",
    37: "is about threads: test_threads polls from them",
    38: "an interrupt ends a wait, and there is nothing to be known of a poll's outcome",
    39: "is about clocks, which the transport reads for every request alike",
    40: "is about what is called from inside of a start",
    42: "is about an answer that the next start would read on the same connection",
    50: "is about the time that a client gives a request that has none: a wait always has one",
}
"""Rows that are not played to a poll, and why."""

STOPS: Final = frozenset(
    {
        *("7a", "7b", "8-environment", "10i", "57-refused"),
        *("22a", "22b", "22c", "22d"),
        *(f"26-{status}-{kind}" for status in (409, 421) for kind in ("page", "json")),
        *(f"27{letter}" for letter in "abcdefghijk"),
        *("28a", "28b", "29a", "29b", "29c", "30a", "30b", "31"),
    }
)
"""Beside what is said not to pass: no TLS, no proxy, a 401, a 4xx that the policy does not ask
again after, a 3xx. The wait ends at once, with what is known."""


@dataclass(frozen=True)
class Poll:
    """What came of a wait."""

    news: list[Invocation] | None
    error: StatusError | WaitTimeoutError | None
    heard: list[str]
    pauses: list[float]
    took: float


def reports(word: str = "COMPLETED", detail: str = "7") -> Script:
    """Say `word` of every id that is asked about."""

    def script(peer: Peer) -> None:
        (asked,) = parse_qs(peer.read_request().body.decode())["service_invocation_reference_ids"]
        news = {id_: {"status": word, "status_detail": detail} for id_ in json.loads(asked)}
        peer.say(answer(json.dumps(news).encode()))
        count_on(peer)

    return script


def polled() -> list[Row]:
    """The rows that can be played to a poll: each once, in the first way that it has."""
    return [
        replace(row, ways=row.ways[:1], run=None, check=None, timeout=0.3 if slow(row) else 3.0)
        for row in ROWS
        if row.number not in NOT_POLLED and row.stop is None and row.ways[0] not in REAL
    ]


def slow(row: Row) -> bool:
    return row.waits or row.within != Row.within or row.timeout <= 1.0


def then_reports(row: Row) -> Row:
    """The row whose fault comes to the first poll, and a proper answer to the next."""
    arranged = row.arrange

    def arrange(bench: Bench) -> None:
        if arranged:
            arranged(bench)
        first = bench.script
        scripts = first if isinstance(first, tuple) else (first,) if first else ()
        bench.script = (*scripts[:1], good(bench))

    return replace(row, arrange=arrange)


def good(bench: Bench) -> Script:
    """A proper answer, where the row's script takes over the connection."""
    script = reports()
    context = bench.certificates.good
    if bench.row.stage is Stage.HANDSHAKE:
        return tls_with(context, script)
    if bench.row.stage is Stage.PROXY:
        return tunnel(script, context)
    return script


def waited(bench: Bench) -> Poll:
    """Wait for a call of which it is known that it runs."""
    pauses: list[float] = []
    heard: list[str] = []
    bench.patch.setattr(
        "aculab_wrappers._core.deadline.pause", lambda seconds, _cancel: pauses.append(seconds)
    )
    news, error = None, None
    began = time.monotonic()
    try:
        news = bench.client().wait(
            [KNOWN],
            timeout=most(bench.row),
            on_update=lambda items: heard.extend(item.status for item in items),
        )
    except (StatusError, WaitTimeoutError) as caught:
        error = caught
    except Exception as foreign:
        raise Missed(f"a foreign error: {foreign!r}") from foreign
    return Poll(news, error, heard, pauses, time.monotonic() - began)


def survived(bench: Bench, poll: Poll) -> None:
    """What must hold for each row, whatever it does."""
    row, asked = bench.row, len(posts(bench.cloud))
    expect(poll.took < most(row) + SLACK, f"it took {poll.took:.1f} s")
    expect(all(0 <= pause <= 60 for pause in poll.pauses), f"pauses of {poll.pauses}")
    expect(poll.error is None or known(poll.error) == ["RUNNING"], "the last status is lost")
    if stops(row):
        expect(isinstance(poll.error, StatusError), f"it did not stop: {poll.news}")
        expect(asked <= 1, f"{asked} polls after a refusal")
        expect(not poll.pauses, "it waited before it stopped")
    elif lasts(row):
        expect(poll.error is not None, f"it came to {poll.news}")
        expect(len(poll.pauses) <= 9, f"{len(poll.pauses)} pauses")
    else:
        expect(poll.news is not None, f"it gave up: {poll.error!r}")
        words = [item.status for item in poll.news or ()]
        expect(words == ["COMPLETED"], f"it came to {words}")
        expect(poll.heard[-1:] == ["COMPLETED"], f"it was told {poll.heard}")
        expect(set(poll.heard[:-1]) <= {"RUNNING"}, f"the last status is lost: {poll.heard}")


def most(row: Row) -> float:
    """Seconds that the wait is given: few where the fault uses them up.

    Elsewhere a poll that a busy machine keeps from its answer may be asked again.
    """
    return 0.8 if slow(row) and lasts(row) else 6.0


def known(error: StatusError | WaitTimeoutError) -> list[str]:
    return [item.status for item in error.invocations]


def stops(row: Row) -> bool:
    """Whether the row is a refusal, or proven not to pass by itself."""
    return row.id in STOPS or (row.outcome is Outcome.NOT_SENT and row.transient is False)


LASTING: Final = frozenset({"1", "2", "3b", "10a", "15a", "15d"})
"""Rows whose fault is there at every poll: the wait ends in time, or after ten of them."""


def lasts(row: Row) -> bool:
    return row.id in LASTING


def nothing_else(bench: Bench) -> None:
    """Every request was a status: a wait starts nothing."""
    expect(all(one.target.endswith("/service_status") for one in posts(bench.cloud)), "it started")
