"""The results file: what it remembers, and how it meets crashes, damage and strangers."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from aculab_wrappers import Call, Outcome
from aculab_wrappers.cli.errors import CommandError
from aculab_wrappers.cli.results import Account, Entry, Results, read_results, row_key
from aculab_wrappers.cli.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable

MINE = Account("1-2-0/user@example.com/MyOutboundService", "aculabcloud.net")
PATH = "results.jsonl"
ROWS = [Row(Call(str(number), token=f"t{number}"), f"line {number}") for number in range(1, 6)]


@pytest.fixture
def written() -> bytes:
    """A file of five rows, each with another fate; the last one's intent has no outcome."""
    with Results(PATH, MINE) as results:
        outcomes = (Outcome.STARTED, Outcome.REJECTED, Outcome.NOT_SENT, Outcome.UNKNOWN)
        for row, outcome in zip(ROWS, outcomes, strict=False):
            results.intend(row)
            ids = ["id-1"] if outcome is Outcome.STARTED else []
            results.record(row, outcome, ids=ids, message="why")
        results.intend(ROWS[4])
    return Path(PATH).read_bytes()


def settled() -> dict[str, Entry]:
    """The rows that must not be dialled again."""
    found, _ = read_results(PATH, MINE)
    return {entry.to: entry for entry in found.values() if entry.settled}


def test_it_remembers(written: bytes) -> None:
    found, _ = read_results(PATH, MINE)
    assert [found[row_key(row, MINE)] for row in ROWS] == [
        Entry("1", "t1", Outcome.STARTED, "line 1", ("id-1",)),
        Entry("2", "t2", Outcome.REJECTED, "line 2"),
        Entry("3", "t3", Outcome.NOT_SENT, "line 3"),
        Entry("4", "t4", Outcome.UNKNOWN, "line 4"),
        Entry("5", "t5", Outcome.UNKNOWN, "line 5", pending=True),
    ]
    assert list(settled()) == ["1", "4", "5"]


def test_it_is_for_its_owner_only(written: bytes) -> None:
    assert stat.S_IMODE(os.stat(PATH).st_mode) == 0o600


def test_nothing_is_created_before_the_first_intent() -> None:
    with Results(PATH, MINE):
        assert not os.path.exists(PATH)


def test_rejected_and_unsent_rows_can_be_tried_again(written: bytes) -> None:
    with Results(PATH, MINE) as results:
        for row in ROWS[1:3]:
            results.intend(row)
            results.record(row, Outcome.STARTED, ids=["again"])
    assert list(settled()) == ["1", "2", "3", "4", "5"]


def test_a_settled_row_that_is_dialled_again_is_damage(written: bytes) -> None:
    with Results(PATH, MINE) as results:
        results.intend(ROWS[0])
    with pytest.raises(CommandError, match="line 11: does not follow"):
        read_results(PATH, MINE)


def test_an_outcome_without_intent_is_damage(written: bytes) -> None:
    with Results(PATH, MINE) as results:
        results.intend(ROWS[1])
        results.record(ROWS[0], Outcome.REJECTED)
    with pytest.raises(CommandError, match="line 12: does not follow"):
        read_results(PATH, MINE)


