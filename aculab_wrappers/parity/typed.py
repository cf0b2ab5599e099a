"""What the sessions of all dialects share: calling by name, and values as the suite writes them."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def called(function: Callable[..., Any], arguments: Mapping[str, Any], named: bool) -> Any:
    """Call with arguments by name, or in that order."""
    return function(**arguments) if named else function(*arguments.values())


def member_values(found: object, names: Iterable[str]) -> dict[str, Any]:
    """An object by its members; those that are methods are called."""
    report: dict[str, Any] = {"$object": type(found).__name__}
    for name in names:
        member = getattr(found, name)
        report[name] = tagged(member() if callable(member) else member)
    return report


def tagged(found: Any) -> Any:
    """A value as the suite writes it."""
    if isinstance(found, enum.Enum):
        return {"$enum": f"{type(found).__name__}.{found.name}"}
    if isinstance(found, datetime):
        return {"$datetime": _moment(found)}
    if isinstance(found, list):
        return [tagged(item) for item in found]
    if isinstance(found, dict):
        return {str(name): tagged(item) for name, item in found.items()}
    if found is None or isinstance(found, (str, int, float)):
        # A status word that the enumeration lacks is text of a type of its own.
        return str(found) if isinstance(found, str) else found
    return {"$object": type(found).__name__}  # no face returns such a thing


def _moment(found: datetime) -> str:
    """ISO 8601. A "Z" stands for UTC; a time without a zone has none, and so differs."""
    text = found.isoformat()
    if found.utcoffset() is None:
        return text
    text = text.removesuffix("+00:00")
    return (text.rstrip("0") if "." in text else text) + "Z"
