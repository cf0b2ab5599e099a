"""Budgets 1 and 2: one start, and one status poll."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import certifi
import trustme

from . import contestants
from .contestants import PEERS, is_here
from .delayed import delayed
from .rounds import cpu, elapsed, race
from .row import Row, absent, at_most, below, compared
from .server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .contestants import Run
    from .row import Limit

OURS: Final = "this package"
# The CPU budgets in function calls, for where no clock is to decide: how many times those of a
# start by bare http.client. (Not those of requests, which are a third fewer since Python 3.12.)
# With 2.7 times its calls a start costs some 0.55 of the CPU time of requests.post: requests and
# urllib3 carry it, which alone are 1.9 times.
MOST_START_CALLS: Final = 2.8
MOST_POLL_CALLS: Final = 2.5

_KEPT: Final = "requests.Session, kept"
_ROUND_TRIP: Final = 0.05
_FAR_ROUNDS: Final = 30
_ROUNDS: Final = 60
_TIMES: Final = 10
_PLAIN: Final[dict[str, Limit | None]] = {
    "requests.post": at_most(0.6),
    "twilio": below(0.5),
    "httpx": None,
    "pycurl": None,
    "http.client": None,
}


def start_rows() -> list[Row]:
    """Budget 1."""
    return [*_plain_rows(), *_tls_rows()]


def poll_rows() -> list[Row]:
    """Budget 2. Both keep their connection."""
    with serving() as base:
        costs = _costs(_polls(base), _ROUNDS)
    return [
        compared("one poll, HTTP, CPU", costs, OURS, _KEPT, at_most(0.6)),
        _far_poll_row(),
    ]


def _far_poll_row() -> Row:
    """What a person waits for: CPU on loopback hides it."""
    what = "one poll, HTTPS, 50 ms round trip, wall time"
    with (
        _trusted() as (certificate, bundle),
        serving(certificate=certificate) as base,
        delayed(int(base.rpartition(":")[2]), _ROUND_TRIP) as port,
    ):
        runs = _polls(f"https://localhost:{port}", bundle)
        for name, run in runs.items():
            assert run(), f"{name} was not answered"
        waits = race({name: elapsed(run) for name, run in runs.items()}, _FAR_ROUNDS)
    return compared(what, waits, OURS, _KEPT, at_most(1.05), unit="ms")


def _polls(base: str, bundle: str | None = None) -> dict[str, Run]:
    return {
        OURS: contestants.our_poll(base, bundle),
        _KEPT: contestants.requests_poll(base, bundle),
    }


def _plain_rows() -> list[Row]:
    what = "one start, HTTP, CPU"
    with serving() as base:
        runs = {
            OURS: contestants.ours(base),
            "requests.post": contestants.requests_post(base),
            "http.client": contestants.http_client(base),
        }
        runs |= {name: make(base) for name, make in PEERS.items() if is_here(name)}
        costs = _costs(runs, _ROUNDS)
    return [
        compared(what, costs, OURS, name, limit) if name in costs else absent(what, name, limit)
        for name, limit in _PLAIN.items()
    ]


def _tls_rows() -> list[Row]:
    what = "one start, HTTPS, CPU"
    with _trusted() as (certificate, bundle), serving(certificate=certificate) as base:
        runs = {
            OURS: contestants.ours(base, bundle),
            "http.client, context kept": contestants.http_client(base, bundle),
            "requests.post": contestants.requests_post(base, bundle),
        }
        # A bare requests.post reads the whole bundle each time: few of them are enough.
        costs = _costs(runs, _ROUNDS, {"requests.post": 1})
    return [
        compared(what, costs, OURS, "http.client, context kept", at_most(1.4)),
        compared(what, costs, OURS, "requests.post"),
    ]


def _costs(
    runs: dict[str, Run], rounds: int, times: dict[str, int] | None = None
) -> dict[str, list[float]]:
    for name, run in runs.items():
        assert run(), f"{name} was not answered"
    counts = dict.fromkeys(runs, _TIMES) | (times or {})
    return race({name: cpu(run, counts[name]) for name, run in runs.items()}, rounds)


@contextlib.contextmanager
def _trusted() -> Iterator[tuple[str, str]]:
    """A certificate for localhost, and the usual bundle with its authority added."""
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as folder:
        certificate, bundle = Path(folder) / "certificate.pem", Path(folder) / "bundle.pem"
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(certificate)
        bundle.write_bytes(Path(certifi.where()).read_bytes() + authority.cert_pem.bytes())
        yield str(certificate), str(bundle)
