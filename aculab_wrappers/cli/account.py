"""Who asks: the options that every command shares, the password, and the client they make."""

from __future__ import annotations

import functools
import os
import stat
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

from .._core.settings import Settings
from ..client import OutboundClient
from .errors import CommandError, os_reason
from .kept_sandbox import KeptSandbox
from .output import is_terminal, say
from .results import Account

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..sandbox.services import Kind

PASSWORD_VARIABLE: Final = "ACULAB_SERVICE_PASSWORD"  # noqa: S105  # a name, not a password
SANDBOX_PASSWORD: Final = "sandbox"  # noqa: S105  # of the embedded cloud, which guards nothing

_NO_SANDBOX: Final = {"sandbox": False, "sandbox_kind": "telephone"}
_SANDBOX_ACCOUNT = ("1-2-0", "user@example.com", "MyOutboundService")


@dataclass(frozen=True, slots=True)
class Options:
    """What the shared options say. None: not given, neither as option nor in the environment."""

    cloud_id: str | None
    username: str | None
    service: str | None
    password_file: str | None
    base_url: str | None
    proxy: str | None
    ca_bundle: str | None
    request_timeout: float | None
    sandbox: bool
    sandbox_kind: Kind


@dataclass(frozen=True, slots=True)
class Connection:
    """A client, and whose it is.

    Attributes:
        client: Starts and follows calls.
        account: Whose results a results file holds.
        close: To be called at the end.
    """

    client: OutboundClient
    account: Account
    close: Callable[[], object] = lambda: None


