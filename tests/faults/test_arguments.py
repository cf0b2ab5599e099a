"""Rows 60, 61 and 68: what cannot be sent is refused by name, and before anybody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from . import rows_arguments, rows_calls
from .rule import cases

if TYPE_CHECKING:
    from .rule import Rule, Scene

RULES: Final = (*rows_arguments.RULES, *rows_calls.RULES)

NOT_YET: Final[dict[str, str]] = {}
"""Rows whose target is not met, and what happens instead."""


@pytest.mark.parametrize("rule", [*cases(RULES, NOT_YET)])
def test_rule(rule: Rule, scene: Scene) -> None:
    rule.play(scene)


def test_every_row_is_here() -> None:
    assert {rule.number for rule in RULES} == {60, 61, 68}
    assert set(NOT_YET) <= {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)
