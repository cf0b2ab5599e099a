"""What the tests of the steps have in common: servers, their answers, and the states."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from typing import TYPE_CHECKING

from ..transport.sockets import answer
from .conftest import step

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from ..transport.sockets import Server

STEPS = ("Configuration", "DNS", "Proxy and port", "TLS", "Credentials", "Clock")


def states(text: str) -> list[str]:
    return [step(text, name).splitlines()[0].split(": ")[1] for name in STEPS]


def to_server(monkeypatch: pytest.MonkeyPatch, server: Server, ca: Path | None = None) -> None:
    monkeypatch.setenv("ACULAB_BASE_URL", server.url)
    if ca:
        monkeypatch.setenv("ACULAB_CA_BUNDLE", str(ca))


def date(moment: dt.datetime) -> bytes:
    return b"Date: " + format_datetime(moment, usegmt=True).encode()


def dated(hours: float = 0.0) -> bytes:
    return answer(b"", b"HTTP/1.1 404 Not Found",
                  date(dt.datetime.now(tz=dt.UTC) + dt.timedelta(hours=hours)))  # fmt: skip


def refusing(status: bytes, *headers: bytes) -> bytes:
    return answer(b"", b"HTTP/1.1 " + status, *headers)
