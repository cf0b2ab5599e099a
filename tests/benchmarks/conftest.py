"""The surroundings of the counts: those of the benchmarks, and nobody between us and the socket."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from ..conftest import _connect
from .server import serving
from .surroundings import pin_environment

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def environment() -> Iterator[None]:
    """30 environment variables, as in the benchmarks."""
    before = dict(os.environ)
    pin_environment(PYTEST_CURRENT_TEST="")  # pytest sets it anew, before the test and after it
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The cloud of the benchmarks."""
    with serving() as url:
        yield url


@pytest.fixture
def bare_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect without the look at the address, whose function calls would be counted."""
    monkeypatch.setattr(socket.socket, "connect", _connect)
