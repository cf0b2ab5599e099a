"""Many threads, and forked children, over one transport: each caller gets its own answer."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from .asking import request, transport
from .sockets import Peer, answer

if TYPE_CHECKING:
    from aculab_wrappers._core.transport import NetworkTransport

    from .conftest import Certificates, Serve


def echo(peer: Peer) -> None:
    """Answer with the body of the request itself."""
    peer.say(answer(peer.read_request().body))
    peer.read_to_end()


def own_answer(carrier: NetworkTransport, name: str) -> bool:
    return carrier.send(request(form=(("id", name),))).body == f"id={name}".encode()


@pytest.mark.parametrize("over_tls", [False, True])
def test_each_of_64_threads_gets_its_own_answer(
    serve: Serve, certificates: Certificates, over_tls: bool
) -> None:
    server = serve(echo, tls=certificates.good if over_tls else None)
    carrier = transport(server, ca=certificates.file, timeout=10)
    barrier = threading.Barrier(64, timeout=10)

    def ask(number: int) -> bool:
        barrier.wait()
        return all(own_answer(carrier, f"{number}-{turn}") for turn in range(3))

    with ThreadPoolExecutor(64) as threads:
        assert all(threads.map(ask, range(64)))
    assert server.posts == server.connections == 192


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("over_tls", [False, True])
def test_each_forked_child_gets_its_own_answer(
    serve: Serve, certificates: Certificates, over_tls: bool
) -> None:
    server = serve(echo, tls=certificates.good if over_tls else None)
    carrier = transport(server, ca=certificates.file, timeout=10)
    assert own_answer(carrier, "parent")
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            right = False
            try:
                right = all(own_answer(carrier, f"{number}-{turn}") for turn in range(5))
            finally:
                os._exit(0 if right else 1)
        children.append(child)
    assert all(own_answer(carrier, f"parent-{turn}") for turn in range(5))
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert server.posts == 26
