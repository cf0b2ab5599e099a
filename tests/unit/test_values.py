"""Call and Invocation: what is started, and how each report changes what is known of it."""

from __future__ import annotations

import copy
import enum
import pickle
from datetime import UTC, datetime

import pytest

from aculab_wrappers import Call, Invocation


def test_the_wire_names_only_what_was_set() -> None:
    assert Call("myConference").to_wire() == {"to": "myConference"}


def test_the_wire_has_the_pages_four_names() -> None:
    call = Call("441908273800", "441908273801", token="t", outbound_parameters="p")

    assert call.to_wire() == {
        "to": "441908273800",
        "from": "441908273801",
        "token": "t",
        "outbound_parameters": "p",
    }


def test_an_empty_from_is_left_out_but_an_empty_token_is_sent() -> None:
    call = Call("x", "", token="", outbound_parameters="")

    assert call.to_wire() == {"to": "x", "token": "", "outbound_parameters": ""}


def test_digits_without_from_are_not_refused() -> None:
    assert Call("441908273800").to_wire() == {"to": "441908273800"}


def test_a_str_enum_is_the_text_it_stands_for() -> None:
    class Number(enum.StrEnum):
        OFFICE = "441908273800"

    assert Call(Number.OFFICE).to_wire() == {"to": "441908273800"}
    assert type(Call(Number.OFFICE).to) is str


def test_a_misspelt_member_is_an_attribute_error() -> None:
    call = Call("x")

    with pytest.raises(AttributeError, match="^Call has no attribute 'tokn'$"):
        call.tokn = "t"  # type: ignore[attr-defined]  # the point of the test
    with pytest.raises(AttributeError):
        call.tokn  # type: ignore[attr-defined]  # noqa: B018  the same


def test_a_call_cannot_be_changed() -> None:
    call = Call("x")

    with pytest.raises(AttributeError, match="^Call.to cannot be changed"):
        call.to = "y"  # type: ignore[misc]  # the point of the test
    with pytest.raises(AttributeError, match="^Call.to cannot be changed"):
        del call.to  # pyright: ignore[reportAttributeAccessIssue]  # the point of the test


def test_equal_calls_are_equal_wherever_they_come_from() -> None:
    call = Call("x", "y", token="t", outbound_parameters="p")

    assert call == Call("x", "y", token="t", outbound_parameters="p")
    assert call != Call("x", "y", token="t")
    assert pickle.loads(pickle.dumps(call)) == copy.deepcopy(call) == call
    assert len({call, copy.copy(call)}) == 1


def heard(before: Invocation, **report: object) -> Invocation:
    return before.updated_from(report)


def test_an_answer_that_leaves_an_id_out_breaks_two_unknowns_in_a_row() -> None:
    silent = heard(Invocation("id"), status="UNKNOWN").updated_from(None)
    assert silent.status == "UNKNOWN"

    again = heard(silent, status="UNKNOWN")
    assert not again.finished
    assert heard(again, status="UNKNOWN").finished


@pytest.mark.parametrize(
    ("word", "finished"),
    [
        ("QUEUED", False),
        ("RUNNING", False),
        ("COMPLETED", True),
        ("COULDNOTRUN", True),
        ("CANCELLED", True),
        ("UNKNOWN", False),
        ("PAUSED", False),
        ("completed", False),
    ],
)
def test_the_word_decides_whether_it_is_over(word: str, finished: bool) -> None:
    after = heard(Invocation("id", status="QUEUED"), status=word)

    assert (after.status, after.finished) == (word, finished)


def test_unknown_is_final_when_said_twice_in_a_row() -> None:
    once = heard(Invocation("id", status="QUEUED"), status="UNKNOWN")
    twice = heard(once, status="UNKNOWN")

    assert (once.finished, twice.finished) == (False, True)


def test_a_later_word_replaces_unknown() -> None:
    twice = heard(heard(Invocation("id"), status="UNKNOWN"), status="UNKNOWN")

    after = heard(twice, status="RUNNING")

    assert (after.status, after.finished) == ("RUNNING", False)
    assert not heard(after, status="UNKNOWN").finished


@pytest.mark.parametrize("word", ["COMPLETED", "COULDNOTRUN", "CANCELLED"])
def test_the_three_ends_are_sticky(word: str) -> None:
    ended = heard(Invocation("id"), status=word, status_detail="7")

    assert heard(ended, status="RUNNING") == ended
    assert heard(ended, status="UNKNOWN") == ended


@pytest.mark.parametrize(
    "report",
    [None, [], "COMPLETED", 5, {}, {"status": None}, {"status": ""}, {"status": 3}],
)
def test_a_report_that_says_nothing_changes_nothing(report: object) -> None:
    before = Invocation("id", status="RUNNING", application_instance_id="app")

    assert before.updated_from(report) == before


@pytest.mark.parametrize("word", ["QUEUED", "RUNNING", "CANCELLED", "UNKNOWN", "PAUSED"])
def test_only_an_end_with_a_code_or_a_problem_has_a_detail(word: str) -> None:
    assert heard(Invocation("id"), status=word, status_detail="ringing").status_detail == ""


@pytest.mark.parametrize(
    ("detail", "text", "code"),
    [
        ("0", "0", 0),
        ("-3", "-3", -3),
        ("007", "007", 7),
        (12, "12", 12),
        ("no number", "no number", None),
        ("１", "１", None),
        ("", "", None),
        (None, "", None),
        (True, "", None),
        (1.5, "", None),
        ("9" * 30, "9" * 30, None),
    ],
)
def test_the_detail_of_a_completed_call_is_its_return_code(
    detail: object, text: str, code: int | None
) -> None:
    after = heard(Invocation("id"), status="COMPLETED", status_detail=detail)

    assert (after.status_detail, after.return_code) == (text, code)


def test_a_number_in_the_description_of_a_problem_is_no_return_code() -> None:
    assert heard(Invocation("id"), status="COULDNOTRUN", status_detail="404").return_code is None


@pytest.mark.parametrize(
    ("eta", "wanted"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1767225600, datetime(2026, 1, 1, tzinfo=UTC)),
        (1767225600.5, datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
        (-86400, datetime(1969, 12, 31, tzinfo=UTC)),
        (None, None),
        ("1767225600", None),
        (True, None),
        ([], None),
        (10**400, None),
        (1e300, None),
        (1767225600000000, None),
    ],
)
def test_the_eta_is_an_aware_utc_time_or_none(eta: object, wanted: datetime | None) -> None:
    after = heard(Invocation("id"), status="RUNNING", application_status_eta=eta)

    assert after.application_status_eta == wanted
    if wanted is not None:
        assert after.application_status_eta is not None
        assert after.application_status_eta.tzinfo is UTC


def test_the_application_instance_id_is_kept() -> None:
    assert (
        heard(
            Invocation("id"), status="RUNNING", application_instance_id="app-1"
        ).application_instance_id
        == "app-1"
    )
