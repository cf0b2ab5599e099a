"""What a test asserts about the started calls. A failure lists what was started and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .._core.validation import pluralize
from ..errors import InvalidInputError
from .destinations import normal, shown
from .refusals import explained

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .instances import Instance
    from .journal import Received

_SHOWN: Final = 20
_ADDRESSES: Final = ("to", "from_")


def started(
    instances: Sequence[Instance],
    received: Sequence[Received],
    count: int | None,
    wanted: Mapping[str, str | None],
) -> list[Instance]:
    """The started calls that have all the wanted members, when there are `count` of them.

    Args:
        instances: The started calls.
        received: The requests, for the message.
        count: How many there must be. None: one or more.
        wanted: Name of a member -> what it must be. None: whatever it is.

    Raises:
        AssertionError: there are more, or fewer.
        InvalidInputError: count is no number, or what is wanted is no text.
    """
    __tracebackhide__ = True
    _check(count, wanted)
    asked = {name: text for name, text in wanted.items() if text is not None}
    found = [call for call in instances if _has(call, asked)]
    if len(found) == count or (found and count is None):
        return found
    number = "at least 1 started call" if count is None else _calls(count)
    members = ", ".join(f"{name}={shown(text)}" for name, text in asked.items())
    expected = f"expected {number}{' with ' if members else ''}{members}, found {len(found)}"
    raise AssertionError("\n".join([expected, *_what_was(instances, received)]))


def started_at_most_once(
    instances: Sequence[Instance], received: Sequence[Received], to: str | None
) -> None:
    """Whether no destination was started twice.

    Args:
        instances: The started calls.
        received: The requests, for the message.
        to: Look at this destination only. None: at all.

    Raises:
        AssertionError: one was.
        InvalidInputError: to is no text.
    """
    __tracebackhide__ = True
    _check(None, {"to": to})
    spellings: dict[str, list[str]] = {}
    for call in instances:
        if to is None or normal(call.to) == normal(to):
            spellings.setdefault(normal(call.to), []).append(call.to)
    repeated = [
        f"{shown(spelt[0])} {len(spelt)} times" for spelt in spellings.values() if len(spelt) > 1
    ]
    if not repeated:
        return
    more = f" and {len(repeated) - _SHOWN} more" if len(repeated) > _SHOWN else ""
    expected = "expected no destination to be started more than once, but started were: "
    expected += ", ".join(repeated[:_SHOWN]) + more
    raise AssertionError("\n".join([expected, *_what_was(instances, received)]))


def _check(count: object, wanted: Mapping[str, object]) -> None:
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 0):
        raise InvalidInputError("count must be a number from 0, or None for one or more")
    for name, text in wanted.items():
        if text is not None and not isinstance(text, str):
            raise InvalidInputError(f"{name} must be a str or None, not {type(text).__name__}")


def _has(call: Instance, asked: Mapping[str, str]) -> bool:
    for name, text in asked.items():
        is_ = getattr(call, name)
        if name in _ADDRESSES and is_ is not None:
            is_, text = normal(is_), normal(text)  # noqa: PLW2901  the form that is compared
        if is_ != text:
            return False
    return True


def _calls(count: int) -> str:
    return f"{count} started call" if count == 1 else f"{count} started calls"


def _what_was(instances: Sequence[Instance], received: Sequence[Received]) -> list[str]:
    refused = [request for request in received if request.refused]
    calls = [f"  {_described(call)}" for call in instances]
    requests = ["\n".join(f"  {line}" for line in explained(request)) for request in refused]
    return [
        *_listed("Started", pluralize(calls, "call"), calls),
        *_listed("Refused", pluralize(requests, "request"), requests),
    ]


def _listed(what: str, count: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return [f"{what}: nothing."]
    cut = f", the last {_SHOWN} of them" if len(lines) > _SHOWN else ""
    return [f"{what}: {count}{cut}:", *lines[-_SHOWN:]]


def _described(call: Instance) -> str:
    members = ("to", "from_", "token", "outbound_parameters")
    given = [(name, getattr(call, name)) for name in members]
    told = ", ".join(f"{name}={shown(text)}" for name, text in given if text is not None)
    return f"{told}: {call.status}, by {call.service}"
