"""The right name of a member that was misspelt, when it is read and when it is set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def names_members(*extras: str) -> Callable[[type[T]], type[T]]:
    """Make a class answer a misspelt member with the right name.

    A decorator, because type checkers do not look into it: a `__getattr__` that they see would
    make them accept every name.

    Args:
        extras: Members that Aculab's page does not print.
    """

    def install(cls: type[T]) -> type[T]:
        set_attribute = cls.__setattr__

        def get_missing(self: object, name: str) -> NoReturn:
            raise _attribute_error(self, name, extras)

        def set_checked(self: T, name: str, value: Any) -> None:
            try:
                set_attribute(self, name, value)
            except AttributeError:
                if hasattr(cls, name):
                    raise  # a member that cannot be set
                raise _attribute_error(self, name, extras) from None

        cls.__getattr__ = get_missing  # type: ignore[attr-defined]
        cls.__setattr__ = set_checked  # type: ignore[method-assign, assignment]
        return cls

    return install


def _attribute_error(thing: object, name: str, extras: tuple[str, ...]) -> AttributeError:
    """Return the error of a member that `thing` lacks: with the right name, or with all names."""
    kind = type(thing)
    members = _members(kind)
    text = f"{kind.__name__} has no {name!r}"
    if members and not name.startswith("_"):
        text += f"; {_advice(name, members, extras)}"
    return AttributeError(text, name=name, obj=thing)


def _members(kind: type) -> list[str]:
    ours = [owner for owner in kind.__mro__ if owner.__module__ != "builtins"]
    return sorted({name for owner in ours for name in vars(owner) if not name.startswith("_")})


def _advice(name: str, members: list[str], extras: tuple[str, ...]) -> str:
    by_letters = {_letters(member): member for member in members}
    right = by_letters.get(_letters(name))
    if right:
        return f"here it is {right}" if right in extras else f"Aculab's page names it {right}"
    from difflib import get_close_matches  # with the first misspelt name

    if close := get_close_matches(_letters(name), by_letters, 1):
        return f"the nearest name is {by_letters[close[0]]}"
    return f"its members are {', '.join(members)}"


def _letters(name: str) -> str:
    """Return the name without what languages spell differently: upper case, underscores."""
    return name.replace("_", "").casefold()
