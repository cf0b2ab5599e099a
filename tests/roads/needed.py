"""Packages that only these tests need: the groups `test` and `roads` of pyproject.toml."""

from __future__ import annotations

import importlib
from typing import Any

from ..programs import require


def package(name: str) -> Any:
    """Import a package; skip the test by its name where it is not installed."""
    require([name])
    return importlib.import_module(name)
