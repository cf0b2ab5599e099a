"""Every case on every face: the suite says what must come of it, and nothing may be left out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.parity.faces import face_driver
from aculab_wrappers.parity.folder import suite_folder
from aculab_wrappers.parity.runner import Runner, State
from aculab_wrappers.parity.suite import load

if TYPE_CHECKING:
    from aculab_wrappers.parity.cloud import ScriptedCloud
    from aculab_wrappers.parity.proxy import Proxies
    from aculab_wrappers.parity.suite import Suite

SUITE = load(suite_folder())
CASES = {case.id: case for case in SUITE.cases}


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 150


@pytest.mark.parametrize("dialect", SUITE.dialects)
@pytest.mark.parametrize("id_", CASES)
def test_a_face_does_what_the_case_says(
    suite: Suite, cloud: ScriptedCloud, proxies: Proxies | None, id_: str, dialect: str
) -> None:
    runner = Runner(suite, cloud, proxies)

    [verdict] = runner.verdicts(face_driver(suite, dialect), [CASES[id_]])

    if verdict.state is State.SKIPPED and not os.environ.get("CI"):
        pytest.skip(verdict.why[0])
    fine = {State.PROVED, State.GAP, State.NOT_APPLICABLE}
    assert verdict.state in fine, "\n".join(verdict.why)
