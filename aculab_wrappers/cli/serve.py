"""`sandbox`: the embedded cloud over HTTP, until Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..errors import InvalidInputError
from ..sandbox import DEFAULT_SERVICES, Sandbox, Service
from .account import SANDBOX_PASSWORD
from .errors import DONE
from .output import printable, say
from .stop_signal import StopSignal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..sandbox import Received

_LOOK_SECONDS = 0.1
_LONGEST_LINE = 200


@click.command(short_help="Run an Aculab Cloud on this machine.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="Port on 127.0.0.1; 0 takes a free one.",
)
@click.option(
    "--telephone",
    metavar="USER/NAME",
    multiple=True,
    help="Add a service that calls numbers and SIP addresses.",
)
@click.option(
    "--conference",
    metavar="USER/NAME",
    multiple=True,
    help="Add a service that calls conference rooms.",
)
def sandbox(port: int, telephone: tuple[str, ...], conference: tuple[str, ...]) -> int:
    """Run an Aculab Cloud of your own on this machine, until Ctrl-C.

    It starts calls that ring nowhere, and shows each request. It has the services of the
    documented samples; those that you add are on cloud 1-2-0 with the password "sandbox".
    """
    services = [
        *DEFAULT_SERVICES,
        *(_service(text, "telephone") for text in telephone),
        *(_service(text, "conference") for text in conference),
    ]
    with StopSignal() as stop, Sandbox(services, time="real", port=port) as cloud:
        _introduce(cloud.base_url, services)
        _show_requests(cloud, stop)
    say("Stopped.")
    return DONE


def _service(text: str, kind: Any) -> Service:
    username, _, name = text.partition("/")
    try:
        if not username or not name:
            raise InvalidInputError("user name or service name is missing")
        return Service(username, name, SANDBOX_PASSWORD, kind)
    except InvalidInputError as error:
        raise click.BadParameter(
            f"{text!r}: {error}. Write user name, slash, service name: bob@acompany.com/mine",
            param_hint=f"--{kind}",
        ) from None


def _introduce(base_url: str, services: Sequence[Service]) -> None:
    first = services[0]
    lines = [
        f"A sandbox of Aculab Cloud is at {base_url}. Ctrl-C stops it.",
        "",
        "Send every wrapper there, in another shell:",
        f"  export ACULAB_BASE_URL={base_url}",
        "",
        "Its services (kind, user name, password):",
        *(f"  {item.kind:<10}  {item.user}  {item.password}" for item in services),
        "",
        "Try it:",
        f"  export ACULAB_SERVICE_PASSWORD={first.password}",
        f"  aculab-wrappers start 441908283800 --from 441908283801 --cloud-id {first.cloud_id} \\",
        f"    --username {first.username} --service {first.name}",
        "",
        "Requests (method, path, user, calls, answer):",
    ]
    for line in lines:
        click.echo(line)


def _show_requests(cloud: Sandbox, stop: StopSignal) -> None:
    last: Received | None = None
    stopping = False
    while not stopping:
        stopping = stop.wait(_LOOK_SECONDS)
        for request in _after(cloud.received, last):
            click.echo(printable(_line(request)))
            last = request


def _after(requests: list[Received], last: Received | None) -> Iterator[Received]:
    """Those that came after `last`; all, when it is no longer remembered."""
    seen = next((n for n, item in enumerate(requests) if item is last), -1)
    yield from requests[seen + 1 :]


def _line(request: Received) -> str:
    """One request on one line. It holds no password: the sandbox keeps none."""
    calls = request.calls
    count = len(calls) if isinstance(calls, list) else 1
    items = calls if isinstance(calls, list) else [calls]
    to = ", ".join(str(item.get("to")) for item in items[:3] if isinstance(item, dict))
    more = ", ..." if count > 3 else ""
    what = f"  {count} to {to}{more}" if to else ""
    code = f" {request.code}" if request.code else ""
    line = f"{request.method} {request.path}  {request.user or '(no user)'}{what}  -> "
    return line[:_LONGEST_LINE].replace("\n", " ") + f"{request.status}{code}"
