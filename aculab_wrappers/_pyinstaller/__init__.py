"""What PyInstaller must be told of this package; it asks by the entry point `pyinstaller40`."""

from __future__ import annotations

import os


def hook_dirs() -> list[str]:
    """Return the folder of the hook beside this module."""
    return [os.path.dirname(__file__)]
