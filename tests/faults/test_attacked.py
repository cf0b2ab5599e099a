"""Rows 91 to 98: kinds that attacks on the finished product found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .rows_attacked import RULES
from .rule import cases

if TYPE_CHECKING:
    from .rule import Rule, Scene


@pytest.mark.parametrize("rule", [*cases(RULES, {})])
def test_rule(rule: Rule, scene: Scene) -> None:
    rule.play(scene)


def test_every_kind_is_here() -> None:
    assert {rule.number for rule in RULES} == set(range(91, 99))
    assert len({rule.id for rule in RULES}) == len(RULES)
