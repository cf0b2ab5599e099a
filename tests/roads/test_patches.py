"""Another program has patched a function that a start passes through: a test's stub, a recorder, a
decorator that retries. Whatever it does there, nobody is called twice, and nobody says NOT_SENT of
what may have been sent."""

from __future__ import annotations

import http.client
import io
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
import requests
import urllib3
import urllib3.connection
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool

from aculab_wrappers import Outcome, StatusError, UnknownOutcomeError

from ..transport.sockets import answer, closed_port
from .asking import ID, SoftLimit, client, start, starting, starts_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..transport.conftest import Serve
    from ..transport.sockets import Peer, Server
    from .asking import Result

PLACES: dict[str, tuple[Any, str]] = {
    "Session.send": (requests.Session, "send"),
    "Session.get_adapter": (requests.Session, "get_adapter"),
    "HTTPAdapter.send": (HTTPAdapter, "send"),
    "HTTPAdapter.add_headers": (HTTPAdapter, "add_headers"),
    "urlopen": (HTTPConnectionPool, "urlopen"),
    "_get_conn": (HTTPConnectionPool, "_get_conn"),
    "_make_request": (HTTPConnectionPool, "_make_request"),
    "urllib3's request": (urllib3.connection.HTTPConnection, "request"),
    "http.client's request": (http.client.HTTPConnection, "request"),
    "putrequest": (http.client.HTTPConnection, "putrequest"),
    "endheaders": (http.client.HTTPConnection, "endheaders"),
    "getresponse": (http.client.HTTPConnection, "getresponse"),
    "socket.connect": (socket.socket, "connect"),
}
BELOW = ("socket.connect",)
"""It is asked by our own connection, and is not given the request: what it does sends nothing."""
LATE = ("getresponse",)
"""It is asked after the request has left."""


