"""The sandbox command, and whatever speaks HTTP: curl, PHP, and the five faces by environment."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

import aculab_wrappers

from ..programs import needs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PATIENCE = 60
USER = "1-2-0/bob@acompany.com/myOutboundService"
PASSWORD = "myOutboundServicePassword"
CALL = {"to": "441908283800", "from": "441908283801", "token": "a+b & é"}

WHO = '"1-2-0", "bob@acompany.com", "myOutboundService", "myOutboundServicePassword"'
DOTNET = f"""
from aculab_wrappers.DIALECT import OutboundCall, OutboundRESTAPIService
service = OutboundRESTAPIService({WHO})
call = OutboundCall("441908283800", "441908283801")
call.Token = "a+b & é"
service.Start(call)
[invocation], finished = service.UpdateStatus()
print(invocation.Status.name, finished)
"""
PROGRAMS = {
    "csharp": DOTNET.replace("DIALECT", "csharp"),
    "vb": DOTNET.replace("DIALECT", "vb"),
    "java": f"""
from aculab_wrappers.java import OutboundCall, OutboundRESTAPIService
service = OutboundRESTAPIService({WHO})
call = OutboundCall("441908283800", "441908283801")
call.setToken("a+b & é")
service.start(call)
[invocation] = service.updateStatus()
print(invocation.getStatus().name, service.isFinished())
""",
    "php": f"""
from aculab_wrappers.php import OutboundInstanceConfiguration, OutboundService
service = OutboundService({WHO})
call = OutboundInstanceConfiguration("441908283800", "441908283801")
call.setToken("a+b & é")
[id] = service.startInstance(call)
status = service.getInstanceStatus([id])[id]
print(status.getStatus(), status.isFinished())
""",
    "python": f"""
from aculab_wrappers.python import OutboundCalls, invoke_outbound_service
calls = OutboundCalls("441908283800", "441908283801", "a+b & é")
print(invoke_outbound_service({WHO}, calls)[0])
""",
}


@dataclass(frozen=True)
class Running:
    """A sandbox that the command runs, and the variables that lead there."""

    environment: Mapping[str, str]

    @property
    def base_url(self) -> str:
        return self.environment["ACULAB_BASE_URL"]

    @property
    def authority(self) -> str:
        return self.environment.get("ACULAB_CA_BUNDLE", "")

    def knows(self, id_: str) -> bool:
        """Whether it started that call, as a client of nobody's making is told."""
        answer = requests.post(
            f"{self.base_url}/service_status",
            data={"service_invocation_reference_ids": json.dumps([id_])},
            auth=(USER, PASSWORD),
            verify=self.authority or True,
            timeout=PATIENCE,
        )
        return answer.json()[id_]["status"] in ("QUEUED", "RUNNING", "COMPLETED")


def surroundings(**more: str) -> dict[str, str]:
    """This process's variables without those that lead programs elsewhere."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ACULAB_") and not name.lower().endswith("_proxy")
    }
    kept["PYTHONPATH"] = str(Path(aculab_wrappers.__file__).parent.parent)
    return {**kept, "PYTHONIOENCODING": "utf-8", **more}


@pytest.fixture(scope="module", params=["http", "https"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """The command in a process of its own, with the example configuration."""
    folder = tmp_path_factory.mktemp("running")
    command = [sys.executable, "-m", "aculab_wrappers.sandbox"]
    command += ["--config", str(EXAMPLES / "sandbox.toml")]
    command += ["--ca-file", "ca.pem"] if request.param == "https" else []
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=surroundings(MY_CONFERENCE_PASSWORD="canary"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if line.startswith("Requests ("):
                break
        else:
            raise AssertionError(f"it ended: {said}{process.communicate()[1]}")
        exports = dict(re.findall(r"(?m)^  export (ACULAB_BASE_URL|ACULAB_CA_BUNDLE)=(.*)$", said))
        assert urlsplit(exports["ACULAB_BASE_URL"]).scheme == request.param, said
        yield Running(exports)
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE)
    assert err == "Stopped.\n"
    assert process.returncode == 0
    for password in (PASSWORD, "canary", "myCallAConferenceServicePassword"):
        assert password not in said + out


def output_of(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        timeout=PATIENCE,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


@needs("curl")
@pytest.mark.parametrize("method", [[], ["-G"]], ids=["POST", "GET"])
def test_curl(running: Running, method: list[str]) -> None:
    command = ["curl", "-sS", "--fail-with-body", "--user", f"{USER}:{PASSWORD}", *method]
    command += ["--data-urlencode", f"outbound_parameters={json.dumps(CALL)}"]
    command += ["--cacert", running.authority] if running.authority else []

    [id_] = json.loads(output_of([*command, f"{running.base_url}/service_start"], surroundings()))

    assert running.knows(id_)


@needs("curl")
def test_curl_is_told_what_is_wrong(running: Running) -> None:
    command = ["curl", "-sS", "--user", f"{USER}:{PASSWORD}"]
    command += ["--data-urlencode", 'outbound_parameters={"to": 441908283800}']
    command += ["--cacert", running.authority] if running.authority else []

    answer = json.loads(output_of([*command, f"{running.base_url}/service_start"], surroundings()))

    assert answer["error"]["code"] == "0002"
    assert "outbound_parameters.to is a number, expected a string" in answer["error"]["text"]


def test_only_its_own_authority_trusts_it(running: Running) -> None:
    if urlsplit(running.base_url).scheme == "http":
        assert "ACULAB_CA_BUNDLE" not in running.environment
        return
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(running.base_url, timeout=PATIENCE)


@needs("php")
def test_php_with_nothing_but_its_streams(running: Running) -> None:
    environment = surroundings(ACULAB_SERVICE_PASSWORD=PASSWORD, **running.environment)
    command = ["php", str(EXAMPLES / "start.php"), USER, CALL["to"], CALL["from"]]

    [line] = output_of(command, environment).splitlines()

    id_, status = line.split("\t")
    assert status == "QUEUED"
    assert running.knows(id_)


@needs("php")
def test_php_is_told_what_is_wrong(running: Running) -> None:
    environment = surroundings(ACULAB_SERVICE_PASSWORD="canary", **running.environment)
    command = ["php", str(EXAMPLES / "start.php"), USER, CALL["to"], CALL["from"]]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stdout == ""
    assert "401" in done.stderr
    assert "outbound service password of that service" in done.stderr
    assert "canary" not in done.stderr


@pytest.mark.parametrize("face", PROGRAMS)
def test_a_face_by_environment_variables_alone(running: Running, face: str) -> None:
    command = [sys.executable, "-X", "utf8", "-W", "error", "-c", PROGRAMS[face]]

    printed = output_of(command, surroundings(**running.environment)).strip()

    # The Python wrapper cannot ask for a status; the others did.
    assert running.knows(printed) if face == "python" else printed == "QUEUED False"
