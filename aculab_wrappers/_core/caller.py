"""Who asks, and by which way: what every request of one client has in common."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .settings import Proxy

if TYPE_CHECKING:
    from typing import Self

    from ..errors import StartError, StatusError
    from .credentials import Credentials
    from .settings import Settings
    from .wire import HttpRequest, HttpResponse, Transport

_BUDGET: Final = 10
"""Most starts of one client that are tried again before one is answered."""


class Caller:
    """The credentials, the settings, and the transport.

    Attributes:
        credentials: Who asks.
        settings: What the caller chose.
        trusted: True when the transport is this package's own, which observes what it sent.
    """

    __slots__ = ("_budget", "_transport", "credentials", "settings", "trusted")

    def __init__(
        self, credentials: Credentials, settings: Settings, transport: Transport | None
    ) -> None:
        self.credentials = credentials
        self.settings = settings
        self.trusted = transport is None
        self._transport = transport
        self._budget = _BUDGET

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send a request, and return the answer. Raises TransportError."""
        if self._transport is None:
            # requests is imported with the first request, not before.
            from .transport import RequestsTransport

            self._transport = RequestsTransport(self.settings)
        response = self._transport.send(request)
        self._budget = _BUDGET
        return response

    def may_try_again(self) -> bool:
        """Take one further attempt out of the budget, if there is one left."""
        self._budget -= 1
        return self._budget >= 0

    def hide_password(self, error: StartError | StatusError) -> None:
        """Take the password out of the error: a server may have echoed it."""
        from .hidden import hide

        hide(error, self.credentials.spellings())

    def through(self, proxy: str, absolute_uri: bool) -> Self:
        """The same behind a proxy, as PHP's setProxy sets one."""
        made = copy(self)
        made.settings = replace(
            self.settings, proxy=Proxy(proxy, "proxy_uri"), absolute_uri=absolute_uri
        )
        made.trusted, made._transport = True, None
        return made
