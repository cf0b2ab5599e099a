"""Rows 62 to 67: no password is told, whoever asks and whatever goes wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from . import rows_command, rows_echoed, rows_shown, rows_told
from .canaries import CANARIES, leaks, spellings
from .rule import cases

if TYPE_CHECKING:
    from .rule import Rule, Scene

RULES: Final = tuple(
    rule for rows in (rows_shown, rows_told, rows_echoed, rows_command) for rule in rows.RULES
)

NOT_YET: Final[dict[str, str]] = {}
"""Rows whose target is not met, and what happens instead."""

NOT_INJECTABLE: Final[dict[str, str]] = {
    "67-history": "what a shell keeps of a line is the shell's: the command refuses the argument",
    "67-cassette": "the package records no requests, but for the sandbox's journal, which is 67a",
    "67-core": "a core dump holds all of a process's memory, the password among it",
}
"""What cannot be brought about in a test, and why."""


@pytest.mark.parametrize("rule", [*cases(RULES, NOT_YET)])
def test_rule(rule: Rule, scene: Scene) -> None:
    rule.play(scene)


def test_every_row_is_here() -> None:
    assert {rule.number for rule in RULES} == {62, 63, 64, 65, 66, 67}
    assert set(NOT_YET) <= {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_there_are_64_canaries_and_each_is_found_in_each_spelling() -> None:
    assert len(set(CANARIES)) == 64
    for password in CANARIES:
        for kind, found in spellings(password).items():
            for spelling in found:
                assert kind in leaks(f"text {spelling} text", password)
        assert leaks("an error that tells nothing", password) == []
        assert re.escape(password)
