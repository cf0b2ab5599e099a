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
from .rounds import cpu, race
from .row import Row, absent, at_most, below, compared
from .server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .contestants import Run
    from .row import Limit

OURS: Final = "this package"
# The CPU budgets in function calls, for where no clock is to decide: how many times those of a
# start by bare http.client. (Not those of requests, which are a third fewer since Python 3.12.) On
# the way to its budgets, a start was measured with 2.6 and with 1.34 times its calls, which cost
# 2.22 and 1.35 of its CPU time; a poll with 2.45 and 1.33, which cost 2.27 and 1.38. In between,
# this is what the budgets come to; that of a start is the one against twilio, the tighter of two.
MOST_START_CALLS: Final = 2.2
MOST_POLL_CALLS: Final = 1.8

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
    """Budget 2. Ours has a connection of its own each time, by rule; theirs is kept."""
    with serving() as base:
        runs = {
            OURS: contestants.our_poll(base),
            "requests.Session, kept": contestants.requests_poll(base),
        }
        costs = _costs(runs, _ROUNDS)
    return [compared("one poll, HTTP, CPU", costs, OURS, "requests.Session, kept", at_most(0.6))]


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
