"""Rows 74 to 76: how a wait ends, and how many requests it makes."""

from __future__ import annotations

import itertools
import json
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers import Invocation, StatusError, TransportError, WaitTimeoutError
from aculab_wrappers._core.http import HttpResponse

from ..transport.sockets import Peer, answer
from .bench import Missed
from .rows_status import DONE, HTTP, asked_of, client, news, pauses_of, says
from .rule import Rule, client_of, expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .rule import Scene


def refused_mid_poll(status: bytes) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        pauses = pauses_of(scene)
        server = scene.serve(
            news(a="COMPLETED", b="RUNNING"), says(answer(b"", HTTP + status)), DONE
        )
        try:
            client(server).wait(["a", "b"], timeout=100)
        except StatusError as error:
            found = [(item.id, item.status) for item in error.invocations]
            expect(found == [("a", "COMPLETED"), ("b", "RUNNING")], f"it knows {found}")
            expect(error.http_status == int(status[:3]), f"it is {error}")
        else:
            raise Missed("it went on")
        expect((server.posts, len(pauses)) == (2, 1), f"{server.posts} polls, pauses {pauses}")

    return play


def rows_74() -> Iterator[Rule]:
    for status in (b"401 No", b"403 No"):
        title = f"{status.decode()} in the middle"
        yield Rule(74, f"-{status[:3].decode()}", title, refused_mid_poll(status))


def in_time(play: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """Three tries: a machine that is busy may be late, and a wait that is late always is."""

    def tried(scene: Scene) -> None:
        for _ in range(2):
            try:
                return play(scene)
            except Missed:
                continue
        return play(scene)

    return tried


def never_finishes(scene: Scene) -> None:
    server = scene.serve(news(a="RUNNING"))
    began = time.monotonic()
    try:
        client(server).wait("a", timeout=0.3, poll=0.05)
    except WaitTimeoutError as error:
        took = time.monotonic() - began
        expect([item.status for item in error.invocations] == ["RUNNING"], "its status is lost")
        expect(0.3 <= took < 0.4, f"it took {took:.3f} seconds")
    else:
        raise Missed("it ended")
    expect(3 <= server.posts <= 7, f"{server.posts} polls")


def sleeps_no_longer(scene: Scene) -> None:
    """A pause that is longer than what is left ends at the deadline."""
    server = scene.serve(news(a="RUNNING"))
    began = time.monotonic()
    try:
        client(server).wait("a", timeout=0.2, poll=60)
    except WaitTimeoutError:
        took = time.monotonic() - began
        expect(0.2 <= took < 0.3, f"it took {took:.3f} seconds")


def cancelled(scene: Scene) -> None:
    """Cancelling in the middle of a pause wakes the wait within a tenth of a second."""
    server = scene.serve(news(a="RUNNING"))
    cancel, at = threading.Event(), list[float]()

    def later() -> None:
        server.wait_for(lambda: server.posts == 1)
        time.sleep(0.05)
        at.append(time.monotonic())
        cancel.set()

    thread = threading.Thread(target=later)
    thread.start()
    [item] = client(server).wait("a", timeout=60, poll=60, cancel=cancel)
    woken = time.monotonic()
    thread.join()
    expect(woken - at[0] < 0.1, f"it woke after {woken - at[0]:.3f} seconds")
    expect(item.status == "RUNNING", f"it is {item.status}")


def silent_to_the_end(scene: Scene) -> None:
    """A poll that is not answered ends with the wait, not with the client's own time."""
    server = scene.serve(Peer.hush)
    began = time.monotonic()
    try:
        client(server).wait(Invocation("a", status="RUNNING"), timeout=0.3)
    except (StatusError, WaitTimeoutError) as error:
        took = time.monotonic() - began
        expect([item.status for item in error.invocations] == ["RUNNING"], "its status is lost")
        expect(0.3 <= took < 0.4, f"it took {took:.3f} seconds")


RULES_75: Final = (
    Rule(75, "-never", "never finishes", in_time(never_finishes)),
    Rule(75, "-pause", "a pause beyond the deadline", in_time(sleeps_no_longer)),
    Rule(75, "-cancel", "cancelled in a pause", in_time(cancelled)),
    Rule(75, "-silence", "a poll without an answer", in_time(silent_to_the_end)),
)

MANY: Final = 1000


def in_batches(scene: Scene) -> None:
    """1000 calls followed are two requests a poll."""
    pauses_of(scene)
    ids = [f"{number:032x}" for number in range(MANY)]
    polls = itertools.count()

    def script(peer: Peer) -> None:
        asked = asked_of(peer.read_request())
        word = "RUNNING" if next(polls) < 6 else "COMPLETED"
        peer.say(answer(json.dumps({id_: {"status": word} for id_ in asked}).encode()))

    server = scene.serve(script)
    items = client(server).wait(ids, timeout=100)
    assert all(item.finished for item in items)
    expect(server.posts == 8, f"{server.posts} requests for 4 polls")
    sizes = [len(asked_of(one)) for one in server.requests]
    expect(sizes == [500] * 8, f"batches of {sizes}")


class Failing:
    """A cloud that fails the first polls of every wait, and then answers."""

    def __init__(self, failures: int, failure: HttpResponse | TransportError) -> None:
        self._left, self._failure = failures, failure

    def send(self, _request: Any) -> HttpResponse:
        self._left -= 1
        if self._left < 0:
            return HttpResponse(200, body=b'{"a":{"status":"COMPLETED"}}')
        if isinstance(self._failure, TransportError):
            raise self._failure
        return self._failure


def come_back_apart(failure: HttpResponse | TransportError) -> Callable[[Scene], None]:
    """1000 waits that fail together: when do they ask again?"""

    def play(scene: Scene) -> None:
        returns: list[list[float]] = []
        for _ in range(MANY):
            pauses = pauses_of(scene)
            client_of(transport=Failing(5, failure)).wait("a", timeout=1000)
            returns.append(list(itertools.accumulate(pauses)))
        for turn in range(5):
            at = sorted(times[turn] for times in returns)
            # Even at the first return there are no more in a twentieth of a second than by chance.
            most = max(sum(begin <= one < begin + 0.05 for one in at) for begin in at[::20])
            expect(most < 200, f"{most} of {MANY} come back in the same twentieth of a second")

    return play


WISH: Final = HttpResponse(503, (("Retry-After", "5"),))
RULES_76: Final = (
    Rule(76, "-batches", "1000 calls in two requests a poll", in_batches),
    Rule(76, "-silence", "1000 waits that fail", come_back_apart(TransportError("silence"))),
    Rule(76, "-503", "1000 waits told 503", come_back_apart(HttpResponse(503))),
    Rule(76, "-retry-after", "1000 waits told when to come back", come_back_apart(WISH)),
)
RULES: Final = (*rows_74(), *RULES_75, *RULES_76)
