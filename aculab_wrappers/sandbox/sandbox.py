"""`Sandbox`: the embedded cloud, in process or over HTTP."""

from __future__ import annotations

import threading
from secrets import randbits
from time import monotonic
from time import time as wall_clock
from typing import TYPE_CHECKING, Final, Literal, get_args

from .._core.wire import HttpResponse
from ..errors import AculabError, InvalidInputError
from . import state
from .address import Address
from .answers import RefusedError
from .cloud import LAST_MOMENT, Cloud
from .requests import Request, read_request, split_target
from .services import DEFAULT_SERVICES

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from .._core.wire import HttpRequest
    from .answers import Answer, Problem
    from .instances import Instance
    from .journal import Received
    from .server import Server
    from .services import Service

Time = Literal["polls", "manual", "real"]

FIRST_MOMENT: Final = 1_735_689_600.0
"""Where a virtual clock begins: 2025-01-01 00:00:00 UTC, always, so that answers repeat."""
POLL_SECONDS: Final = 1.0
"""How far a service_status request moves the clock when time goes by polls."""


class Sandbox:
    """An Aculab Cloud of your own: starts calls that ring nowhere, and tells how they went.

    Args:
        services: The outbound services that it has. By default those of the page's samples.
        time: What moves its clock. "polls": each answered service_status request, by one second,
            after the answer, so that asking shows QUEUED, RUNNING, RUNNING, COMPLETED. "manual":
            `advance` alone. "real": the time that passes. `advance` works with all three.
        seed: The same seed gives the same ids again. None: ids differ each time.
        port: Where it serves HTTP. 0 takes any free one.
        host: The IP address where it serves HTTP; "localhost" is 127.0.0.1.
        allow_other_machines: Must be True for a host that is not a loopback address. Whoever can
            reach it may then use it, and over http read every password.
        host_names: Further names by which requests may call it, where a web page could not have
            chosen the name: names of this machine, say.
        ca_file: Serve https, by a throw-away authority whose certificate is written to this
            file, for clients to trust. None: serve http.

    Raises:
        InvalidInputError: an argument cannot be used.

    Use it as a context manager to serve HTTP, which takes the extra `sandbox`; or pass it as
    `transport=` to an `OutboundClient`, which takes neither socket nor extra. Safe to use from
    several threads.

    Source: seed page, and protocol notes 10 for what it leaves open. Evidence: see each part.
    """

    def __init__(
        self,
        services: Iterable[Service] = DEFAULT_SERVICES,
        *,
        time: Time = "polls",
        seed: int | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        allow_other_machines: bool = False,
        host_names: Iterable[str] = (),
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        _check(time, seed)
        self._address = Address(
            host,
            port,
            allow_other_machines=allow_other_machines,
            host_names=host_names,
            ca_file=ca_file,
        )
        self._server: Server | None = None
        self._lock = threading.Lock()
        self._lifecycle = threading.Lock()
        now = wall_clock() if time == "real" else FIRST_MOMENT
        # Real time is monotonic() plus this; None when the clock is virtual.
        self._offset = now - monotonic() if time == "real" else None
        self._cloud = Cloud(
            _listed(services),
            now=now,
            seed=randbits(128) if seed is None else seed,
            poll_seconds=POLL_SECONDS if time == "polls" else 0.0,
        )

    def __repr__(self) -> str:
        where = "not serving HTTP" if self._server is None else f"at {self._server.url}"
        return f"<Sandbox {where}, {self.accepted} started>"

    # As a server

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve HTTP, in a thread that ends with the program.

        Raises:
            AculabError: it is already serving, a library is not installed, the port is taken, or
                the certificate cannot be written.
        """
        with self._lifecycle:
            if self._server is not None:
                raise AculabError(
                    f"this sandbox is already serving at {self._server.url}: use it there, or "
                    f"make a second Sandbox"
                )
            self._server = self._address.serve(self._answer, self._refuse)

    def stop(self) -> None:
        """Stop serving HTTP. What was started stays; stopping twice does nothing."""
        with self._lifecycle:
            server, self._server = self._server, None
            if server is not None:
                server.close()

    @property
    def base_url(self) -> str:
        """The address to give as `base_url` or ACULAB_BASE_URL.

        Raises:
            AculabError: it is not serving.
        """
        server = self._server
        if server is None:
            raise AculabError(
                "this sandbox has no address, because it is not serving HTTP: use it in a 'with' "
                "statement, call start(), or pass it as transport="
            )
        return server.url

    def environment(self) -> dict[str, str]:
        """The environment variables that send every wrapper here.

        Raises:
            AculabError: it is not serving.
        """
        return self._address.environment(self.base_url)

    # As a transport

    def send(self, request: HttpRequest) -> HttpResponse:
        """Answer `request` in process, as a `Transport`. No socket is involved."""
        authorization = request.credentials.authorization()
        try:
            answer = self._answer(
                read_request("POST", request.path, authorization, body=request.body)
            )
        except RefusedError as refused:
            bare = Request("POST", split_target(request.path)[0])
            answer = self._refuse(bare, refused.problem)
        return HttpResponse(answer.status, answer.headers, answer.body)

    # What went on

    @property
    def accepted(self) -> int:
        """How many calls were ever started, by the cloud's own count."""
        with self._lock:
            return self._cloud.instances.accepted

    @property
    def instances(self) -> list[Instance]:
        """The started calls in start order, each as it is now. Old ones are forgotten in time."""
        with self._lock:
            self._look_at_clock()
            return [record.instance(self._cloud.now) for record in self._cloud.instances.all()]

    @property
    def received(self) -> list[Received]:
        """The last requests, oldest first, with what was answered."""
        with self._lock:
            return self._cloud.journal.all()

    # Time and state

    @property
    def now(self) -> float:
        """Where the cloud's clock stands, in seconds since 1970, UTC."""
        with self._lock:
            self._look_at_clock()
            return self._cloud.now

    def advance(self, seconds: float) -> None:
        """Move the cloud's clock on.

        Raises:
            InvalidInputError: negative, no number, or beyond the year 9999.
        """
        step = _seconds(seconds)
        with self._lock:
            self._look_at_clock()
            self._cloud.move_to(self._cloud.now + step)
            if self._offset is not None:
                self._offset += step

    def snapshot(self) -> dict[str, object]:
        """The state as data that JSON can hold: clock, count and started calls.

        Neither services nor received requests are part of it, and no password is.
        """
        with self._lock:
            self._look_at_clock()
            return state.snapshot(self._cloud)

    def restore(self, snapshot: dict[str, object]) -> None:
        """Go on from a snapshot, of this sandbox or another. Real time has passed since.

        Raises:
            InvalidInputError: not what `snapshot` returned. Nothing has changed then.
        """
        with self._lock:
            state.restore(self._cloud, snapshot)
            if self._offset is not None:
                self._offset = max(self._cloud.now, wall_clock()) - monotonic()

    def _look_at_clock(self) -> None:
        if self._offset is not None:
            self._cloud.move_to(max(self._cloud.now, monotonic() + self._offset))

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            self._look_at_clock()
            return self._cloud.answer(request)

    def _refuse(self, request: Request, problem: Problem) -> Answer:
        with self._lock:
            self._look_at_clock()
            return self._cloud.refuse(request, problem)


def _check(time: object, seed: object) -> None:
    if time not in get_args(Time):
        raise InvalidInputError(f"time must be 'polls', 'manual' or 'real', not {time!r}")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise InvalidInputError(f"seed must be an int or None, not {type(seed).__name__}")


def _seconds(seconds: object) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise InvalidInputError(f"seconds must be a number, not {type(seconds).__name__}")
    if not 0 <= seconds <= LAST_MOMENT:  # NaN is refused too
        raise InvalidInputError("seconds must be 0 or more, and the clock ends with the year 9999")
    return float(seconds)


def _listed(services: Iterable[Service]) -> list[Service]:
    try:
        listed = list(services)
    except TypeError:
        kind = type(services).__name__
        raise InvalidInputError(f"services must be an iterable of Service, not {kind}") from None
    if not listed:
        raise InvalidInputError("services is empty: a sandbox needs at least one")
    return listed
