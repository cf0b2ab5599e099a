"""A start is tried again only when it is proven, over real sockets, that no byte of it had left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    Call,
    NotSentError,
    OutboundClient,
    UnknownOutcomeError,
)
from aculab_wrappers._core import deadline

from .sockets import closed_port, reply

if TYPE_CHECKING:
    from .conftest import Certificates, Serve
    from .sockets import Peer, Server


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Do not wait between attempts; the list holds how long it would have been."""
    found: list[float] = []
    monkeypatch.setattr(deadline, "pause", found.append)
    return found


def _client(base_url: str, **more: Any) -> OutboundClient:
    return OutboundClient("1-2-0", "user", "svc", "a long password", base_url=base_url, **more)


def _breaks_off(peer: Peer) -> None:
    """Close in the TLS handshake: nothing of the request can have left.

    Not before it: of a connection that is reset then, Python's ssl leaves the socket open.
    """
    peer.read_some()
    peer.reset()


def _tls(certificates: Certificates, *scripts: Any) -> list[Any]:
    """Scripts of which those that are functions of a Peer come after a TLS handshake."""

    def after(script: Any) -> Any:
        def shaken(peer: Peer) -> None:
            peer.start_tls(certificates.good)
            script(peer)

        return shaken

    return [script if script is _breaks_off else after(script) for script in scripts]


def _secure(server: Server, certificates: Certificates, **more: Any) -> OutboundClient:
    return _client(f"https://localhost:{server.port}", ca_bundle=certificates.file, **more)


def test_what_never_left_is_sent_once_at_the_third_attempt(
    serve: Serve, certificates: Certificates, pauses: list[float]
) -> None:
    server = serve(*_tls(certificates, _breaks_off, _breaks_off, reply()))

    [invocation] = _secure(server, certificates).start(Call("x"))

    assert invocation.id == "id-1"
    assert server.posts == 1
    assert len(pauses) == 2


def test_three_attempts_are_enough(pauses: list[float]) -> None:
    with closed_port() as port, pytest.raises(NotSentError, match="refused") as caught:
        _client(f"http://127.0.0.1:{port}").start(Call("x"))

    assert caught.value.attempts == 3
    assert len(pauses) == 2


def test_the_pauses_are_random_up_to_a_limit_that_doubles(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aculab_wrappers._core.backoff.random", lambda: 1.0)

    with closed_port() as port, pytest.raises(NotSentError):
        _client(f"http://127.0.0.1:{port}").start(Call("x"))

    assert pauses == [0.2, 0.4]


def test_what_cannot_pass_by_itself_is_not_tried_again(
    serve: Serve, certificates: Certificates, pauses: list[float]
) -> None:
    server = serve(reply(), tls=certificates.good)  # no authority that the client knows

    with pytest.raises(NotSentError, match="not trusted") as caught:
        _client(server.url).start(Call("x"))

    assert caught.value.attempts == 1
    assert server.connections == 1


def test_a_request_that_has_left_is_never_sent_again(serve: Serve, pauses: list[float]) -> None:
    def reads_and_closes(peer: Peer) -> None:
        peer.read_request()

    server = serve(reads_and_closes, reply())

    with pytest.raises(UnknownOutcomeError):
        _client(server.url).start(Call("x"))

    assert server.posts == server.connections == 1
    assert pauses == []


def test_an_attempt_after_the_first_is_as_careful_as_that(
    serve: Serve, certificates: Certificates, pauses: list[float]
) -> None:
    def reads_and_closes(peer: Peer) -> None:
        peer.read_request()

    server = serve(*_tls(certificates, _breaks_off, reads_and_closes, reply()))

    with pytest.raises(UnknownOutcomeError):
        _secure(server, certificates).start(Call("x"))

    assert server.posts == 1
    assert server.connections == 2


def test_no_attempt_begins_after_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aculab_wrappers._core.backoff.random", lambda: 1.0)

    with closed_port() as port, pytest.raises(NotSentError) as caught:
        _client(f"http://127.0.0.1:{port}", timeout=0.15).start(Call("x"))

    assert caught.value.attempts == 1


def test_an_interrupt_between_two_attempts_says_that_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)

    with closed_port() as port, pytest.raises(KeyboardInterrupt) as caught:
        _client(f"http://127.0.0.1:{port}").start(Call("x"))

    assert isinstance(caught.value.__cause__, NotSentError)
