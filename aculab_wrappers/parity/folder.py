"""Where the suite's files are: in the wheel inside this package, in a checkout beside it."""

from __future__ import annotations

from pathlib import Path


class SuiteError(Exception):
    """The suite cannot be used as it is. The message names the file, the place and the reason."""


def suite_folder() -> Path:
    """The folder of the suite that came with this package.

    Raises:
        SuiteError: it is neither in the installed package nor beside it.
    """
    here = Path(__file__).resolve()
    installed, checkout = here.with_name("suite"), here.parents[2] / "parity"
    for folder in (installed, checkout):
        if (folder / "index.json").is_file():
            return folder
    raise SuiteError(
        f"the parity suite is missing: neither {installed} nor {checkout} holds an index.json. "
        f"Install the wheel again, or give the folder with --suite"
    )
