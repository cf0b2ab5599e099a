"""Every case on every face: the suite says what must come of it, and nothing may be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.parity.faces import face_driver
from aculab_wrappers.parity.runner import Runner, State

from ..programs import needs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aculab_wrappers.parity.case import Case
    from aculab_wrappers.parity.cloud import ScriptedCloud
    from aculab_wrappers.parity.proxy import Proxies
    from aculab_wrappers.parity.suite import Suite

DIALECTS = ("csharp", "vb", "java", "python", "php")
FINE = {State.PROVED, State.GAP, State.NOT_APPLICABLE}


def _wrong(runner: Runner, dialect: str, cases: Iterable[Case]) -> dict[str, object]:
    verdicts = runner.verdicts(face_driver(runner.suite, dialect), cases)
    return {item.case.id: (item.state, *item.why) for item in verdicts if item.state not in FINE}


def test_there_are_cases_enough(suite: Suite) -> None:
    assert len(suite.cases) >= 150
    assert suite.dialects == DIALECTS


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_face_does_what_the_cases_say(suite: Suite, cloud: ScriptedCloud, dialect: str) -> None:
    cases = [case for case in suite.cases if not case.real_proxy]

    assert _wrong(Runner(suite, cloud, None), dialect, cases) == {}


@needs("tinyproxy")
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_face_does_so_through_a_real_proxy(
    suite: Suite, cloud: ScriptedCloud, proxies: Proxies, dialect: str
) -> None:
    cases = [case for case in suite.cases if case.real_proxy]
    assert len(cases) > 3

    assert _wrong(Runner(suite, cloud, proxies), dialect, cases) == {}
