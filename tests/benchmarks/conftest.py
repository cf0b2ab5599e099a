"""The surroundings of the counts: those of the benchmarks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

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
