"""Random faults on both sides of a start, in many threads, against a cloud that keeps a ledger.

    python -m tests.faults.storm --seconds 60 --seed 1

prints what came of it and ends with 1 if a start was doubled, an id swapped or lost, a start that
came was said not to have been sent, or anything but an error of ours came out. What each
connection does follows from the seed; which start meets it depends on the threads.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import random
import signal
import ssl
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import trustme

from aculab_wrappers import (
    AculabError,
    Call,
    Invocation,
    NotSentError,
    OutboundClient,
    Outcome,
    StartedMismatchError,
    StartError,
    UnknownOutcomeError,
)
from aculab_wrappers._core.session import Session

from .storm_client import Alarms, Mischief, here, mischievous
from .storm_cloud import Clouds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

THREADS: Final = 24
WAYS: Final = ("plain", "tls", "tunnel")
TIMEOUT: Final = 0.6
TOO_LATE: Final = 5.0
"""Seconds after which a start counts as hanging, on a machine that has other things to do."""


@dataclass(frozen=True)
class Came:
    """What one start came to."""

    tokens: tuple[str, ...]
    way: str
    outcome: Outcome | None
    ids: tuple[str, ...]
    error: BaseException | None
    took: float


@dataclass
class Storm:
    """One run: its clouds, its clients, and what came of each start."""

    seed: int
    threads: int = THREADS
    came: list[Came] = field(default_factory=list)
    interrupted: int = 0
    alarmed: int = 0
    clouds: Clouds = field(init=False)

    def run(self, seconds: float) -> None:
        """Start until the time is over, and let the clouds read what is still on its way."""
        with warnings.catch_warnings():
            # ssl.wrap_socket leaves a connection that was reset just before it to the collector.
            warnings.simplefilter("ignore", ResourceWarning)
            self._run(seconds)
            gc.collect()

    def _run(self, seconds: float) -> None:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        self.clouds = Clouds(self.seed, context)
        with tempfile.TemporaryDirectory() as folder:
            trusted = Path(folder) / "ca.pem"
            trusted.write_bytes(authority.cert_pem.bytes())
            clients = {
                way: OutboundClient(
                    *("1-2-0", "user@example.com", "My Service", "a long password"),
                    ca_bundle=trusted,
                    timeout=TIMEOUT,
                    **self._options(way),
                )
                for way in WAYS
            }
            with mischievous():
                self._all(clients, time.monotonic() + seconds)
        self.clouds.close()

    def _options(self, way: str) -> dict[str, Any]:
        return dict(self.clouds.options(way))

    def _all(self, clients: dict[str, OutboundClient], end: float) -> None:
        threads = [
            threading.Thread(target=self._one, args=(number, clients, end), daemon=True)
            for number in range(self.threads)
        ]
        for thread in threads:
            thread.start()
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            self._alarmed(clients, end)
        for thread in threads:
            thread.join(end - time.monotonic() + 30)
        assert not any(thread.is_alive() for thread in threads), "a start hangs"

    def _alarmed(self, clients: dict[str, OutboundClient], end: float) -> None:
        """Start in the main thread, where the handlers of signals run."""
        alarms = Alarms(random.Random(f"{self.seed}/alarms"))
        with alarms.installed():
            self._one(self.threads, clients, end, alarms)

    def _one(
        self,
        number: int,
        clients: dict[str, OutboundClient],
        end: float,
        alarms: Alarms | None = None,
    ) -> None:
        dice = random.Random(f"{self.seed}/thread/{number}")
        turn = 0
        while time.monotonic() < end:
            turn += 1
            way = dice.choice(WAYS)
            count = dice.choice((1, 1, 1, 2, 5))
            tokens = tuple(f"{self.seed}-{number}-{turn}-{place}" for place in range(count))
            calls = [Call("sip:a@b", token=token) for token in tokens]
            came = self._started(clients[way], calls, way, Mischief(dice), alarms)
            if came is not None:
                self.came.append(came)

    def _started(
        self,
        client: OutboundClient,
        calls: list[Call],
        way: str,
        mischief: Mischief,
        alarms: Alarms | None,
    ) -> Came | None:
        tokens = tuple(str(call.token) for call in calls)
        began = time.monotonic()
        found: list[Invocation] = []
        error: BaseException | None = None
        here.mischief = mischief
        try:
            with alarms.armed() if alarms else contextlib.nullcontext():
                found = client.start(calls)
        except BaseException as caught:
            error = caught
        finally:
            here.mischief = None
        if alarms and alarms.raised:
            self.alarmed += 1
            if error and error is alarms.raised and is_beside(error):
                return None  # it rang before the start, or after it
        took = time.monotonic() - began
        if error is None:
            return Came(tokens, way, Outcome.STARTED, tuple(one.id for one in found), None, took)
        if not isinstance(error, AculabError):
            self.interrupted += 1
        outcome, ids = judged(error)
        return Came(tokens, way, outcome, ids, error, took)


def judged(error: BaseException) -> tuple[Outcome | None, tuple[str, ...]]:
    """The outcome that an error tells, or its cause; None if what came out is bare."""
    ours = error if isinstance(error, AculabError) else error.__cause__
    if isinstance(ours, StartedMismatchError):
        return ours.outcome, tuple(one.id for one in ours.invocations)
    if isinstance(ours, UnknownOutcomeError):
        return ours.outcome, ours.hinted_ids
    return (ours.outcome, ()) if isinstance(ours, StartError) else (None, ())


def is_beside(error: BaseException) -> bool:
    """Return whether it was raised outside of `Session.start`."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return not any(frame.f_code is Session.start.__code__ for frame in frames)


