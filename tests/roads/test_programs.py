"""Programs that patch Python itself: gevent, eventlet, truststore, httpretty."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

import pytest

from ..transport.sockets import answer
from .asking import starting
from .needed import is_there

if TYPE_CHECKING:
    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Peer


def run(*arguments: object, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def slowly(peer: Peer) -> None:
    """Start a call under an id that holds its token, after a while, or never."""
    while True:
        request = peer.read_request()
        asked = unquote_plus(request.body.decode())
        if request.target == "/service_status":
            ids = re.findall(r'"(id-[a-z0-9-]+)"', asked)
            told = {one: {"status": "RUNNING"} for one in ids}
            body = json.dumps(told).encode()
        else:
            [token] = re.findall(r'"token":"([a-z0-9-]+)"', asked)
            if token == "never":
                peer.hush()
            body = json.dumps([f"id-{token}"]).encode()
        peer.pause(0.3 if b"slow" in request.body else 0.0)
        peer.say(answer(body, b"HTTP/1.1 200 OK", b"Connection: keep-alive"))


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("framework", ["gevent", "eventlet"])
def test_green_threads_start_and_poll_at_once_within_their_deadlines(
    serve: Serve, certificates: Certificates, framework: str, scheme: str
) -> None:
    is_there(framework)
    server = serve(slowly, tls=certificates.good if scheme == "https" else None)
    told = run("-m", "tests.roads.green", framework, server.url, certificates.file)
    assert told == "held\n"
    bodies = [request.body for request in server.requests if b"service" in request.line.encode()]
    assert sum(b"slow-" in body for body in bodies) == 16
    assert sum(b"never" in body for body in bodies) == 2


TRUSTED = """
import sys
import truststore
from tests.roads.asking import client, start
late, url = sys.argv[1:3]
if late == "late":
    print(start(client(url)).outcome.name)
truststore.inject_into_ssl()
print(*start(client(url)).ids)
"""


@pytest.mark.parametrize("when", ["early", "late"])
def test_truststore_is_used_whenever_it_is_injected(
    serve: Serve, certificates: Certificates, when: str
) -> None:
    is_there("truststore")
    server = serve(starting, tls=certificates.good)
    told = run("-c", TRUSTED, when, server.url, SSL_CERT_FILE=str(certificates.file))
    assert told == ("NOT_SENT\nid-7301\n" if when == "late" else "id-7301\n")


PRETTY = """
import json, sys, warnings
warnings.simplefilter("ignore")
import httpretty
from tests.roads.asking import ID, client, start
with httpretty.enabled(allow_net_connect=False, verbose=False):
    url = sys.argv[1]
    httpretty.register_uri(httpretty.POST, f"{url}/service_start", body=json.dumps([ID]))
    for asked in (url, sys.argv[2]):
        print(start(client(asked)).outcome.name)
"""


def test_under_httpretty_no_start_leaves(serve: Serve) -> None:
    """Its sockets cannot do what ours are asked for: it has no answer, and nothing gets by it."""
    is_there("httpretty")
    known, unknown = serve(starting), serve(starting)
    told = run("-c", PRETTY, known.url, unknown.url).split()
    assert "STARTED" not in told
    assert told[0] == "UNKNOWN"
    assert known.requests == unknown.requests == []
