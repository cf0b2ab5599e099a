"""One client's requests: what became of a start is said, whatever is raised in the midst of it."""

from __future__ import annotations

import json
import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from aculab_wrappers import (
    AculabError,
    Call,
    InvalidInputError,
    NotSentError,
    OutboundClient,
    RejectedError,
    StartedMismatchError,
    StartError,
    StatusError,
    TransportError,
    UnknownOutcomeError,
)
from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.redaction import Redactor
from aculab_wrappers._core.transport import NetworkTransport
from aculab_wrappers.sandbox import Sandbox, Service

from .scripted import PASSWORD, Script, client_over, ok

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aculab_wrappers._core.http import HttpRequest


@pytest.mark.parametrize("make", [requests.Session, HTTPAdapter, object, str, lambda: "requests"])
def test_what_may_send_again_or_cannot_send_is_no_transport(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidInputError, match="transport must have send"):
        client_over(make())


def test_a_sandbox_is_one() -> None:
    cloud = Sandbox([Service("user", "service", PASSWORD)])

    client_over(cloud).start(Call("sip:bob@acompany.com"))

    assert cloud.accepted == 1


# What is raised in the midst of it


class TimeLimitError(Exception):
    """What a task queue raises into a thread."""


OUTSIDE = [KeyboardInterrupt, SystemExit, TimeLimitError, ValueError]


@pytest.mark.parametrize("kind", OUTSIDE)
def test_what_comes_from_outside_comes_out_as_it_is(kind: type[BaseException]) -> None:
    stop = kind("stop")
    script = Script(stop, stop)

    with pytest.raises(kind) as caught:
        client_over(script).start(Call("x"))
    assert caught.value is stop
    assert isinstance(stop.__cause__, UnknownOutcomeError)
    assert stop.__cause__.calls == (Call("x"),)
    assert len(script.asked) == 1


@pytest.mark.parametrize("kind", OUTSIDE)
@pytest.mark.parametrize(
    "ask",
    [lambda client: client.status("a"), lambda client: client.wait("a", timeout=60)],
    ids=["status", "wait"],
)
def test_it_ends_a_status_and_a_wait_at_once(
    kind: type[BaseException], ask: Callable[[OutboundClient], object]
) -> None:
    stop = kind("stop")
    script = Script(stop)

    with pytest.raises(kind) as caught:
        ask(client_over(script))

    assert caught.value is stop
    assert len(script.asked) == 1


@pytest.mark.parametrize("how", ["cause", "context"])
@pytest.mark.parametrize(("sent", "kind"), [(False, NotSentError), (True, UnknownOutcomeError)])
def test_a_transport_may_say_how_far_it_was(how: str, sent: bool, kind: type[Exception]) -> None:
    stop = KeyboardInterrupt()
    setattr(stop, f"__{how}__", TransportError("how far", sent=sent))

    with pytest.raises(KeyboardInterrupt) as caught:
        client_over(Script(stop)).start(Call("x"))

    assert isinstance(caught.value.__cause__, kind)


@pytest.mark.parametrize("kind", [MemoryError, RecursionError, OSError, TimeoutError])
def test_what_a_transport_fails_with_is_an_unknown_outcome(kind: type[Exception]) -> None:
    with pytest.raises(UnknownOutcomeError, match="broken off") as caught:
        client_over(Script(kind())).start(Call("x"))

    assert isinstance(caught.value.__cause__, kind)


@pytest.mark.parametrize("kind", [ConnectionError, TimeoutError])
def test_what_a_transport_fails_with_is_no_status(kind: type[Exception]) -> None:
    with pytest.raises(StatusError, match=f"the transport raised {kind.__name__}") as caught:
        client_over(Script(kind())).status("a")

    assert caught.value.transient
    assert isinstance(caught.value.__cause__, kind)


