"""The two ways a caller may name calls and invocations, made into tuples of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from .outbound import Call, Invocation

if TYPE_CHECKING:
    from collections.abc import Iterable


def as_calls(call_or_calls: Call | Iterable[Call]) -> tuple[Call, ...]:
    """The calls of a start, however they were given.

    Raises:
        InvalidInputError: not a Call, not an iterable of Calls, or an empty one.
    """
    if isinstance(call_or_calls, Call):
        return (call_or_calls,)
    items = _items(call_or_calls, "a Call or an iterable of Calls")
    calls = tuple(item for item in items if isinstance(item, Call))
    if len(calls) != len(items):
        index, item = next((i, x) for i, x in enumerate(items) if not isinstance(x, Call))
        raise InvalidInputError(f"calls[{index}] must be a Call, not {type(item).__name__}")
    if not calls:
        raise InvalidInputError("the list of calls is empty: there is nothing to start")
    return calls


def as_invocations(
    invocations_or_ids: Invocation | str | Iterable[Invocation | str],
) -> tuple[Invocation, ...]:
    """What to ask about, however it was given: invocations keep their news, ids have none yet.

    Raises:
        InvalidInputError: something else than invocations and non-empty ids.
    """
    if isinstance(invocations_or_ids, (Invocation, str)):
        invocations_or_ids = (invocations_or_ids,)
    items = _items(invocations_or_ids, "invocations or ids")
    return tuple(_invocation(item, index) for index, item in enumerate(items))


def _invocation(item: object, index: int) -> Invocation:
    if isinstance(item, Invocation):
        return item
    if isinstance(item, str) and item:
        return Invocation(item)
    what = "an empty str" if item == "" else type(item).__name__
    raise InvalidInputError(f"ids[{index}] must be an Invocation or an id, not {what}")


def _items(given: Iterable[object], wanted: str) -> tuple[object, ...]:
    # A str is iterable, and so is a dict; neither is a list of anything here.
    if not isinstance(given, (str, bytes, dict)):
        try:
            return tuple(given)
        except TypeError:
            pass
    raise InvalidInputError(f"{wanted} wanted, not {type(given).__name__}")
