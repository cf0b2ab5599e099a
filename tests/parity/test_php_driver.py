"""The page's PHP wrapper, written in PHP, on the same cases as the PHP face.

Two readings of one page, in two languages: where they disagree, one of them is wrong.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aculab_wrappers.parity.driver import ProgramDriver
from aculab_wrappers.parity.folder import suite_folder
from aculab_wrappers.parity.runner import BROKEN, Runner, State

from ..programs import program

if TYPE_CHECKING:
    from aculab_wrappers.parity.cloud import ScriptedCloud
    from aculab_wrappers.parity.proxy import Proxies
    from aculab_wrappers.parity.suite import Suite


def test_the_wrapper_in_php_agrees_with_every_case_that_it_can_be_asked(
    suite: Suite, cloud: ScriptedCloud, proxies: Proxies | None
) -> None:
    command = shlex.join([program("php"), str(suite_folder() / "drivers" / "php_driver.php")])
    with ProgramDriver(command, suite) as driver:
        runner = Runner(suite, cloud, proxies, own=False)
        verdicts = list(runner.verdicts(driver, suite.cases))

    broken = {verdict.case.id: verdict.why for verdict in verdicts if verdict.state in BROKEN}
    assert broken == {}
    assert sum(verdict.state is State.PROVED for verdict in verdicts) > 400
