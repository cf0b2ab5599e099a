"""The public pages of Aculab that the facts name, and where each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .facts import Fact

_CLOUD: Final = "https://www.aculab.com/cloud/"
_SERVICES: Final = f"{_CLOUD}web-services/"
_REST: Final = f"{_CLOUD}voice-and-fax-apis/rest-api/rest-api-version-2/"

SEED: Final = "Starting An Outbound Service"
STARTING: Final = "Starting Outbound Services (web services)"
ERRORS: Final = "Web Service Errors"
QUEUES: Final = "Outbound Service Queues"
CPS: Final = "Calls Per Second guide"
CALLER_IDS: Final = "Caller IDs guide"
OUTBOUND: Final = "Making an Outbound Call"
HTTP_REQUEST: Final = "HTTP Request (REST API)"
CALL_INFO: Final = "call info (REST API)"
PHP: Final = "PHP wrapper"
PHP_STATUS: Final = "PHP wrapper, OutboundInstanceStatus"

SEED_ADDRESS: Final = (
    "https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/"
    "rest-api-version-1/starting-an-outbound-service"
)
ERRORS_ADDRESS: Final = f"{_SERVICES}web-service-errors?error="
"""Without the code at its end."""
ADDRESSES: Final = {
    SEED: SEED_ADDRESS,
    STARTING: f"{_SERVICES}starting-outbound-services/",
    ERRORS: f"{ERRORS_ADDRESS}0402",
    QUEUES: f"{_SERVICES}services/outbound/queues/",
    CPS: f"{_CLOUD}guides/calls-per-second",
    CALLER_IDS: f"{_CLOUD}guides/outbound-calls/caller-ids",
    OUTBOUND: f"{_REST}making-an-outbound-call/",
    HTTP_REQUEST: f"{_REST}http-request/",
    CALL_INFO: "",
    PHP: SEED_ADDRESS,
    PHP_STATUS: (
        "https://cloud.aculab.com/apidocs/DOC_WS_PHP-1.0.5/classes/"
        "Aculab.WebServicesWrapper.OutboundInstanceStatus.html"
    ),
}
"""By name; "" where no address of its own is known."""


def sources_of(fact: Fact) -> list[tuple[str, str]]:
    """Name and address of each page that a fact names."""
    return [(name, ADDRESSES[name]) for name in fact.source.split("; ") if name]
