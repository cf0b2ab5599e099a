"""urllib3-future installs itself in the place of urllib3. Our connections cannot watch there."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..transport.sockets import closed_port
from .asking import starting, starts_at

if TYPE_CHECKING:
    from ..transport.conftest import Serve

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]

ROOT = Path(__file__).parents[2]
START = """
import sys
from importlib.metadata import version
import urllib3
assert urllib3.__version__ == version("urllib3-future")
from aculab_wrappers import Call, OutboundClient, StartError
client = OutboundClient("1-2-0", "user", "svc", "a long password", base_url=sys.argv[1], timeout=5)
try:
    print(*(one.id for one in client.start(Call("sip:a@b"))))
    print(*(one.status for one in client.status("id-7301")))
except StartError as error:
    print(error.outcome.name)
client.close()
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python where urllib3-future was installed after requests."""
    place = tmp_path_factory.mktemp("future") / "venv"
    venv.create(place, with_pip=True)
    made = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    for wanted in (["--editable", str(ROOT)], ["urllib3-future"]):
        subprocess.run([made, "-m", "pip", "install", "--quiet", *wanted], check=True)
    return made


def run(python: Path, url: str) -> list[str]:
    done = subprocess.run(
        [python, "-c", START, url], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_start_and_a_poll_are_answered(python: Path, serve: Serve) -> None:
    server = serve(starting)
    assert run(python, server.url) == ["id-7301", "RUNNING"]
    assert starts_at(server) == 1


def test_a_closed_port_proves_nothing(python: Path) -> None:
    with closed_port() as port:
        assert run(python, f"http://127.0.0.1:{port}") == ["UNKNOWN"]
