"""Who asks, and by which way: what every request of one client has in common."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..errors import InvalidInputError, TransportError
from .settings import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

    from ..errors import StartError, StatusError
    from .credentials import Credentials
    from .settings import Settings
    from .wire import HttpRequest, HttpResponse, Transport

_BUDGET: Final = 10
"""Most starts of one client that are tried again before one is answered."""
_REMEMBERED: Final = 10_000
"""How many of the ids that it was given a client knows again."""
_RESENDERS: Final = ("request", "max_retries", "mount")
"""What sessions and adapters of HTTP libraries have: they send again by themselves."""

_under_way: ContextVar[bool] = ContextVar("under_way", default=False)


@contextmanager
def refusing_requests() -> Iterator[None]:
    """Refuse every request of this thread while the block lasts.

    What runs inside of a request, or hears of its failure, must not start calls: the outcome of the
    one that it is about would be lost, or its calls started twice.
    """
    before = _under_way.set(True)
    try:
        yield
    finally:
        _under_way.reset(before)


class Caller:
    """The credentials, the settings, and the transport.

    Attributes:
        credentials: Who asks.
        settings: What the caller chose.
        trusted: True when the transport is this package's own, which observes what it sent.
    """

    __slots__ = ("_budget", "_given", "_transport", "credentials", "settings", "trusted")

    def __init__(
        self, credentials: Credentials, settings: Settings, transport: Transport | None
    ) -> None:
        sends = callable(getattr(transport, "send", None))
        if transport is not None and (
            not sends or any(hasattr(transport, name) for name in _RESENDERS)
        ):
            raise InvalidInputError(
                f"transport must have send(HttpRequest) -> HttpResponse, as a Sandbox has; "
                f"{type(transport).__name__} is no such thing"
            )
        self.credentials = credentials
        self.settings = settings
        self.trusted = transport is None
        self._transport = transport
        self._budget = _BUDGET
        self._given: OrderedDict[str, None] = OrderedDict()

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send a request, and return the answer. Raises TransportError."""
        if _under_way.get():
            raise TransportError(
                "it was asked for from inside another request: by an error callback, say, or a "
                "signal handler",
                sent=False,
            )
        with refusing_requests():
            response = self._carrier().send(request)
        self._budget = _BUDGET
        return response

    def _carrier(self) -> Transport:
        """The transport; requests is imported with the first request, not before."""
        if self._transport is None:
            from .transport import RequestsTransport

            self._transport = RequestsTransport(self.settings)
        return self._transport

    def given_before(self, ids: Iterable[str]) -> list[str]:
        """Those of the ids that this client was given before; from now on, all of them."""
        known = [id_ for id_ in ids if id_ in self._given]
        self._given.update(dict.fromkeys(ids))
        while len(self._given) > _REMEMBERED:
            self._given.popitem(last=False)  # in one step, whatever other threads do
        return known

    def may_try_again(self) -> bool:
        """Take one further attempt out of the budget, if there is one left."""
        self._budget -= 1
        return self._budget >= 0

    def hide_password(self, error: StartError | StatusError) -> None:
        """Take the passwords out of the error: a server, or a proxy, may have echoed them."""
        from .hidden import hide

        hide(error, self.credentials.spellings())
        proxy = None
        with suppress(InvalidInputError):  # the environment may have turned bad since the request
            proxy = self.settings.way() if self.trusted else None
        if proxy is not None:
            hide(error, proxy.spellings())

    def through(self, proxy: str, absolute_uri: bool) -> Self:
        """The same behind a proxy, as PHP's setProxy sets one."""
        try:
            made = copy(self)
            made.settings = replace(
                self.settings, proxy=Proxy(proxy, "proxy_uri"), absolute_uri=absolute_uri
            )
            made.trusted, made._transport = True, None
            return made
        finally:
            del proxy  # no traceback that prints local variables finds its password here
