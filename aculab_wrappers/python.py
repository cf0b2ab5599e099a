"""The Python wrapper, named letter for letter as the page prints it.

    from aculab_wrappers.python import invoke_outbound_service, OutboundCalls

Old code that says `from web_services import invoke_outbound_service, OutboundCalls` runs
unchanged: a module of that name is installed beside this package.
Source: Aculab Cloud, "Starting An Outbound Service", Python tab,
https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/rest-api-version-1/starting-an-outbound-service
Where it is silent the docstring says *assumed*.
"""

from __future__ import annotations

from ._core.misspelt import names_members
from ._core.values import Call
from .client import OutboundClient
from .errors import InvalidInputError

__all__ = ["OutboundCalls", "invoke_outbound_service"]


@names_members()
class OutboundCalls:
    """The calls of one start: the first by the constructor, more by `add_call`.

    Args:
        call_to: Telephone number, SIP address or conference room name. (The page's table omits
            the conference, which its second sample calls.)
        call_from: The number or SIP address that the call comes from. For a telephone number the
            cloud requires a validated caller id. None is not sent.
        token: Text handed to the application in `instance_info`. None is not sent.
        outbound_parameters: Text handed to the application in `this_call`. None is not sent.

    Raises:
        InvalidInputError: `call_to` is empty, or a text holds a character that cannot be sent.

    Source: Python tab, "class OutboundCalls". Evidence: documented.
    """

    __slots__ = ("_calls",)

    def __init__(
        self,
        call_to: str,
        call_from: str | None = None,
        token: str | None = None,
        outbound_parameters: str | None = None,
    ) -> None:
        self._calls: list[Call] = []
        self.add_call(call_to, call_from, token, outbound_parameters)

    def add_call(
        self,
        call_to: str,
        call_from: str | None = None,
        token: str | None = None,
        outbound_parameters: str | None = None,
    ) -> None:
        """Add one more call. The arguments are those of the constructor."""
        self._calls.append(
            Call(call_to, call_from, token=token, outbound_parameters=outbound_parameters)
        )

    def get_calls(self) -> list[dict[str, str]]:
        """Return the calls as they will be sent: a new list of new dicts, in the order added.

        Returns:
            Dicts with the keys to, from, token and outbound_parameters, as far as they are set.

        Source: Python tab, "Members", for the name. Evidence: what it returns is assumed.
        """
        return [call.to_wire() for call in self._calls]

    def __repr__(self) -> str:
        return f"<OutboundCalls {getattr(self, '_calls', None)}>"


def invoke_outbound_service(
    target: str,
    username: str,
    service_name: str,
    service_password: str,
    outbound_calls: OutboundCalls,
) -> list[str]:
    """Start one instance of the service for each call. Sent once, never again.

    Args:
        target: The id of the cloud, such as "1-2-0".
        username: Your user name on it.
        service_name: The name of the outbound service.
        service_password: The outbound service password of that service.
        outbound_calls: The calls.

    Returns:
        The reference ids, one for each call, in the order of the calls.

    Raises:
        InvalidInputError: an argument cannot be sent.
        NotSentError, RejectedError, UnknownOutcomeError, StartedMismatchError: see `outcome`.

    Base URL, proxy, timeout and CA bundle come from `ACULAB_*` variables.
    Wire: one POST /service_start.
    Source: Python tab, "invoke_outbound_service". Evidence: documented; the return value
        and the exceptions are assumed.
    """
    try:
        client = OutboundClient(target, username, service_name, service_password, timeout=None)
    finally:
        del service_password  # see Credentials
    if not isinstance(outbound_calls, OutboundCalls):
        raise InvalidInputError(
            f"outbound_calls must be an OutboundCalls, not {type(outbound_calls).__name__}"
        )
    return [invocation.id for invocation in client.start(outbound_calls._calls)]
