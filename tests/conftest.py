"""What every test relies on: loopback only, no setting of the developer's, nothing left over."""

from __future__ import annotations

import http.client
import locale
import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from . import programs
from .loopback import sitecustomize

if TYPE_CHECKING:
    from collections.abc import Generator

# Runs of pytest inside a test, for the plug-in.
pytest_plugins = ["pytester"]

# The same examples in every run: a failing property is a finding, not luck.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")

_ROOT = Path(__file__).parents[1]
_LOOPBACK = Path(sitecustomize.__file__).parent
_WORKERS_FOR_A_CORE = 2
_DEAR_FIXTURES = ("chromium", "running")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(programs)


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> Generator[None, int, int]:
    """Two workers for each core, because most tests wait most of the time.

    One only where a delay would be taken for a failure: while coverage is measured, which slows
    everything down, and with the table of faults, which has short time limits.
    """
    found = yield
    told = "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ
    delicate = "coverage" in sys.modules or "not faults" not in config.option.markexpr
    return found if told or delicate else _WORKERS_FOR_A_CORE * found


def pytest_itemcollected(item: pytest.Item) -> None:
    """One worker, and not each, starts what takes seconds; it is given these tests first."""
    for name in _DEAR_FIXTURES:
        if name in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(name))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ACULAB_"):
            monkeypatch.delenv(name)
    # The package as it is here, and what keeps a program on this machine.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(_LOOPBACK), str(_ROOT)]))


def _surroundings() -> dict[str, object]:
    """What all tests of a process share, and none may leave changed for those after it."""
    manager = logging.root.manager
    loggers = {
        name: (logger.level, logger.disabled, logger.propagate)
        for name, logger in manager.loggerDict.items()
        if isinstance(logger, logging.Logger)
    }
    return {
        **{f"log {name}": state for name, state in loggers.items()},
        "logging": (manager.disable, logging.root.level, logging.root.handlers[:]),
        "http.client's log": http.client.HTTPConnection.debuglevel,
        "environment": {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"},
        "signals": [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)],
        "locale": locale.setlocale(locale.LC_ALL),
        "folder": os.getcwd(),
    }


_before = pytest.StashKey[dict[str, object]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    item.stash[_before] = _surroundings()
    yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    yield
    after = _surroundings()
    changed = {name for name, was in item.stash[_before].items() if after[name] != was}
    assert not changed, f"the test left behind another state of: {', '.join(sorted(changed))}"
