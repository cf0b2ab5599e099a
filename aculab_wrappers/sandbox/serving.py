"""A sandbox's life as a server: begin, end, and where it is meanwhile."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..errors import AculabError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .address import Address
    from .clock import Ticker
    from .server import Server


class Serving:
    """What runs while a sandbox serves HTTP.

    Args:
        address: Where to serve.
        serve: Makes the server.
        tick: Makes what looks at the clock, or None when time does not pass by itself.
    """

    def __init__(
        self, address: Address, serve: Callable[[], Server], tick: Callable[[], Ticker] | None
    ) -> None:
        self._address = address
        self._serve = serve
        self._tick = tick
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._ticker: Ticker | None = None

    @property
    def url(self) -> str | None:
        """Its address; None when it is not serving."""
        server = self._server
        return server.url if server else None

    def start(self) -> None:
        """Begin, see `Sandbox.start`."""
        with self._lock:
            if self._server is not None:
                raise AculabError(
                    f"this sandbox is already serving at {self._server.url}: use it there, or "
                    f"make a second Sandbox"
                )
            self._server = self._serve()
            self._ticker = self._tick() if self._tick else None

    def stop(self) -> None:
        """End, see `Sandbox.stop`."""
        with self._lock:
            server, self._server = self._server, None
            ticker, self._ticker = self._ticker, None
            if server is not None:
                server.close()
            if ticker is not None:
                ticker.stop()

    def base_url(self) -> str:
        """Its address, see `Sandbox.base_url`."""
        url = self.url
        if url is None:
            raise AculabError(
                "this sandbox has no address, because it is not serving HTTP: use it in a 'with' "
                "statement, call start(), or pass it as transport="
            )
        return url

    def environment(self) -> dict[str, str]:
        """The variables, see `Sandbox.environment`."""
        return self._address.environment(self.base_url())
