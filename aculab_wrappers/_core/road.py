"""What stands between our transport and our connection: only known programs, or strangers too.

A patch, a mock or a recorder may have sent the request by itself. What our connection has seen
proves nothing where one of them had a say.
"""

from __future__ import annotations

import sys
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types import FrameType

_KNOWN: Final = frozenset(("aculab_wrappers", "requests", "urllib3", "http", "opentelemetry"))
"""Packages that ask the next one once, and raise what that one raised."""
_TRANSPORT: Final = f"{__package__}.transport"
_BEFORE: Final = ("send", "get_adapter")
"""What is asked of a session. Its `request` is often patched, and is not asked."""
_AFTERWARDS: Final = ("getresponse", "build_response", "response_class")
"""What is asked, or made, only when the request has left."""


def is_stack_clear() -> bool:
    """Return whether all functions that run between our transport and the caller are known."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_known_name(name := frame.f_globals.get("__name__", "")):
        if name == _TRANSPORT:
            return True
        frame = frame.f_back
    return False


def is_unpatched(session: object, *others: object) -> bool:
    """Return whether all that these ask of themselves is known.

    A patched function may have sent the request and returned before the connection was asked for.

    Args:
        session: The requests.Session.
        others: The adapter, the pool and the connection.
    """
    asked = [getattr(session, name, None) for name in _BEFORE]
    for one in others:
        for kind in type(one).__mro__:
            asked += [value for name, value in vars(kind).items() if name not in _AFTERWARDS]
        asked += [value for name, value in vars(one).items() if hasattr(type(one), name)]
    return all(map(_is_known, asked))


def _is_known_name(module: str) -> bool:
    return module.partition(".")[0] in _KNOWN


def _is_known(value: Any) -> bool:
    """Return whether a member of a class is data, or a function of a known package."""
    if type(value) is FunctionType:
        return _is_known_name(value.__globals__.get("__name__", ""))
    if isinstance(value, (staticmethod, classmethod, MethodType)):
        value = value.__func__
        return _is_known(value)
    if isinstance(value, property):
        return all(_is_known(one) for one in (value.fget, value.fset, value.fdel))
    if isinstance(value, type):
        return True
    wrapper = getattr(value, "_self_wrapper", None)
    if isinstance(wrapper, FunctionType):  # of wrapt
        return _is_known(wrapper) and _is_known(value.__wrapped__)
    is_function = callable(value) or hasattr(type(value), "__get__")
    return not is_function or type(value).__module__ == "builtins"
