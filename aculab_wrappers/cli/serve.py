"""`sandbox`: the embedded cloud over HTTP, until Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import click

from ..errors import InvalidInputError
from ..sandbox import DEFAULT_SERVICES, Sandbox, Service
from ..sandbox.clock import Time
from ..sandbox.config import read_config
from ..sandbox.quoting import quoted
from ..sandbox.refusals import wrong
from .account import SANDBOX_PASSWORD
from .errors import DONE
from .introduction import Offered, introduction, warning
from .output import printable, say
from .stop_signal import StopSignal

if TYPE_CHECKING:
    from ..sandbox import Received

_LOOK_SECONDS = 0.1
_LONGEST_LINE = 200
_NOT_GIVEN: tuple[object, ...] = (None, ())


@click.command(short_help="Run an Aculab Cloud on this machine.")
@click.option("--config", metavar="FILE", help="TOML file that configures it. Options win over it.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on; a free one if not given."
)
@click.option("--host", metavar="ADDRESS", help="Address to listen on; 127.0.0.1 if not given.")
@click.option(
    "--allow-other-machines",
    is_flag=True,
    help="Needed with a --host that other machines can reach.",
)
@click.option(
    "--host-name",
    "host_names",
    metavar="NAME",
    multiple=True,
    help="A further name by which requests may call it.",
)
@click.option(
    "--time", type=click.Choice(get_args(Time)), help="What moves its clock; real if not given."
)
@click.option("--seed", type=int, help="The same seed gives the same ids again.")
@click.option(
    "--calls-per-second", type=float, help="How many queued calls are released each second."
)
@click.option(
    "--ca-file",
    type=click.Path(resolve_path=True),  # programs in other folders are told of it
    metavar="FILE",
    help="Speak https, and write the authority to trust to this file.",
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
def sandbox(
    config: str | None, telephone: tuple[str, ...], conference: tuple[str, ...], **options: Any
) -> int:
    """Run an Aculab Cloud of your own on this machine, until Ctrl-C.

    It starts calls that ring nowhere, and shows each request. It has the services of the
    documented samples, or those of the file; those that you add are on cloud 1-2-0 with the
    password "sandbox".
    """
    arguments: dict[str, Any] = {"time": "real", **(read_config(config) if config else {})}
    # An option that was not given is None or (), and leaves to the file what it says.
    arguments.update({name: given for name, given in options.items() if given not in _NOT_GIVEN})
    offered = Offered(
        arguments.get("services", DEFAULT_SERVICES),
        [
            *(_service(text, "telephone") for text in telephone),
            *(_service(text, "conference") for text in conference),
        ],
        config,
    )
    arguments["services"] = offered.services
    with StopSignal() as stop, Sandbox(**arguments) as cloud:
        for line in warning(arguments.get("host")):
            say(line)
        for line in introduction(cloud.environment(), offered):
            click.echo(printable(line))
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
            f"{quoted(text)}: {error}. Write user name, slash, service name: bob@acompany.com/mine",
            param_hint=f"--{kind}",
        ) from None


def _show_requests(cloud: Sandbox, stop: StopSignal) -> None:
    shown = 0
    stopping = False
    while not stopping:
        stopping = stop.wait(_LOOK_SECONDS)
        for request in cloud.received:
            if request.number > shown:
                click.echo(printable(_line(request)))
                if request.refused:
                    click.echo(printable(f"    {'; '.join(wrong(request))}"))
                shown = request.number


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