def violations(storm: Storm) -> dict[str, list[str]]:
    """What must never be, and where it was, by the cloud's own ledger."""
    ledger = storm.clouds.ledger
    rules: dict[str, Callable[[Came], bool]] = {
        "doubled": lambda one: any(ledger.whole[token] > 1 for token in one.tokens),
        "false NOT_SENT": lambda one: (
            one.outcome is Outcome.NOT_SENT and any(ledger.whole[token] for token in one.tokens)
        ),
        "false REJECTED": lambda one: (
            one.outcome is Outcome.REJECTED and not ledger.refused.issuperset(one.tokens)
        ),
        "wrong id": lambda one: one.outcome is Outcome.STARTED and not _right(storm, one),
        "invented hint": lambda one: (
            one.outcome is Outcome.UNKNOWN and not _known(storm, one).issuperset(one.ids)
        ),
        "foreign": lambda one: one.outcome is None,
        "late": lambda one: one.took > TOO_LATE,
    }
    return {
        name: [
            f"{one.way} {one.tokens} {one.ids} {one.error!r}" for one in storm.came if wrong(one)
        ]
        for name, wrong in rules.items()
    }


def _right(storm: Storm, one: Came) -> bool:
    """Whether the ids are those that the ledger has for these very calls."""
    if isinstance(one.error, StartedMismatchError):
        return set(one.ids) <= _known(storm, one)
    return list(one.ids) == _issued(storm, one)


def _issued(storm: Storm, one: Came) -> list[str]:
    return [id_ for token in one.tokens for id_ in storm.clouds.ledger.issued[token]]


def _known(storm: Storm, one: Came) -> set[str]:
    """All ids that an answer to this very start can have held."""
    issued = _issued(storm, one)
    return {f"{more}{id_}" for more in ("", "surplus-", "stray-") for id_ in issued}


def tally(storm: Storm) -> dict[str, int]:
    """The counts of a run."""
    ledger = storm.clouds.ledger
    outcomes = Counter(one.outcome.name if one.outcome else "foreign" for one in storm.came)
    ways = Counter(one.way for one in storm.came)
    again = sum(
        isinstance(one.error, NotSentError) and one.error.attempts > 1 for one in storm.came
    )
    return {
        "starts": len(storm.came),
        "calls": sum(len(one.tokens) for one in storm.came),
        "complete requests": sum(
            count
            for kind, count in ledger.kinds.items()
            if " up" not in kind and " down" not in kind
        ),
        **{outcome.name: outcomes[outcome.name] for outcome in Outcome},
        "mismatches": sum(isinstance(one.error, StartedMismatchError) for one in storm.came),
        "interrupted": storm.interrupted,
        "signals that raised": storm.alarmed,
        "tried again in vain": again,
        "unknown that never came": sum(
            one.outcome is Outcome.UNKNOWN and not any(ledger.whole[token] for token in one.tokens)
            for one in storm.came
        ),
        **ways,
        **{f"violations: {name}": len(found) for name, found in violations(storm).items()},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=THREADS)
    given = parser.parse_args(arguments)
    storm = Storm(given.seed, given.threads)
    storm.run(given.seconds)
    lines = [f"{name:30}{count:>8}" for name, count in tally(storm).items()]
    faults = [f"{name:30}{count:>8}" for name, count in sorted(storm.clouds.ledger.kinds.items())]
    wrong = [f"{name}: {one}" for name, found in violations(storm).items() for one in found[:5]]
    sys.stdout.write("\n".join([*lines, "", "what the cloud did:", *faults, "", *wrong, ""]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
