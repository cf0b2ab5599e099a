"""What README.md and its kin point to is there, and the commands do what they are there for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ..programs import needs
from .console import environment, free_port
from .pages import ROOT, pages, text_of
from .terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = ".venv/bin/aculab-wrappers "
LAST_OF_SANDBOX = "Requests (method, path, user, calls, answer):"
FILES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "parity/README.md")


def commands() -> list[str]:
    """What the console blocks of README.md type."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?ms)^```console\n(.*?)^```$", text)
    typed = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith(f"$ {PROGRAM}") for line in typed)
    return [line.removeprefix(f"$ {PROGRAM}") for line in typed]


@pytest.mark.parametrize("file", FILES)
def test_a_link_of_a_file_leads_to_a_file(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / file).parent.joinpath(link).exists()] == []


def test_every_command_that_writes_a_page_is_in_the_text_for_contributors() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"(?m)^\.venv/bin/(python -m tests\.docs\.\w+) --write$", text)
    marks = re.findall(r"written by: (python -m tests\.docs\.\w+) --write", every_page())
    others = {"python -m tests.docs.console", "python -m tests.docs.examples"}  # without marks
    assert set(named) == {*marks, *others}


def every_page() -> str:
    return "\n".join(map(text_of, pages()))


@needs("bash")
def test_the_commands_of_the_readme_start_a_call_and_follow_it(tmp_path: Path) -> None:
    start, wait, serve, *held = commands()
    with Terminal(tmp_path, environment(tmp_path)) as shell:
        said = "\n".join(shell.run(f"aculab-wrappers {start}"))
        assert "started" in said
        [id_] = re.findall(r"\b[0-9a-f]{32}\b", said)
        assert wait.endswith(" ID")
        said = "\n".join(shell.run(f"aculab-wrappers {wait.removesuffix('ID')}{id_}"))
        assert "COMPLETED" in said
        port = free_port()
        lines = shell.leave_running(f"aculab-wrappers {serve} --port {port}", LAST_OF_SANDBOX)
        assert lines[0].startswith(f"A sandbox of Aculab Cloud is at http://127.0.0.1:{port}.")
    # The others take half a minute each.
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert held
    assert all(f"{PROGRAM}{command}".replace("parity", "parity --no-skips", 1) in script
               for command in held)  # fmt: skip
