"""Scripted servers, as tests/transport has them, and no waiting between attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aculab_wrappers._core import deadline

from ..transport.conftest import certificates, serve

if TYPE_CHECKING:
    from ..transport.conftest import Serve
    from ..transport.sockets import Server

__all__ = ["certificates", "serve"]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Do not wait between attempts; the list holds how long it would have been."""
    found: list[float] = []
    monkeypatch.setattr(deadline, "pause", lambda seconds, _cancel=None: found.append(seconds))
    return found


@pytest.fixture
def cloud(serve: Serve) -> Server:
    """A server that starts what it is asked to start."""
    from .asking import starting  # not before pytest rewrites its assertions

    return serve(starting)


@pytest.fixture
def elsewhere(serve: Serve) -> Server:
    """A second server, which only another program sends to."""
    from .asking import starting

    return serve(starting)
