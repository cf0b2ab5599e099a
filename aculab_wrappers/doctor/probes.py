"""What the service is asked, to hold the assumptions against it."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from .._core.credentials import Credentials
from .._core.heads import NoHeadError
from .._core.outbound import STATUS_BATCH, GetStatus, Invocation
from .._core.transport import NetworkTransport
from .._core.failures import describe_os_error
from .._core.frozen import frozen
from .._core.http import HttpRequest
from ..errors import TransportError
from .answers import Answers, Heard
from .line import Line, NoTunnelError
from .lock import STATUS, check

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._core.settings import Settings
    from .._core.http import HttpResponse
    from .line import Route

IDS: Final = "service_invocation_reference_ids"
"""Assumed, see `GetStatus` in the core."""


@frozen
class Probe:
    """One request.

    Attributes:
        name: What the verdicts know it by.
        says: The request in words.
        target: Its path below the base URL, with its query.
        form: The fields of a POST; None for a GET.
        accept: Whether JSON is asked for.
        stranger: Whether it comes with a wrong password.
    """

    name: str
    says: str
    target: str = STATUS
    form: tuple[tuple[str, str], ...] | None = ()
    accept: bool = True
    stranger: bool = False


def probes(ids: tuple[str, ...], service: str) -> tuple[Probe, ...]:
    """All requests, in order: the first two say whether the others make sense."""
    # What the package itself would send, made by the package itself.
    one, all_of_them = (_form(ids[:1]), _form(ids))
    query = f"{IDS}={quote(json.dumps(list(ids[:1])))}"
    made = (
        Probe("status", "POST service_status with one made-up id", form=one),
        Probe("queue", "GET service/v1/outbound/NAME/queue, the service's queue",
              f"/service/v1/outbound/{quote(service, safe='')}/queue", None),
        Probe("get", "GET service_status with the same id in the query", f"{STATUS}?{query}", None),
        Probe("batch", f"POST service_status with {len(ids)} made-up ids", form=all_of_them),
        Probe("missing", "POST service_status without a parameter"),
        Probe("malformed", "POST service_status with what is no JSON", form=((IDS, "["),)),
        Probe("empty", "POST service_status with an empty array", form=((IDS, "[]"),)),
        Probe("repeated", "POST service_status with the parameter twice", form=one + one),
        Probe("plain", "POST service_status without a parameter, JSON not asked for",
              accept=False),
        Probe("stranger", "POST service_status with a wrong password", form=one, stranger=True),
    )  # fmt: skip
    for probe in made:
        check("GET" if probe.form is None else "POST", probe.target)
    return made


def ask_all(
    settings: Settings,
    route: Route,
    addresses: list[Any],
    credentials: Credentials,
    watch: Callable[[Probe], object],
) -> Answers:
    """Send the requests, one after the other, as long as they can still tell something.

    Args:
        settings: The way there, for what the package itself would send.
        route: The same, for what it never sends.
        addresses: Where that leads.
        credentials: Who asks.
        watch: Called before each request.
    """
    ids = tuple(secrets.token_hex(16) for _ in range(STATUS_BATCH))
    asking = _Asking(settings, route, addresses, credentials)
    heard: dict[str, Heard] = {}
    why = ""
    for probe in probes(ids, credentials.user.rpartition("/")[2]):
        if why and not (probe.stranger and heard["status"].status not in (0, 401)):
            continue
        watch(probe)
        heard[probe.name] = asking.ask(probe)
        if probe.name == "queue" or not heard["status"].status:
            why = _pointless(heard)
    return Answers(ids, heard, why)


def _pointless(heard: dict[str, Heard]) -> str:
    """Why the other requests would tell nothing, or ""."""
    status = heard["status"]
    if not status.status:
        return "not asked, because the first request had no answer"
    if status.status in (401, 403):
        return "not asked, because the login was refused"
    if not status.good and status.refusal is None:
        return "not asked, because service_status is not where it was assumed"
    return ""


def _form(ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    nobody = Credentials("1-2-0", "nobody", "nothing", "-")
    return GetStatus(tuple(map(Invocation, ids))).request(nobody).form


class _Asking:
    """Sends a probe: through the package's own transport if that can say it, else by hand."""

    def __init__(
        self, settings: Settings, route: Route, addresses: list[Any], credentials: Credentials
    ) -> None:
        self._transport = NetworkTransport(settings)
        self._seconds = settings.seconds()
        self._route, self._addresses = route, addresses
        self._credentials = credentials
        cloud_id, username, service = credentials.user.split("/")
        wrong = f"wrong-{secrets.token_hex(16)}"
        self._stranger = Credentials(cloud_id, username, service, wrong)

    def ask(self, probe: Probe) -> Heard:
        """Send it, and return what came of it."""
        who = self._stranger if probe.stranger else self._credentials
        check("GET" if probe.form is None else "POST", probe.target)
        request = HttpRequest(probe.target, probe.form or (), who)
        try:
            if probe.form is not None and probe.accept:
                return Heard(probe.says, self._transport.send(request))
            return Heard(probe.says, self._by_hand(probe, request))
        except TransportError as error:
            return Heard(probe.says, None, str(error))
        except (NoHeadError, NoTunnelError) as error:
            return Heard(probe.says, None, str(error) or "the proxy made no tunnel this time")
        except OSError as error:
            return Heard(probe.says, None, words(error))

    def _by_hand(self, probe: Probe, request: HttpRequest) -> HttpResponse:
        headers = {"Authorization": request.credentials.authorization()}
        if probe.accept:
            headers["Accept"] = "application/json"
        method, body = "GET", b""
        if probe.form is not None:
            method, body = "POST", request.body
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Content-Length"] = str(len(body))
        with Line(self._route, self._addresses, self._seconds).open() as line:
            line.reach()
            return line.ask(method, probe.target, headers, body)
