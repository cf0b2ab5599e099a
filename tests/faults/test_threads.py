"""One client from 64 threads and from forked children: no id goes to the wrong caller.

Rows 36 and 37 ask the same of single starts; here are several calls in one start, and polls.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import pytest

from aculab_wrappers import Call, OutboundClient

from ..transport.sockets import Server, answer, tunnel
from .cloud import posts, tokens
from .rule import client_of

if TYPE_CHECKING:
    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Peer

THREADS: Final = 64
ROUNDS: Final = 2
CHILDREN: Final = 8
STARTS: Final = 5
WAYS: Final = ("plain", "tls", "tunnel")
FORKS: Final = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def id_for(token: str) -> str:
    """The id of the call with this token: nobody can guess it of another's."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def cloud(peer: Peer) -> None:
    """Issue ids by token, and report of each id what belongs to it alone."""
    request = peer.read_request()
    if request.target.endswith("/service_start"):
        said: object = [id_for(token) for token in tokens(request)]
    else:
        (asked,) = parse_qs(request.body.decode())["service_invocation_reference_ids"]
        said = {
            id_: {"status": "RUNNING", "application_instance_id": f"app-{id_}"}
            for id_ in json.loads(asked)
        }
    peer.say(answer(json.dumps(said).encode()))
    peer.read_to_end()


Reach = Callable[[str], tuple[OutboundClient, Server]]


@pytest.fixture
def reach(serve: Serve, certificates: Certificates) -> Reach:
    """A client that goes one of the ways, and the server there."""

    def make(way: str) -> tuple[OutboundClient, Server]:
        tls = certificates.good
        script = tunnel(cloud, tls) if way == "tunnel" else cloud
        server = serve(script, tls=tls if way == "tls" else None, backlog=512)
        tunnelled = {"base_url": "https://localhost", "proxy": f"http://127.0.0.1:{server.port}"}
        options: dict[str, Any] = tunnelled if way == "tunnel" else {"base_url": server.url}
        return client_of(ca_bundle=certificates.file, timeout=20, **options), server

    return make


def own(client: OutboundClient, name: str, count: int) -> bool:
    """Start `count` calls and poll them: are the ids and the news those of these very calls?"""
    calls = [Call("sip:a@b", token=f"{name}-{number}") for number in range(count)]
    started = client.start(calls)
    wanted = [id_for(str(call.token)) for call in calls]
    heard = client.status(started)
    return (
        [one.id for one in started] == wanted
        and [one.call for one in heard] == calls
        and [one.application_instance_id for one in heard] == [f"app-{id_}" for id_ in wanted]
    )


def each_once(server: Server) -> int:
    """No token came twice. Returns how many came."""
    starts = [one for one in posts(server) if one.target.endswith("/service_start")]
    names = [name for one in starts for name in tokens(one)]
    assert len(names) == len(set(names))
    return len(starts)


@pytest.mark.parametrize("way", WAYS)
def test_each_of_64_threads_gets_the_ids_of_its_own_calls(reach: Reach, way: str) -> None:
    client, server = reach(way)
    barrier = threading.Barrier(THREADS, timeout=20)

    def ask(number: int) -> bool:
        right = True
        for turn in range(ROUNDS):
            barrier.wait()
            right &= own(client, f"{number}-{turn}", 1 + number % 3)
        return right

    with ThreadPoolExecutor(THREADS) as threads:
        assert all(threads.map(ask, range(THREADS)))
    assert each_once(server) == THREADS * ROUNDS


@FORKS
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_each_forked_child_gets_the_ids_of_its_own_calls(reach: Reach) -> None:
    """Forked from a client that was used before, and that goes on being used.

    Not over TLS: the test's own server runs in threads of the process that forks, and a child would
    be born with whatever lock of the TLS library one of them holds.
    """
    client, server = reach("plain")
    assert own(client, "before", 2)
    children = [child(client, number) for number in range(CHILDREN)]
    assert all(own(client, f"parent-{turn}", 1) for turn in range(STARTS))
    assert [os.waitpid(one, 0)[1] for one in children] == [0] * CHILDREN
    assert each_once(server) == 1 + STARTS + CHILDREN * STARTS


@FORKS
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_children_forked_in_the_middle_of_starts(
    reach: Reach,
) -> None:
    """Threads of the parent are starting while the children are made."""
    client, server = reach("plain")
    over = threading.Event()
    right: list[bool] = []

    def keep_asking(number: int) -> None:
        for turn in range(1000):
            if over.is_set():
                return
            right.append(own(client, f"thread-{number}-{turn}", 1))

    threads = [threading.Thread(target=keep_asking, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    children = [child(client, number) for number in range(CHILDREN)]
    ends = [os.waitpid(one, 0)[1] for one in children]
    over.set()
    for thread in threads:
        thread.join()
    assert ends == [0] * CHILDREN
    assert right
    assert all(right)
    assert each_once(server) == CHILDREN * STARTS + len(right)


def child(client: OutboundClient, number: int) -> int:
    """A forked child that starts and polls, and tells by its end whether all was its own."""
    made = os.fork()
    if made == 0:
        signal.alarm(30)  # a child that hangs is a finding, and not to be waited for
        right = False
        try:
            right = all(
                own(client, f"child-{number}-{turn}", 1 + turn % 2) for turn in range(STARTS)
            )
        finally:
            os._exit(0 if right else 1)
    return made
