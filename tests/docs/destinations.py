"""Write the destinations with an outcome of their own into docs/sandbox.md.

python -m tests.docs.destinations            say whether the page is up to date
python -m tests.docs.destinations --write    write it
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from aculab_wrappers import Call, OutboundClient, StartError
from aculab_wrappers.sandbox import SCENARIOS, Sandbox

from .written import Written, code, main, table

if TYPE_CHECKING:
    from aculab_wrappers.sandbox import Scenario


def generated() -> str:
    """The table of scenarios, each with what came of a start that was sent to it."""
    head = ["word", "telephone number", "what happens", "your program is told", "started"]
    return "\n".join(table(head, [_row(one) for one in SCENARIOS]))


def _row(scenario: Scenario) -> list[str]:
    cloud = Sandbox()
    service = ("1-2-0", "user@example.com", "MyOutboundService", "MyOutboundServicePassword")
    client = OutboundClient(*service, transport=cloud)
    try:
        client.start(Call(scenario.number, "441908283801"))
        told = "the id"
    except StartError as error:
        told = code(error.outcome.name)
    started = "yes" if cloud.accepted else "no"
    return [code(scenario.word), code(scenario.number), scenario.meaning, told, started]


PARTS: Final = (Written("sandbox.md", "python -m tests.docs.destinations", generated),)

if __name__ == "__main__":
    sys.exit(main(PARTS, __doc__))
