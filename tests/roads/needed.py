"""Packages that only these tests need: the groups `test` and `roads` of pyproject.toml."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from ..programs import is_missing


def package(name: str) -> Any:
    """Import a package; skip the test by its name where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        is_missing(name)


def is_there(name: str) -> None:
    """Skip the test where a package is not installed. It is not imported: it may patch, or warn."""
    if importlib.util.find_spec(name) is None:
        is_missing(name)
