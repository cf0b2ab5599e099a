"""One line of the log for a start, one for a status request; and what is in none of them."""

from __future__ import annotations

import json
import logging
import signal
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    Call,
    NotSentError,
    RejectedError,
    StartedMismatchError,
    StartError,
    StatusError,
    TransportError,
    UnknownOutcomeError,
)
from aculab_wrappers._core.http import HttpResponse

from .scripted import PASSWORD, Script, client_over, ok, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .scripted import Answer

CALLS = [
    Call("441908273800", "441908273801", token="secret token", outbound_parameters="for me"),
    Call("sip:bob@acompany.com"),
]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, "aculab_wrappers")
    return caplog


def lines(log: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    """Level and text of each line, without the time that something took."""
    found = [one for one in log.records if one.name.partition(".")[0] == "aculab_wrappers"]
    assert all(one.name == "aculab_wrappers" for one in found)
    texts = [one.getMessage() for one in found]
    assert all(text.endswith(" ms") for text in texts)
    return [
        (one.levelno, text.rpartition(", " if "ids" in text else ": ")[0])
        for one, text in zip(found, texts, strict=True)
    ]


REFUSAL = {"error": {"code": "0001", "text": f"no {PASSWORD} for 441908273800"}}
TOLD: dict[str, tuple[Answer, type[Exception] | None, str]] = {
    "started": (ok(["a", "b"]), None, "STARTED, ids: a, b"),
    "mismatch": (ok(["a"]), StartedMismatchError, "STARTED, ids: a"),
    "rejected": (
        HttpResponse(400, body=json.dumps(REFUSAL).encode()),
        RejectedError,
        "REJECTED, ids: none",
    ),
    "not sent": (TransportError("no way", sent=False), NotSentError, "NOT_SENT, ids: none"),
    "unknown": (TransportError("silence"), UnknownOutcomeError, "UNKNOWN, ids: none"),
    "hinted": (
        HttpResponse(200, body=b'["a", "b', fault="cut"),
        UnknownOutcomeError,
        "UNKNOWN, ids: a",
    ),
}


@pytest.mark.parametrize("kind", TOLD)
def test_a_start_is_one_line_however_it_ends(log: pytest.LogCaptureFixture, kind: str) -> None:
    answer, error, told = TOLD[kind]
    client = client_over(Script(answer))
    if error is None:
        client.start(CALLS)
    else:
        with pytest.raises(error):
            client.start(CALLS)

    assert lines(log) == [(logging.INFO, f"2 calls, 1 with a token: {told}")]
    shown = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in log.records)
    for secret in (*CALLS[0].to_wire().values(), CALLS[1].to, PASSWORD, "service_start"):
        assert secret not in shown


def test_of_many_ids_ten_are_named(log: pytest.LogCaptureFixture) -> None:
    ids = [f"id-{number}" for number in range(11)]
    client_over(Script(ok(ids))).start([Call("x")] * 11)

    [(_, text)] = lines(log)
    assert text == f"11 calls, 0 with a token: STARTED, ids: {', '.join(ids[:10])}, ..."


def test_an_id_with_line_ends_forges_no_line(log: pytest.LogCaptureFixture) -> None:
    client_over(Script(ok(["a\r\nERROR forged\x1b[2J"]))).start(Call("x"))

    [(_, text)] = lines(log)
    assert text == "1 call, 0 with a token: STARTED, ids: a  ERROR forged [2J"


def test_each_status_request_is_one_line(log: pytest.LogCaptureFixture) -> None:
    client = client_over(
        Script(status_of(a="RUNNING"), status_of(a="COMPLETED"), HttpResponse(401))
    )

    client.wait("a", timeout=60, poll=0.001)
    with pytest.raises(StatusError):
        client.status("a")

    assert lines(log) == [(logging.DEBUG, "status of 1 invocation")] * 2


def test_nothing_is_logged_that_nobody_wants(log: pytest.LogCaptureFixture) -> None:
    log.set_level(logging.WARNING, "aculab_wrappers")

    client_over(Script(ok(["a"]))).start(Call("x"))

    assert log.records == []


class Failing(logging.Handler):
    """A handler that raises, as one without logging's own guard does."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def emit(self, record: logging.LogRecord) -> None:
        raise self._error


@pytest.fixture
def failing(log: pytest.LogCaptureFixture) -> Iterator[Any]:
    logger, added = logging.getLogger("aculab_wrappers"), []

    def add(error: BaseException) -> None:
        added.append(Failing(error))
        logger.addHandler(added[-1])

    yield add
    for handler in added:
        logger.removeHandler(handler)


@pytest.mark.parametrize("error", [ValueError("full"), OSError("no space"), MemoryError()])
def test_a_handler_that_raises_changes_no_outcome(failing: Any, error: Exception) -> None:
    failing(error)
    client = client_over(Script(ok(["a"]), TransportError("silence"), status_of(a="COMPLETED")))

    assert [item.id for item in client.start(Call("x"))] == ["a"]
    with pytest.raises(StartError, match="silence"):
        client.start(Call("x"))
    assert [item.status for item in client.wait("a", timeout=60)] == ["COMPLETED"]


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no such signal")
def test_what_a_signal_handler_raises_there_comes_out_with_the_ids(
    log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handler(*_args: object) -> None:
        raise TimeoutError("the program's own time limit")

    monkeypatch.setattr(log.handler, "emit", lambda _record: signal.raise_signal(signal.SIGUSR1))
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with pytest.raises(TimeoutError, match="own time limit") as caught:
            client_over(Script(ok(["a"]))).start(Call("x"))
    finally:
        signal.signal(signal.SIGUSR1, before)

    assert isinstance(caught.value.__cause__, UnknownOutcomeError)
    assert caught.value.__cause__.hinted_ids == ("a",)
