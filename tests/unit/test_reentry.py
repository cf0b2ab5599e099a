"""A request inside a request is refused, and leaves the one around it as it is."""

from __future__ import annotations

import logging
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    Call,
    NotSentError,
    OutboundClient,
    RejectedError,
    StatusError,
)
from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers.sandbox import Sandbox

from .scripted import Script, client_over, ok

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers._core.http import HttpRequest


class Nesting:
    """A transport that asks for something else while it is asked."""

    def __init__(self, ask: Callable[[OutboundClient], object]) -> None:
        self.client: OutboundClient | None = None
        self._ask = ask
        self.caught: Exception | None = None

    def send(self, request: HttpRequest) -> HttpResponse:
        assert self.client is not None
        try:
            self._ask(self.client)
        except Exception as error:
            self.caught = error
        return HttpResponse(200, body=b'["id-1"]')


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda client: client.start(Call("y")), NotSentError),
        (lambda client: client.status("id"), StatusError),
        (lambda _client_: client_over(Sandbox()).start(Call("y")), NotSentError),
    ],
    ids=["a start", "a status", "another client"],
)
def test_a_request_inside_a_request_is_refused_and_changes_nothing(
    ask: Callable[[OutboundClient], object], error: type[Exception]
) -> None:
    transport = Nesting(ask)
    client = transport.client = client_over(transport)

    [invocation] = client.start(Call("x"))

    assert invocation.id == "id-1"
    assert type(transport.caught) is error
    assert "from inside another request" in str(transport.caught)


def test_a_start_inside_a_status_is_refused() -> None:
    transport = Nesting(lambda client: client.start(Call("y")))
    client = transport.client = client_over(transport)

    with pytest.raises(StatusError, match="no JSON object"):
        client.status("id")

    assert isinstance(transport.caught, NotSentError)


def test_a_start_in_an_update_of_a_wait_is_outside() -> None:
    script = Script(ok({"a": {"status": "COMPLETED"}}), ok(["id-1"]))
    client = client_over(script)
    started: list[Any] = []

    client.wait("a", timeout=60, on_update=lambda _news: started.extend(client.start(Call("x"))))

    assert [item.id for item in started] == ["id-1"]


def test_another_thread_is_outside() -> None:
    def ask(client: OutboundClient) -> None:
        thread = threading.Thread(target=lambda: found.extend(client_over(quick).start(Call("y"))))
        thread.start()
        thread.join()

    found: list[Any] = []
    quick = Script(ok(["id-2"]))
    transport = Nesting(ask)
    client = transport.client = client_over(transport)
    client.start(Call("x"))

    assert [item.id for item in found] == ["id-2"]


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no such signal")
def test_a_start_in_a_signal_handler_is_refused() -> None:
    caught: list[Exception] = []

    def handler(*_args: object) -> None:
        try:
            client.start(Call("y"))
        except NotSentError as error:
            caught.append(error)

    transport = Nesting(lambda _client: signal.raise_signal(signal.SIGUSR1))
    client = transport.client = client_over(transport)
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        client.start(Call("x"))
    finally:
        signal.signal(signal.SIGUSR1, before)

    assert len(caught) == 1


@pytest.mark.parametrize(
    "first", [KeyboardInterrupt(), MemoryError(), HttpResponse(401)], ids=lambda one: str(type(one))
)
def test_however_a_request_ended_the_next_one_is_made(first: Any) -> None:
    client = client_over(Script(first, ok(["id-1"])))
    with pytest.raises((KeyboardInterrupt, RejectedError, Exception)):
        client.start(Call("x"))

    [started] = client.start(Call("x"))

    assert started.id == "id-1"


def test_a_start_in_a_log_handler_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    caught: list[Exception] = []

    class Starts(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            try:
                client.start(Call("y"))
            except NotSentError as error:
                caught.append(error)

    script = Script(ok(["id-1"]))
    client = client_over(script)
    caplog.set_level(logging.INFO, "aculab_wrappers")
    log = logging.getLogger("aculab_wrappers")
    handler = Starts()
    log.addHandler(handler)
    try:
        [started] = client.start(Call("x"))
    finally:
        log.removeHandler(handler)

    assert started.id == "id-1"
    assert len(script.asked) == 1
    assert caught
