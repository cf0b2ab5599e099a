"""Rows 91 to 98: what attacks on the finished product found, a kind each; see test_attacked.

The number is that of the kind. What is about files belongs to the lists.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers import (
    AculabError,
    Call,
    InvalidInputError,
    NotSentError,
    Outcome,
    StartError,
    StatusError,
    UnknownOutcomeError,
    WaitTimeoutError,
)
from aculab_wrappers._core import sockets
from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.outcome import read_start

from ..transport.sockets import answer
from .bench import Missed
from .cloud import says, whole
from .rule import Rule, client_of, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..transport.sockets import Peer
    from .row import Script
    from .rule import Scene

ONE: Final = Call("+441908273800", token="t")


def failed(start: Callable[[], object]) -> StartError:
    try:
        start()
    except StartError as error:
        return error
    raise Missed("it succeeded")


# ---- 91: the handling of a failure can fail itself.


def in_program(scene: Scene, program: str, script: Script) -> str:
    """Run a program whose client is `client`, and return what it prints."""
    server = scene.serve(script)
    head = (
        "import sys\nfrom aculab_wrappers import *\nfrom aculab_wrappers._core import sockets\n"
        "client = OutboundClient('1-2-0', 'u', 's', 'password', base_url=sys.argv[1], timeout=2)\n"
        "def start():\n"
        "    try: print('STARTED', *(one.id for one in client.start(Call('+441908273800'))))\n"
        "    except StartError as error:\n"
        "        print(error.outcome.name, *getattr(error, 'hinted_ids', ()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", head + program, server.url],
        capture_output=True,
        text=True,
        check=False,
    )
    expect(done.returncode == 0, done.stderr)
    return done.stdout.strip()


AT_FIRST_BYTE: Final = """
send_some = sockets.send_some
def send(*args):
    spoil()
    return send_some(*args)
