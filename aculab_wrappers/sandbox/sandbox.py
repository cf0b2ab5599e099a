"""`Sandbox`: the embedded cloud, in process or over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import assertions
from .accounts import NEW_ACCOUNT_RATE
from .address import Address
from .admin import answer as console_answer
from .clock import Ticker
from .config import read_config
from .journal import MOST_REQUESTS
from .live import LiveCloud
from .services import DEFAULT_SERVICES
from .serving import Serving

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Self

    from .accounts import Account
    from .answers import Answer
    from .clock import Time
    from .instances import Instance
    from .requests import Request
    from .services import Service


class Sandbox(LiveCloud):
    """An Aculab Cloud of your own: starts calls that ring nowhere, and tells how they went.

    Args:
        services: The outbound services that it has. By default those of the page's samples.
        accounts: Accounts that are not like a new production account.
        outcomes: Destinations with an outcome of their own, by the words in `scenarios.py`,
            beside the numbers and names listed there.
        calls_per_second: How many starts leave an account's queue in a second; inf for all.
        time: What moves its clock. "immediate": every call runs to its end at once. "polls": each
            answered service_status request, by one second, after the answer, so that asking shows
            QUEUED, RUNNING, RUNNING, COMPLETED. "manual": `advance` alone. "real": the time that
            passes. `advance` works with all four.
        seed: The same seed gives the same ids again. None: ids differ each time.
        port: Where it serves HTTP. 0 takes any free one.
        host: The IP address where it serves HTTP; "localhost" is 127.0.0.1.
        allow_other_machines: Must be True for a host that is not a loopback address. Whoever can
            reach it may then use it, and over http read every password.
        host_names: Further names by which requests may call it.
        ca_file: Serve https, by a throw-away authority whose certificate is written to this
            file, for clients to trust. None: serve http.

    Raises:
        InvalidInputError: an argument cannot be used.

    Use it as a context manager to serve HTTP, which takes the extra `sandbox`; or pass it as
    `transport=` to an `OutboundClient`, which takes neither socket nor extra. Safe to use from
    several threads. An application's pages are requested from threads of its own.

    Source: Aculab's page, and protocol notes 10 for what it leaves open. Evidence: see `facts.py`.
    """

    def __init__(
        self,
        services: Iterable[Service] = DEFAULT_SERVICES,
        *,
        accounts: Iterable[Account] = (),
        outcomes: Mapping[str, str] | None = None,
        calls_per_second: float = NEW_ACCOUNT_RATE,
        time: Time = "polls",
        seed: int | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        allow_other_machines: bool = False,
        host_names: Iterable[str] = (),
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        super().__init__(
            services,
            accounts=accounts,
            outcomes=outcomes,
            calls_per_second=calls_per_second,
            time=time,
            seed=seed,
        )
        address = Address(
            host,
            port,
            allow_other_machines=allow_other_machines,
            host_names=host_names,
            ca_file=ca_file,
        )
        self._serving = Serving(
            address,
            lambda: address.serve(self._answer, self._refuse),
            (lambda: Ticker(self._look)) if self._real else None,
        )

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], **overrides: Any) -> Self:
        """A sandbox as a TOML file says; docs/examples/sandbox.toml shows every key.

        Args:
            path: The file.
            overrides: Arguments of Sandbox, which win over the file.

        Raises:
            InvalidInputError: the file or an argument cannot be used.
        """
        return cls(**{**read_config(path), **overrides})

    def __repr__(self) -> str:
        url = self._serving.url
        where = f"at {url}" if url else "not serving HTTP"
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
        self._serving.start()

    def stop(self) -> None:
        """Stop serving HTTP. What was started stays; stopping twice does nothing."""
        self._serving.stop()
        self._pager.forget()

    @property
    def base_url(self) -> str:
        """The address to give as `base_url` or ACULAB_BASE_URL. A browser finds the console there.

        Raises:
            AculabError: it is not serving.
        """
        return self._serving.base_url()

    def environment(self) -> dict[str, str]:
        """Return the environment variables that send every wrapper here.

        They are all that decide where a request goes: ACULAB_BASE_URL, ACULAB_PROXY,
        ACULAB_CA_BUNDLE and ACULAB_TIMEOUT. An empty one counts as not set.

        Raises:
            AculabError: it is not serving.
        """
        return self._serving.environment()

    # What a test asserts

    def assert_started(
        self,
        count: int | None = None,
        /,
        *,
        to: str | None = None,
        from_: str | None = None,
        token: str | None = None,
        outbound_parameters: str | None = None,
    ) -> list[Instance]:
        """Assert that so many calls were started that have all the given members.

        Args:
            count: How many, exactly. None: one or more.
            to: A telephone number is the same with and without +, tel: and dashes.
            from_: The same.
            token: Exactly.
            outbound_parameters: Exactly.

        Returns:
            Those calls, in start order.

        Raises:
            AssertionError: more or fewer. The message lists what was started, and what was
                refused and why.
            InvalidInputError: an argument cannot be used.
        """
        __tracebackhide__ = True
        wanted = {"to": to, "from_": from_, "token": token}
        wanted["outbound_parameters"] = outbound_parameters
        return assertions.started(self.instances, self.peek(MOST_REQUESTS)[::-1], count, wanted)

    def assert_started_at_most_once(self, *, to: str | None = None) -> None:
        """Assert that no destination was started more than once; none at all is fine.

        Args:
            to: Look at this destination only. None: at all.

        Raises:
            AssertionError: one was. The message is that of `assert_started`.
            InvalidInputError: an argument cannot be used.
        """
        __tracebackhide__ = True
        assertions.started_at_most_once(self.instances, self.peek(MOST_REQUESTS)[::-1], to)

    def _answer(self, request: Request) -> Answer:
        if request.path == "/" or request.path.startswith("/sandbox/"):
            return console_answer(self, request)
        return super()._answer(request)
