"""Whose failure an exception is: the road's, or one from outside in the midst of it."""

from __future__ import annotations

import ctypes
import signal
import socket
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import urllib3.exceptions

from aculab_wrappers._core.failures import (
    chain,
    describe_os_error,
    find_outside,
    is_from_outside,
    root_cause,
)

if TYPE_CHECKING:
    from collections.abc import Callable

needs_signals = pytest.mark.skipif(
    not hasattr(signal, "SIGUSR1"), reason="this system has no such signal"
)


def wrapped(root: BaseException) -> urllib3.exceptions.MaxRetryError:
    """As urllib3 wraps what it was raised."""
    middle = urllib3.exceptions.ProtocolError("broken", root)
    middle.__context__ = root
    pool: Any = None
    return urllib3.exceptions.MaxRetryError(pool, "/", middle)


def test_the_root_is_looked_for_in_reasons_causes_and_contexts() -> None:
    root = ConnectionResetError()
    outer = RuntimeError()
    outer.__cause__ = wrapped(root)

    assert root_cause(outer) is root
    assert root_cause(root) is root
    assert len([*chain(outer)]) == 4


def test_a_circle_of_causes_has_an_end() -> None:
    first, second = OSError("first"), OSError("second")
    first.__cause__, second.__cause__ = second, first

    assert [*chain(first)] == [first, second]


def test_what_was_being_handled_before_has_nothing_to_do_with_it() -> None:
    before, error = KeyError("before"), OSError("during")
    error.__context__ = before

    assert root_cause(error) is before
    assert root_cause(error, before) is error


def raised_by(handler: Any) -> BaseException:
    """What comes of a signal whose handler raises; it is installed no longer."""
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        signal.raise_signal(signal.SIGUSR1)
    except TimeoutError as error:
        return error
    finally:
        signal.signal(signal.SIGUSR1, before)
    raise AssertionError("nothing was raised")


def over(*_args: object) -> None:
    raise TimeoutError


class Limit:
    def __call__(self, _number: int, _frame: object) -> None:
        raise TimeoutError

    def method(self, number: int, frame: object) -> None:
        self(number, frame)


def keyword(_first: object, _number: int, _frame: object, *, _more: int = 0) -> None:
    raise TimeoutError


def nested(_number: int, _frame: object) -> None:
    over()


HANDLERS: dict[str, Callable[[], Any]] = {
    "a function of anything": lambda: over,
    "a function": lambda: nested,
    "a method": lambda: Limit().method,
    "an object": Limit,
    "a partial function": lambda: partial(keyword, 1),
    "a partial of a partial": lambda: partial(partial(keyword, 1), _more=1),
}


@needs_signals
@pytest.mark.parametrize("kind", HANDLERS)
def test_what_a_signal_handler_raises_is_from_outside(kind: str) -> None:
    error = raised_by(HANDLERS[kind]())

    assert is_from_outside(error)
    assert find_outside(wrapped(error), None) is error


@needs_signals
@pytest.mark.parametrize("wrap", [lambda handler: handler, partial])
def test_while_it_is_installed_its_code_says_so(wrap: Callable[[Any], Any]) -> None:
    def handler(*args: object) -> None:
        del args
        raise TimeoutError

    before = signal.signal(signal.SIGUSR1, wrap(handler))
    try:
        with pytest.raises(TimeoutError) as caught:
            signal.raise_signal(signal.SIGUSR1)
        assert is_from_outside(caught.value)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert not is_from_outside(caught.value)  # nothing tells any more


def test_what_another_thread_raises_is_from_outside() -> None:
    caught: list[BaseException] = []
    running = threading.Event()

    def work() -> None:
        try:
            running.set()
            while True:
                time.sleep(0.001)
        except TimeoutError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    running.wait(10)
    assert thread.ident is not None
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    raise_in(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeoutError))
    thread.join(10)

    assert is_from_outside(caught[0])
    assert find_outside(wrapped(caught[0]), None) is caught[0]


def raising(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


@pytest.mark.parametrize(
    "error",
    [TimeoutError(), TimeoutError("timed out"), OSError(104, "reset"), MemoryError()],
    ids=repr,
)
def test_what_the_road_raises_is_not(error: Exception) -> None:
    assert not is_from_outside(raising(error))
    assert not is_from_outside(error)
    assert find_outside(wrapped(raising(error)), None) is None


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit()], ids=repr)
def test_what_is_no_error_at_all_is_from_outside_however_it_is_wrapped(stop: BaseException) -> None:
    assert find_outside(wrapped(stop), None) is stop
    assert find_outside(stop, None) is stop
    assert find_outside(wrapped(stop), stop) is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "no answer in time"),
        (ConnectionRefusedError(111, "Connection refused"), "connection refused"),
        (ConnectionResetError(), "connectionreseterror"),
        (socket.gaierror(socket.EAI_NONAME, "Name not known"), "name not known"),
        (OSError("http://user:password@proxy"), "oserror"),
    ],
)
def test_an_error_of_a_socket_is_told_without_quoting(error: OSError, words: str) -> None:
    assert describe_os_error(error) == words
