"""Whose failure an exception is: the road's, or one that came from outside in the middle of it.

A signal handler, or another thread, may raise what the road raises as well: a TimeoutError, say.
"""

from __future__ import annotations

import opcode
import signal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_WRAPPERS: Final = ("requests", "urllib3")
_RAISES: Final = frozenset(opcode.opmap[name] for name in ("RAISE_VARARGS", "RERAISE"))


def chain(failure: BaseException, until: BaseException | None = None) -> Iterator[BaseException]:
    """Yield an exception, the one that caused it, and so on.

    Args:
        failure: The last of them.
        until: What was being handled before the first of them. It has nothing to do with it.
    """
    seen: set[int] = {id(until)}
    found: BaseException | None = failure
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        inner = getattr(found, "reason", None)
        if not isinstance(inner, BaseException):
            inner = found.__cause__ or found.__context__
        found = inner


def root_cause(failure: BaseException, until: BaseException | None = None) -> BaseException:
    """Return the exception that is the cause of all. See `chain`."""
    found = failure
    for one in chain(failure, until):
        found = one
    return found


def find_outside(failure: BaseException, until: BaseException | None) -> BaseException | None:
    """Return what came from outside, be it wrapped into errors of the road; else None."""
    # What wraps it has its traceback as well; what it was raised in the handling of lies below it.
    found = [
        one
        for one in chain(failure, until)
        if not isinstance(one, Exception) or is_from_outside(one)
    ]
    own = [one for one in found if type(one).__module__.partition(".")[0] not in _WRAPPERS]
    return next(iter(own or found[-1:]), None)


def is_from_outside(error: BaseException) -> bool:
    """Return whether a signal handler, or another thread, raised this very exception."""
    return _is_from_signal_handler(error) or _is_from_another_thread(error)


def _is_from_signal_handler(error: BaseException) -> bool:
    codes = {_code_of(signal.getsignal(number)) for number in signal.valid_signals()} - {None}
    return any(one.tb_frame.f_code in codes or _is_handler(one.tb_frame) for one in _steps(error))


def _code_of(handler: Any) -> Any:
    while isinstance(handler, partial):
        handler = handler.func
    calls = (vars(kind).get("__call__") for kind in type(handler).__mro__)
    for one in (handler, next(filter(None, calls), None)):
        if code := getattr(one, "__code__", None):
            return code
    return None


def _is_handler(frame: Any) -> bool:
    """Return whether it was called as a signal handler is: with a number and the frame below.

    It may be installed no longer.
    """
    code, below = frame.f_code, frame.f_back
    if below is None or not (code.co_argcount or code.co_flags & 0x04):  # CO_VARARGS
        return False
    count = code.co_argcount + code.co_kwonlyargcount
    names = [*code.co_varnames[: code.co_argcount], *code.co_varnames[count : count + 1]]
    given: list[object] = []
    for name in names:
        value = frame.f_locals.get(name)
        given += value if isinstance(value, tuple) else [value]
    return any(value is below for value in given)


def _is_from_another_thread(error: BaseException) -> bool:
    """Return whether PyThreadState_SetAsyncExc put it here: without arguments or a statement."""
    steps = [*_steps(error)]
    if not steps or error.args or isinstance(error, (MemoryError, RecursionError)):
        return False
    last = steps[-1]
    code, place = last.tb_frame.f_code.co_code, last.tb_lasti
    return 0 <= place < len(code) and code[place] not in _RAISES


def _steps(error: BaseException) -> Iterator[TracebackType]:
    traceback = error.__traceback__
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def describe_os_error(error: OSError) -> str:
    """Return an error of a socket in words. They quote nothing: its text may hold an address."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror or type(error).__name__).lower()
