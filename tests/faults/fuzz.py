"""Any answer whatever, through both parsers: nothing but errors of ours, and no id that is none.

    python -m tests.faults.fuzz -max_total_time=60

lets a fuzzer that watches the parser's branches make the answers. It needs `atheris`, which is
no dependency of the tests: `pip install atheris` (wheels for Linux, and not for every Python).
Arguments are those of libFuzzer. The same checks run under Hypothesis in test_fuzz.
"""

from __future__ import annotations

import importlib
import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers import (
    Call,
    Invocation,
    RejectedError,
    StartedMismatchError,
    StartError,
    StatusError,
    UnknownOutcomeError,
)
from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.operations import GetStatus, Start

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN: Final = (
    Invocation("id-1", Call("x"), "QUEUED"),
    Invocation("id-2", status="UNKNOWN"),
    Invocation("id-3", status="COMPLETED", status_detail="7", finished=True),
)
STATUSES: Final = (200, 200, 200, 201, 204, 307, 400, 401, 404, 429, 500, 503, 999, 100, 0, -1)


def is_id(found: object) -> bool:
    return isinstance(found, str) and found != ""


def check_start(response: HttpResponse, count: int) -> str:
    """Read `response` as that of a start of `count` calls. Returns what it came to."""
    operation = Start(tuple(Call("x", token=str(number)) for number in range(count)))
    try:
        found = operation.parse(response)
    except StartError as error:
        _check_error(error, response)
        return error.outcome.name
    ids = [one.id for one in found]
    assert 200 <= response.status < 300
    assert response.fault is None
    assert len(ids) == count == len(set(ids)), f"{ids} for {count} calls"
    assert all(is_id(id_) for id_ in ids)
    assert ids == json.loads(response.body.decode("utf-8-sig"))
    assert [one.call for one in found] == list(operation.calls)
    assert not any(one.finished for one in found)
    return "STARTED"


def _check_error(error: StartError, response: HttpResponse) -> None:
    assert str(error)
    assert error.response == response
    if isinstance(error, RejectedError):
        assert response.status == 401 or (400 <= response.status < 500 and error.code)
    elif isinstance(error, UnknownOutcomeError):
        assert not error.retryable
        assert all(is_id(id_) for id_ in error.hinted_ids)
        # A status of 0 says that the head could not be read. A list is one with any status.
        may_hint = 200 <= response.status < 300 or response.status == 0
        assert not error.hinted_ids or may_hint or b"[" in response.body
    else:
        assert isinstance(error, StartedMismatchError)
        ids = [one.id for one in error.invocations]
        assert ids
        assert all(is_id(id_) for id_ in ids)
        assert len(ids) != len(error.calls) or len(set(ids)) != len(ids)
        assert all(one.call is None for one in error.invocations)


def check_status(response: HttpResponse, items: Sequence[Invocation] = KNOWN) -> str:
    """Read `response` as that of a status. Returns what it came to."""
    try:
        news = GetStatus(tuple(items)).parse(response)
    except StatusError as failure:
        error = failure
    else:
        _check_news(news, items, response)
        return "HEARD"
    assert str(error)
    assert error.invocations == tuple(items)
    assert error.response == response
    return "FAILED"


def _check_news(
    news: Sequence[Invocation], items: Sequence[Invocation], response: HttpResponse
) -> None:
    assert 200 <= response.status < 300
    assert response.fault is None
    assert [one.id for one in news] == [one.id for one in items]
    for before, after in zip(items, news, strict=True):
        assert after.call == before.call
        assert isinstance(after.status, str)
        assert isinstance(after.status_detail, str)
        assert isinstance(after.finished, bool)
        assert isinstance(after.application_instance_id, str)
        assert after.return_code is None or isinstance(after.return_code, int)
        eta = after.application_status_eta
        assert eta is None or isinstance(eta, datetime)
        assert eta is None or eta.utcoffset() is not None
        assert after == before or before.status not in ("COMPLETED", "COULDNOTRUN", "CANCELLED")


def one_input(data: bytes) -> None:
    """The first bytes are the status and what is wrong with the frame; the rest is the body."""
    first, second, body = data[:1] or b"\0", data[1:2] or b"\0", data[2:]
    status = STATUSES[first[0] % len(STATUSES)]
    fault = "the body was cut" if second[0] > 230 else None
    response = HttpResponse(status, (("Content-Type", "application/json"),), body, fault)
    check_start(response, second[0] % 4 + 1)
    check_status(response)


SEEDS: Final = (
    b'["id-1"]',
    b'["id-1","id-2","id-3"]',
    b'\xef\xbb\xbf["\\u0069d-1", "\\ud83d\\ude00"]',
    b'{"error":{"code":"0001","text":"not allowed","details":["a","b"],"link":"http://x"}}',
    b'{"error":{"code":"HTTP 401","text":"no","details":"a"},"request":{"url":"/service_start"}}',
    b'{"id-1":{"status":"RUNNING","application_status_eta":1800000000.5},"id-2":{}}',
    b'{"id-2":{"status":"UNKNOWN","application_instance_id":"app"}}',
    b'{"id-1":{"status":"COMPLETED","status_detail":"7","application_status_eta":null}}',
    b'{"id-1":{"status":"COULDNOTRUN","status_detail":404,"application_status_eta":1e308}}',
)
"""Real answers, for a fuzzer to begin with."""


def main() -> int:
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        sys.stderr.write("atheris is not installed: pip install atheris (see the docstring)\n")
        return 2
    import tempfile
    from pathlib import Path

    from aculab_wrappers._core import answers, json_reader, operations, outcome

    for module in (answers, json_reader, operations, outcome):
        for found in list(vars(module).values()):
            if callable(found) and getattr(found, "__module__", "") == module.__name__:
                if hasattr(found, "__code__"):
                    atheris.instrument_func(found)
                    continue
                for member in vars(found).values():
                    if hasattr(member, "__code__"):
                        atheris.instrument_func(member)
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS):
            Path(folder, str(number)).write_bytes(b"\0\0" + seed)
        atheris.Setup([*sys.argv, folder], one_input)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