@pytest.mark.parametrize("kind", [MemoryError, RecursionError])
def test_a_shortage_before_the_transport_is_not_sent(
    monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    script = Script()
    monkeypatch.setattr(json.JSONEncoder, "encode", _raising(kind()))

    with pytest.raises(NotSentError, match="broken off"):
        client_over(script).start(Call("x"))

    assert script.asked == []


def test_a_shortage_while_the_answer_is_read_keeps_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Fixed:
        def send(self, _request: HttpRequest) -> HttpResponse:
            return HttpResponse(200, body=b'["id-1"]')

    monkeypatch.setattr(json.JSONDecoder, "decode", _raising(MemoryError()))

    with pytest.raises(UnknownOutcomeError) as caught:
        client_over(Fixed()).start(Call("x"))

    assert caught.value.response == HttpResponse(200, body=b'["id-1"]')


def test_an_interrupt_once_the_answer_was_read_leaves_its_ids_with_the_cause(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "aculab_wrappers")
    monkeypatch.setattr(caplog.handler, "emit", _raising(KeyboardInterrupt()))

    with pytest.raises(KeyboardInterrupt) as caught:
        client_over(Script(ok(["id-1"]))).start(Call("x"))

    cause = caught.value.__cause__
    assert isinstance(cause, UnknownOutcomeError)
    assert cause.hinted_ids == ("id-1",)


def test_what_is_of_ours_comes_out_as_it_is() -> None:
    fault = AculabError("the sandbox is not serving")

    with pytest.raises(AculabError) as caught:
        client_over(Script(fault)).start(Call("x"))

    assert caught.value is fault


@pytest.mark.parametrize("kind", [MemoryError, RecursionError])
def test_what_cannot_be_cleaned_is_left_out_of_an_error(
    monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    monkeypatch.setattr(Redactor, "redact_error", _raising(kind()))
    refusal = {"error": {"code": "0001", "text": "no"}}
    answer = HttpResponse(400, body=json.dumps(refusal).encode())

    with pytest.raises(RejectedError, match="^RejectedError$") as caught:
        client_over(Script(answer)).start(Call("x"))

    assert (caught.value.response, caught.value.refusal) == (None, None)


def test_no_frame_that_read_the_answer_hangs_on_an_error() -> None:
    with pytest.raises(StartError) as start:
        client_over(Script(HttpResponse(500))).start(Call("x"))
    with pytest.raises(StatusError) as status:
        client_over(Script(HttpResponse(500))).status("a")

    for error in (start.value, status.value):
        assert error.__cause__ is error.__context__ is None
        traceback, modules = error.__traceback__, set()
        while traceback is not None:
            modules.add(traceback.tb_frame.f_globals["__name__"])
            traceback = traceback.tb_next
        assert not modules & {"aculab_wrappers._core.outcome", "aculab_wrappers._core.operations"}


def test_where_requests_cannot_be_imported_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "aculab_wrappers._core.transport", None)
    client = OutboundClient("1-2-0", "user", "service", PASSWORD)

    with pytest.raises(NotSentError, match="requests cannot be imported") as caught:
        client.start(Call("x"))
    assert not caught.value.transient
    with pytest.raises(StatusError, match="requests cannot be imported"):
        client.status("id")


# Ids that were given before


@pytest.fixture
def answer_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterable[str]], list[str] | None]:
    """Start as many calls as there are ids, over our own transport that is answered with them."""
    client = OutboundClient("1-2-0", "user", "service", PASSWORD)
    given: list[list[str]] = []

    def send(_self: object, _request: HttpRequest) -> HttpResponse:
        return ok(given.pop())

    def start(ids: Iterable[str]) -> list[str] | None:
        given.append(list(ids))
        try:
            return [item.id for item in client.start([Call("x")] * len(given[0]))]
        except UnknownOutcomeError as error:
            return None if error.hinted_ids == tuple(ids) else ["other hints"]

    monkeypatch.setattr(NetworkTransport, "send", send)
    return start


def test_an_answer_that_came_before_proves_nothing(answer_with: Any) -> None:
    assert answer_with(["a", "b"]) == ["a", "b"]

    assert answer_with(["a", "b"]) is None
    assert answer_with(["b"]) is None
    assert answer_with(["c"]) == ["c"]


