"""The cloud itself: a request goes in, an answer comes out, and a clock is moved from outside.

Nothing here does I/O or looks at a clock, so a test can replay any life of any call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..errors import InvalidInputError
from .answers import RefusedError, error_answer, http_problem, json_answer, malformed
from .calls import read_calls, read_json_parameter, type_of
from .instances import Instances, fate
from .journal import Journal
from .services import Services

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .answers import Answer, Problem
    from .requests import Request
    from .services import Service

STATUS_NAME: Final = "service_invocation_reference_ids"
"""Assumed, see `GetStatus` in the core."""
LAST_MOMENT: Final = 253_402_300_000.0
"""How far the clock goes: the end of the year 9999, where datetimes end."""

_METHODS: Final = ("GET", "POST")
_UNAUTHORISED: Final = http_problem(
    401,
    "Unauthorized: expected Basic authentication, the user name as cloudID/username/service_name "
    "and the outbound service password of that service",
    ("WWW-Authenticate", 'Basic realm="Aculab Cloud", charset="UTF-8"'),
)


class Cloud:
    """The web services service_start and service_status of some outbound services.

    Args:
        services: The configured services.
        now: Where the clock stands, in epoch seconds.
        seed: Decides the ids. The n-th start of two clouds with one seed gets the same id.
        poll_seconds: How far each answered service_status moves the clock, after its answer.

    Source: seed page and protocol notes 1, 3 and 10. Evidence: service_start documented,
        service_status assumed.
    """

    __slots__ = ("_journal", "_now", "_poll_seconds", "_services", "instances")

    def __init__(
        self, services: Iterable[Service], *, now: float, seed: int, poll_seconds: float = 0.0
    ) -> None:
        self._services = Services(services)
        self.move_to(now)
        self._poll_seconds = poll_seconds
        self._journal = Journal()
        self.instances = Instances(seed)

    @property
    def now(self) -> float:
        """Where the clock stands, in epoch seconds."""
        return self._now

    @property
    def journal(self) -> Journal:
        """The last requests."""
        return self._journal

    def move_to(self, moment: float) -> None:
        """Set the clock.

        Raises:
            InvalidInputError: outside the years 1970 to 9999.
        """
        if not 0 <= moment <= LAST_MOMENT:
            raise InvalidInputError("the sandbox's clock cannot leave the years 1970 to 9999")
        # Whole microseconds: ten steps of 0.1 are one second.
        self._now = round(moment, 6)

    def answer(self, request: Request) -> Answer:
        """Answer a request."""
        try:
            answer = self._routed(request)
        except RefusedError as refused:
            return self.refuse(request, refused.problem)
        self._journal.add(request, answer)
        if request.path == "/service_status":
            self._now = min(self._now + self._poll_seconds, LAST_MOMENT)
        return answer

    def refuse(self, request: Request, problem: Problem) -> Answer:
        """Answer a request with an error."""
        answer = error_answer(problem, request.path, self._now)
        self._journal.add(request, answer)
        return answer

    def _routed(self, request: Request) -> Answer:
        operation = {"/service_start": self._start, "/service_status": self._status}.get(
            request.path
        )
        if operation is None:
            raise RefusedError(
                http_problem(404, "Not Found: expected /service_start or /service_status")
            )
        if request.method not in _METHODS:
            allowed = ", ".join(_METHODS)
            raise RefusedError(
                http_problem(405, f"Method Not Allowed: expected {allowed}", ("Allow", allowed))
            )
        service = self._services.find(request.login) if request.login else None
        if service is None:
            raise RefusedError(_UNAUTHORISED)
        return operation(request, service)

    def _start(self, request: Request, service: Service) -> Answer:
        calls = read_calls(request, service.kind)
        ids = [
            self.instances.start(service.user, call, fate(call, service.kind, self._now))
            for call in calls
        ]
        return json_answer(ids)

    def _status(self, request: Request, service: Service) -> Answer:
        name, ids = read_json_parameter(request, STATUS_NAME)
        if not isinstance(ids, list) or not ids:
            what = "an empty array" if ids == [] else type_of(ids)
            raise RefusedError(malformed(f"{name} is {what}, expected an array of ids"))
        for index, id_ in enumerate(ids):
            if not isinstance(id_, str):
                raise RefusedError(
                    malformed(f"{name}[{index}] is {type_of(id_)}, expected a string")
                )
        return json_answer(
            {id_: self.instances.report(id_, service.user, self._now) for id_ in ids}
        )
