"""Asking for status in batches, and waiting for the end, whatever the cloud answers."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    Call,
    InvalidInputError,
    Invocation,
    StatusError,
    TransportError,
    WaitTimeoutError,
)
from aculab_wrappers._core import deadline
from aculab_wrappers._core.http import HttpResponse

from .scripted import Answering, Script, client_over, ok, status_of

if TYPE_CHECKING:
    from aculab_wrappers._core.http import HttpRequest

    from .scripted import Answer


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Do not wait between polls; the list holds how long it would have been."""
    pauses: list[float] = []
    monkeypatch.setattr(deadline, "pause", lambda seconds, _cancel: pauses.append(seconds))
    return pauses


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
    monkeypatch.setattr("aculab_wrappers._core.backoff.random", lambda: 1.0)
    script = Script(*[HttpResponse(503)] * 9, status_of(a="RUNNING"), status_of(a="COMPLETED"))

    client_over(script).wait("a", timeout=300, poll=2.5)

    assert no_pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 2.5]


def test_retry_after_is_kept_to_but_never_past_the_deadline(
    no_pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aculab_wrappers._core.backoff.random", lambda: 0.25)
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


def test_no_batch_is_asked_after_the_deadline_of_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    monkeypatch.setattr(deadline, "clock", lambda: passed[0])

    def answer(_ids: list[str]) -> HttpResponse:
        passed[0] += 6.0
        return ok({})

    cloud = Answering(answer)
    with pytest.raises(WaitTimeoutError):
        client_over(cloud).wait([f"id-{number}" for number in range(3000)], timeout=10)

    assert cloud.count == 2


def test_no_batch_is_asked_after_a_cancel() -> None:
    cancel = threading.Event()

    def answer(_ids: list[str]) -> HttpResponse:
        cancel.set()
        return ok({})

    cloud = Answering(answer)
    ids = [f"id-{number}" for number in range(3000)]

    assert len(client_over(cloud).wait(ids, timeout=60, cancel=cancel)) == 3000
    assert cloud.count == 1


def test_each_request_of_a_wait_has_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    monkeypatch.setattr(deadline, "clock", lambda: passed[0])

    def pause(seconds: float, _cancel: object) -> None:
        passed[0] += seconds

    monkeypatch.setattr(deadline, "pause", pause)
    script = Script(*[status_of(a="RUNNING")] * 4)
    with pytest.raises(WaitTimeoutError):
        client_over(script).wait("a", timeout=10, poll=3)

    assert script.timeouts == [10.0, 7.0, 4.0, 1.0]


def test_more_than_three_that_run_are_counted_and_not_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed = [0.0]
    monkeypatch.setattr(deadline, "clock", lambda: passed[0])

    def answer(_ids: list[str]) -> HttpResponse:
        passed[0] += 2.0
        return ok({})

    said = r"^4 of 4 not finished within 1 seconds: a \(no news\), b .*, c .* and 1 more$"
    with pytest.raises(WaitTimeoutError, match=said):
        client_over(Answering(answer)).wait(["a", "b", "c", "d"], timeout=1)


def test_the_request_that_meets_the_deadline_still_has_an_instant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A transport must not take a time limit of 0 for none."""
    times = iter([0.0, 0.0, 0.0])
    monkeypatch.setattr(deadline, "clock", lambda: next(times, 10.0))
    script = Script(status_of(a="RUNNING"))

    with pytest.raises(WaitTimeoutError):
        client_over(script).wait("a", timeout=10)

    assert all(seconds is not None and seconds > 0 for seconds in script.timeouts)


def test_what_is_of_ours_already_comes_out_as_it_is() -> None:
    refused = InvalidInputError("ACULAB_TIMEOUT must be a number of seconds above 0")

    with pytest.raises(InvalidInputError) as caught:
        client_over(Script(refused)).status("a")

    assert caught.value is refused
