from aculab_wrappers import (
    Call,
    InvalidInputError,
    OutboundClient,
)


class OutboundService:
    """One outbound service.

    Source: the Ruby tab. Evidence: documented.
    """

    __slots__ = ("_client",)

    def __init__(
        self,
        cloud: str,
        user: str,
        name: str,
        password: str,
    ) -> None:
        try:
            # None: the environment may say how long.
            self._client = OutboundClient(
                cloud, user, name, password, timeout=None
            )
        finally:
            # No traceback that prints variables finds it.
            del password

    def start_call(self, to: str, from_: str = "") -> str:
        """Start one call. Sent once, never again.

        Returns:
            The reference id.

        Raises:
            NotSentError, RejectedError,
            UnknownOutcomeError: see `outcome`.

        Wire: one POST /service_start.
        Source: the Ruby tab. Evidence: the member
            documented; the exceptions are assumed.
        """
        if not isinstance(to, str):
            raise InvalidInputError("to must be a str")
        call = Call(to, from_)
        [invocation] = self._client.start(call)
        return invocation.id


service = OutboundService(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    "MyOutboundServicePassword",
)
print(service.start_call("sip:bob@acompany.com"))
