"""`doctor`: what is between this machine and the cloud, one step at a time."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ..doctor.lock import MOST_REQUESTS
from ..errors import InvalidInputError
from .account import PASSWORD_VARIABLE, Options, account_options, service_password
from .errors import BAD_INPUT, DONE, FAILED, CommandError
from .output import printable, say

if TYPE_CHECKING:
    from ..doctor.examination import Examination
    from ..doctor.given import Given
    from ..doctor.probes import Probe

_EPILOG = """\
\b
Exit codes:
  0    nothing is wrong, though there may be warnings; every fact held
  1    a step failed, or a fact did not hold or could not be told
  2    the command line, the settings or the credentials cannot be used
  130  interrupted
"""
_FLAG = "--check-assumptions"
_WARNED = f"""Afterwards send up to {MOST_REQUESTS} requests to the LIVE service at the base URL, to
hold what this project assumes of it against its answers; print what held as Markdown, without
user name, service name and password, to paste into an issue. None of them can start a call. One
comes with a wrong password."""


@click.command(epilog=_EPILOG, short_help="Find out what is wrong, without starting a call.")
@click.option(_FLAG, "check", is_flag=True, help=_WARNED)
@account_options(sandbox=False)
def doctor(options: Options, *, check: bool) -> int:
    """Look at configuration, DNS, proxy, TLS, credentials and clock, one after the other.

    Each step says what it looked at, what it found, and what to do. No call is started, and no
    password is sent (but a proxy's own) unless you ask for more.
    """
    # Imported here, as below: no other command needs a network library to begin.
    from ..doctor.examination import Examination
    from ..doctor.step import State

    given = _given(options, needed=check)
    examination = Examination(given)
    for step in examination.steps():
        text = "\n".join(step.lines()) + "\n"
        if check:
            say(text)  # stdout is the report's
        else:
            click.echo(printable(text))
    failed = examination.failed
    if failed:
        more = " Nothing was asked to check the assumptions." if check else ""
        say(f"Failed: {', '.join(step.name for step in failed)}.{more}")
        return BAD_INPUT if examination.unusable else FAILED
    if check:
        return _assumptions(examination, given)
    warned = [step.name for step in examination.done if step.state is State.WARNING]
    more = f", with a warning: {', '.join(warned)}" if warned else ""
    say(f"Nothing failed{more}. Whether the service takes the password is only seen with {_FLAG}.")
    return DONE


def _given(options: Options, *, needed: bool) -> Given:
    from ..doctor.given import VARIABLES, Given

    texts = {
        name: str(text)
        for name, text in asdict(options).items()
        # What click took out of the environment is no option.
        if name in VARIABLES and text is not None and text != os.environ.get(VARIABLES[name])
    }
    return Given(texts, os.environ, lambda: _password(options, asking=needed), needed)


def _password(options: Options, *, asking: bool) -> str | None:
    """The service password; without the flag nobody is asked for it."""
    there = options.password_file is not None or os.environ.get(PASSWORD_VARIABLE)
    if not there and not (asking and sys.stdin is not None and sys.stdin.isatty()):
        return None
    try:
        return service_password(options.password_file, "your service", False)
    except CommandError as error:
        raise InvalidInputError(str(error)) from None


def _assumptions(examination: Examination, given: Given) -> int:
    from ..doctor.assumptions import findings
    from ..doctor.probes import ask_all
    from ..doctor.report import Asked, markdown, summary
    from ..doctor.veil import Veil
    from ..doctor.verdicts import Verdict, login_is_wrong

    settings, route = examination.settings, examination.route
    credentials = examination.credentials
    assert settings
    assert route
    assert credentials
    say(f"Asking {route.base}: none of these requests can start a call.")

    def watch(probe: Probe) -> None:
        say(f"  {probe.says}")

    answers = ask_all(settings, route, examination.addresses, credentials, watch)
    found = findings(answers)
    asked = Asked(
        route.base,
        given.source("base_url"),
        route.proxy is not None,
        datetime.now(tz=UTC),
        len(answers.heard),
        examination.done,
    )
    click.echo(printable(markdown(asked, found, Veil(credentials, route.proxy))))
    say(f"\n{summary(found)}.")
    if login_is_wrong(answers):
        say("The service refused the login: check cloud id, user name and service name, and that "
            "the password is the outbound service password, not the account's or its API Access "
            "Key. Until then this report tells nobody anything.")  # fmt: skip
    return DONE if all(one.verdict is Verdict.HELD for one in found) else FAILED
