"""What an import brings with it: nothing that only a request needs."""

from __future__ import annotations

import pytest

from .imports import HEAVY, IMPORTS, heavy


@pytest.mark.parametrize("name", IMPORTS)
def test_an_import_brings_nothing_that_only_a_request_needs(name: str) -> None:
    assert heavy(IMPORTS[name]) == []


def test_what_is_imported_is_seen() -> None:
    assert {"ssl", "asyncio", "logging"} <= set(heavy("import asyncio"))
    assert {"requests", "urllib3", "http.client"} <= set(heavy("import requests"))
    assert len(set(HEAVY)) == len(HEAVY)