sockets.send_some = send
"""
REPLACED: Final = f"""
def spoil():
    sys.path[:] = []
    sys.path_importer_cache.clear()
{AT_FIRST_BYTE}
start()
"""
NO_DESCRIPTORS: Final = f"""
import os, resource
def spoil():
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
{AT_FIRST_BYTE}
start()
"""
NO_MORE_SOCKETS: Final = """
import resource
client._session._get_transport()
resource.setrlimit(resource.RLIMIT_NOFILE, (3, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
start()
"""
NO_REQUESTS: Final = """
sys.modules["requests"] = None
start()
"""


def prints(program: str, script: Script, wanted: str) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        printed = in_program(scene, program, script)
        expect(printed == wanted, f"it says {printed!r}")

    return play


def short_of_memory(scene: Scene) -> None:
    """At each place where memory may end, the outcome is told."""
    body = b"[" + b'"an id of some length",' * 40_000 + b"]"
    server = scene.serve(*[says(body)] * 8)
    for place in ("read_refusal", "hint_ids"):
        with scene.patch.context() as patch:
            patch.setattr(f"aculab_wrappers._core.outcome.{place}", short)
            error = failed(partial(client_of(base_url=server.url).start, ONE))
            expect(error.outcome is Outcome.UNKNOWN, f"{error!r}")
    with scene.patch.context() as patch:
        patch.setattr("aculab_wrappers._core.redaction.Redactor.redact", short)
        error = failed(partial(client_of(base_url=server.url).start, ONE))
        expect(error.outcome is Outcome.UNKNOWN, f"{error!r}")
        expect(error.response is None, "it holds what could not be cleaned")


def short(*_args: object) -> Any:
    raise MemoryError


# ---- 92: state left behind.


def guard_left_set(scene: Scene) -> None:
    """An interrupt in the middle of a start, and then another start of the same thread."""
    server = scene.serve(says())
    client = client_of(base_url=server.url)
    cause: BaseException | None = None
    with scene.patch.context() as patch:
        patch.setattr(sockets, "connect_to", interrupted)
        try:
            client.start(ONE)
        except KeyboardInterrupt as stop:
            cause = stop.__cause__
        expect(isinstance(cause, NotSentError), f"its cause is {cause!r}")
    expect([one.id for one in client.start(ONE)] == ["id-1"], "the next start failed")


def interrupted(*_args: object) -> Any:
    raise KeyboardInterrupt


# ---- 93: work past the deadline.


def within(seconds: float, play: Callable[[Scene], None]) -> Callable[[Scene], None]:
    def timed(scene: Scene) -> None:
        began = time.monotonic()
        play(scene)
        took = time.monotonic() - began
        expect(took < seconds, f"it took {took:.1f} s")

    return timed


def hints_of(body: bytes) -> Callable[[Scene], None]:
    """The scanner for hinted ids takes one pass, whatever comes."""

    def play(scene: Scene) -> None:
        server = scene.serve(says(body))
        error = failed(partial(client_of(base_url=server.url, timeout=2).start, ONE))
        expect(error.outcome is Outcome.UNKNOWN, f"{error!r}")

    return play


def silent_name_server(scene: Scene) -> None:
    silent = threading.Event()
    scene.patch.setattr(socket, "getaddrinfo", lambda *_args, **_more: silent.wait(20))
    client = client_of(base_url="https://cloud.example", timeout=0.3)
    try:
        error = failed(partial(client.start, ONE))
    finally:
        silent.set()
    expect(error.outcome is Outcome.NOT_SENT, f"{error!r}")
    expect("within 0.3 seconds" in str(error), f"it says {error}")


def stalling_address(scene: Scene) -> None:
    """The first of two addresses gives no answer: the second start knows it."""
    server = scene.serve(says(b'["a"]'), says(b'["b"]'))
    stalling = ("127.0.0.1", 9)
    tried: list[object] = []
    connect_to = sockets.connect_to

    def found(*_args: object, **_more: object) -> list[Any]:
        addresses = (stalling, ("127.0.0.1", server.port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]

    def connect(entry: Any, seconds: float) -> socket.socket:
        tried.append(entry[4])
        if entry[4] == stalling:
            raise TimeoutError
        return connect_to(entry, seconds)

    scene.patch.setattr(socket, "getaddrinfo", found)
    scene.patch.setattr(sockets, "connect_to", connect)
    scene.patch.setattr(sockets, "_avoided", {})
    client = client_of(base_url=f"http://localhost:{server.port}")
    client.start(ONE)
    client.start(ONE)
    good = ("127.0.0.1", server.port)
    expect(tried == [stalling, good, good], f"tried {tried}")


def slow_status(seconds: float, status: bytes = b"200 OK") -> Script:
    def script(peer: Peer) -> None:
        while True:
            peer.read_request()
            peer.pause(seconds)
            peer.say(answer(b"{}", b"HTTP/1.1 " + status, b"Connection: keep-alive"))

    return script


def wait_of_many_batches(scene: Scene) -> None:
    server = scene.serve(slow_status(0.2))
    ids = [f"{number:032x}" for number in range(3000)]
    try:
        client_of(base_url=server.url).wait(ids, timeout=0.5)
    except WaitTimeoutError as error:
        expect(len(error.invocations) == 3000, "some are lost")
    else:
        raise Missed("it did not give up")


def wait_that_splits(scene: Scene) -> None:
    server = scene.serve(slow_status(0.1, b"404 Not Found"))
    ids = [f"{number:032x}" for number in range(500)]
    try:
        client_of(base_url=server.url).wait(ids, timeout=0.5)
    except (StatusError, WaitTimeoutError) as error:
        expect(len(error.invocations) == 500, "some are lost")
    else:
        raise Missed("it did not give up")


def cancelled_between_batches(scene: Scene) -> None:
    server = scene.serve(slow_status(0.2))
    ids = [f"{number:032x}" for number in range(20_000)]
    cancel = threading.Event()
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    told = client_of(base_url=server.url).wait(ids, timeout=60, cancel=cancel)
    timer.join()
    expect(len(told) == 20_000, "some are lost")


# ---- 94: size and depth are looked at before json and re.

DEEP: Final = b"[" * 100_000 + b"]" * 100_000
SMALL_STACK: Final = """
import threading
threading.stack_size(65536)
sys.setrecursionlimit(1_000_000)
thread = threading.Thread(target=start)
thread.start()
thread.join()
"""


# ---- 95: an assumed form, and the rest dropped.


def raw_answer_kept(body: bytes, *headers: bytes, ids: tuple[str, ...]) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        server = scene.serve(whole(answer(body, b"HTTP/1.1 200 OK", *headers)))
        error = failed(partial(client_of(base_url=server.url).start, ONE))
        expect(isinstance(error, UnknownOutcomeError), f"{error!r}")
        expect(error.response is not None and error.response.body == body, "it is not kept")
        expect(getattr(error, "hinted_ids", ()) == ids, f"{error.hinted_ids}")  # type: ignore[attr-defined]

    return play


# ---- 96: a rule on text instead of on meaning.


def goes_to_no_other_machine(base_url: str, **options: Any) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        asked: list[object] = []

        def note(*args: object, **_more: object) -> Any:
            asked.append(args)
            raise OSError("somebody is asked")

        scene.patch.setattr(socket, "getaddrinfo", note)
        scene.patch.setattr(socket.socket, "connect", note)
        try:
            client_of(base_url=base_url, **options).start(ONE)
        except InvalidInputError as error:
            expect("readable" in str(error), f"it says {error}")
        else:
            raise Missed("it was sent")
        expect(not asked, f"somebody was asked: {asked}")

    return play


def localhost_is_elsewhere(scene: Scene) -> None:
    """A name that is taken for this machine stands for another one."""
    tried: list[object] = []

    def found(*_args: object, **_more: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80))]

    def connect(entry: Any, _seconds: float) -> Any:
        tried.append(entry)
        raise OSError("not this one")

    scene.patch.setattr(socket, "getaddrinfo", found)
    scene.patch.setattr(sockets, "connect_to", connect)
    error = failed(partial(client_of(base_url="http://localhost:80").start, ONE))
    expect(error.outcome is Outcome.NOT_SENT and not tried, f"{tried}")


def proxy_of_the_environment(scene: Scene) -> None:
    """The company's proxy is not asked for what this machine serves."""
    server = scene.serve(says())
    scene.patch.setenv("ACULAB_PROXY", "http://192.0.2.1:3128")
    client_of(base_url=server.url).start(ONE)


# ---- 97: words of strangers.

FORGED: Final = "no\r\nINFO all is well\x1b[2J\u202e"


def one_line(error: AculabError) -> None:
    text = str(error)
    expect(text.isprintable(), f"it says {text!r}")


def forged_refusal(scene: Scene) -> None:
    refusal = {"code": "0001", "text": FORGED, "details": [FORGED], "link": FORGED}
    body = json.dumps({"error": refusal}).encode()
    server = scene.serve(says(body, b"400 No"), says(body, b"500 No"), says(body, b"400 No"))
    client = client_of(base_url=server.url)
    one_line(failed(partial(client.start, ONE)))
    one_line(failed(partial(client.start, ONE)))
    try:
        client.status("id")
    except StatusError as error:
        one_line(error)


def forged_ids(scene: Scene) -> None:
    """Ids with line ends and escape sequences are told in one line of the log."""
    server = scene.serve(says(json.dumps([FORGED]).encode()))
    client_of(base_url=server.url).start(ONE)
    records = scene.ears.caplog.records
    lines = [one.getMessage() for one in records if one.name == "aculab_wrappers"]
    expect(lines and all(line.isprintable() for line in lines), f"logged {lines}")


def forged_reason(scene: Scene) -> None:
    server = scene.serve(
        whole(b"HTTP/1.1 502 Bad\x1b[2J\r\nServer: \x1b]0;x\x07\r\nContent-Length: 0\r\n\r\n")
    )
    one_line(failed(partial(client_of(base_url=server.url).start, ONE)))


# ---- 98: redaction by a list of spellings: tests/unit/test_redaction has the table.


def echoed_twice_encoded(scene: Scene) -> None:
    password = "a lön& password"
    twice = "".join(f"%25{byte:02X}" for byte in password.encode())
    entities = "".join(f"&amp;#{ord(char)};" for char in password)
    for text in (twice, entities):
        server = scene.serve(says(f"<p>{text}</p>".encode(), b"500 No"))
        error = failed(partial(client_of(password, base_url=server.url).start, ONE))
        body = error.response.body if error.response else b""
        expect(text.encode() not in body, f"kept was {body!r}")


def no_hints_in_time() -> Callable[[Scene], None]:
    """No clock: twice the size takes twice the steps, not four times."""

    def steps(size: int) -> int:
        count = 0

        def trace(*_args: object) -> Any:
            nonlocal count
            count += 1
            return trace

        response = HttpResponse(200, (), b"[" + b'\\"' * size, "cut")
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            failed(partial(read_start, (ONE,), response))
        finally:
            sys.settrace(before)
        return count

    def play(_scene: Scene) -> None:
        few, many = steps(2_000), steps(8_000)
        expect(many < 5 * few, f"{few} steps, and {many} for four times the size")

    return play


RULES: Final = (
    Rule(91, "-replaced", "modules gone at first", prints(REPLACED, says(), "STARTED id-1")),
    Rule(
        91,
        "-replaced-500",
        "modules gone at the first byte, and a failure",
        prints(REPLACED, says(b'{"error":1}', b"500 No"), "UNKNOWN"),
    ),
    Rule(
        91,
        "-descriptors",
        "no file can be opened from the first byte on",
        prints(NO_DESCRIPTORS, says(b"<html>", b"500 No"), "UNKNOWN"),
    ),
    Rule(91, "-sockets", "no socket can be made", prints(NO_MORE_SOCKETS, says(), "NOT_SENT")),
    Rule(91, "-requests", "requests cannot be imported", prints(NO_REQUESTS, says(), "NOT_SENT")),
    Rule(91, "-memory", "no memory for hints and redaction", short_of_memory),
    Rule(92, "-guard", "a start after an interrupted one", guard_left_set),
    Rule(
        93,
        "-hints",
        "64 KB of one string",
        within(2.5, hints_of(b"[" + b'\\"' * 32_000)),
    ),
    Rule(93, "-quotes", "1 MB of quotes", within(2.5, hints_of(b'["' * 500_000))),
    Rule(93, "-steps", "hints are read in one pass", no_hints_in_time()),
    Rule(93, "-names", "a silent name server", within(2.5, silent_name_server)),
    Rule(93, "-address", "an address that stalls is tried last", stalling_address),
    Rule(93, "-batches", "a wait of six batches", within(2.5, wait_of_many_batches)),
    Rule(93, "-splits", "a wait that splits a refused batch", within(2.5, wait_that_splits)),
    Rule(93, "-cancel", "forty batches, cancelled", within(2.5, cancelled_between_batches)),
    Rule(
        94,
        "-stack",
        "deep JSON, small stack",
        prints(SMALL_STACK, says(DEEP), "UNKNOWN"),
    ),
    Rule(95, "-object", "an object", raw_answer_kept(b'{"ids":["id-1"]}', ids=("id-1",))),
    Rule(95, "-number", "a number", raw_answer_kept(b"12345", ids=("12345",))),
    Rule(95, "-word", "a bare word", raw_answer_kept(b"id-1\n", ids=("id-1",))),
    Rule(
        96,
        "-proxy",
        "plain http by way of a proxy elsewhere",
        goes_to_no_other_machine("http://127.0.0.1:9", proxy="http://192.0.2.1:3128"),
    ),
    Rule(
        96,
        "-short",
        "an address that is looked up: 127.1",
        goes_to_no_other_machine("http://127.1:9"),
    ),
    Rule(
        96,
        "-octal",
        "looked up: 127.0.0.01",
        goes_to_no_other_machine("http://127.0.0.01"),
    ),
    Rule(
        96,
        "-large",
        "looked up: 127.999.0.1",
        goes_to_no_other_machine("http://127.999.0.1"),
    ),
    Rule(
        96,
        "-suffix",
        "not quite localhost",
        goes_to_no_other_machine("http://localhost.example"),
    ),
    Rule(96, "-localhost", "localhost is another machine", localhost_is_elsewhere),
    Rule(
        96,
        "-environment",
        "ACULAB_PROXY is elsewhere",
        proxy_of_the_environment,
    ),
    Rule(97, "-refusal", "line ends and escape sequences of the cloud", forged_refusal),
    Rule(97, "-ids", "the same in ids", forged_ids),
    Rule(97, "-reason", "the same in a status line", forged_reason),
    Rule(98, "-twice", "an echoed password, encoded twice", echoed_twice_encoded),
)
