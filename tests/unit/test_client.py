"""OutboundClient: start once, ask in batches, wait with a deadline; what a bad transport may do."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    Call,
    InvalidInputError,
    Invocation,
    NotSentError,
    OutboundClient,
    Outcome,
    StartedMismatchError,
    StatusError,
    TransportError,
    UnknownOutcomeError,
    WaitTimeoutError,
)
from aculab_wrappers._core import following
from aculab_wrappers._core.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers._core.http import HttpRequest

Answer = HttpResponse | BaseException


class Script:
    """A transport that answers from a list, and keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Any]] = []
        self.timeouts: list[float | None] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        [(_, text)] = request.form
        self.asked.append((request.path, json.loads(text)))
        self.timeouts.append(request.timeout)
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Answering:
    """A transport that answers by the ids that it is asked about, and counts."""

    def __init__(self, answer: Callable[[list[str]], HttpResponse]) -> None:
        self._answer = answer
        self.count = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        self.count += 1
        [(_, text)] = request.form
        return self._answer(json.loads(text))


def ok(body: object) -> HttpResponse:
    return HttpResponse(200, body=json.dumps(body).encode())


def status_of(**words: str) -> HttpResponse:
    return ok({id_: {"status": word} for id_, word in words.items()})


def client_over(transport: Any) -> OutboundClient:
    return OutboundClient("1-2-0", "user", "service", "password", transport=transport)


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Do not wait between polls; the list holds how long it would have been."""
    pauses: list[float] = []
    monkeypatch.setattr(following, "_pause", lambda seconds, _cancel: pauses.append(seconds))
    return pauses


def test_a_start_is_one_request() -> None:
    script = Script(ok(["id-1"]))

    [invocation] = client_over(script).start(Call("x"))

    assert invocation.id == "id-1"
    assert script.asked == [("/service_start", {"to": "x"})]


@pytest.mark.parametrize("wrap", [list, tuple, iter], ids=["list", "tuple", "iterator"])
def test_calls_come_in_any_iterable(wrap: Callable[[list[Call]], Any]) -> None:
    script = Script(ok(["a", "b"]))

    assert [i.id for i in client_over(script).start(wrap([Call("x"), Call("y")]))] == ["a", "b"]


@pytest.mark.parametrize(
    ("calls", "named"),
    [
        ([], "the list of calls is empty"),
        ("441908273800", "a Call or an iterable of Calls wanted, not str"),
        (None, "a Call or an iterable of Calls wanted, not NoneType"),
        ({"to": "x"}, "a Call or an iterable of Calls wanted, not dict"),
        ([Call("x"), "y"], r"calls\[1\] must be a Call, not str"),
    ],
)
def test_what_is_no_call_is_refused_before_anything_is_sent(calls: Any, named: str) -> None:
    script = Script()

    with pytest.raises(InvalidInputError, match=named):
        client_over(script).start(calls)

    assert script.asked == []


def test_a_transport_that_never_sent_is_not_sent() -> None:
    script = Script(TransportError("refused", sent=False, transient=True))

    with pytest.raises(NotSentError, match="refused") as caught:
        client_over(script).start(Call("x"))

    assert caught.value.calls == (Call("x"),)
    assert len(script.asked) == 1


def test_a_transport_that_may_have_sent_is_unknown_and_not_asked_again() -> None:
    script = Script(TransportError("silence"))

    with pytest.raises(UnknownOutcomeError):
        client_over(script).start(Call("x"))

    assert len(script.asked) == 1


def test_what_a_foreign_transport_raises_is_unknown_with_that_as_its_cause() -> None:
    fault = OSError("boom")

    with pytest.raises(UnknownOutcomeError) as caught:
        client_over(Script(fault)).start(Call("x"))

    assert caught.value.__cause__ is fault


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (TransportError("before", sent=False), NotSentError),
        (TransportError("after", sent=True), UnknownOutcomeError),
        (None, UnknownOutcomeError),
    ],
)
def test_an_interrupt_is_raised_again_with_the_outcome_as_its_cause(
    trouble: TransportError | None, kind: type[Exception]
) -> None:
    stop = KeyboardInterrupt()
    stop.__cause__ = trouble

    with pytest.raises(KeyboardInterrupt) as caught:
        client_over(Script(stop)).start(Call("x"))

    assert isinstance(caught.value.__cause__, kind)


def test_a_mismatch_keeps_every_id() -> None:
    with pytest.raises(StartedMismatchError) as caught:
        client_over(Script(ok(["a", "b"]))).start(Call("x"))

    assert caught.value.outcome is Outcome.STARTED
    assert [item.id for item in caught.value.invocations] == ["a", "b"]


def test_status_takes_ids_and_invocations_and_keeps_their_order() -> None:
    script = Script(status_of(a="RUNNING", b="COMPLETED"))

    news = client_over(script).status(["b", Invocation("a", Call("x"), "QUEUED")])

    assert [(item.id, item.status, item.call) for item in news] == [
        ("b", "COMPLETED", None),
        ("a", "RUNNING", Call("x")),
    ]


def test_one_id_alone_will_do() -> None:
    [only] = client_over(Script(status_of(a="RUNNING"))).status("a")

    assert only.status == "RUNNING"


def test_nothing_asked_is_nothing_sent() -> None:
    script = Script()

    assert client_over(script).status([]) == []
    assert script.asked == []


def test_an_id_given_twice_is_asked_once_and_answered_twice() -> None:
    script = Script(status_of(a="RUNNING"))

    assert [item.status for item in client_over(script).status(["a", "a"])] == ["RUNNING"] * 2
    assert script.asked == [("/service_status", ["a"])]


def test_many_ids_go_in_batches() -> None:
    ids = [f"id-{number}" for number in range(1001)]
    script = Script(*[ok({})] * 3)

    client_over(script).status(ids)

    assert [len(asked) for _, asked in script.asked] == [500, 500, 1]
    assert [id_ for _, asked in script.asked for id_ in asked] == ids


@pytest.mark.parametrize("failure", [HttpResponse(401), TransportError("silence")])
def test_a_failed_batch_keeps_the_news_of_those_before_it(failure: Answer) -> None:
    ids = [f"id-{number}" for number in range(501)]
    script = Script(ok({"id-0": {"status": "COMPLETED"}}), failure)

    with pytest.raises(StatusError) as caught:
        client_over(script).status(ids)

    known = caught.value.invocations
    assert [item.id for item in known] == ids
    assert known[0].status == "COMPLETED"


@pytest.mark.parametrize("asked", [5, None, {"a": 1}, [""], ["a", None], [b"a"], b"a"])
def test_what_is_no_id_is_refused(asked: Any) -> None:
    with pytest.raises(InvalidInputError):
        client_over(Script()).status(asked)


def test_wait_polls_what_is_not_finished_until_all_are() -> None:
    script = Script(status_of(a="COMPLETED", b="RUNNING"), status_of(b="COULDNOTRUN"))
    updates: list[list[str]] = []

    ended = client_over(script).wait(
        ["a", "b"],
        timeout=30,
        poll=0.001,
        on_update=lambda items: updates.append([item.status for item in items]),
    )

    assert [item.status for item in ended] == ["COMPLETED", "COULDNOTRUN"]
    assert [asked for _, asked in script.asked] == [["a", "b"], ["b"]]
    assert updates == [["COMPLETED", "RUNNING"], ["COMPLETED", "COULDNOTRUN"]]


def test_wait_asks_nothing_about_what_has_finished() -> None:
    script = Script()
    done = Invocation("a", status="COMPLETED", finished=True)

    assert client_over(script).wait([done], timeout=1) == [done]
    assert script.asked == []


def test_wait_ends_at_its_deadline_with_the_last_news() -> None:
    class Running:
        def send(self, request: HttpRequest) -> HttpResponse:
            assert request.timeout is not None
            assert 0 < request.timeout <= 0.05
            return status_of(a="RUNNING")

    began = time.monotonic()
    with pytest.raises(WaitTimeoutError, match="1 of 1 not .* a RUNNING") as c:
        client_over(Running()).wait("a", timeout=0.05, poll=60)

    assert time.monotonic() - began < 10
    assert [item.status for item in c.value.invocations] == ["RUNNING"]


def test_a_set_cancel_stops_the_wait_at_once() -> None:
    cancel = threading.Event()

    class Running:
        def send(self, request: HttpRequest) -> HttpResponse:
            threading.Thread(target=cancel.set).start()
            return status_of(a="RUNNING")

    began = time.monotonic()
    [item] = client_over(Running()).wait("a", timeout=60, poll=60, cancel=cancel)

    assert time.monotonic() - began < 10
    assert (item.status, item.finished) == ("RUNNING", False)


def test_failed_polls_are_survived(no_pauses: list[float]) -> None:
    failures: list[Answer] = [TransportError("silence"), HttpResponse(503), HttpResponse(200)] * 3
    script = Script(*failures, status_of(a="COMPLETED"))

    [item] = client_over(script).wait("a", timeout=30, poll=0.001)

    assert item.status == "COMPLETED"


def test_ten_failed_polls_in_a_row_are_too_many(no_pauses: list[float]) -> None:
    script = Script(*[HttpResponse(503)] * 11)

    with pytest.raises(StatusError, match="503"):
        client_over(script).wait("a", timeout=30, poll=0.001)

    assert len(script.asked) == 10


def test_a_success_forgets_the_failures_before_it(no_pauses: list[float]) -> None:
    rounds: list[Answer] = [*[HttpResponse(503)] * 9, status_of(a="RUNNING")]
    script = Script(*rounds, *rounds, status_of(a="COMPLETED"))

    client_over(script).wait("a", timeout=30)

    assert len(script.asked) == 21


def test_a_fourth_answer_that_cannot_be_read_ends_the_wait(no_pauses: list[float]) -> None:
    script = Script(*[HttpResponse(200, body=b"<html>")] * 5)

    with pytest.raises(StatusError, match="cannot be read"):
        client_over(script).wait("a", timeout=30)

    assert len(script.asked) == 4


def test_the_pause_after_a_failure_is_random_up_to_a_limit_that_doubles(
    no_pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 1.0)
    script = Script(*[HttpResponse(503)] * 9, status_of(a="RUNNING"), status_of(a="COMPLETED"))

    client_over(script).wait("a", timeout=300, poll=2.5)

    assert no_pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 2.5]


def test_retry_after_is_kept_to_but_never_past_the_deadline(
    no_pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 0.25)
    busy = HttpResponse(429, (("Retry-After", "7"),))
    long = HttpResponse(503, (("Retry-After", "1e9"), ("retry-after", "3")))
    much = HttpResponse(503, (("retry-after", "1000000"),))
    script = Script(busy, long, much, status_of(a="COMPLETED"))

    client_over(script).wait("a", timeout=20)

    assert no_pauses[0] == 7.25
    assert no_pauses[1] <= 1.0  # what cannot be read is no wish
    assert 19.0 < no_pauses[2] <= 20.0


def test_one_bad_id_does_not_keep_the_news_of_the_others_away() -> None:
    def answer(ids: list[str]) -> HttpResponse:
        bad = {"bad-1", "bad-2"} & set(ids)
        return HttpResponse(404) if bad else status_of(**dict.fromkeys(ids, "RUNNING"))

    ids = [f"i{number}" for number in range(100)]
    ids[17], ids[80] = "bad-1", "bad-2"
    cloud = Answering(answer)

    with pytest.raises(StatusError, match="404") as caught:
        client_over(cloud).status(ids)

    assert caught.value.blamed_ids == ("bad-1", "bad-2")
    words = {item.id: item.status for item in caught.value.invocations}
    assert list(words) == ids
    assert {id_ for id_, word in words.items() if word != "RUNNING"} == {"bad-1", "bad-2"}
    assert cloud.count < 40


def test_a_cloud_that_refuses_everything_is_not_asked_about_each_id() -> None:
    cloud = Answering(lambda _ids: HttpResponse(400))

    with pytest.raises(StatusError, match="400"):
        client_over(cloud).status([f"i{number}" for number in range(500)])

    assert cloud.count < 100


@pytest.mark.parametrize("status", [401, 403, 407, 408, 425, 429, 500, 503, 302])
def test_a_refusal_that_no_id_is_to_blame_for_is_not_split(status: int) -> None:
    cloud = Answering(lambda _ids: HttpResponse(status))

    with pytest.raises(StatusError) as caught:
        client_over(cloud).status(["a", "b"])

    assert cloud.count == 1
    assert caught.value.blamed_ids == ()


def test_a_wait_follows_the_others_to_their_end_before_it_tells_of_a_bad_id(
    no_pauses: list[float],
) -> None:
    polls = iter(["RUNNING", "RUNNING", "COMPLETED"])

    def answer(ids: list[str]) -> HttpResponse:
        return HttpResponse(404) if "bad" in ids else status_of(good=next(polls))

    cloud = Answering(answer)

    with pytest.raises(StatusError) as caught:
        client_over(cloud).wait(["good", "bad"], timeout=30)

    assert [(i.id, i.status) for i in caught.value.invocations] == [
        ("good", "COMPLETED"),
        ("bad", ""),
    ]
    assert caught.value.blamed_ids == ("bad",)
    assert cloud.count == 3 + 2  # the first poll was split


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_ends_the_wait(status: int) -> None:
    script = Script(status_of(a="RUNNING"), HttpResponse(status))

    with pytest.raises(StatusError) as caught:
        client_over(script).wait("a", timeout=30, poll=0.001)

    assert [item.status for item in caught.value.invocations] == ["RUNNING"]


@pytest.mark.parametrize("bad", [0, -1, None, "5", True, float("nan")])
def test_times_are_numbers_above_zero(bad: Any) -> None:
    client = client_over(Script())

    with pytest.raises(InvalidInputError, match="^timeout must be a number of seconds above 0"):
        client.wait("a", timeout=bad)
    with pytest.raises(InvalidInputError, match="^poll must be a number of seconds above 0"):
        client.wait("a", timeout=1, poll=bad)


def test_a_client_is_a_context_manager() -> None:
    script = Script(ok(["a"]))

    with client_over(script) as client:
        assert [item.id for item in client.start(Call("x"))] == ["a"]


def test_a_misspelt_member_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        client_over(Script()).timeout = 5  # type: ignore[attr-defined]  # the point of the test


def test_what_a_foreign_transport_raises_when_asked_is_an_error_of_ours() -> None:
    fault = OSError("boom")

    with pytest.raises(StatusError, match="OSError") as caught:
        client_over(Script(fault)).status("a")

    assert caught.value.__cause__ is fault
    assert [item.id for item in caught.value.invocations] == ["a"]


def test_what_is_of_ours_already_comes_out_as_it_is() -> None:
    refused = InvalidInputError("ACULAB_TIMEOUT must be a number of seconds above 0")

    with pytest.raises(InvalidInputError) as caught:
        client_over(Script(refused)).status("a")

    assert caught.value is refused
