"""`doctor`: what is between this machine and the cloud, one step at a time."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import click

from ..doctor.allowed_requests import MAX_REQUESTS
from ..errors import InvalidInputError
from .account import PASSWORD_VARIABLE, Options, account_options, service_password
from .errors import BAD_INPUT, DONE, FAILED, CommandError
from .output import is_terminal, printable, say

if TYPE_CHECKING:
    from ..doctor.checks import Examination
    from ..doctor.configuration import Inputs
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
_WARNED = f"""Afterwards send up to {MAX_REQUESTS} requests to the LIVE service at the base URL, to
check what this project assumes of it, and print the results as Markdown, without user name, service
name and password, to paste into an issue. None of the requests can start a call. One has a wrong
password."""


@click.command(epilog=_EPILOG, short_help="Find out what is wrong, without starting a call.")
@click.option(_FLAG, "check", is_flag=True, help=_WARNED)
@account_options(sandbox=False)
def doctor(options: Options, *, check: bool) -> int:
    """Check configuration, DNS, proxy, TLS, credentials and clock, one after the other.

    Each step says what it looked at, what it found, and what to do. No call is started, and no
    password is sent (but a proxy's own) unless you ask for more.
    """
    # Imported here, as below: no other command needs a network library to begin.
    from ..doctor.checks import Examination
    from ..doctor.step import State

    examination = Examination(_inputs(options, is_account_needed=check))
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
        return BAD_INPUT if examination.is_unusable else FAILED
    if check:
        return _check_assumptions(examination)
    warned = [step.name for step in examination.done if step.state is State.WARNING]
    more = f", with a warning: {', '.join(warned)}" if warned else ""
    say(f"Nothing failed{more}. Whether the service takes the password is only seen with {_FLAG}.")
    return DONE


def _inputs(options: Options, *, is_account_needed: bool) -> Inputs:
    from ..doctor.configuration import VARIABLES, Inputs

    texts = {
        name: str(text)
        for name, text in asdict(options).items()
        # What click took out of the environment is no option.
        if name in VARIABLES and text is not None and text != os.environ.get(VARIABLES[name])
    }
    password = partial(_password, options, may_ask=is_account_needed)
    return Inputs(texts, os.environ, password, is_account_needed)


def _password(options: Options, *, may_ask: bool) -> str | None:
    """Return the service password; without the flag nobody is asked for it."""
    there = options.password_file is not None or os.environ.get(PASSWORD_VARIABLE)
    if not there and not (may_ask and is_terminal(sys.stdin)):
        return None
    try:
        return service_password(options.password_file, "your service", False)
    except CommandError as error:
        raise InvalidInputError(str(error)) from None


def _check_assumptions(examination: Examination) -> int:
    from ..doctor.assumptions import Verdict, judge_all
    from ..doctor.probes import ask_all
    from ..doctor.report import summarize, to_markdown

    assert examination.settings
    assert examination.credentials
    say(f"Asking {examination.resolved.base_url}: none of these requests can start a call.")

    def on_probe(probe: Probe) -> None:
        say(f"  {probe.text}")

    answers = ask_all(examination.settings, examination.credentials, on_probe)
    findings = judge_all(answers)
    click.echo(printable(to_markdown(examination, answers, findings)))
    say(f"\n{summarize(findings)}.")
    if answers.is_login_wrong:
        say("The service refused the login: check cloud id, user name and service name, and that "
            "the password is the outbound service password, not the account's or its API Access "
            "Key. Until then this report tells nobody anything.")  # fmt: skip
    return DONE if all(one.verdict is Verdict.HELD for one in findings) else FAILED
