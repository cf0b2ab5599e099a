"""Programs that some tests need, and that not every machine has."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def program(*names: str) -> str:
    """Where the program is; the first of its names is the usual one."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        is_missing(names[0])
    return found


def is_missing(name: str) -> NoReturn:
    """Skip the test by that name on a user's machine, and fail it in CI: there all must run."""
    if os.environ.get("CI"):
        pytest.fail(f"{name} is not installed, and CI must run it")
    pytest.skip(f"{name} is not installed")
