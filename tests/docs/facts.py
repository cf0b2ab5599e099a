"""Write what the sandbox simulates, and how it is known, into docs/sandbox.md.

python -m tests.docs.facts            say whether the page is up to date
python -m tests.docs.facts --write    write it
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Final, get_args

from aculab_wrappers.sandbox import FACTS
from aculab_wrappers.sandbox.facts import Evidence
from aculab_wrappers.sandbox.sources import PHP, SEED, sources_of

from .written import Written, code, main, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aculab_wrappers.sandbox import Fact

_HERE: Final = {SEED: "line-by-line.md", PHP: "php.md"}
"""Pages here that lay out one of Aculab's."""


def generated() -> str:
    """How many there are of each kind, and a table for each area, in the order of a start."""
    counts = Counter(fact.evidence for fact in FACTS)
    told = ", ".join(f"{counts[kind]} {kind}" for kind in get_args(Evidence))
    return "\n".join([f"{len(FACTS)} behaviours: {told}.", "", *_areas()])


def _areas() -> Iterator[str]:
    for area in dict.fromkeys(fact.area for fact in FACTS):
        yield from (f"### {area}", "")
        rows = [_row(fact) for fact in FACTS if fact.area == area]
        yield from table(["rule", "evidence", "what the sandbox does", "source"], rows)


def _row(fact: Fact) -> list[str]:
    # The evidence comes early: on a narrow screen the last columns are out of sight.
    behaviour = fact.behaviour.replace("_", r"\_").replace("*", r"\*")
    return [f'<a id="fact-{fact.id}"></a>{code(fact.id)}', fact.evidence, behaviour, _sources(fact)]


def _sources(fact: Fact) -> str:
    """The sources, as links where they have an address."""
    linked = [(name, _HERE.get(name, address)) for name, address in sources_of(fact)]
    return "; ".join(f"[{name}]({address})" if address else name for name, address in linked)


PARTS: Final = (Written("sandbox.md", "python -m tests.docs.facts", generated),)

if __name__ == "__main__":
    sys.exit(main(PARTS, __doc__))
