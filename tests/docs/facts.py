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

from .written import Written, code, main, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aculab_wrappers.sandbox import Fact

_TITLES: Final = {
    "service_start": "Starting",
    "accounts": "What an account may",
    "errors": "Refusals",
    "service_status": "The status",
    "queues": "The queues",
    "calls": "What becomes of a call",
    "pages": "The requests to an application's pages",
    "time": "The clock",
}

_PHP: Final = (
    "https://cloud.aculab.com/apidocs/DOC_WS_PHP-1.0.5/classes/"
    "Aculab.WebServicesWrapper.OutboundInstanceStatus.html"
)
_ACULAB: Final = "https://www.aculab.com/cloud/"
_SERVICES: Final = f"{_ACULAB}web-services/"
_REST: Final = f"{_ACULAB}voice-and-fax-apis/rest-api/rest-api-version-2/"
_PAGES: Final = {
    "Starting An Outbound Service": "line-by-line.md",
    "Starting Outbound Services (web services)": f"{_SERVICES}starting-outbound-services/",
    "Web Service Errors": f"{_SERVICES}web-service-errors?error=0402",
    "Outbound Service Queues": f"{_SERVICES}services/outbound/queues/",
    "Calls Per Second guide": f"{_ACULAB}guides/calls-per-second",
    "Caller IDs guide": f"{_ACULAB}guides/outbound-calls/caller-ids",
    "Making an Outbound Call": f"{_REST}making-an-outbound-call/",
    "HTTP Request (REST API)": f"{_REST}http-request/",
    "call info (REST API)": "",  # an address of its own is not known
    "PHP wrapper, OutboundInstanceStatus": _PHP,
    "PHP wrapper": "php.md",
}
"""What a fact names as its source -> its address, or the page here that lays it out."""


def generated() -> str:
    """How many there are of each kind, and a table for each area, in the order of a start."""
    counts = Counter(fact.evidence for fact in FACTS)
    told = ", ".join(f"{counts[kind]} {kind}" for kind in get_args(Evidence))
    return "\n".join([f"{len(FACTS)} behaviours: {told}.", "", *_areas()])


def _areas() -> Iterator[str]:
    for area in dict.fromkeys(fact.area for fact in FACTS):
        yield from (f"### {_TITLES[area]}", "")
        rows = [_row(fact) for fact in FACTS if fact.area == area]
        yield from table(["rule", "evidence", "what the sandbox does", "source"], rows)


def _row(fact: Fact) -> list[str]:
    # The evidence comes early: on a narrow screen the last columns are out of sight.
    behaviour = fact.behaviour.replace("_", r"\_").replace("*", r"\*")
    return [f'<a id="fact-{fact.id}"></a>{code(fact.id)}', fact.evidence, behaviour, _sources(fact)]


def _sources(fact: Fact) -> str:
    """The sources as links. One that is not known here is an error: each is to be found."""
    named = fact.source.split("; ") if fact.source else []
    return "; ".join(map(_linked, named))


def _linked(source: str) -> str:
    name, form, _ = source.partition(" (UAS form)")
    address = _PAGES[name]
    return f"[{name}]({address}){form}" if address else source


PARTS: Final = (Written("sandbox.md", "python -m tests.docs.facts", generated),)

if __name__ == "__main__":
    sys.exit(main(PARTS, __doc__))
