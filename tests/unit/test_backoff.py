"""How long to wait: Retry-After as a number or a date, whatever the clocks say."""

from __future__ import annotations

import pytest

from aculab_wrappers._core import backoff
from aculab_wrappers._core.backoff import full_jitter, retry_after
from aculab_wrappers._core.http import HttpResponse

NOON = "Mon, 23 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("5", 5.0),
        (" 5 ", 5.0),
        ("0", 1.0),
        ("61", 60.0),
        ("1000000000", 60.0),
        ("Mon, 23 Nov 2026 12:00:10 GMT", 10.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 1.0),
        ("Tue, 24 Nov 2026 12:00:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 12:00:10", 10.0),
        ("-1", None),
        ("1e9", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("９", None),
        ("9" * 400, None),
        ("Mon, 99 Nov 2026 12:00:10 GMT", None),
        ("Mon, 23 Nov 99999999999999999999 12:00:10 GMT", None),
    ],
)
def test_what_a_server_asks_for(asked: str, seconds: float | None) -> None:
    response = HttpResponse(503, (("Retry-After", asked), ("Date", NOON)))

    assert retry_after(response) == seconds


def test_without_its_date_the_clock_here_must_do() -> None:
    response = HttpResponse(503, (("Retry-After", "Mon, 23 Nov 2020 12:00:00 GMT"),))

    assert retry_after(response) == 1.0


@pytest.mark.parametrize("response", [None, HttpResponse(503)])
def test_who_does_not_ask(response: HttpResponse | None) -> None:
    assert retry_after(response) is None


def test_jitter_is_anything_up_to_a_limit_that_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [full_jitter(attempt, 1.0, 4.0) for attempt in (1, 2, 3, 4, 9) for _ in range(200)]
    assert all(0 <= pause <= 4 for pause in found)
    assert max(found[:200]) <= 1 < max(found[200:400]) <= 2 < max(found[400:600])
    assert len(set(found)) == len(found)

    monkeypatch.setattr(backoff, "random", lambda: 0.5)
    assert full_jitter(2, 1.0, 4.0) == 1.0
