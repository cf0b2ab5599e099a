"""The suite, the cloud that its cases play on, and real proxies where the machine has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.parity.cloud import ScriptedCloud
from aculab_wrappers.parity.folder import suite_folder
from aculab_wrappers.parity.proxy import Proxies, real_proxies
from aculab_wrappers.parity.suite import Suite, load

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def suite() -> Suite:
    return load(suite_folder())


@pytest.fixture(scope="session")
def cloud() -> Iterator[ScriptedCloud]:
    with ScriptedCloud() as running:
        yield running


@pytest.fixture(scope="session")
def proxies() -> Iterator[Proxies | None]:
    with real_proxies() as running:
        yield running
