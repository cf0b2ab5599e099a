"""Where the suite's files are: in the wheel inside this package, in a checkout beside it."""

from __future__ import annotations

import atexit
import functools
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class SuiteError(Exception):
    """The suite cannot be used as it is. The message names the file, the place and the reason."""


def suite_folder() -> Path:
    """Return the folder of the suite that came with this package.

    Raises:
        SuiteError: it is neither in the installed package nor beside it.
    """
    installed = files("aculab_wrappers.parity") / "suite"
    checkout = Path(__file__).resolve().parents[2] / "parity"
    for folder in (installed, checkout):
        if (folder / "index.json").is_file():
            return folder if isinstance(folder, Path) else _unpacked()
    advice = (
        "Give PyInstaller --collect-data aculab_wrappers"
        if hasattr(sys, "frozen")
        else "Install the wheel again, or give the folder with --suite"
    )
    raise SuiteError(
        f"the parity suite is missing: neither {installed} nor {checkout} holds an index.json. "
        f"{advice}"
    )


@functools.cache
def _unpacked() -> Path:
    """Copy the suite out of a zip file, for as long as this program runs. Return the folder."""
    kept = tempfile.TemporaryDirectory(prefix="aculab-parity-")
    atexit.register(kept.cleanup)
    _copy(files("aculab_wrappers.parity") / "suite", Path(kept.name))
    return Path(kept.name)


def _copy(source: Traversable, target: Path) -> None:
    for item in source.iterdir():
        copied = target / item.name
        if item.is_dir():
            copied.mkdir()
            _copy(item, copied)
        else:
            copied.write_bytes(item.read_bytes())