def test_an_answer_with_one_id_that_came_before_is_a_mismatch(answer_with: Any) -> None:
    answer_with(["a"])

    with pytest.raises(StartedMismatchError, match="1 of 2 ids were given before") as caught:
        answer_with(["a", "b"])

    assert [(item.id, item.call) for item in caught.value.invocations] == [("a", None), ("b", None)]
    assert answer_with(["b"]) is None


def test_the_ids_of_a_mismatch_are_known_again(answer_with: Any) -> None:
    with pytest.raises(StartedMismatchError):
        answer_with(["a", "a"])

    assert answer_with(["a"]) is None


def test_ten_thousand_ids_are_known_again_and_no_more(answer_with: Any) -> None:
    many = [f"id-{number}" for number in range(9_999)]
    answer_with(["first"])
    answer_with(many)

    assert answer_with(["first"]) is None
    answer_with(["one more"])
    assert answer_with(["first"]) == ["first"]
    assert answer_with([many[-1]]) is None


def test_threads_that_are_given_ids_at_once_disturb_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = OutboundClient("1-2-0", "user", "service", PASSWORD)

    def send(_self: object, request: HttpRequest) -> HttpResponse:
        wanted = json.loads(request.form[0][1])
        return ok([one["token"] for one in wanted])

    def start(thread: int) -> int:
        for turn in range(12):
            tokens = [f"{thread}-{turn}-{number}" for number in range(500)]
            started = client.start([Call("x", token=token) for token in tokens])
            assert [item.id for item in started] == tokens
        return thread

    monkeypatch.setattr(NetworkTransport, "send", send)
    before, together = sys.getswitchinterval(), threading.Barrier(4, timeout=10)
    with ThreadPoolExecutor(4) as pool:
        # What traces threads must have begun with each before they are switched so often.
        list(pool.map(lambda _: together.wait(), range(4)))
        sys.setswitchinterval(1e-6)
        try:
            assert list(pool.map(start, range(4))) == [0, 1, 2, 3]
        finally:
            sys.setswitchinterval(before)


def test_another_transport_may_give_an_id_again() -> None:
    """A test's own transport has fixed answers; nothing on the way can repeat one."""
    client = client_over(Script(ok(["a"]), ok(["a"])))

    assert client.start(Call("x")) == client.start(Call("x"))


def test_an_environment_that_turned_bad_meanwhile_loses_no_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def send(_self: object, request: HttpRequest) -> HttpResponse:
        monkeypatch.setenv("ACULAB_PROXY", "no proxy at all")
        return HttpResponse(500, body=f"you said: {request.credentials.password()}".encode())

    monkeypatch.setattr(NetworkTransport, "send", send)

    with pytest.raises(UnknownOutcomeError) as caught:
        OutboundClient("1-2-0", "user", "service", PASSWORD).start(Call("x"))

    assert caught.value.response == HttpResponse(500, body=b"you said: ***")


def test_the_password_of_a_proxy_is_taken_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def send(_self: object, _request: HttpRequest) -> HttpResponse:
        return HttpResponse(500, body=b"you said: proxy-password")

    monkeypatch.setattr(NetworkTransport, "send", send)
    proxy = "http://user:proxy-password@127.0.0.1:3128"

    with pytest.raises(UnknownOutcomeError) as caught:
        OutboundClient("1-2-0", "user", "service", PASSWORD, proxy=proxy).start(Call("x"))

    assert caught.value.response == HttpResponse(500, body=b"you said: ***")


class Closable(Script):
    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_a_transport_of_somebody_else_is_theirs_to_close() -> None:
    transport = Closable()
    with client_over(transport):
        pass

    assert transport.closed == 0


def test_a_client_that_asked_nothing_can_be_closed() -> None:
    with OutboundClient("1-2-0", "user", "service", PASSWORD) as client:
        client.close()


def _raising(error: BaseException) -> Any:
    def raises(*_args: object, **_more: object) -> Any:
        raise error

    return raises
