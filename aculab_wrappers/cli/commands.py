"""Which commands there are, and the one place where an error becomes a message and a code."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from .._version import __version__
from ..errors import AculabError, InvalidInputError
from .demo import demo
from .doctor import doctor
from .errors import BAD_INPUT, DONE, FAILED, INTERRUPTED, CommandError, os_reason
from .follow import status, wait
from .output import say, usable_streams
from .parity import parity
from .serve import sandbox
from .start import start

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: tuple[click.Command, ...] = (demo, sandbox, parity, start, status, wait, doctor)
"""A further command is a module of its own and a name here."""


@click.group(
    name="aculab-wrappers",
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="No account? `aculab-wrappers start sip:bob@acompany.com --sandbox` needs none.",
)
@click.version_option(__version__, prog_name="aculab-wrappers")
def program() -> None:
    """Start outbound calls on Aculab Cloud, and follow them."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line. Returns the exit code; no exception but SystemExit leaves it."""
    with usable_streams():
        try:
            code = program.main(
                None if arguments is None else list(arguments),
                prog_name="aculab-wrappers",
                standalone_mode=False,
            )
            return code if isinstance(code, int) else DONE
        except (Exception, KeyboardInterrupt) as error:
            return _explained(error)
        finally:
            _let_go_of_stdout()


def _explained(error: BaseException) -> int:
    """Say what went wrong, on stderr. Returns the exit code."""
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        say("Interrupted.")
        return INTERRUPTED
    if isinstance(error, CommandError):
        say(f"Error: {error}")
        return error.exit_code
    if isinstance(error, AculabError):
        say(f"Error: {error}")
        return BAD_INPUT if isinstance(error, InvalidInputError) else FAILED
    if isinstance(error, OSError):
        where = "" if error.filename is None else f"{error.filename}: "
        say(f"Error: {where}{os_reason(error)}")
        return FAILED
    raise error


def _let_go_of_stdout() -> None:
    """Close stdout if nobody reads it any more, or the interpreter complains while it ends."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.close()
