"""The environment of a run, whatever the user's own says."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def only(variables: Mapping[str, str]) -> Iterator[None]:
    """Have these variables for a while, and no others that speak to this package."""
    before = dict(os.environ)
    for name in before:
        if name.startswith("ACULAB_"):
            del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]
        os.environ.update(before)
