"""The suite is sharp: whatever line of a face is broken, some case or the surface notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.parity.faces import face_driver
from aculab_wrappers.parity.runner import BROKEN, Runner
from aculab_wrappers.parity.surface import check_surface

from .broken import MODULES, broken_face

if TYPE_CHECKING:
    from aculab_wrappers.parity.case import Case
    from aculab_wrappers.parity.cloud import ScriptedCloud
    from aculab_wrappers.parity.suite import Suite

MUTANTS = {
    "csharp": [
        ("_dotnet", 'self._call = self._call._with("token", value)', "pass"),
        ("_dotnet", '_with("outbound_parameters", value)', '_with("token", value)'),
        ("_dotnet", "self._started += started", "pass"),
        ("_dotnet", "if not item.Finished]", "]"),
        ("_dotnet", "box.Value = self.Finished", "box.Value = True"),
        ("_dotnet", "return self._invocation.return_code or 0", "return 0"),
        ("_dotnet", "else OtherStatus(word)", "else ServiceStatus.UNKNOWN"),
        ("_dotnet_types", "self._username = username", "self._username = connection"),
        ("_dotnet_types", 'bound.get("collection", ())', "()"),
    ],
    "vb": [("vb", "ByRef = Ref", "ByRef = bool")],
    "java": [
        ("java", 'self._call = self._call._with("token", token)', "pass"),
        ("java", "item._invocation = heard", "pass"),
        ("java", "return self._invocation.status_detail", 'return ""'),
        ("java", "def updateStatus(self)", "def updatestatus(self)"),
    ],
    "python": [
        (
            "python",
            "self.add_call(call_to, call_from, token",
            "self.add_call(call_to, token, token",
        ),
        ("python", "return [invocation.id for", "return [invocation for"),
        ("python", "return [call.to_wire() for", "return [call for"),
    ],
    "php": [
        (
            "php",
            "self._client = self._client._with_proxy(proxy_uri, bool(request_fulluri))",
            "pass",
        ),
        ("php", "response.status < 300", "response.status < 500"),
        ("php", "        return code\n", "        return False\n"),
        ("php", "return [invocation.id for invocation in error.invocations]", "return False"),
        ("php", "self._heard.update((item.id, item) for item in news)", "pass"),
        ("php", 'from_: str = ""', "from_: str | None = None"),
        ("php", "class OutboundService(WebServiceBase)", "class OutboundService"),
    ],
}


def _waits(case: Case) -> bool:
    """Whether a time limit has to pass in it: such a case is played when no other noticed."""
    exchanges = [exchange for step in case.steps for exchange in step.exchanges]
    return any(exchange["answer"].get("fault") == "silent" for exchange in exchanges)


def _noticed(suite: Suite, cloud: ScriptedCloud, dialect: str, face: object) -> bool:
    driver = face_driver(suite, dialect, face)  # type: ignore[arg-type]
    if check_surface(suite.surfaces[dialect], driver.module):
        return True
    verdicts = Runner(suite, cloud, None).verdicts(driver, sorted(suite.cases, key=_waits))
    return any(verdict.state in BROKEN for verdict in verdicts)


@pytest.mark.parametrize(
    ("dialect", "module", "right", "wrong"),
    [(dialect, *mutant) for dialect, mutants in MUTANTS.items() for mutant in mutants],
)
def test_a_broken_line_of_a_face_is_noticed(
    suite: Suite,
    cloud: ScriptedCloud,
    monkeypatch: pytest.MonkeyPatch,
    dialect: str,
    module: str,
    right: str,
    wrong: str,
) -> None:
    face = broken_face(monkeypatch, dialect, module, right, wrong)

    assert _noticed(suite, cloud, dialect, face)


@pytest.mark.parametrize("dialect", MODULES)
def test_an_unbroken_copy_of_a_face_is_not(
    suite: Suite, cloud: ScriptedCloud, monkeypatch: pytest.MonkeyPatch, dialect: str
) -> None:
    face = broken_face(monkeypatch, dialect, dialect, "__all__ = [", "__all__ = [")

    assert not _noticed(suite, cloud, dialect, face)