def test_every_crash_leaves_rows_that_are_safe(written: bytes) -> None:
    """Cut anywhere: a row whose whole intent is there, and no proof against it, stays settled."""
    lines = written.splitlines(keepends=True)
    after_header = len(lines[0])
    for cut in range(len(written)):
        Path(PATH).write_bytes(written[:cut])
        if cut < after_header:
            with pytest.raises(CommandError):
                read_results(PATH, MINE)
            continue
        whole = written[:cut].count(b"\n")
        dialled = [row.call.to for row in ROWS[: whole // 2]]
        proven = {"2"} if whole >= 5 else set()
        proven |= {"3"} if whole >= 7 else set()
        assert set(settled()) == set(dialled) - proven, cut


def test_a_torn_last_line_is_closed_and_the_file_goes_on(written: bytes) -> None:
    cut = written.index(b'"event":"unknown"') + 40
    Path(PATH).write_bytes(written[:cut])
    with Results(PATH, MINE) as results:
        assert results.entries[row_key(ROWS[3], MINE)].pending
        results.intend(ROWS[4])
        results.record(ROWS[4], Outcome.STARTED, ids=["id-5"])
    assert list(settled()) == ["1", "4", "5"]
    assert Path(PATH).read_bytes().startswith(written[:cut] + b" #torn\n")


def test_the_closing_of_a_torn_line_can_be_torn_as_well(written: bytes) -> None:
    Path(PATH).write_bytes(written[:-20] + b" #to")
    with Results(PATH, MINE) as results:
        results.intend(ROWS[4])
    assert list(settled()) == ["1", "4", "5"]


def test_no_changed_byte_goes_unnoticed(written: bytes) -> None:
    for place, byte in enumerate(written):
        changed = bytearray(written)
        changed[place] = byte ^ (1 << place % 8)
        Path(PATH).write_bytes(changed)
        try:
            found = set(settled())
        except CommandError:
            continue
        # The last line end is gone: the line counts for nothing, and was the last.
        assert place == len(written) - 1, place
        assert found == {"1", "4"}


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [*lines[:4], *lines[6:]],
        lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines, b"\n"],
        lambda lines: [*lines, b'{"event":"intent"}\n'],
        lambda lines: [*lines, b"\x00\x00\n"],
    ],
    ids=["lost", "two lost", "moved", "repeated", "empty", "by hand", "zeros"],
)
def test_damage_is_refused(written: bytes, change: Callable[[list[bytes]], list[bytes]]) -> None:
    Path(PATH).write_bytes(b"".join(change(written.splitlines(keepends=True))))
    with pytest.raises(CommandError, match=r"results.jsonl, line [0-9]+: damaged"):
        read_results(PATH, MINE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a results file"),
        (b"\n", "is not a results file"),
        (b"to,from\n1,2\n", "is not a results file"),
        (b'{"format": "something else"}\n', "is not a results file"),
        (b"[" * 100_000, "is not a results file"),
        (b"\xff\xfe", "is not a results file"),
        (b'{"format": "aculab-wrappers results", "version": 2}\n', "another version.*Update"),
    ],
)
def test_a_stranger_is_refused_and_left_alone(content: bytes, message: str) -> None:
    Path(PATH).write_bytes(content)
    with pytest.raises(CommandError, match=message), Results(PATH, MINE):
        pass
    assert Path(PATH).read_bytes() == content


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (Account("1-2-0/user@example.com/Other", MINE.cloud), "of the service '1-2-0/user"),
        (Account(MINE.service, "sandbox"), "of the cloud 'aculabcloud.net', and this is 'sandbox'"),
    ],
)
def test_the_results_of_another_account_are_refused(
    written: bytes, other: Account, message: str
) -> None:
    with pytest.raises(CommandError, match=message), Results(PATH, other):
        pass


def test_the_name_of_a_row_is_its_content() -> None:
    row = ROWS[0]
    moved = Row(row.call, "line 99")
    other = Account("1-2-0/user@example.com/Other", MINE.cloud)
    names = {
        row_key(row, MINE),
        row_key(moved, MINE),
        row_key(Row(row.call, row.where, 2), MINE),
        row_key(Row(Call("1", token=""), row.where), MINE),
        row_key(row, other),
    }
    assert len(names) == 4


def test_two_runs_cannot_write_one_file() -> None:
    with (
        Results(PATH, MINE),
        pytest.raises(CommandError, match="another run is writing"),
        Results(PATH, MINE),
    ):
        pass
    with Results(PATH, MINE) as results:
        results.intend(ROWS[0])


@pytest.mark.skipif(sys.platform == "win32", reason="paths as POSIX has them")
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/dev/fd/results.jsonl", "No such file"),
        ("/proc/results.jsonl", "No such file"),
        ("x" * 300, "File name too long"),
        ("taken", "Is a directory"),
    ],
)
def test_where_no_file_can_be_made_no_other_run_is_blamed(path: str, reason: str) -> None:
    if path.startswith("/") and not Path(path).parent.is_dir():
        pytest.skip(f"there is no {Path(path).parent} here")
    Path("taken.lock").mkdir()
    with (
        pytest.raises(CommandError, match=f"no results file can be made there: {reason}"),
        Results(path, MINE),
    ):
        pass


def test_a_file_system_without_locks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: FileLock) -> None:
        raise NotImplementedError

    monkeypatch.setattr(FileLock, "acquire", fail)
    with pytest.raises(CommandError, match="this file system has no locks"), Results(PATH, MINE):
        pass


def test_what_a_damaged_first_line_says_is_clipped() -> None:
    line = {"format": "aculab-wrappers results", "version": "v" * 9000}
    Path(PATH).write_text(f"{json.dumps(line)}\n", encoding="ascii")
    with pytest.raises(CommandError) as caught, Results(PATH, MINE):
        pass
    assert len(str(caught.value)) < 300


def test_a_folder_that_is_not_there_is_not_made() -> None:
    with pytest.raises(CommandError, match="there is no folder nowhere"):
        Results("nowhere/results.jsonl", MINE).__enter__()
    assert not os.path.exists("nowhere")


def test_after_a_failed_sync_nothing_is_written(
    written: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync
    failures = iter([True])

    def fails_once(file: int) -> None:
        if next(failures, False):
            raise OSError(5, "Input/output error")
        real(file)

    monkeypatch.setattr(os, "fsync", fails_once)
    with Results(PATH, MINE) as results:
        with pytest.raises(OSError, match="Input/output error"):
            results.intend(ROWS[1])
        with pytest.raises(OSError, match="an earlier write failed"):
            results.record(ROWS[1], Outcome.STARTED)
