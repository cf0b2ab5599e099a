"""The suite, the cloud that its cases play on, and real proxies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.parity.cloud import ScriptedCloud
from aculab_wrappers.parity.proxy import Proxies, real_proxies

from .. import whole_suite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aculab_wrappers.parity.suite import Suite


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two attempts; the suite says what is sent, and other tests hold how long it takes."""
    monkeypatch.setattr("random.random", lambda: 0.0)


@pytest.fixture(scope="session")
def suite() -> Suite:
    return whole_suite.suite()


@pytest.fixture(scope="session")
def cloud() -> Iterator[ScriptedCloud]:
    with ScriptedCloud() as running:
        yield running


@pytest.fixture(scope="session")
def proxies() -> Iterator[Proxies]:
    with real_proxies() as running:
        assert running
        yield running
