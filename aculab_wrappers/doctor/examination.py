"""The steps in order. One that fails spares those that need it; they are named all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import clock, configuration, connection, login, names, tls
from .line import Route
from .step import State, Step, not_tried

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._core.credentials import Credentials
    from .._core.settings import Settings
    from .given import Given


class Examination:
    """The steps, and what the earlier ones found for the later ones.

    Attributes:
        settings: The way there, or None while it is not known to be usable.
        route: The same, as connections need it.
        addresses: Those of the proxy or the server.
        credentials: Who asks, or None.
        done: The steps so far.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self.settings: Settings | None = None
        self.route: Route | None = None
        self.addresses: list[Any] = []
        self.credentials: Credentials | None = None
        self.done: list[Step] = []

    @property
    def failed(self) -> list[Step]:
        """The steps that failed."""
        return [step for step in self.done if step.state is State.FAILED]

    @property
    def unusable(self) -> bool:
        """Whether what the user gave cannot be used, whatever the network is like."""
        return any(step.name in (configuration.NAME, login.NAME) for step in self.failed)

    def steps(self) -> Iterator[Step]:
        """Take the steps, one at a time."""
        broken: Step | None = None
        for name, take in (
            (configuration.NAME, self._configuration),
            (names.NAME, self._names),
            (connection.NAME, self._connection),
            (tls.NAME, self._tls),
            (login.NAME, self._login),
            (clock.NAME, self._clock),
        ):
            needs_nothing = name == login.NAME
            step = take() if broken is None or needs_nothing else not_tried(name, broken)
            self.done.append(step)
            if step.state is State.FAILED and not needs_nothing:
                broken = step
            yield step

    def _configuration(self) -> Step:
        step, self.settings = configuration.look(self._given)
        if self.settings is not None:
            self.route = Route.of(self.settings)
        return step

    def _names(self) -> Step:
        route, seconds = self._way()
        step, self.addresses = names.look(route, seconds)
        return step

    def _connection(self) -> Step:
        route, seconds = self._way()
        return connection.look(route, self.addresses, seconds)

    def _tls(self) -> Step:
        route, seconds = self._way()
        return tls.look(route, self.addresses, seconds)

    def _login(self) -> Step:
        step, self.credentials = login.look(self._given)
        return step

    def _clock(self) -> Step:
        route, seconds = self._way()
        return clock.look(route, self.addresses, seconds)

    def _way(self) -> tuple[Route, float]:
        assert self.route
        assert self.settings
        return self.route, self.settings.seconds()
