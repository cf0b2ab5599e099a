"""Frozen, slotted values."""

from __future__ import annotations

import dataclasses
from typing import NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a frozen, slotted dataclass whose misspelt attributes are an AttributeError.

    A plain `dataclass(frozen=True, slots=True)` answers `call.tokn = ...` with a TypeError
    about `super()`, because its `__setattr__` still knows the class from before the slots.
    """
    made = dataclasses.dataclass(frozen=True, slots=True)(cls)
    for name in ("__setattr__", "__delattr__"):
        setattr(made, name, _refuse)
    return made


def _refuse(self: object, name: str, *_value: object) -> NoReturn:
    kind = type(self).__name__
    if hasattr(self, name):
        raise AttributeError(f"{kind}.{name} cannot be changed: make a new {kind} instead")
    raise AttributeError(f"{kind} has no attribute {name!r}")
