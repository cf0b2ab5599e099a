"""Every row of the table, in every way it can be reached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from aculab_wrappers import NotSentError, Outcome, StartedMismatchError

from ..programs import needs
from .bench import REAL, Missed, played
from .cloud import starts
from .row import Way
from .rows import NOT_INJECTABLE, NOT_YET, ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark import ParameterSet

    from .bench import Bench, Result
    from .conftest import Ears, MakeBench
    from .row import Row


ATTEMPTS: Final = 3
"""How often a client may try to connect while it is proven that nothing was sent."""


def cases() -> Iterator[ParameterSet]:
    for row in ROWS:
        for way in row.ways:
            name = f"{row.id}-{way.value}"
            reason = NOT_YET.get(row.id) or NOT_YET.get(name)
            marks = [pytest.mark.xfail(strict=True, reason=reason, raises=Missed)] if reason else []
            marks += [needs("tinyproxy")] if way in REAL else []
            yield pytest.param(row, way, id=name, marks=marks)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(("row", "way"), [*cases()])
def test_row(row: Row, way: Way, bench: MakeBench, ears: Ears) -> None:
    scene = bench(row, way)
    got = played(scene)
    survived(scene, got, ears)
    came_to(scene, got)
    if row.check:
        row.check(scene)


def survived(scene: Bench, got: Result, ears: Ears) -> None:
    """What holds for every row, and for a row whose target is not met too."""
    row, count = scene.row, starts(scene.cloud)
    assert count <= row.tries, f"{count} starts came, {row.tries} were asked for"
    may_try_again = row.outcome is Outcome.NOT_SENT and row.transient is not False
    most = row.tries * (ATTEMPTS if may_try_again else 1)
    assert scene.cloud.connections <= most, f"{scene.cloud.connections} connections came"
    if got.outcome is Outcome.NOT_SENT and row.tries == 1:
        assert count == 0, "it came, and is said not to have been sent"
    if got.outcome is Outcome.REJECTED:
        assert row.outcome is Outcome.REJECTED, "it is said to be refused without a proof"
    assert ears.secrets(got.error) == []
    assert got.took < row.within, f"it took {got.took:.1f} s"
    if got.memory is not None and row.most_memory is not None:
        assert got.memory <= row.most_memory, f"it took {got.memory} bytes"


def came_to(scene: Bench, got: Result) -> None:
    """What this row must come to."""
    row, error = scene.row, got.start_error
    told = "" if got.error is None else str(got.error)
    if row.waits:
        expect(got.took > row.timeout * 0.9, f"it took only {got.took:.2f} s")
    expect(got.outcome is row.outcome, f"{got.outcome}, ids {got.ids}: {got.error!r}")
    if row.ids is not None:
        expect(got.ids == row.ids, f"the ids are {got.ids}: {got.error!r}")
    count = starts(scene.cloud)
    expect(count == row.starts, f"{count} whole requests came, not {row.starts}")
    marked = isinstance(error, StartedMismatchError)
    expect(marked == row.mismatch, f"{marked} is the mark of ids that do not pair up")
    if row.kept is not None:
        body = b"" if error is None or error.response is None else error.response.body
        expect(row.kept in body, f"kept was {body[:50]!r}")
    if row.code is not None:
        expect(error is not None and error.code == row.code, f"{error!r}")
    if row.transient is not None:
        found = error.transient if isinstance(error, NotSentError) else None
        expect(found is row.transient, f"transient is {found}: {error!r}")
    expect(bool(re.search(row.says, told)), f"it says {told!r}")
    if got.outcome is Outcome.UNKNOWN:
        expect(not isinstance(error, OSError), "a decorator for retries would catch it")
        expect(error is not None and not error.retryable, "it says that it may be sent again")


def expect(true: bool, otherwise: str) -> None:
    if not true:
        raise Missed(otherwise)


def test_every_row_is_here_or_says_why_not() -> None:
    numbers = {row.number for row in ROWS} | {
        int(re.sub(r"\D.*", "", id_)) for id_ in NOT_INJECTABLE
    }
    assert numbers == set(range(1, 60))
    assert all(NOT_INJECTABLE.values())


def test_every_row_has_a_name_of_its_own() -> None:
    names = [row.id for row in ROWS]
    assert len(names) == len(set(names))
    assert not set(names) & set(NOT_INJECTABLE)
    assert all(row.ways and row.title for row in ROWS)


def test_what_is_not_met_is_a_row() -> None:
    named = {row.id for row in ROWS} | {f"{row.id}-{way.value}" for row in ROWS for way in row.ways}
    assert set(NOT_YET) <= named


@pytest.mark.parametrize("way", [Way.TLS, Way.TUNNEL, Way.REAL_TUNNEL])
@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_is_shown_over_tls_and_through_a_proxy(outcome: Outcome, way: Way) -> None:
    shown = [row for row in ROWS if row.outcome is outcome and way in row.ways]
    assert [
        row for row in shown if row.id not in NOT_YET and f"{row.id}-{way.value}" not in NOT_YET
    ]
