"""Whose failure an exception is: the road's, or one that a signal handler raised on it."""

from __future__ import annotations

import signal


def root_cause(failure: BaseException) -> BaseException:
    """Return the exception that is the cause of all."""
    seen: set[int] = set()
    while id(failure) not in seen:
        seen.add(id(failure))
        inner = getattr(failure, "reason", None) or failure.__cause__ or failure.__context__
        if isinstance(inner, BaseException):
            failure = inner
    return failure


def is_from_signal_handler(error: BaseException) -> bool:
    """Return whether a signal handler raised it: of a TimeoutError, its class cannot tell."""
    handlers = map(signal.getsignal, signal.valid_signals())
    codes = {getattr(handler, "__code__", None) for handler in handlers} - {None}
    traceback = root_cause(error).__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code in codes:
            return True
        traceback = traceback.tb_next
    return False


def describe_os_error(error: OSError) -> str:
    """Return an error of a socket in words. They quote nothing: its text may hold an address."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror or type(error).__name__).lower()
