"""Write docs/command-line.md: what each command's --help says.

python -m tests.docs.command_line            say whether the page is up to date
python -m tests.docs.command_line --write    write it
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from aculab_wrappers.cli.commands import program

from .written import Written, main

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH: Final = 80
_NAME: Final = "aculab-wrappers"


def generated() -> str:
    """The help of the program, and of each of its commands."""
    return "\n".join(line for part in _commands() for line in part)


def _commands() -> Iterator[list[str]]:
    whole = click.Context(program, info_name=_NAME, terminal_width=_WIDTH)
    yield [f"## {_NAME}", "", *_fenced(_help(program, whole))]
    for name, command in sorted(program.commands.items()):
        inner = click.Context(command, info_name=name, parent=whole, terminal_width=_WIDTH)
        yield [f"## {name}", "", *_fenced(_help(command, inner))]


def _help(command: click.Command, context: click.Context) -> str:
    context.help_option_names = ["-h", "--help"]
    return command.get_help(context)


def _fenced(text: str) -> list[str]:
    return ["```text", *(line.rstrip() for line in text.splitlines()), "```", ""]


PARTS: Final = (Written("command-line.md", "python -m tests.docs.command_line", generated),)

if __name__ == "__main__":
    sys.exit(main(PARTS, __doc__))
