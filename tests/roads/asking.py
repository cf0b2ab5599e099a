"""A client, what became of its start, and the requests that reached a server, as it counts them."""

from __future__ import annotations

import json
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from aculab_wrappers import (
    AculabError,
    Call,
    Invocation,
    OutboundClient,
    Outcome,
    StartedMismatchError,
    StartError,
    UnknownOutcomeError,
)

from ..transport.sockets import PATIENCE, answer

if TYPE_CHECKING:
    from ..transport.sockets import Peer, Server

CALL = Call("441908273800", token="one")
ID = "id-7301"
STARTED = answer(b'["%s"]' % ID.encode())


class SoftLimit(Exception):
    """What a task queue raises into a task that has run too long."""


def starting(peer: Peer) -> None:
    """Start what is asked for, or report on it."""
    request = peer.read_request()
    if request.target == "/service_status":
        asked = parse_qs(request.body.decode())
        ids = [one for name in asked for one in asked[name]]
        peer.say(answer(json.dumps({ID: {"status": "RUNNING"}} if ids else {}).encode()))
    else:
        peer.say(STARTED)


def client(base_url: str, **more: Any) -> OutboundClient:
    return OutboundClient(
        *("1-2-0", "user@example.com", "My Service", "a long password"),
        **{"base_url": base_url, "timeout": 5.0, **more},
    )


@dataclass(frozen=True)
class Result:
    """What one start came to; `error` is what came out, `told` the start's own error."""

    outcome: Outcome | None
    ids: tuple[str, ...]
    error: BaseException | None = None
    told: StartError | None = None


def start(asking: OutboundClient, token: str = "one") -> Result:
    """Start one call, and say what came of it. Without an outcome, the exception was bare."""
    try:
        with asking:
            return Result(Outcome.STARTED, ids_of(asking.start(Call("441908273800", token=token))))
    except BaseException as error:
        return judged(error)


def judged(error: BaseException) -> Result:
    told = error if isinstance(error, AculabError) else error.__cause__
    if not isinstance(told, StartError):
        return Result(None, (), error)
    ids: tuple[str, ...] = ()
    if isinstance(told, StartedMismatchError):
        ids = ids_of(told.invocations)
    elif isinstance(told, UnknownOutcomeError):
        ids = told.hinted_ids
    return Result(told.outcome, ids, error, told)


def ids_of(invocations: Any) -> tuple[str, ...]:
    return tuple(one.id for one in invocations if isinstance(one, Invocation))


def settle(server: Server) -> None:
    """Wait until a server has read all that was sent to it, and all connections are closed."""
    mark = f"/settle/{len(server.requests)}"
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as last:
        sock = last if server.tls is None else _TRUSTING.wrap_socket(last)
        sock.sendall(f"GET {mark} HTTP/1.1\r\n\r\n".encode())
        server.wait_for(lambda: any(request.target == mark for request in server.requests))
        sock.close()
    for thread in server._threads[1:]:  # they are started in the order of their connections
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a connection was left open"


def _trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


_TRUSTING = _trusting()


def starts_at(server: Server | int, token: str = "") -> int:
    """How many whole starts have reached a server, by its own count, once it has read them all."""
    if isinstance(server, int):  # a port where nobody listens
        return 0
    settle(server)
    return sum(
        request.target.endswith("/service_start") and token.encode() in request.body
        for request in server.requests
    )
