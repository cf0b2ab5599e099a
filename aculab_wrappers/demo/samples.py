"""The eighteen samples: three raw requests and fifteen ports, each beside what it must send.

What they must send, and to which service, is written by hand from the page in the parity suite,
`samples/<tab>.json`; each module beside this one holds the ports of one tab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..parity.folder import suite_folder
from ..parity.samples import as_demo, read_samples

if TYPE_CHECKING:
    from .run import Sample


def samples() -> tuple[Sample, ...]:
    """All of them, in the page's order.

    Raises:
        SuiteError: the parity suite is missing or damaged.
    """
    tabs = read_samples(suite_folder())
    return tuple(as_demo(tab, snippet) for tab in tabs for snippet in tab.samples)
