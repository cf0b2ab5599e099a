"""The requests that test the assumptions: each is sent once, on a connection of its own."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from .._core.credentials import Credentials
from .._core.frozen import frozen
from .._core.http import HttpRequest
from .._core.operations import STATUS_BATCH, GetStatus
from .._core.transport import NetworkTransport
from .._core.values import Invocation
from ..errors import TransportError
from .allowed_requests import STATUS, check_request
from .assumptions import Answers, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._core.settings import Settings

IDS: Final = "service_invocation_reference_ids"
"""Assumed, see `GetStatus` in the core."""

Form = tuple[tuple[str, str], ...]


@frozen
class Probe:
    """One request.

    Attributes:
        name: What the assumptions know it by.
        text: The request in words.
        target: Its path below the base URL, with its query.
        form: The fields of a POST; None for a GET.
        accepts_json: Whether JSON is asked for.
        wrong_password: Whether it comes with a wrong password.
    """

    name: str
    text: str
    target: str = STATUS
    form: Form | None = ()
    accepts_json: bool = True
    wrong_password: bool = False

    @property
    def method(self) -> str:
        """Return its method."""
        return "GET" if self.form is None else "POST"


def make_probes(ids: tuple[str, ...], service: str) -> tuple[Probe, ...]:
    """Return all requests, in order: the first two say whether the others make sense."""
    # What the package itself would send, made by the package itself.
    one, all_of_them = _status_form(ids[:1]), _status_form(ids)
    query = f"{IDS}={quote(json.dumps(list(ids[:1])))}"
    # As it is, a name of dots alone would be a step in the path.
    name = quote(service, safe="") if service.strip(".") else service.replace(".", "%2E")
    made = (
        Probe("status", "POST service_status with one made-up id", form=one),
        Probe("queue", "GET service/v1/outbound/NAME/queue, the service's queue",
              f"/service/v1/outbound/{name}/queue", None),
        Probe("get", "GET service_status with the same id in the query", f"{STATUS}?{query}", None),
        Probe("batch", f"POST service_status with {len(ids)} made-up ids", form=all_of_them),
        Probe("missing", "POST service_status without a parameter"),
        Probe("malformed", "POST service_status with invalid JSON", form=((IDS, "["),)),
        Probe("empty", "POST service_status with an empty array", form=((IDS, "[]"),)),
        Probe("repeated", "POST service_status with the parameter twice", form=one + one),
        Probe("plain", "POST service_status without a parameter, JSON not asked for",
              accepts_json=False),
        Probe("wrong_password", "POST service_status with a wrong password", form=one,
              wrong_password=True),
    )  # fmt: skip
    for probe in made:
        check_request(probe.method, probe.target)
    return made


def _status_form(ids: tuple[str, ...]) -> Form:
    nobody = Credentials("1-2-0", "nobody", "nothing", "-")
    return GetStatus(tuple(map(Invocation, ids))).request(nobody).form


def ask_all(
    settings: Settings, credentials: Credentials, on_probe: Callable[[Probe], object]
) -> Answers:
    """Send the requests, one after the other, as long as they can still tell something.

    Args:
        settings: The way to the server.
        credentials: Who asks.
        on_probe: Called before each request.
    """
    ids = tuple(secrets.token_hex(16) for _ in range(STATUS_BATCH))
    sender = Sender(settings, credentials)
    replies: dict[str, Reply] = {}
    reason = ""
    for probe in make_probes(ids, credentials.user.rpartition("/")[2]):
        if reason and not (probe.wrong_password and replies["status"].status not in (0, 401)):
            continue
        on_probe(probe)
        replies[probe.name] = sender.send(probe)
        if probe.name == "queue" or not replies["status"].status:
            reason = _why_pointless(replies["status"])
    return Answers(ids, replies, reason)


def _why_pointless(status: Reply) -> str:
    """Return why the other requests would tell nothing, or ""."""
    if not status.status:
        return "not asked, because the first request had no answer"
    if status.status in (401, 403):
        return "not asked, because the login was refused"
    if not status.is_good and status.refusal is None:
        return "not asked, because service_status is not where it was assumed"
    return ""


class Sender:
    """Sends probes through the package's own transport, and none that is not allowed."""

    def __init__(self, settings: Settings, credentials: Credentials) -> None:
        self._transport = NetworkTransport(settings)
        self._right = credentials
        cloud_id, username, service = credentials.user.split("/")
        self._wrong = Credentials(cloud_id, username, service, f"wrong-{secrets.token_hex(16)}")

    def send(self, probe: Probe) -> Reply:
        """Send it once, and return what came of it. Raises ForbiddenRequestError."""
        check_request(probe.method, probe.target)
        credentials = self._wrong if probe.wrong_password else self._right
        # Not marked as repeatable: a repeatable request may be sent again after a failure.
        request = HttpRequest(
            probe.target,
            probe.form or (),
            credentials,
            method=probe.method,
            accept="application/json" if probe.accepts_json else None,
        )
        try:
            return Reply(probe.text, self._transport.send(request))
        except TransportError as error:
            return Reply(probe.text, None, str(error))
