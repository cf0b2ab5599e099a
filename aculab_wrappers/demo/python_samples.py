"""The three Python samples of the Aculab's page, as printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..python import OutboundCalls, invoke_outbound_service

if TYPE_CHECKING:
    from collections.abc import Callable


def telephone(_sleep: Callable[[float], object]) -> None:
    outbound_calls = OutboundCalls(
        call_to="441908273800",
        call_from="441908273801",
        token="my token info",
        outbound_parameters="some additional data",
    )
    invoke_outbound_service(
        target="1-2-0",
        username="bob@acompany.com",
        service_name="myOutboundService",
        service_password="myOutboundServicePassword",
        outbound_calls=outbound_calls,
    )


def conference(_sleep: Callable[[float], object]) -> None:
    outbound_calls = OutboundCalls(
        call_to="myConference", token="my token info", outbound_parameters="some additional data"
    )
    # Please note that the outbound service must be configured as a conference destination
    invoke_outbound_service(
        target="1-2-0",
        username="bob@acompany.com",
        service_name="myOutboundConferenceService",
        service_password="myOutboundServicePassword",
        outbound_calls=outbound_calls,
    )


def several(_sleep: Callable[[float], object]) -> None:
    outbound_calls = OutboundCalls(
        call_to="441908273800",
        call_from="441908273801",
        token="my token info 1",
        outbound_parameters="some additional data",
    )
    outbound_calls.add_call(
        call_to="sip:bob@acompany.com",
        token="my token info 2",
        outbound_parameters="some additional data",
    )
    outbound_calls.add_call(
        call_to="sip:bill@anothercompany.com",
        call_from="sip:bob@acompany.com",
        token="my token info 3",
        outbound_parameters="some additional data",
    )
    invoke_outbound_service(
        target="1-2-0",
        username="bob@acompany.com",
        service_name="myOutboundService",
        service_password="myOutboundServicePassword",
        outbound_calls=outbound_calls,
    )
