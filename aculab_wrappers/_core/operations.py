"""The two operations on an outbound service: start calls, and ask how far they have come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from ..errors import StatusError
from .answers import read_object, read_refusal
from .frozen import frozen
from .http import HttpRequest
from .json_reader import NotJsonError
from .outcome import describe_failure, read_start

if TYPE_CHECKING:
    from ..errors import TransportError
    from .credentials import Credentials
    from .http import HttpResponse
    from .values import Call, Invocation

STATUS_BATCH: Final = 500
"""Most ids in one status request. Assumed: no limit is documented."""

_JSON: Final = json.JSONEncoder(separators=(",", ":"))
_TRANSIENT_STATUS: Final = frozenset((408, 425, 429))


@frozen
class Start:
    """Start one instance of the service for each call.

    Wire: POST /service_start, form field `outbound_parameters`: a JSON object for exactly one
        call, an array for more. Answer: a JSON array of reference ids, one for each call, in
        order.
    Source: Aculab Cloud, "Starting An Outbound Service", "Starting an Outbound Service using the
        service_start Web Service". Evidence: the request documented; POST, and the answer's shape
        and order, assumed.
    """

    calls: tuple[Call, ...]

    def request(self, credentials: Credentials) -> HttpRequest:
        """Return the request that starts them."""
        wire = [call.to_wire() for call in self.calls]
        parameters = _JSON.encode(wire[0] if len(wire) == 1 else wire)
        return HttpRequest("/service_start", (("outbound_parameters", parameters),), credentials)

    def parse(self, response: HttpResponse) -> list[Invocation]:
        """Return one invocation for each call, in order. Raises StartError: see `outcome`."""
        return read_start(self.calls, response)


@frozen
class GetStatus:
    """Ask how far invocations have come.

    Wire: POST /service_status with the credentials of service_start, form field
        `service_invocation_reference_ids`: a JSON array of ids. Answer: a JSON object keyed by
        id, each value an object with status, status_detail, application_status_eta (seconds
        since 1970, UTC, or null) and application_instance_id.
    Source: none; that such a web service exists is documented, its form is not. Evidence: all of
        the above is assumed, and stated in this class alone.
    """

    invocations: tuple[Invocation, ...]

    def request(self, credentials: Credentials) -> HttpRequest:
        """Return the request that asks for all of them."""
        ids = _JSON.encode([item.id for item in self.invocations])
        form = (("service_invocation_reference_ids", ids),)
        return HttpRequest("/service_status", form, credentials, repeatable=True)

    def parse(self, response: HttpResponse) -> list[Invocation]:
        """Return the invocations after the answer, in the order asked.

        Raises:
            StatusError: the cloud refused, or the answer is no JSON object.
        """
        if not 200 <= response.status < 300:
            refusal = read_refusal(response)
            raise StatusError(
                f"the cloud gave no status: {describe_failure(response, refusal)}",
                invocations=self.invocations,
                transient=response.status >= 500 or response.status in _TRANSIENT_STATUS,
                response=response,
                refusal=refusal,
            )
        try:
            reports = read_object(response)
        except NotJsonError as error:
            raise StatusError(
                f"the status answer cannot be read: {error}",
                invocations=self.invocations,
                transient=True,
                response=response,
            ) from None
        return [item.updated_from(reports.get(item.id)) for item in self.invocations]

    def judge_failure(self, error: TransportError) -> StatusError:
        """Return the error of this request when no answer came."""
        return StatusError(
            f"no status came: {error}",
            invocations=self.invocations,
            transient=error.sent or error.transient,
            response=error.response,
        )
