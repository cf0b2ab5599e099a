"""The parity suite, which takes a second to check: once in a process is enough."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aculab_wrappers.parity.folder import suite_folder
from aculab_wrappers.parity.suite import SCHEMA, Suite, load, make_suite, read_documents

if TYPE_CHECKING:
    from pathlib import Path


@cache
def suite() -> Suite:
    """The suite that ships."""
    return load(suite_folder())


def load_copy(folder: Path) -> Suite:
    """What `load` gives and raises; files that are those of the suite are not checked again."""
    documents, whole = read_documents(folder), suite_folder()
    same = {
        name
        for name in documents.keys() & suite().documents.keys()
        if (folder / name).read_bytes() == (whole / name).read_bytes()
    }
    return make_suite(documents, same if SCHEMA in same else ())
