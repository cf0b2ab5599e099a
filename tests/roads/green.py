"""A program that gevent or eventlet has patched, with several requests under way at once.

    python -m tests.roads.green gevent URL CA-FILE

Each green thread starts one call under a token of its own and polls it, at a server whose ids hold
the tokens. Prints "held", or what went wrong.
"""

from __future__ import annotations

import importlib
import sys
import warnings

warnings.simplefilter("ignore")  # eventlet calls itself deprecated
if sys.argv[1] == "gevent":
    importlib.import_module("gevent.monkey").patch_all()
else:
    importlib.import_module("eventlet").monkey_patch()

import threading
import time
from typing import Any

from aculab_wrappers import Call, NotSentError, OutboundClient, StartError, UnknownOutcomeError


def client(url: str, **more: Any) -> OutboundClient:
    return OutboundClient(
        *("1-2-0", "user@example.com", "My Service", "a long password"),
        **{"base_url": url, "ca_bundle": sys.argv[3], "timeout": 5.0, **more},
    )


def limit(seconds: float) -> Any:
    """A time limit of the framework's own."""
    framework: Any = importlib.import_module(sys.argv[1])
    if sys.argv[1] == "gevent":
        return framework.Timeout.start_new(seconds)
    return framework.Timeout(seconds)


def many(url: str) -> None:
    """Many starts and polls at once: each gets its own id, and none waits for another."""
    wrong: list[object] = []
    shared = client(url)

    def one(number: int) -> None:
        try:
            token = f"slow-{number}"
            [started] = shared.start(Call("sip:a@b", token=token))
            [report] = shared.status([started])
            if started.id != f"id-{token}" or report.status != "RUNNING":
                wrong.append((token, started.id, report.status))
        except BaseException as error:
            wrong.append(error)

    began = time.monotonic()
    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    shared.close()
    assert not wrong, wrong
    # The server takes 0.3 seconds for each answer.
    assert took < 8 * 0.3, f"one after another: {took}"


def deadline(url: str) -> None:
    """The time limit of a start holds."""
    began = time.monotonic()
    try:
        client(url, timeout=0.5).start(Call("sip:a@b", token="never"))
    except UnknownOutcomeError:
        assert 0.4 < time.monotonic() - began < 4.0
    else:
        raise AssertionError("it was answered")


def timeout(url: str) -> None:
    """The framework's own time limit comes out as it is."""
    stop: Any = limit(0.3)
    began = time.monotonic()
    try:
        client(url).start(Call("sip:a@b", token="never"))
    except BaseException as error:
        out: Any = error
        assert out is stop, repr(error)
        assert isinstance(error.__cause__, UnknownOutcomeError), repr(error.__cause__)
        assert time.monotonic() - began < 4.0
    else:
        raise AssertionError("it was answered")
    finally:
        stop.cancel()
    stop = limit(0.3)
    try:
        client(url).wait(["id-running"], timeout=8.0, poll=0.05)
    except BaseException as error:
        assert error is stop, repr(error)
    else:
        raise AssertionError("it has ended")
    [started] = client(url).start(Call("sip:a@b", token="after"))
    assert started.id == "id-after"


def closed() -> None:
    """A closed port is proven."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        try:
            client(f"http://127.0.0.1:{taken.getsockname()[1]}").start(Call("sip:a@b"))
        except StartError as error:
            assert isinstance(error, NotSentError), repr(error)
            assert error.attempts == 3


if __name__ == "__main__":
    many(sys.argv[2])
    deadline(sys.argv[2])
    timeout(sys.argv[2])
    closed()
    sys.stdout.write("held\n")
