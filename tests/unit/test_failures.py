"""Whose failure an exception is, and what it is called."""

from __future__ import annotations

import signal
import socket
import ssl

import pytest
import urllib3.exceptions

from aculab_wrappers._core.failures import (
    describe_os_error,
    is_from_outside,
    root_cause,
)


def test_the_root_is_looked_for_in_reasons_causes_and_contexts() -> None:
    root, middle, outer = ConnectionResetError(), OSError(), RuntimeError()
    middle.__context__ = root
    outer.__cause__ = middle

    assert root_cause(outer) is root
    assert root_cause(root) is root
    reason = urllib3.exceptions.MaxRetryError(None, "/", outer)  # type: ignore[arg-type]
    assert root_cause(reason) is root


def test_a_circle_of_causes_has_an_end() -> None:
    first, second = OSError("first"), OSError("second")
    first.__cause__, second.__cause__ = second, first

    assert root_cause(first) in (first, second)


def test_a_reason_that_is_no_exception_is_passed_over() -> None:
    error = ssl.SSLError(1, "why")
    assert isinstance(getattr(error, "reason", None), (str, type(None)))

    assert root_cause(error) is error


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no such signal")
def test_what_a_signal_handler_raises_is_known_by_its_frame() -> None:
    def handler(*_args: object) -> None:
        raise TimeoutError("the program's own time limit")

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with pytest.raises(TimeoutError) as caught:
            signal.raise_signal(signal.SIGUSR1)
        assert is_from_outside(caught.value)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert is_from_outside(caught.value), "its handler is installed no longer"
    assert not is_from_outside(TimeoutError())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "no answer in time"),
        (ConnectionRefusedError(111, "Connection refused"), "connection refused"),
        (ConnectionResetError(), "connectionreseterror"),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "name or service not known",
        ),
        (OSError("http://user:password@proxy"), "oserror"),
    ],
)
def test_an_error_of_a_socket_is_told_without_quoting(error: OSError, words: str) -> None:
    assert describe_os_error(error) == words
