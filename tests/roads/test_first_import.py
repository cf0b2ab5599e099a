"""What is imported with the first request is the real thing, whatever is patched at that moment."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .needed import is_there

FIRST = """
import sys
from tests.roads.asking import client, start
from tests.transport.sockets import closed_port
with closed_port() as port, {stub}:
    start(client(f"http://127.0.0.1:{{port}}"))
with closed_port() as port:
    print(start(client(f"http://127.0.0.1:{{port}}")).outcome.name)
"""
STUBS = {
    "vcr": "__import__('vcr').VCR(record_mode='none').use_cassette('/dev/null')",
    "responses": "__import__('responses').RequestsMock()",
    "requests_mock": "__import__('requests_mock').Mocker()",
}


@pytest.mark.parametrize("name", STUBS)
def test_after_a_first_start_under_a_stub_our_own_connection_watches(name: str) -> None:
    is_there(name)
    done = subprocess.run(
        [sys.executable, "-c", FIRST.format(stub=STUBS[name])],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout == "NOT_SENT\n", done.stderr
