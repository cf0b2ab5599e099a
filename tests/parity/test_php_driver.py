"""The page's PHP wrapper, written in PHP, on the same cases as the PHP face.

Two readings of one page, in two languages: where they disagree, one of them is wrong.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aculab_wrappers.parity.driver import ProgramDriver
from aculab_wrappers.parity.folder import suite_folder
from aculab_wrappers.parity.runner import BROKEN, Runner, State

from ..programs import needs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aculab_wrappers.parity.case import Case
    from aculab_wrappers.parity.cloud import ScriptedCloud
    from aculab_wrappers.parity.proxy import Proxies
    from aculab_wrappers.parity.suite import Suite

pytestmark = needs("php")


def proved(runner: Runner, cases: Iterable[Case]) -> int:
    """How many of the cases are proved, where none is broken."""
    command = shlex.join(["php", str(suite_folder() / "drivers" / "php_driver.php")])
    with ProgramDriver(command, runner.suite) as driver:
        verdicts = list(runner.verdicts(driver, cases))
    assert {one.case.id: one.why for one in verdicts if one.state in BROKEN} == {}
    return sum(one.state is State.PROVED for one in verdicts)


def test_the_wrapper_in_php_agrees_with_every_case_that_it_can_be_asked(
    suite: Suite, cloud: ScriptedCloud
) -> None:
    cases = [case for case in suite.cases if not case.real_proxy]

    assert proved(Runner(suite, cloud, None, own=False), cases) > 400


@needs("tinyproxy")
def test_it_does_so_through_a_real_proxy(
    suite: Suite, cloud: ScriptedCloud, proxies: Proxies
) -> None:
    cases = [case for case in suite.cases if case.real_proxy]

    assert proved(Runner(suite, cloud, proxies, own=False), cases) > 0
