"""StopSignal: an event that a signal sets, wherever the signal finds the program."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from aculab_wrappers.cli.stop_signal import StopSignal

PATIENCE = 30

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_at_once(number: signal.Signals) -> None:
    with StopSignal() as stop:
        assert not stop.is_set()
        assert not stop.wait(0)
        began = time.monotonic()
        threading.Thread(target=os.kill, args=(os.getpid(), number)).start()

        assert stop.wait(PATIENCE)

        assert time.monotonic() - began < PATIENCE
        assert stop.is_set()
        assert stop.wait(PATIENCE)


def test_a_second_signal_interrupts() -> None:
    with StopSignal() as stop:
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_the_handlers_are_as_they_were() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    with StopSignal():
        assert signal.getsignal(signal.SIGINT) != before[0]

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert signal.set_wakeup_fd(-1) == -1
