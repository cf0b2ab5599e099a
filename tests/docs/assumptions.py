"""Write what doctor checks, and what it leaves to a person, into docs/evidence.md.

python -m tests.docs.assumptions            say whether the page is up to date
python -m tests.docs.assumptions --write    write it
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from aculab_wrappers._core.operations import STATUS_BATCH
from aculab_wrappers.doctor.assumptions import ASSUMPTIONS
from aculab_wrappers.doctor.by_hand import BY_HAND
from aculab_wrappers.doctor.probes import probes

from .written import Written, code, main, table

if TYPE_CHECKING:
    from collections.abc import Iterator


def generated() -> str:
    """Two tables: what doctor asks about by itself, and what needs a call, or could do harm."""
    return "\n".join([*_asked(), *_by_hand()])


def _asked() -> Iterator[str]:
    says = {probe.name: probe.says for probe in probes(("id",) * STATUS_BATCH, "NAME")}
    yield from ("### What it asks", "")
    rows = [
        [f'<a id="doctor-{one.id}"></a>{code(one.id)}', *map(_plain, (one.says, says[one.asked]))]
        for one in ASSUMPTIONS
    ]
    yield from table(["fact", "assumed", "the request whose answer tells"], rows)


def _by_hand() -> Iterator[str]:
    yield from ("### What it leaves to you", "")
    yield "These need a call, or could do harm. The report lists them, too."
    yield ""
    yield from table(
        ["assumed", "how to check it"], [[_plain(one.says), _plain(one.how)] for one in BY_HAND]
    )


def _plain(text: str) -> str:
    return text.replace("_", r"\_").replace("*", r"\*")


PARTS: Final = (Written("evidence.md", "python -m tests.docs.assumptions", generated),)

if __name__ == "__main__":
    sys.exit(main(PARTS, __doc__))
