"""Choosing a documented overload by the arguments, as C#, VB and Java do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .invalid import WrongOverloadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Overload(NamedTuple):
    """One documented signature.

    Attributes:
        text: The signature as the page prints it, for the message.
        parameters: Names in order, each with the types it takes.
    """

    text: str
    parameters: Mapping[str, type | tuple[type, ...]]

    def bind(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> dict[str, Any] | None:
        """As many arguments as it has parameters, by name; None if they do not fit."""
        parameters = self.parameters
        bound: dict[str, Any] = dict(zip(parameters, args, strict=False))
        if kwargs:
            bound |= kwargs
            if bound.keys() != parameters.keys():  # one has another name, or was given twice
                return None
        for name, types in parameters.items():
            if not isinstance(bound[name], types):
                return None
        return bound


def choose(
    member: str,
    overloads: tuple[Overload, ...],
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
) -> dict[str, Any]:
    """The arguments of the first overload that takes them, by name.

    Raises:
        WrongOverloadError: none does. The message names types, never values.
    """
    count = len(args) + len(kwargs) if kwargs else len(args)  # every wrapper's start comes here
    for overload in overloads:
        if len(overload.parameters) == count:
            bound = overload.bind(args, kwargs)
            if bound is not None:
                return bound
    given = [type(item).__name__ for item in args]
    given += [f"{name}={type(item).__name__}" for name, item in kwargs.items()]
    # No traceback that prints local variables finds a password here.
    del args, kwargs
    raise wrong_overload(member, overloads, ", ".join(given))


def as_list(
    member: str, overloads: tuple[Overload, ...], name: str, items: Iterable[object], kind: type
) -> Sequence[Any]:
    """The items of a list argument, each of which must be a `kind`.

    A text and a mapping can be iterated over, too, and are no lists.

    Raises:
        WrongOverloadError: it is no list, or holds something else.
    """
    if isinstance(items, (str, bytes, Mapping)):
        raise wrong_overload(member, overloads, type(items).__name__)
    listed = list(items)
    for index, item in enumerate(listed):
        if not isinstance(item, kind):
            given = f"a list with {type(item).__name__} as {name}[{index}]"
            raise wrong_overload(member, overloads, given)
    return listed


def wrong_overload(member: str, overloads: tuple[Overload, ...], given: str) -> WrongOverloadError:
    """The error that lists what is documented."""
    documented = "\n  ".join(overload.text for overload in overloads)
    return WrongOverloadError(f"{member} does not take ({given}). Documented:\n  {documented}")
