"""The whole run: which drivers, which cases, which checks beside them."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .cloud import ScriptedCloud
from .driver import ProgramDriver
from .faces import face_driver
from .folder import SuiteError
from .proxy import real_proxies
from .report import Check, Report
from .runner import Runner
from .samples import check_samples
from .self_test import self_test
from .surface import check_surface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .case import Case
    from .runner import Verdict
    from .suite import Suite


def run_faces(
    suite: Suite, dialects: Sequence[str], patterns: Sequence[str], watch: Callable[[], object]
) -> Report:
    """Hold this package's faces against the suite.

    Args:
        suite: The suite.
        dialects: Which of them; none means all.
        patterns: Cases by id, with * and ?; none means all, and the checks beside the cases.
        watch: Called after each case.

    Raises:
        SuiteError: no case has such an id.
    """
    chosen = [dialect for dialect in suite.dialects if not dialects or dialect in dialects]
    cases = chosen_cases(suite, patterns)
    with _runner(suite, own=True) as runner:
        checks = [] if patterns else list(_checks(runner, chosen))
        drivers = {dialect: face_driver(suite, dialect) for dialect in chosen}
        return Report(
            suite=suite,
            names={dialect: driver.hello.name for dialect, driver in drivers.items()},
            verdicts={
                dialect: list(_watched(runner.verdicts(driver, cases), watch))
                for dialect, driver in drivers.items()
            },
            checks=checks,
        )


def run_program(
    suite: Suite, command: str, patterns: Sequence[str], watch: Callable[[], object]
) -> Report:
    """Hold the implementation behind a program against the suite. Arguments as for `run_faces`.

    Raises:
        DriverError: the program cannot be talked to.
    """
    cases = chosen_cases(suite, patterns)
    with _runner(suite, own=False) as runner, ProgramDriver(command, suite) as driver:
        return Report(
            suite=suite,
            names={driver.hello.dialect: driver.hello.name},
            verdicts={driver.hello.dialect: list(_watched(runner.verdicts(driver, cases), watch))},
            checks=[] if patterns else list(self_test(suite, runner.cloud)),
        )


def chosen_cases(suite: Suite, patterns: Sequence[str]) -> list[Case]:
    """The cases whose ids match one of the patterns; all, if there is none."""
    if not patterns:
        return list(suite.cases)
    for pattern in patterns:
        if not any(fnmatchcase(case.id, pattern) for case in suite.cases):
            raise SuiteError(f"no case has an id like {pattern}")
    return [
        case for case in suite.cases if any(fnmatchcase(case.id, pattern) for pattern in patterns)
    ]


@contextmanager
def _runner(suite: Suite, *, own: bool) -> Iterator[Runner]:
    with ScriptedCloud() as cloud, real_proxies() as proxies:
        yield Runner(suite, cloud, proxies, own)


def _checks(runner: Runner, dialects: Sequence[str]) -> Iterator[Check]:
    for dialect in dialects:
        surface = runner.suite.surfaces[dialect]
        module = importlib.import_module(surface["module"])
        title = f"{surface['module']} has the names that its page prints, and no others"
        yield Check("surface", dialect, title, tuple(check_surface(surface, module)))
    yield from check_samples(runner.suite.documents, dialects)
    yield from self_test(runner.suite, runner.cloud)


def _watched(verdicts: Iterator[Verdict], watch: Callable[[], object]) -> Iterator[Verdict]:
    for verdict in verdicts:
        watch()
        yield verdict
