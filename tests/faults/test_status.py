"""Rows 70 to 76: polling that neither spins nor sleeps, and forgets nothing that it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from . import rows_polling, rows_status, rows_waits, test_arguments, test_secrets
from .rule import cases

if TYPE_CHECKING:
    from .rule import Rule, Scene

RULES: Final = (*rows_status.RULES, *rows_waits.RULES)

NOT_YET: Final[dict[str, str]] = {}
"""Rows whose target is not met, and what happens instead."""


@pytest.mark.parametrize("rule", [*cases(RULES, NOT_YET)])
def test_rule(rule: Rule, scene: Scene) -> None:
    rule.play(scene)


def test_rows_60_to_76_are_all_here() -> None:
    rules = (*RULES, *test_secrets.RULES, *test_arguments.RULES)
    assert {rule.number for rule in rules} | {69} == set(range(60, 77))
    assert rows_polling.polled(), "which is row 69"
    assert all(test_secrets.NOT_INJECTABLE.values())


def test_every_row_is_here() -> None:
    assert {rule.number for rule in RULES} == set(range(70, 77))
    assert set(NOT_YET) <= {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)