class Stranger:
    """The program that has patched a place. It can send by itself, by a road of its own."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.asked = 0
        self.sent = 0
        self._is_inside = False

    def patch(self, holder: Any, name: str, does: Callable[..., Any]) -> Callable[..., Any]:
        original = getattr(holder, name)

        def patched(*args: Any, **more: Any) -> Any:
            if self._is_inside:  # its own request comes by here as well
                return original(*args, **more)
            self.asked += 1
            return does(self, original, *args, **more)

        return patched

    def send(self) -> None:
        self._is_inside = True
        try:
            if self.sent % 2:
                requests.post(f"{self._server.url}/service_start", data=b"x=1", timeout=5)
            else:
                way = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=5)
                way.request("POST", "/service_start", b"x=1")
                way.getresponse().read()
                way.close()
            self.sent += 1
        finally:
            self._is_inside = False


def passes(_stranger: Stranger, original: Callable[..., Any], *args: Any, **more: Any) -> Any:
    return original(*args, **more)


def raises(*_: Any, **__: Any) -> Any:
    raise requests.ConnectionError("a stub")


def raises_an_error_of_urllib3(*_: Any, **__: Any) -> Any:
    raise urllib3.exceptions.NewConnectionError(mock.Mock(), "a stub")


def raises_refused(*_: Any, **__: Any) -> Any:
    raise ConnectionRefusedError(111, "a stub")


def sends_and_raises(stranger: Stranger, *_: Any, **__: Any) -> Any:
    stranger.send()
    raise requests.ConnectionError("after it was sent")


def sends_and_passes(
    stranger: Stranger, original: Callable[..., Any], *args: Any, **more: Any
) -> Any:
    stranger.send()
    return original(*args, **more)


def passes_and_raises(_: Stranger, original: Callable[..., Any], *args: Any, **more: Any) -> Any:
    original(*args, **more)
    raise requests.ConnectionError("after the original")


def twice(_: Stranger, original: Callable[..., Any], *args: Any, **more: Any) -> Any:
    found = original(*args, **more)
    if isinstance(found, requests.Response):
        found.content  # noqa: B018  the connection is free again
    return original(*args, **more)


def again_after_a_failure(
    _: Stranger, original: Callable[..., Any], *args: Any, **more: Any
) -> Any:
    for _attempt in range(2):
        with suppress(Exception):
            return original(*args, **more)
    return original(*args, **more)


def sends_after_a_failure(
    stranger: Stranger, original: Callable[..., Any], *args: Any, **more: Any
) -> Any:
    try:
        return original(*args, **more)
    except Exception:
        stranger.send()
        raise


def in_a_thread(_: Stranger, original: Callable[..., Any], *args: Any, **more: Any) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(original, *args, **more).result()


DEEDS = (
    *(passes, raises, raises_an_error_of_urllib3, raises_refused, sends_and_raises),
    *(sends_and_passes, passes_and_raises, twice, again_after_a_failure),
    *(sends_after_a_failure, in_a_thread),
)


def keeps_open(peer: Peer) -> None:
    """A server that does not close when it is asked to: a second request could come at once."""
    while True:
        peer.read_request()
        peer.say(answer(b'["%s"]' % ID.encode(), b"HTTP/1.1 200 OK", b"Connection: keep-alive"))


def cuts(peer: Peer) -> None:
    """A server that takes a request and says nothing."""
    peer.read_request()
    peer.reset()


@pytest.fixture(params=["started", "kept open", "cut", "closed"])
def target(request: pytest.FixtureRequest, serve: Serve) -> Iterator[Server | int]:
    """What is at the other end; a number is a port where nobody listens."""
    scripts = {"started": starting, "kept open": keeps_open, "cut": cuts}
    if request.param in scripts:
        yield serve(scripts[request.param])
    else:
        with closed_port() as port:
            yield port


@pytest.mark.parametrize("place", PLACES)
def test_what_a_patch_does_starts_nothing_twice_and_is_never_taken_for_not_sent(
    elsewhere: Server,
    target: Server | int,
    monkeypatch: pytest.MonkeyPatch,
    pauses: list[float],
    place: str,
) -> None:
    holder, name = PLACES[place]
    url = f"http://127.0.0.1:{target}" if isinstance(target, int) else target.url
    for deed in DEEDS:
        foreign = starts_at(elsewhere)
        stranger = Stranger(elsewhere)
        with monkeypatch.context() as patching:
            patching.setattr(holder, name, stranger.patch(holder, name, deed))
            found = start(client(url), token=deed.__name__)

        what = f"{deed.__name__}: {found}"
        reached = starts_at(target, deed.__name__)
        assert reached <= 1, f"a start went out twice: {what}"
        assert starts_at(elsewhere) - foreign == stranger.sent
        assert found.outcome is not None, what
        if reached or (stranger.sent and place not in BELOW):
            assert found.outcome is not Outcome.NOT_SENT, what
        if place not in (*BELOW, *LATE):
            assert found.outcome is not Outcome.NOT_SENT, what
            assert pauses == [], f"it was tried again: {what}"
        check_nothing_is_refused_for_nothing(place, deed, target, found)


def check_nothing_is_refused_for_nothing(
    place: str, deed: Callable[..., Any], target: Server | int, found: Result
) -> None:
    """What only looks on changes nothing, and what stands below our connection takes no proof."""
    if isinstance(target, int):
        if place in (*LATE, *BELOW):
            assert found.outcome is Outcome.NOT_SENT, (deed, found)
    elif target.scripts == [starting] and deed in (passes, in_a_thread, again_after_a_failure):
        assert found.ids == (ID,), (deed, found)


@pytest.mark.parametrize("place", ["Session.send", "HTTPAdapter.send"])
@pytest.mark.parametrize("road", ["socket", "session"])
def test_what_raises_an_exception_of_its_own_is_passed_by_with_an_unknown_outcome(
    elsewhere: Server, monkeypatch: pytest.MonkeyPatch, place: str, road: str
) -> None:
    stop = SoftLimit("of its own")
    stranger = Stranger(elsewhere)
    stranger.sent = 0 if road == "socket" else 1

    def does(stranger: Stranger, *_: Any, **__: Any) -> Any:
        stranger.send()
        raise stop

    holder, name = PLACES[place]
    monkeypatch.setattr(holder, name, stranger.patch(holder, name, does))
    with closed_port() as port:
        found = start(client(f"http://127.0.0.1:{port}"))
    assert found.error is stop
    assert found.outcome is Outcome.UNKNOWN
    assert stranger.asked == starts_at(elsewhere) == 1


def test_a_patched_poll_is_asked_once(elsewhere: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("Session.send", "HTTPAdapter.send", "urlopen"):
        stranger = Stranger(elsewhere)
        holder, name = PLACES[place]
        with monkeypatch.context() as patching, closed_port() as port:
            patching.setattr(holder, name, stranger.patch(holder, name, raises))
            with pytest.raises(StatusError):
                client(f"http://127.0.0.1:{port}").status(ID)
        assert stranger.asked == 1


def test_a_decorator_may_ask_for_a_status_twice(
    cloud: Server, elsewhere: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = Stranger(elsewhere)
    monkeypatch.setattr(HTTPAdapter, "send", stranger.patch(HTTPAdapter, "send", twice))
    [report] = client(cloud.url).status(ID)
    assert report.status == "RUNNING"


# ---- What answers in our place


def made(body: Any = b'["id-7301"]', status: int = 200, **more: Any) -> requests.Response:
    """A Response as a stub makes one."""
    response = requests.Response()
    response.status_code = status
    response._content = body
    for name, value in more.items():
        setattr(response, name, value)
    return response


def read_before() -> requests.Response:
    raw = urllib3.HTTPResponse(io.BytesIO(b'["id-7301"]'), {"A": "b"}, 200, preload_content=False)
    response = made(None, raw=raw)
    response._content = False  # type: ignore[assignment]
    assert response.content
    return response


def not_read() -> requests.Response:
    raw = urllib3.HTTPResponse(io.BytesIO(b'["id-7301"]'), status=200, preload_content=False)
    response = made(None, raw=raw)
    response._content = False  # type: ignore[assignment]
    return response


def raw_of_bytes_io() -> requests.Response:
    response = made(None, raw=io.BytesIO(b'["id-7301"]'))
    response._content = False  # type: ignore[assignment]
    return response


def close_fails() -> requests.Response:
    return made(close=mock.Mock(side_effect=ConnectionResetError(104, "in close")))


ANSWERS: dict[str, Callable[[], Any]] = {
    "a Response without raw": made,
    "a Response already read": read_before,
    "a Response not yet read": not_read,
    "a raw that is a BytesIO": raw_of_bytes_io,
    "a body that is text": lambda: made('["id-7301"]'),
    "a body that is a bytearray": lambda: made(bytearray(b'["id-7301"]')),
    "a Mock": lambda: mock.Mock(status_code=200, content=b'["id-7301"]', headers={}),
    "a MagicMock": lambda: mock.MagicMock(status_code=200, content=b'["id-7301"]'),
    "a Mock of a Response": lambda: mock.Mock(
        spec=requests.Response, status_code=200, content=b'["id-7301"]', headers={}, raw=None
    ),
    "one whose close fails": close_fails,
}
PUZZLES: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "a bare Mock": mock.Mock,
    "a Mock without a body": lambda: mock.Mock(status_code=200),
    "a body that is a list": lambda: made(["id-7301"]),
    "a body that is None": lambda: made(None),
    "a Response without a status": requests.Response,
    "text": lambda: '["id-7301"]',
    "bytes": lambda: b'["id-7301"]',
}


@pytest.mark.parametrize("answered", ANSWERS)
@pytest.mark.parametrize("place", ["Session.send", "HTTPAdapter.send"])
def test_an_answer_that_another_program_makes_is_read_like_any_other(
    monkeypatch: pytest.MonkeyPatch, place: str, answered: str
) -> None:
    stub = mock.Mock(side_effect=lambda *_, **__: ANSWERS[answered]())
    monkeypatch.setattr(*PLACES[place], stub)
    with closed_port() as port:
        found = start(client(f"http://127.0.0.1:{port}"))
    if place == "HTTPAdapter.send" and "Mock" in answered:
        # requests itself takes such an answer apart before we see it.
        assert found.outcome in (Outcome.STARTED, Outcome.UNKNOWN)
    else:
        assert found.outcome is Outcome.STARTED, found
        assert found.ids == (ID,)
    assert stub.call_count == 1


@pytest.mark.parametrize("answered", PUZZLES)
@pytest.mark.parametrize("place", ["Session.send", "HTTPAdapter.send"])
def test_an_answer_that_is_none_is_unknown_once(
    monkeypatch: pytest.MonkeyPatch, place: str, answered: str
) -> None:
    stub = mock.Mock(side_effect=lambda *_, **__: PUZZLES[answered]())
    monkeypatch.setattr(*PLACES[place], stub)
    with closed_port() as port:
        found = start(client(f"http://127.0.0.1:{port}"))
    assert found.outcome is Outcome.UNKNOWN
    assert stub.call_count == 1
    if place == "Session.send":
        assert isinstance(found.error, UnknownOutcomeError), found.error


def test_an_answer_by_another_adapter_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = mock.Mock(send=lambda request, **_: made(url=request.url))
    monkeypatch.setattr(requests.Session, "get_adapter", lambda *_, **__: adapter)
    found = start(client("http://127.0.0.1:9"))
    assert found.ids == (ID,)


def test_an_answer_in_the_place_of_a_poll_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps({ID: {"status": "RUNNING"}}).encode()
    monkeypatch.setattr(requests.Session, "send", lambda *_, **__: made(body))
    [report] = client("http://127.0.0.1:9").status(ID)
    assert report.status == "RUNNING"


@pytest.mark.parametrize("kind", [ConnectionResetError, SoftLimit, KeyboardInterrupt])
def test_an_exception_in_a_body_of_another_program_keeps_the_ids(
    monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    class Broken(io.BytesIO):
        def read1(self, size: int | None = -1) -> bytes:
            found = super().read1(16)
            if not found:
                raise kind
            return found

        read = read1

    raw = urllib3.HTTPResponse(Broken(b'["id-7301", "i'), status=200, preload_content=False)

    def stub(*_: Any, **__: Any) -> requests.Response:
        response = made(None, raw=raw)
        response._content = False  # type: ignore[assignment]
        return response

    monkeypatch.setattr(requests.Session, "send", stub)
    found = start(client("http://127.0.0.1:9"))
    assert found.outcome is Outcome.UNKNOWN
    assert ID in found.ids
    if kind is not ConnectionResetError:
        assert isinstance(found.error, kind)
