"""The cloud itself: a request goes in, an answer comes out, and a clock is moved from outside.

Nothing here does I/O or looks at a clock, so a test can replay any life of any call.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..errors import InvalidInputError
from .accounts import NEW_ACCOUNT_RATE, Accounts
from .answers import BASIC, RefusedError, error_answer, http_problem
from .instances import Instances
from .journal import Journal
from .login import login_hint
from .pacing import Queues
from .progress import Progress
from .quoting import quoted
from .requests import Request
from .scenarios import DELIVERIES, Scenarios, simulated
from .services import Services
from .webservices import (
    QUEUES_PATH,
    START_PATH,
    STATUS_PATH,
    list_queues,
    one_queue,
    queue_name,
    start_calls,
    statuses,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .accounts import Account
    from .answers import Answer, Problem
    from .pages import PageAnswer, PageRequest
    from .services import Service

LAST_MOMENT: Final = 253_402_300_000.0
"""How far the clock goes: the end of the year 9999, where datetimes end."""

_SERVICES: Final = "/service"
"""How the paths of all web services begin: an icon that a browser asks for takes no answer."""
_UNAUTHORISED: Final = http_problem(
    401,
    "Unauthorized: expected Basic authentication, the user name as cloudID/username/service_name "
    "and the outbound service password of that service",
    ("WWW-Authenticate", BASIC),
    rule="login",
)
_QUEUES_UNAUTHORISED: Final = http_problem(
    401,
    "Unauthorized: expected Basic authentication, the user name as cloudID/username and the API "
    "Access Key of that account, or for one queue cloudID/username/service_name and the outbound "
    "service password",
    ("WWW-Authenticate", BASIC),
    rule="queue-login",
)


class Cloud:
    """The web services of some outbound services.

    Args:
        services: The configured services.
        now: Where the clock stands, in epoch seconds.
        seed: Decides the ids. The n-th start of two clouds with one seed gets the same id.
        poll_seconds: How far each answered service_status moves the clock, after its answer.
        immediate: Whether every call runs to its end at once, the clock with it.
        accounts: Those that are not as by default.
        outcomes: Further destinations with an outcome of their own.
        calls_per_second: The pace of accounts that have none of their own.

    Attributes:
        to_come: Words of the scenarios that the next requests are answered with.

    Source: Aculab's page and protocol notes 1, 3, 8.2 and 10. Evidence: see `facts.py`.
    """

    def __init__(
        self,
        services: Iterable[Service],
        *,
        now: float,
        seed: int,
        poll_seconds: float = 0.0,
        immediate: bool = False,
        accounts: Iterable[Account] = (),
        outcomes: Mapping[str, str] | None = None,
        calls_per_second: float = NEW_ACCOUNT_RATE,
    ) -> None:
        self.services = Services(services)
        self.accounts = Accounts(accounts, self.services.all(), calls_per_second)
        self.scenarios = Scenarios(outcomes)
        self.queues = Queues(self.accounts.rate, self.services.rate)
        self.progress = Progress(self.queues, self.services)
        self.instances = Instances(seed)
        self.journal = Journal()
        self.to_come: deque[str] = deque()
        self._poll_seconds = poll_seconds
        self._immediate = immediate
        self._now = 0.0
        self.move_to(now)

    @property
    def now(self) -> float:
        """Where the clock stands, in epoch seconds."""
        return self._now

    def move_to(self, moment: float) -> None:
        """Set the clock, and do all that was due until then.

        Raises:
            InvalidInputError: outside the years 1970 to 9999.
        """
        if not 0 <= moment <= LAST_MOMENT:
            raise InvalidInputError("the sandbox's clock cannot leave the years 1970 to 9999")
        # Whole microseconds: ten steps of 0.1 are one second.
        self._now = round(moment, 6)
        self.progress.run_to(self._now)
        self._settle()

    def answer(self, request: Request) -> Answer:
        """Answer a request."""
        meant = self.to_come and request.path.startswith(_SERVICES)
        word = self.to_come.popleft() if meant else "answered"
        try:
            answer = simulated(word, request.path, self._now) or self._routed(request)
        except RefusedError as refused:
            return self.refuse(request, refused.problem)
        if word in DELIVERIES:
            answer = replace(answer, delivery=DELIVERIES[word])
        self.journal.add(request, answer, None, self._now)
        if request.path == STATUS_PATH:
            self.move_to(min(self._now + self._poll_seconds, LAST_MOMENT))
        self._settle()
        return answer

    def refuse(self, request: Request, problem: Problem) -> Answer:
        """Answer a request with an error."""
        answer = error_answer(problem, request.path, self._now)
        self.journal.add(request, answer, problem, self._now)
        return answer

    def start_test(self, user: str, call: dict[str, str]) -> Answer:
        """Start a call as the Start Test button does: without a password, by the same rules.

        Raises:
            InvalidInputError: there is no such service.
        """
        service = self.services.get(user)
        if service is None:
            raise InvalidInputError(f"there is no service {quoted(user)}")
        fields = (("outbound_parameters", json.dumps(call)),)
        request = Request("POST", START_PATH, fields, agent=f"Start Test of {user}")
        try:
            answer = start_calls(self, request, service)
        except RefusedError as refused:
            return self.refuse(request, refused.problem)
        self.journal.add(request, answer, None, self._now)
        self._settle()
        return answer

    def take_pages(self) -> list[PageRequest]:
        """The pages that are to be requested now. Each is given out once."""
        taken, self.progress.pages = self.progress.pages, []
        return taken

    def page_answered(self, asked: PageRequest, moment: float, answer: PageAnswer) -> None:
        """Go on from the answer of a page, which came at this moment."""
        record = self.instances.find(asked.id)
        if record is not None:
            self.progress.page_answered(record, asked.page, moment, answer)
            self.progress.run_to(self._now)
            self._settle()

    def forget(self) -> None:
        """Forget what was started, received and is to come. Clock and services stay."""
        self.instances.replace([], 0)
        self.queues.restore([], {})
        self.progress.restore([])
        self.journal.clear()
        self.to_come.clear()

    def _settle(self) -> None:
        """Run everything to its end at once, if time is like that."""
        while self._immediate and (moment := self.progress.next_moment()) is not None:
            self._now = max(self._now, min(moment, LAST_MOMENT))
            self.progress.run_to(moment)

    def _routed(self, request: Request) -> Answer:
        if request.path in (START_PATH, STATUS_PATH):
            _check_method(request, "GET", "POST")
            return self._of_service(request)
        if request.path == QUEUES_PATH:
            _check_method(request, "GET")
            return list_queues(self, self._account(request))
        name = queue_name(request.path)
        if name:
            _check_method(request, "GET", "DELETE")
            return one_queue(self, request, self._queue(request, name))
        expected = f"expected {START_PATH}, {STATUS_PATH}, or a path of the outbound queues"
        raise RefusedError(
            http_problem(404, f"Not Found: received {request.path}, {expected}", rule="paths")
        )

    def _of_service(self, request: Request) -> Answer:
        service = self.services.find(request.login) if request.login else None
        if service is None:
            hint = login_hint(request.login, [one.user for one in self.services.all()])
            raise RefusedError(replace(_UNAUTHORISED, hint=hint))
        if request.path == STATUS_PATH:
            return statuses(self, request, service)
        return start_calls(self, request, service)

    def _account(self, request: Request, *others: str) -> str:
        """The account whose login came. `others` are user names that would have done, too."""
        account = self.accounts.find(request.login) if request.login else None
        if account is None:
            hint = login_hint(request.login, [*self.accounts.users(), *others])
            raise RefusedError(replace(_QUEUES_UNAUTHORISED, hint=hint))
        return account.user

    def _queue(self, request: Request, name: str) -> Service:
        """The service whose queue is meant, if the login may have it."""
        service = self.services.find(request.login) if request.login else None
        if service is not None and service.name == name:
            return service
        others = [one.user for one in self.services.all() if one.name == name]
        found = self.services.get(f"{self._account(request, *others)}/{name}")
        if found is None:
            raise RefusedError(
                http_problem(
                    404, f"Not Found: there is no service {quoted(name)}", rule="queue-paths"
                )
            )
        return found


def _check_method(request: Request, *methods: str) -> None:
    if request.method not in methods:
        allowed = ", ".join(methods)
        raise RefusedError(
            http_problem(
                405,
                f"Method Not Allowed: received {request.method}, expected {allowed}",
                ("Allow", allowed),
                rule="methods",
            )
        )
