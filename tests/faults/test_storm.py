"""Three seconds of the storm; for more of it, see storm.py."""

from __future__ import annotations

import pytest

from . import storm


@pytest.fixture(scope="module")
def over() -> storm.Storm:
    made = storm.Storm(seed=20_26)
    made.run(3.0)
    return made


def test_nothing_happened_that_must_never_be(over: storm.Storm) -> None:
    assert {name: found for name, found in storm.violations(over).items() if found} == {}


def test_enough_happened(over: storm.Storm) -> None:
    counts = storm.tally(over)
    assert counts["starts"] >= 150
    for name in (
        "NOT_SENT",
        "REJECTED",
        "UNKNOWN",
        "STARTED",
        "interrupted",
        "signals that raised",
        *storm.WAYS,
    ):
        assert counts[name] > 0, counts
    assert len(over.clouds.ledger.kinds) >= 15


def test_the_rules_see_what_they_are_for(over: storm.Storm) -> None:
    """The same run, with a ledger that says otherwise."""
    ledger = over.clouds.ledger
    whole, issued, refused = ledger.whole.copy(), ledger.issued.copy(), set(ledger.refused)
    came = list(over.came)
    try:
        for token in [token for one in came for token in one.tokens]:
            ledger.whole[token] = 2
            ledger.issued[token] = ["another"]
        ledger.refused.clear()
        over.came.append(storm.Came(("x",), "plain", None, (), OSError(), 9.0))
        assert all(storm.violations(over).values())
    finally:
        ledger.whole, ledger.issued, over.came = whole, issued, came
        ledger.refused.update(refused)


def test_the_program_says_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert storm.main(["--seconds", "0.2", "--seed", "3", "--threads", "4"]) == 0
    assert "violations: doubled" in capsys.readouterr().out
