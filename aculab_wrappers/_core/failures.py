"""Whose failure an exception is: the road's, or one that came from outside in the middle of it.

A signal handler, or another thread, may raise what the road raises as well: a TimeoutError, say.
"""

from __future__ import annotations

import opcode
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_WRAPPERS: Final = ("aculab_wrappers", "requests", "urllib3")
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


def unwrap(stop: BaseException) -> BaseException:
    """Return what was raised into a codec: Python 3.11 raises a copy with another text for it."""
    inner = stop.__cause__
    is_copy = type(inner) is type(stop) and " codec failed (" in str(stop)
    return inner if is_copy and inner is not None else stop


def is_from_outside(error: BaseException) -> bool:
    """Return whether a signal handler, or another thread, raised this very exception."""
    return _is_from_signal_handler(error) or _is_from_another_thread(error)


def _is_from_signal_handler(error: BaseException) -> bool:
    frames = [one.tb_frame for one in _steps(error)]
    strange = [frame for frame in frames if _is_strange(frame.f_globals.get("__name__", ""))]
    if not strange:
        return False
    if any(map(_is_handler, strange)):
        return True
    handlers = filter(callable, map(signal.getsignal, signal.valid_signals()))
    codes = {_code_of(handler) for handler in handlers}
    return any(frame.f_code in codes for frame in strange)


def _is_strange(module: str) -> bool:
    """Return whether a module belongs to a program, and not to the road or to Python itself."""
    package = module.partition(".")[0]
    return package not in _WRAPPERS and package not in sys.stdlib_module_names


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
