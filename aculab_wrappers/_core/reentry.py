"""No request from inside a request."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from ..errors import TransportError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

F = TypeVar("F", bound="Callable[..., object]")

_inside: set[CodeType] = set()


def refuses_requests(function: F) -> F:
    """Refuse every request that is made while `function` runs, in what it calls.

    What runs inside of a request, or is told of its failure, must not start calls: the outcome of
    the one that it is about would be lost, or its calls started twice. The stack says who is
    inside: there is no flag that an interrupt could leave set.
    """
    _inside.add(function.__code__)
    return function


def check_outside() -> None:
    """Raise TransportError if the caller of the caller runs inside of another request."""
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code in _inside:
            raise TransportError(
                "it was asked for from inside another request: by an error callback, say, or a "
                "signal handler",
                sent=False,
            )
        frame = frame.f_back  # type: ignore[assignment]  # None at the bottom
