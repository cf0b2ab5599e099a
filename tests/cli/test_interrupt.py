"""Signals during a run: asked first, broken off second, and only while dialling."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from aculab_wrappers.cli.interrupt import Interrupts

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


def test_a_first_signal_only_asks() -> None:
    with Interrupts() as interrupts, interrupts.dialling():
        signal.raise_signal(signal.SIGINT)
        assert interrupts.asked


def test_a_second_one_breaks_off_the_start() -> None:
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), interrupts.dialling():
            signal.raise_signal(signal.SIGTERM)


def test_outside_a_start_nothing_is_broken_off() -> None:
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert interrupts.asked


def test_the_time_of_grace_runs_for_a_start_that_begins_after_the_signal() -> None:
    with Interrupts(grace=0.01) as interrupts:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), interrupts.dialling():
            signal.pause()


def test_handlers_are_put_back() -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
    before = [signal.getsignal(number) for number in numbers]
    with Interrupts():
        pass
    assert [signal.getsignal(number) for number in numbers] == before


def test_another_thread_leaves_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def enter() -> None:
        with Interrupts():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [before]
