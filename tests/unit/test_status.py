"""GetStatus: the request, and how each report changes what is known."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest

from aculab_wrappers import Invocation, StatusError, TransportError
from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.operations import GetStatus

CREDENTIALS = Credentials("1-2-0", "user", "service", "password")


def _heard(before: Invocation, **report: object) -> Invocation:
    [after] = GetStatus((before,)).parse(
        HttpResponse(200, body=json.dumps({before.id: report}).encode())
    )
    return after


def test_the_request_is_a_json_array_of_ids_in_a_form_field() -> None:
    request = GetStatus((Invocation("id-1"), Invocation('"2"/'))).request(CREDENTIALS)

    assert request.path == "/service_status"
    [(name, text)] = parse_qsl(request.body.decode("ascii"))
    assert name == "service_invocation_reference_ids"
    assert json.loads(text) == ["id-1", '"2"/']


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
    after = _heard(Invocation("id", status="QUEUED"), status=word)

    assert (after.status, after.finished) == (word, finished)


def test_unknown_is_final_when_said_twice_in_a_row() -> None:
    once = _heard(Invocation("id", status="QUEUED"), status="UNKNOWN")
    twice = _heard(once, status="UNKNOWN")

    assert (once.finished, twice.finished) == (False, True)


def test_a_later_word_replaces_unknown() -> None:
    twice = _heard(_heard(Invocation("id"), status="UNKNOWN"), status="UNKNOWN")

    after = _heard(twice, status="RUNNING")

    assert (after.status, after.finished) == ("RUNNING", False)
    assert not _heard(after, status="UNKNOWN").finished


@pytest.mark.parametrize("word", ["COMPLETED", "COULDNOTRUN", "CANCELLED"])
def test_the_three_ends_are_sticky(word: str) -> None:
    ended = _heard(Invocation("id"), status=word, status_detail="7")

    assert _heard(ended, status="RUNNING") == ended
    assert _heard(ended, status="UNKNOWN") == ended


@pytest.mark.parametrize(
    "report",
    [None, [], "COMPLETED", 5, {}, {"status": None}, {"status": ""}, {"status": 3}],
)
def test_a_report_that_says_nothing_changes_nothing(report: object) -> None:
    before = Invocation("id", status="RUNNING", application_instance_id="app")

    [after] = GetStatus((before,)).parse(
        HttpResponse(200, body=json.dumps({"id": report}).encode())
    )

    assert after == before


def test_a_missing_id_keeps_its_news_and_a_surplus_one_is_ignored() -> None:
    items = (Invocation("a", status="RUNNING"), Invocation("b"))
    body = {"b": {"status": "RUNNING"}, "c": {"status": "COMPLETED"}}

    news = GetStatus(items).parse(HttpResponse(200, body=json.dumps(body).encode()))

    assert [(item.id, item.status) for item in news] == [("a", "RUNNING"), ("b", "RUNNING")]


def test_an_answer_that_leaves_an_id_out_breaks_two_unknowns_in_a_row() -> None:
    item = _heard(Invocation("id"), status="UNKNOWN")

    [silent] = GetStatus((item,)).parse(HttpResponse(200, body=b"{}"))
    assert silent.status == "UNKNOWN"
    again = _heard(silent, status="UNKNOWN")
    assert not again.finished
    assert _heard(again, status="UNKNOWN").finished


@pytest.mark.parametrize("word", ["QUEUED", "RUNNING", "CANCELLED", "UNKNOWN", "PAUSED"])
def test_only_an_end_with_a_code_or_a_problem_has_a_detail(word: str) -> None:
    assert _heard(Invocation("id"), status=word, status_detail="ringing").status_detail == ""


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
    after = _heard(Invocation("id"), status="COMPLETED", status_detail=detail)

    assert (after.status_detail, after.return_code) == (text, code)


def test_a_number_in_the_description_of_a_problem_is_no_return_code() -> None:
    assert _heard(Invocation("id"), status="COULDNOTRUN", status_detail="404").return_code is None


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
    after = _heard(Invocation("id"), status="RUNNING", application_status_eta=eta)

    assert after.application_status_eta == wanted
    if wanted is not None:
        assert after.application_status_eta is not None
        assert after.application_status_eta.tzinfo is UTC


def test_the_application_instance_id_is_kept() -> None:
    assert (
        _heard(
            Invocation("id"), status="RUNNING", application_instance_id="app-1"
        ).application_instance_id
        == "app-1"
    )


@pytest.mark.parametrize(
    ("response", "transient"),
    [
        (HttpResponse(400), False),
        (HttpResponse(401), False),
        (HttpResponse(403), False),
        (HttpResponse(404), False),
        (HttpResponse(302), False),
        (HttpResponse(408), True),
        (HttpResponse(425), True),
        (HttpResponse(429), True),
        (HttpResponse(500), True),
        (HttpResponse(503, body=b"<html>"), True),
        (HttpResponse(200, body=b""), True),
        (HttpResponse(200, body=b"[]"), True),
        (HttpResponse(200, body=b'{"id": {}, "id": {}}'), True),
        (HttpResponse(200, body=b'{"id": {}}', fault="the body is 1 bytes short"), True),
    ],
)
def test_no_status_is_an_error_with_what_was_known(response: HttpResponse, transient: bool) -> None:
    known = Invocation("id", status="RUNNING")

    with pytest.raises(StatusError) as caught:
        GetStatus((known,)).parse(response)

    assert caught.value.transient is transient
    assert caught.value.invocations == (known,)
    assert caught.value.http_status == response.status


def test_the_clouds_words_are_in_the_error() -> None:
    body = {"error": {"code": "0002", "text": "ids are malformed"}}

    with pytest.raises(StatusError, match="HTTP 400, 0002: ids are malformed") as caught:
        GetStatus((Invocation("id"),)).parse(HttpResponse(400, body=json.dumps(body).encode()))

    assert caught.value.code == "0002"


@pytest.mark.parametrize(
    ("sent", "cause", "transient"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_no_answer_is_worth_asking_again_unless_something_must_change_first(
    sent: bool, cause: bool, transient: bool
) -> None:
    error = GetStatus((Invocation("id"),)).failed(
        TransportError("nothing came", sent=sent, transient=cause)
    )

    assert error.transient is transient
    assert error.code is None
    assert error.http_status is None
