"""The real proxies: they run while they are needed, and end whatever they are doing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.parity.proxy import PROGRAM, real_proxies

if TYPE_CHECKING:
    from pathlib import Path

STUBBORN = """\
#!{python}
import os, re, signal, socket, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
settings = open(sys.argv[-1], encoding="utf-8").read()
open(os.path.join({folder!r}, str(os.getpid())), "w").close()
with socket.create_server(("127.0.0.1", int(re.search(r"Port (\\d+)", settings)[1]))) as server:
    while True:
        server.accept()[0].close()
"""


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_one_that_does_not_end_when_it_is_asked_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, started = tmp_path / "bin", tmp_path / "started"
    programs.mkdir()
    started.mkdir()
    program = programs / PROGRAM
    program.write_text(STUBBORN.format(python=sys.executable, folder=str(started)))
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr("aculab_wrappers.parity.proxy._GRACE", 0.05)

    with real_proxies() as proxies:
        assert proxies is not None

    numbers = [int(file.name) for file in started.iterdir()]
    assert len(numbers) == 2
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_where_the_program_is_missing_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with real_proxies() as proxies:
        assert proxies is None
