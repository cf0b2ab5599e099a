"""The table of the peers: its rule, its page, and a few plays that need no peer installed."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3

from aculab_wrappers import NotSentError, Outcome, UnknownOutcomeError

from . import peers_page
from .peers import PAGE
from .peers_clients import PEERS, NoIds, Peer
from .peers_judge import Claim, Fault, Told, foreign_claim, hung, judged, of_error, of_ids
from .row import Row, not_sent, rejected, started, unknown
from .rows import ROWS

ROOT = Path(__file__).parents[2]
POOL: Any = urllib3.HTTPConnectionPool("localhost")
REFUSED = urllib3.exceptions.NewConnectionError(POOL, "refused")
GAVE_UP = urllib3.exceptions.MaxRetryError(POOL, "/", REFUSED)
UNCLEAR = unknown(0, "", "")
HINTED = unknown(0, "", "", ids=("id-1",))
REFUSAL = rejected(0, "", "")
UNSENT = not_sent(0, "", "")
GOOD = started(0, "", "")


def test_the_page_is_not_stale() -> None:
    page = PAGE.read_text(encoding="utf-8")
    again = f"rows have changed: run `{peers_page.COMMAND} --write`"
    wanted = [peers_page.stem(row) for row in peers_page.table_rows()]
    assert sorted(peers_page.stems(page)) == sorted(wanted), again
    assert page.rstrip().endswith("\n".join([*peers_page.fixed_lists(), "", peers_page.END])), again


def test_the_page_shows_each_peers_code_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"```text\n{peer.shown}\n```" in page for peer in PEERS if peer.code)


def test_each_row_is_in_the_table_or_left_out_for_a_reason() -> None:
    ids = {row.id for row in ROWS if row.number <= peers_page.LAST}
    assert set(peers_page.LEFT_OUT) <= ids
    assert all(peers_page.way(row) in row.ways for row in peers_page.table_rows())
    covered = [row.number for row in peers_page.table_rows()]
    groups = peers_page.GROUPS
    assert all(any(a <= number <= b for a, b, _ in groups) for number in covered)


@pytest.mark.parametrize(
    ("row", "count", "told", "fault"),
    [
        (UNCLEAR, 1, of_error(UnknownOutcomeError("x"), ()), None),
        (UNCLEAR, 2, of_error(UnknownOutcomeError("x"), ()), Fault.TWICE),
        (UNCLEAR, 1, of_error(NotSentError("x"), ()), Fault.LIE),
        (UNCLEAR, 0, of_error(NotSentError("x"), ()), Fault.NO_CALL),
        (UNCLEAR, 1, of_error(requests.ReadTimeout(), ()), Fault.NO_TELLING),
        (UNCLEAR, 1, of_error(requests.HTTPError(), ()), None),
        (UNCLEAR, 1, of_error(requests.HTTPError("canary"), ()), Fault.LEAK),
        (UNCLEAR, 1, of_error(requests.ConnectionError(GAVE_UP), ()), Fault.LIE),
        (UNCLEAR, 1, of_ids(["id-1"], repeated=False), Fault.WRONG),
        (UNCLEAR, 1, of_error(NoIds(None), ()), Fault.WRONG),
        (UNCLEAR, 1, hung("nothing"), Fault.HUNG),
        (HINTED, 1, of_error(UnknownOutcomeError("x", hinted_ids=["id-1"]), ()), None),
        (HINTED, 1, of_error(UnknownOutcomeError("x"), ("id-1",)), Fault.LOST),
        (HINTED, 1, of_ids(["id-1"], repeated=False), None),
        (HINTED, 1, of_ids(["id-1"], repeated=True), Fault.WRONG),
        (HINTED, 1, of_error(json.JSONDecodeError("x", '["id-1"', 0), ("id-1",)), None),
        (HINTED, 1, of_error(requests.exceptions.ChunkedEncodingError(), ("id-1",)), Fault.LOST),
        (UNSENT, 0, of_error(NotSentError("x"), ()), None),
        (UNSENT, 0, of_error(requests.ConnectionError(GAVE_UP), ()), None),
        (UNSENT, 0, of_error(requests.ReadTimeout(), ()), Fault.NO_TELLING),
        (UNSENT, 0, of_error(UnknownOutcomeError("x"), ()), Fault.NO_TELLING),
        (UNSENT, 0, of_error(requests.HTTPError(), ()), Fault.LIE),
        (UNSENT, 1, of_error(requests.HTTPError(), ()), Fault.LEAK),
        (REFUSAL, 1, of_error(requests.HTTPError(), ()), None),
        (GOOD, 1, of_ids(["id-1"], repeated=False), None),
        (GOOD, 1, of_ids(["id-2"], repeated=False), Fault.WRONG),
        (GOOD, 1, of_error(requests.ReadTimeout(), ()), Fault.LOST),
        (GOOD, 0, of_error(requests.ConnectTimeout(), ()), Fault.NO_CALL),
    ],
)
def test_one_rule_for_all(row: Row, count: int, told: Told, fault: Fault | None) -> None:
    # As the table has it: a start that may never come is one that the row says is not sent.
    assert row.tries == 1
    tries = row if row.outcome is not Outcome.NOT_SENT else not_sent(0, "", "", tries=1)
    assert judged(tries, count, told, None) is fault


def test_what_harmed_the_caller_counts() -> None:
    told = of_ids(["id-1"], repeated=False)
    assert judged(GOOD, 1, told, "another server was called") is Fault.LEAK


@pytest.mark.parametrize(
    ("error", "claim"),
    [
        (requests.ConnectTimeout(), Claim.NOT_SENT),
        (requests.exceptions.ProxyError(), Claim.NOT_SENT),
        (requests.ConnectionError(GAVE_UP), Claim.NOT_SENT),
        (requests.ConnectionError("reset"), Claim.NOTHING),
        (requests.exceptions.SSLError("bad record"), Claim.NOTHING),
        (requests.TooManyRedirects(), Claim.ANSWERED),
        (KeyboardInterrupt(), Claim.NOTHING),
    ],
)
def test_what_a_foreign_error_says(error: BaseException, claim: Claim) -> None:
    assert foreign_claim(error) is claim


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "tests.faults.peers", *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork"
)
def test_rows_can_be_played() -> None:
    ours, theirs = "this package", "requests, max_retries=3"
    done = run("--row", "19a", "--row", "43a", "--peer", ours, "--peer", theirs)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"19a | {ours} | 1: `UNKNOWN`",
        f"19a | {theirs} | 4: `SSLError` **✗ A**",
        f"43a | {ours} | 1: `UNKNOWN` id-1, id-2",
        f"43a | {theirs} | 1: `ChunkedEncodingError` **✗ C**",
    ]


def test_only_the_whole_table_is_written() -> None:
    done = run("--write", "--row", "19a", "--peer", "requests")
    assert done.returncode == 2
    assert "leave out" in done.stderr


def test_a_peer_knows_whether_it_is_installed() -> None:
    absent = "no_such_package_here"
    assert Peer("x", packages=("requests", absent)).missing == [absent]
