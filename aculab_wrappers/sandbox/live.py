"""The cloud while it is used: from several threads, as time passes, with pages that answer."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from secrets import randbits
from typing import TYPE_CHECKING, Any, Final

from ..errors import InvalidInputError
from . import state
from .answers import RefusedError
from .clock import FIRST_MOMENT, RealClock, checked_seconds, checked_time
from .cloud import Cloud
from .in_process import delivered
from .pager import Pager
from .requests import Request, read_request, split_target
from .scenarios import ANSWERS, checked_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .._core.http import HttpRequest, HttpResponse
    from .accounts import Account
    from .answers import Answer, Problem
    from .clock import Time
    from .instances import Instance
    from .journal import Received
    from .pages import PageAnswer, PageRequest
    from .services import Service

POLL_SECONDS: Final = 1.0
"""How far a service_status request moves the clock when time goes by polls."""
MOST_TO_COME: Final = 10_000
"""How many words of `answer_next` may wait."""


class LiveCloud:
    """All of a `Sandbox` but its HTTP server; the arguments are those of `Sandbox`."""

    def __init__(
        self,
        services: Iterable[Service],
        *,
        accounts: Iterable[Account],
        outcomes: Mapping[str, str] | None,
        calls_per_second: float,
        time: Time,
        seed: int | None,
    ) -> None:
        self.time = checked_time(time)
        self._lock = threading.RLock()
        self._pager = Pager(self._page_answered)
        self._looked_at = 0
        self._real = RealClock() if time == "real" else None
        self._cloud = Cloud(
            services,
            now=self._real.now() if self._real else FIRST_MOMENT,
            seed=_seed(seed),
            poll_seconds=POLL_SECONDS if time == "polls" else 0.0,
            immediate=time == "immediate",
            accounts=accounts,
            outcomes=outcomes,
            calls_per_second=calls_per_second,
        )

    # As a transport

    def send(self, request: HttpRequest) -> HttpResponse:
        """Answer `request` in process, as a `Transport`. No socket is involved.

        Raises:
            TransportError: the answer is one that gets lost, see `scenarios.py`.
        """
        authorization = request.credentials.authorization()
        try:
            read = read_request("POST", request.path, authorization, body=request.body)
        except RefusedError as refused:
            bare = Request("POST", split_target(request.path)[0])
            return delivered(self._refuse(bare, refused.problem))
        return delivered(self._answer(read))

    # What went on

    @property
    def accepted(self) -> int:
        """How many calls were ever started, by the cloud's own count."""
        with self._lock:
            return self._cloud.instances.accepted

    @property
    def instances(self) -> list[Instance]:
        """The started calls in start order, each as it is now. Old ones are forgotten in time."""
        with self._at_now() as cloud:
            return [record.instance() for record in cloud.instances.all()]

    def latest(self, count: int) -> list[Instance]:
        """The last so many started calls, newest first."""
        with self._at_now() as cloud:
            return [record.instance() for record in cloud.instances.latest(count)]

    @property
    def counts(self) -> dict[str, int]:
        """How many of the remembered calls have each status."""
        with self._at_now() as cloud:
            return cloud.instances.counts()

    @property
    def received(self) -> list[Received]:
        """The last requests, oldest first, with what was answered."""
        with self._lock:
            self._looked_at = self._cloud.journal.count
            return self._cloud.journal.all()

    def peek(self, count: int) -> list[Received]:
        """The last so many requests, newest first. Does not count as a look at the refused."""
        with self._lock:
            return self._cloud.journal.all()[: -count - 1 : -1]

    @property
    def refused(self) -> list[Received]:
        """Those of the last requests that were answered with an error."""
        return [request for request in self.received if request.refused]

    def unseen_refusals(self) -> list[Received]:
        """Return refused requests that nobody has looked at, by `received` or `refused`.

        Refusals that were asked for, by a destination or `answer_next`, are not among them, nor are
        those that are part of a normal exchange, see `Received.routine`.
        """
        with self._lock:
            return [
                request
                for request in self._cloud.journal.all()
                if request.refused
                and not (request.simulated or request.routine)
                and request.number > self._looked_at
            ]

    # Services and queues

    @property
    def services(self) -> list[Service]:
        """The outbound services, as they are configured now."""
        with self._lock:
            return self._cloud.services.all()

    def change_service(self, user: str, **changes: Any) -> Service:
        """Change settings of a service, by their names in `Service`.

        Raises:
            InvalidInputError: no such service or setting, or a value that cannot be.
        """
        with self._at_now() as cloud:
            return cloud.services.change(user, changes)

    def queue_lengths(self) -> dict[str, int]:
        """How many calls wait to be dialled, by the user name of the service."""
        with self._at_now() as cloud:
            return {
                service.user: cloud.queues.length(service.user) for service in cloud.services.all()
            }

    def purge(self, user: str) -> int:
        """Cancel all calls that wait in the queue of a service, and say how many did."""
        with self._at_now() as cloud:
            return cloud.progress.purge(user, cloud.now)

    def start_test(
        self,
        user: str,
        to: str,
        from_: str = "",
        token: str | None = None,
        outbound_parameters: str | None = None,
    ) -> Answer:
        """Start a call as the *Start Test* button of the Outbound Services page does.

        Args:
            user: The service, as cloudID/username/service_name. No password is needed.
            to: The destination.
            from_: The origin; "" to leave it out.
            token: The token; None to leave it out.
            outbound_parameters: The data for the application; None to leave it out.

        Returns:
            What service_start answers.

        Raises:
            InvalidInputError: there is no such service.
        """
        given = {"from": from_ or None, "token": token, "outbound_parameters": outbound_parameters}
        call = {"to": to, **{name: text for name, text in given.items() if text is not None}}
        with self._at_now() as cloud:
            return cloud.start_test(user, call)

    # Time and state

    @property
    def now(self) -> float:
        """Where the cloud's clock stands, in seconds since 1970, UTC."""
        with self._at_now() as cloud:
            return cloud.now

    def advance(self, seconds: float) -> None:
        """Move the cloud's clock on, and wait for the pages that are requested on the way.

        Raises:
            InvalidInputError: negative, no number, or beyond the year 9999.
        """
        step = checked_seconds(seconds)
        with self._at_now() as cloud:
            cloud.move_to(cloud.now + step)
            if self._real:
                self._real.advance(step)
        self._pager.wait()

    def answer_next(self, *words: str) -> None:
        """Give the next requests these answers, first in first out.

        Args:
            words: Words of `scenarios.py` that are answers: such as "unavailable", "lost-answer",
                or "answered" for one that is answered as ever.

        Raises:
            InvalidInputError: a word that is no answer, or too many of them. None counts then.
        """
        checked = [checked_word(word, ANSWERS) for word in words]
        with self._lock:
            if len(self._cloud.to_come) + len(checked) > MOST_TO_COME:
                raise InvalidInputError(f"more than {MOST_TO_COME} answers would wait")
            self._cloud.to_come.extend(checked)

    @property
    def waiting(self) -> list[str]:
        """The words of `answer_next` that no request has met yet."""
        with self._lock:
            return list(self._cloud.to_come)

    def reset(self) -> None:
        """Forget what was started, received, and is to come. Clock and services stay."""
        with self._lock:
            self._cloud.forget()
            self._pager.forget()

    def snapshot(self) -> dict[str, object]:
        """The state as data that JSON can hold: clock, count and started calls.

        Neither services nor received requests are part of it, and no password is.
        """
        with self._at_now() as cloud:
            return state.snapshot(cloud)

    def restore(self, snapshot: dict[str, object]) -> None:
        """Go on from a snapshot, of this sandbox or another. Real time has passed since.

        Raises:
            InvalidInputError: not what `snapshot` returned. Nothing has changed then.
        """
        with self._lock:
            state.restore(self._cloud, snapshot)
            if self._real:
                self._real.go_on_from(self._cloud.now)

    @contextmanager
    def _at_now(self) -> Iterator[Cloud]:
        """The cloud, with its clock right and nobody else at it; pages come after."""
        with self._lock:
            if self._real:
                self._cloud.move_to(max(self._cloud.now, self._real.now()))
            try:
                yield self._cloud
            finally:
                self._pager.request(self._cloud.take_pages())

    def _answer(self, request: Request) -> Answer:
        with self._at_now() as cloud:
            return cloud.answer(request)

    def _refuse(self, request: Request, problem: Problem) -> Answer:
        with self._at_now() as cloud:
            return cloud.refuse(request, problem)

    def _look(self) -> float | None:
        """Do what is due, and say after how many seconds there is more."""
        with self._at_now() as cloud:
            moment = cloud.progress.next_moment()
            return None if moment is None else moment - cloud.now

    def _page_answered(self, asked: PageRequest, answer: PageAnswer) -> None:
        with self._at_now() as cloud:
            # A virtual clock stands still while a page is requested, however long that takes.
            moment = cloud.now if self._real else asked.moment
            cloud.page_answered(asked, moment, answer)


def _seed(seed: object) -> int:
    if seed is None:
        return randbits(128)
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise InvalidInputError(f"seed must be an int or None, not {type(seed).__name__}")
    return seed
