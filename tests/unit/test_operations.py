"""Start and GetStatus: how each is asked, and how the answer reads."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest

from aculab_wrappers import Call, Invocation, StatusError, TransportError
from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.http import HttpResponse, Operation
from aculab_wrappers._core.operations import GetStatus, Start

CREDENTIALS = Credentials("1-2-0", "user", "service", "password")

# The annotation is half of the test: the type checkers hold each operation against the protocol.
OPERATIONS: list[tuple[Operation[list[Invocation]], HttpResponse]] = [
    (Start((Call("x"),)), HttpResponse(200, body=b'["id"]')),
    (GetStatus((Invocation("id"),)), HttpResponse(200, body=b'{"id": {"status": "RUNNING"}}')),
]


def test_an_operation_asks_and_reads_the_same_each_time() -> None:
    for operation, response in OPERATIONS:
        assert operation.request(CREDENTIALS) == operation.request(CREDENTIALS)
        assert [item.id for item in operation.parse(response)] == ["id"]
        assert operation.parse(response) == operation.parse(response)


@pytest.mark.parametrize(
    ("operation", "repeatable"), [(OPERATIONS[0][0], False), (OPERATIONS[1][0], True)]
)
def test_a_status_may_be_asked_again_and_a_start_may_not(
    operation: Operation[list[Invocation]], repeatable: bool
) -> None:
    assert operation.request(CREDENTIALS).repeatable is repeatable


def test_one_call_is_an_object_in_a_form_field() -> None:
    request = Start((Call("441908273800", "441908273801"),)).request(CREDENTIALS)

    assert request.path == "/service_start"
    [(name, text)] = parse_qsl(request.body.decode("ascii"), strict_parsing=True)
    assert name == "outbound_parameters"
    assert json.loads(text) == {"to": "441908273800", "from": "441908273801"}


def test_several_calls_are_an_array_in_order() -> None:
    [(_, text)] = parse_qsl(Start((Call("a"), Call("b"))).request(CREDENTIALS).body.decode("ascii"))

    assert json.loads(text) == [{"to": "a"}, {"to": "b"}]


def test_the_request_is_a_json_array_of_ids_in_a_form_field() -> None:
    request = GetStatus((Invocation("id-1"), Invocation('"2"/'))).request(CREDENTIALS)

    assert request.path == "/service_status"
    [(name, text)] = parse_qsl(request.body.decode("ascii"))
    assert name == "service_invocation_reference_ids"
    assert json.loads(text) == ["id-1", '"2"/']


def test_a_missing_id_keeps_its_news_and_a_surplus_one_is_ignored() -> None:
    items = (Invocation("a", status="RUNNING"), Invocation("b"))
    body = {"b": {"status": "RUNNING"}, "c": {"status": "COMPLETED"}}

    news = GetStatus(items).parse(HttpResponse(200, body=json.dumps(body).encode()))

    assert [(item.id, item.status) for item in news] == [("a", "RUNNING"), ("b", "RUNNING")]


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
    error = GetStatus((Invocation("id"),)).judge_failure(
        TransportError("nothing came", sent=sent, transient=cause)
    )

    assert error.transient is transient
    assert error.code is None
    assert error.http_status is None
