"""What the .NET faces need and Python lacks: a box for `out` arguments, and List<T>."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Generic, TypeVar, overload

from ._core.overloads import Overload, choose
from .errors import InvalidInputError

T = TypeVar("T")


class Ref(Generic[T]):
    """A box for an `out` or `ByRef` argument, which Python lacks. VB's name for it is `ByRef`.

        finished = Ref()
        invocations = myService.UpdateStatus(finished)
        while not finished: ...

    Its truth is the truth of its Value.
    """

    __slots__ = ("Value",)

    Value: T

    @overload
    def __init__(self: Ref[bool]) -> None: ...
    @overload
    def __init__(self, Value: T) -> None: ...
    def __init__(self, Value: object = False) -> None:
        self.Value = Value  # type: ignore[assignment]  # the overloads say which T

    def __bool__(self) -> bool:
        return bool(self.Value)

    def __repr__(self) -> str:
        return f"Ref({self.Value!r})"


class List(list[T]):
    """.NET's List<T>: a real list that also has `Add` and `Count`.

    List() and List(3) are empty, for 3 is a capacity; List(items) copies. `List[OutboundCall](3)`
    is `new List<OutboundCall>(3)`.
    """

    __slots__ = ()

    @overload
    def __init__(self) -> None: ...
    @overload
    def __init__(self, capacity: int) -> None: ...
    @overload
    def __init__(self, collection: Iterable[T]) -> None: ...
    def __init__(self, *args: object, **kwargs: object) -> None:
        if not args and not kwargs:
            return  # it is empty already
        bound = choose("List", _LISTS, args, kwargs)
        capacity = bound.get("capacity", 0)
        if isinstance(capacity, bool) or capacity < 0:
            raise InvalidInputError(f"capacity must be a whole number of 0 or more: {capacity!r}")
        super().__init__(bound.get("collection", ()))

    def Add(self, item: T) -> None:
        """Append `item`."""
        self.append(item)

    @property
    def Count(self) -> int:
        """How many items there are."""
        return len(self)


_LISTS: Final = (
    Overload("List()", {}),
    Overload("List(int capacity)", {"capacity": int}),
    Overload("List(IEnumerable<T> collection)", {"collection": Iterable}),
)
