"""A sandbox and an empty handler, served by one process, which tells its CPU time.

    python -m tests.benchmarks.sandbox_server

It prints both base URLs, and a line with its CPU microseconds for each line it is given.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from aculab_wrappers.sandbox import Sandbox

from .surroundings import pin_core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment


def empty(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Take the request, and give one and the same answer."""
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    body = b'["0123456789abcdef0123456789abcdef"]'
    head = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("200 OK", head)
    return [body]


def _main() -> None:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Silent(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  inherited
            """Nothing: the sandbox prints nothing either."""

    pin_core(0)
    server = make_server("127.0.0.1", 0, empty, threaded=True, request_handler=Silent)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    with Sandbox() as sandbox:
        _say(f"{sandbox.base_url} http://127.0.0.1:{server.port}")
        for _ in sys.stdin:
            _say(str(time.process_time_ns() / 1000))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def serving_sandbox() -> Iterator[tuple[str, str, Callable[[], float]]]:
    """The sandbox's URL, that of the empty handler, and what asks for the CPU time."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        questions, answers = process.stdin, process.stdout
        assert questions
        assert answers
        sandbox, other = answers.readline().split()

        def spent() -> float:
            questions.write("\n")
            return float(answers.readline())

        yield sandbox, other, spent
        questions.close()


if __name__ == "__main__":
    _main()
