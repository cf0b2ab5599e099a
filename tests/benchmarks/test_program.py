"""The program: its verdicts, its table, its page, and how it ends."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING

import pytest

from ..docs.pages import rows, text_of
from . import __main__ as program
from . import page, run
from .budgets import BUDGETS
from .row import Row, Spread, absent, at_least, at_most, below, compared, ratios
from .table import HEAD, cells

if TYPE_CHECKING:
    from pathlib import Path

    from .row import Limit

HELD = Row("this", "1 us", "that", "2 us", Spread(0.4, 0.5, 0.6), at_most(0.5), raw={"this": [1.0]})
MISSED = dataclasses.replace(HELD, what="worse", limit=below(0.5))
SHOWN = dataclasses.replace(HELD, limit=None)
ABSENT = absent("this", "twilio", below(0.5))


@pytest.mark.parametrize(
    ("limit", "median", "verdict"),
    [
        (at_most(0.5), 0.5, "held"),
        (at_most(0.5), 0.51, "missed"),
        (below(0.5), 0.5, "missed"),
        (below(0.5), 0.49, "held"),
        (at_least(1.8), 1.8, "held"),
        (at_least(1.8), 1.79, "missed"),
        (None, 9.0, "shown"),
    ],
)
def test_the_median_decides(limit: Limit | None, median: float, verdict: str) -> None:
    row = dataclasses.replace(HELD, judged=Spread(0, median, 99), limit=limit)
    assert row.verdict == verdict


def test_what_is_not_there_misses_nothing() -> None:
    assert ABSENT.verdict == "not here"
    assert cells(ABSENT) == ["this", "", "twilio", "", "", "below 0.5 ×", "not here"]


def test_ratios_are_those_of_each_round() -> None:
    # Two of five rounds met other work, which cost both twice as much.
    assert ratios([1, 2, 1, 2, 1], [2, 4, 2, 4, 2]) == Spread(0.5, 0.5, 0.5)
    assert ratios([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]) == Spread(2, 3, 4)
    assert Spread.of([3]) == Spread(3, 3, 3)


def test_a_row_shows_both_costs_and_how_they_compare() -> None:
    costs = {"we": [100.0, 100.0, 400.0], "they": [1000.0, 1000.0, 2000.0]}
    row = compared("a start", costs, "we", "they")
    shown = "0.10 (0.10 to 0.15) ×"
    assert cells(row) == ["a start", "100 us", "they", "1,000 us", shown, "", "shown"]
    assert row.raw == costs


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """What every budget comes to, to be changed by a test."""
    rows = [HELD, SHOWN, ABSENT]
    monkeypatch.setattr(run, "measure", lambda _name: rows)
    return rows


def test_it_ends_with_0_when_all_hold(found: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["--only", "start", "poll"]) == 0
    table = capsys.readouterr().out
    assert table.count("held") == 2 + 1  # and once in the head: held against
    assert "missed" not in table
    assert "not here" in table


def test_it_ends_with_1_when_one_misses(
    found: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    found.append(MISSED)
    assert program.main(["--only", "poll"]) == 1
    assert "1 of the budgets' rows missed" in capsys.readouterr().out


def test_the_json_holds_every_raw_figure(found: list[Row], tmp_path: Path) -> None:
    program.main(["--json", str(tmp_path / "found.json")])
    told = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert [budget["name"] for budget in told["budgets"]] == [one.name for one in BUDGETS]
    (first, *_) = told["budgets"][0]["rows"]
    assert first["raw"] == {"this": [1.0]}
    assert first["judged"] == {"low": 0.4, "median": 0.5, "high": 0.6}
    assert first["verdict"] == "held"
    assert {"date", "machine", "versions", "seconds"} <= told.keys()
    assert {"CPython", "OpenSSL", "requests", "twilio"} <= told["versions"].keys()


def test_a_part_of_the_budgets_is_no_page(
    found: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        program.main(["--only", "poll", "--write"])
    assert "--write writes the whole page" in capsys.readouterr().err


def test_the_page_says_which_rows_miss(found: list[Row]) -> None:
    found.append(MISSED)
    text = page.written(run.run(BUDGETS[:2], lambda _: None)).text()
    assert text.startswith("Of 4 rows with a budget, 2 miss it:\n\n- worse, against that: 0.50 ")
    assert (
        "| worse | 1 us | that | 2 us | 0.50 (0.40 to 0.60) × | below 0.5 × | **missed** |" in text
    )


def test_every_budget_is_on_the_page_as_it_is() -> None:
    text = text_of(page.PAGE)
    for budget in BUDGETS:
        assert f"### {budget.number}. {budget.title}\n\n{budget.about}\n" in text
    assert re.search(r"^Measured on \d{4}-\d\d-\d\d, on .*,\nwith CPython \d", text, re.MULTILINE)
    assert rows(page.PAGE).count(list(HEAD)) == len(BUDGETS)
    assert [budget.number for budget in BUDGETS] == list(range(1, len(BUDGETS) + 1))