def account_options(
    timeout: str = "--timeout",
    *,
    sandbox: bool = True,
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Add the shared options to a command; it gets them as one argument `options`.

    Args:
        timeout: What the option for the time of one request is called.
        sandbox: Whether the command can use the embedded cloud.
    """

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        @functools.wraps(command)
        def wrapped(**values: Any) -> int:
            values = {**_NO_SANDBOX, **values}
            mine = {name: values.pop(name) for name in Options.__dataclass_fields__}
            return command(options=Options(**mine), **values)

        made: Callable[..., int] = wrapped
        for option in reversed([*_options(timeout), *(_sandbox_options() if sandbox else ())]):
            made = option(made)
        return made

    return decorate


def _options(timeout: str) -> list[Callable[[Callable[..., int]], Callable[..., int]]]:
    return [
        click.option("--cloud-id", metavar="ID", envvar="ACULAB_CLOUD_ID", show_envvar=True,
                     help="Id of the cloud, such as 1-2-0."),
        click.option("--username", metavar="NAME", envvar="ACULAB_USERNAME", show_envvar=True,
                     help="Your user name, such as user@example.com."),
        click.option("--service", metavar="NAME", envvar="ACULAB_SERVICE", show_envvar=True,
                     help="Name of the outbound service."),
        click.option("--password-file", metavar="FILE",
                     help="File whose first line is the outbound service password. Without it: "
                     "ACULAB_SERVICE_PASSWORD, or a prompt on a terminal."),
        # The client itself reads these four from the environment: here they are only named.
        click.option("--base-url", metavar="URL",
                     help="Where the web services are.  [env var: ACULAB_BASE_URL]"),
        click.option("--proxy", metavar="URL", callback=_proxy_without_password,
                     help="HTTP proxy, http://host:port. One that needs a password: in the "
                     "variable only.  [env var: ACULAB_PROXY]"),
        click.option("--ca-bundle", metavar="PATH",
                     help="PEM certificates to trust.  [env var: ACULAB_CA_BUNDLE]"),
        click.option(timeout, "request_timeout", metavar="SECONDS", type=float,
                     help="For one whole request; default 30.  [env var: ACULAB_TIMEOUT]"),
        click.option("--password", "--service-password", "refused", hidden=True, is_flag=False,
                     flag_value="", expose_value=False, is_eager=True, callback=_no_password),
    ]  # fmt: skip


def _sandbox_options() -> list[Callable[[Callable[..., int]], Callable[..., int]]]:
    return [
        click.option("--sandbox", is_flag=True,
                     help="Use the embedded cloud: no account, no network, no password. What it "
                     "started is kept between two commands."),
        click.option("--sandbox-kind", type=click.Choice(("telephone", "conference")),
                     default="telephone", show_default=True,
                     help="What the sandbox's service calls."),
    ]  # fmt: skip


def _no_password(context: click.Context, _parameter: click.Parameter, given: str | None) -> None:
    if given is not None:
        raise click.UsageError(
            "a password is never taken from the command line: every user of this machine could "
            "read it there, and the shell's history keeps it. Put it into the environment "
            f"variable {PASSWORD_VARIABLE} or into a file (--password-file), or leave it out "
            "and be asked. A real one that was typed here should be changed",
            context,
        )


def _proxy_without_password(
    context: click.Context, _parameter: click.Parameter, given: str | None
) -> str | None:
    typed = context.get_parameter_source("proxy") is ParameterSource.COMMANDLINE
    if typed and given is not None and "@" in given:
        raise click.UsageError(
            "a proxy's user name and password are not taken from the command line, where every "
            "user of this machine could read them. Put the address into ACULAB_PROXY",
            context,
        )
    return given


def connect(options: Options, *, stdin_is_taken: bool = False) -> Connection:
    """The client that the options ask for. Everything about it is checked; nothing is sent.

    Args:
        options: The shared options.
        stdin_is_taken: True when stdin holds rows or ids, so that nobody can be asked.

    Raises:
        CommandError: something is missing.
        InvalidInputError: something cannot be used.
    """
    if options.sandbox:
        return _embedded(options)
    parts = _account_parts(options)
    chosen = (options.base_url, options.request_timeout, options.proxy, options.ca_bundle)
    settings = Settings.checked(*chosen)
    # Ask for all of it now: an unusable environment must not show only when a row is under way.
    base = settings.resolve().base_url
    password = service_password(options.password_file, "/".join(parts), stdin_is_taken)
    client = OutboundClient(
        *parts,
        password,
        base_url=options.base_url,
        timeout=options.request_timeout,
        proxy=options.proxy,
        ca_bundle=options.ca_bundle,
    )
    user = "/".join(parts)
    return Connection(client, Account(user, _cloud(base)))


def _account_parts(options: Options) -> tuple[str, str, str]:
    given = (
        ("--cloud-id", "ACULAB_CLOUD_ID", options.cloud_id),
        ("--username", "ACULAB_USERNAME", options.username),
        ("--service", "ACULAB_SERVICE", options.service),
    )
    missing = [f"{option} (or {variable})" for option, variable, value in given if not value]
    if missing:
        raise CommandError(
            f"missing: {', '.join(missing)}. No account? Add --sandbox, which needs none"
        )
    cloud_id, username, service = (value or "" for _, _, value in given)
    return cloud_id, username, service


def _embedded(options: Options) -> Connection:
    for name in ("base_url", "proxy", "ca_bundle"):
        if getattr(options, name) is not None:
            option = "--" + name.replace("_", "-")
            raise CommandError(f"{option} and --sandbox exclude each other: it has no network")
    given = (options.cloud_id, options.username, options.service)
    cloud_id, username, service = (
        mine or usual for mine, usual in zip(given, _SANDBOX_ACCOUNT, strict=True)
    )
    parts = (cloud_id, username, service, SANDBOX_PASSWORD)
    cloud = KeptSandbox(*parts, options.sandbox_kind)
    return Connection(
        OutboundClient(*parts, transport=cloud),
        Account(f"{cloud_id}/{username}/{service}", "sandbox"),
        close=cloud.close,
    )


def _cloud(base_url: str) -> str:
    """The cloud that a base URL leads to. All hosts of Aculab Cloud are one cloud."""
    host = urlsplit(base_url).hostname or ""
    known = "aculabcloud.net"
    return known if host == known or host.endswith("." + known) else base_url


def service_password(path: str | None, user: str, stdin_is_taken: bool) -> str:
    """The password out of the file, the environment or the terminal. Raises CommandError."""
    if path is not None:
        return _first_line(path)
    found = os.environ.get(PASSWORD_VARIABLE)
    if found:
        return found
    if not stdin_is_taken and is_terminal(sys.stdin):
        asked: str = click.prompt(f"Service password of {user}", hide_input=True, err=True)
        return asked
    why = "stdin holds the input" if stdin_is_taken else "stdin is no terminal to ask on"
    raise CommandError(
        f"no service password: set {PASSWORD_VARIABLE}, or give --password-file FILE ({why}). "
        f"Nothing was sent"
    )


def _first_line(path: str) -> str:
    try:
        with open(path, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            line = file.readline().rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        # What names no file in a folder may be the password itself.
        shown = path if os.path.dirname(path) and os.path.isdir(os.path.dirname(path)) else "FILE"
        raise CommandError(f"--password-file {shown}: cannot be read: {os_reason(error)}") from None
    if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
        say(f"Warning: {path}: other users of this machine can read it. Mend it: chmod 600 {path}")
    if not line:
        raise CommandError(f"--password-file {path}: its first line is empty: no password there")
    try:
        return line.decode()
    except UnicodeDecodeError:
        _not_utf8(path)


def _not_utf8(path: str) -> NoReturn:
    # Not from within the handler: the decoding error holds the password.
    raise CommandError(f"--password-file {path}: its first line is not UTF-8") from None
