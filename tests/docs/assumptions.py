"""Write what doctor asks about into docs/evidence.md.

python -m tests.docs.assumptions            say whether the page is up to date
python -m tests.docs.assumptions --write    write it
"""

from __future__ import annotations

import sys
from typing import Final

from aculab_wrappers._core.operations import STATUS_BATCH
from aculab_wrappers.doctor.assumptions import ASSUMPTIONS
from aculab_wrappers.doctor.probes import make_probes

from .written import Written, code, main, table


def generated() -> str:
    """Return a table: what doctor asks about, and the request whose answer tells."""
    texts = {probe.name: probe.text for probe in make_probes(("id",) * STATUS_BATCH, "NAME")}
    rows = [
        [f'<a id="doctor-{one.id}"></a>{code(one.id)}', _plain(one.text), _plain(texts[one.probe])]
        for one in ASSUMPTIONS
    ]
    head = ["fact", "assumed", "the request whose answer tells"]
    return "\n".join(["### What it asks", "", *table(head, rows)])


def _plain(text: str) -> str:
    return text.replace("_", r"\_").replace("*", r"\*")


PARTS: Final = (Written("evidence.md", "python -m tests.docs.assumptions", generated),)

if __name__ == "__main__":
    sys.exit(main(PARTS, __doc__))
