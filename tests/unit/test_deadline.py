"""The one clock, a time limit that steps share, and a pause that ends early."""

from __future__ import annotations

import threading
import time

import pytest

from aculab_wrappers._core import deadline
from aculab_wrappers._core.deadline import Deadline, pause


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which passes when a test says so."""
    found = [100.0]
    monkeypatch.setattr(deadline, "clock", lambda: found[0])
    return found


def test_what_is_left_shrinks_until_nothing_is(now: list[float]) -> None:
    limit = Deadline(10)

    assert (limit.remaining(), limit.remaining_or_zero(), limit.is_expired) == (10, 10, False)
    now[0] += 9.5
    assert (limit.remaining(), limit.remaining_or_zero(), limit.is_expired) == (0.5, 0.5, False)
    now[0] += 0.5
    assert (limit.remaining_or_zero(), limit.is_expired) == (0, True)
    with pytest.raises(TimeoutError, match="the time is over"):
        limit.remaining()
    now[0] += 1
    assert (limit.remaining_or_zero(), limit.is_expired) == (0, True)


def test_it_knows_how_long_it_was(now: list[float]) -> None:
    now[0] += 5

    assert Deadline(2.5).seconds == 2.5


def test_no_time_is_over_at_once(now: list[float]) -> None:
    assert Deadline(0).is_expired
    assert Deadline(-1).remaining_or_zero() == 0


def test_the_clock_does_not_jump() -> None:
    assert deadline.clock is time.monotonic


def test_a_pause_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)

    pause(2.5)

    assert slept == [2.5]


def test_a_pause_ends_when_it_is_cancelled() -> None:
    cancel = threading.Event()
    thread = threading.Thread(target=pause, args=(60, cancel))
    thread.start()
    cancel.set()
    thread.join(10)

    assert not thread.is_alive()
