"""Packages that only these tests need: the groups `test` and `roads` of pyproject.toml."""

from __future__ import annotations

import importlib
from typing import Any

from ..programs import is_missing


def package(name: str) -> Any:
    """Import a package; skip the test by its name where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        is_missing(name)
