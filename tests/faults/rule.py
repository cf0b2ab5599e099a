"""What a row is that speaks of more than one start: of secrets, of arguments, of polling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import OutboundClient

from .bench import Missed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from _pytest.mark import ParameterSet

    from ..transport.conftest import Certificates, Serve
    from .conftest import Ears


@dataclass(frozen=True, repr=False)
class Scene:
    """What a rule is played with."""

    serve: Serve
    certificates: Certificates
    ears: Ears
    patch: pytest.MonkeyPatch
    folder: Path


@dataclass(frozen=True, repr=False)
class Rule:
    """One row of the table, in one variant.

    Attributes:
        number: The row of the table.
        letter: The variant.
        title: What is tried, in plain words.
        play: Tries it. Raises Missed if it does not come to what it must come to.
    """

    number: int
    letter: str
    title: str
    play: Callable[[Scene], object]

    @property
    def id(self) -> str:
        return f"{self.number}{self.letter}"

    def __repr__(self) -> str:
        return f"<rule {self.id}: {self.title}>"


def expect(true: object, otherwise: str) -> None:
    if not true:
        raise Missed(otherwise)


def cases(rules: Iterable[Rule], not_yet: Mapping[str, str]) -> Iterator[ParameterSet]:
    """The rules as parameters of a test; those that are not met must fail, and with Missed."""
    for rule in rules:
        reason = not_yet.get(rule.id)
        marks = [pytest.mark.xfail(strict=True, reason=reason, raises=Missed)] if reason else []
        yield pytest.param(rule, id=rule.id, marks=marks)


def client_of(password: str = "a long password", **options: Any) -> OutboundClient:
    return OutboundClient("1-2-0", "user@example.com", "My Service", password, **options)
