"""How many workers `--numprocesses auto` means for these tests, on a machine with three cores."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from ..conftest import pytest_xdist_auto_num_workers

USUAL = "not wheel and not faults"


def workers(expression: str) -> int:
    config: Any = SimpleNamespace(option=SimpleNamespace(markexpr=expression))
    asked = pytest_xdist_auto_num_workers(config)
    next(asked)
    with pytest.raises(StopIteration) as said:
        asked.send(3)
    return int(said.value.value)


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "coverage", raising=False)
    monkeypatch.delenv("PYTEST_XDIST_AUTO_NUM_WORKERS", raising=False)


def test_two_for_each_core() -> None:
    assert workers(USUAL) == 6


@pytest.mark.parametrize("expression", ["faults", "not wheel", ""])
def test_one_with_the_table_of_faults(expression: str) -> None:
    assert workers(expression) == 3


def test_one_while_coverage_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "coverage", ModuleType("coverage"))
    assert workers(USUAL) == 3


def test_what_the_user_says_is_not_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "3")
    assert workers(USUAL) == 3
