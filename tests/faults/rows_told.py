"""Rows 63 and 64: what errors, tracebacks and logs tell of a password."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers import AculabError, Call, Outcome, StartError, csharp, java, php, python

from ..transport.sockets import answer, closed_port
from .bench import Missed
from .canaries import CANARIES, told_of
from .cloud import cut, says
from .rows_shown import WHO, nothing_of
from .rule import Rule, client_of, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from .rule import Scene

REFUSAL: Final = b'{"error":{"code":"0001","text":"not allowed"}}'


def start_at(url: str, password: str) -> object:
    return client_of(password, base_url=url).start(Call("+441908273800", token="t"))


def failing_starts(scene: Scene) -> dict[str, Callable[[str], object]]:
    """A start, a status and a wait that come to each kind of error, over sockets."""
    bad = scene.certificates.bad["expired"]
    urls = {
        "ended": scene.serve(cut()).url,
        "half": scene.serve(cut(answer(b'["id-1","id-2"]')[:-4])).url,
        "refused": scene.serve(says(b"no", b"401 No")).url,
        "refused with a code": scene.serve(says(REFUSAL, b"400 No")).url,
        "too many ids": scene.serve(says(b'["id-1","id-2"]')).url,
        "no trust": scene.serve(says(), tls=bad).url,
    }
    running = scene.serve(says(b'{"id-1":{"status":"RUNNING"}}')).url
    with closed_port() as port:
        urls["nobody"] = f"http://127.0.0.1:{port}"
    made: dict[str, Callable[[str], object]] = {
        name: partial(start_at, url) for name, url in urls.items()
    }
    made["status refused"] = lambda password: client_of(password, base_url=urls["refused"]).status(
        "id-1"
    )
    made["no end"] = lambda password: client_of(password, base_url=running).wait(
        "id-1", timeout=0.001
    )
    return made


def refused_at_once() -> dict[str, Callable[[str], object]]:
    """Arguments that are refused while a password is among them."""
    return {
        "bad cloud id": lambda password: client_of(password).__class__("x", "u", "s", password),
        "bad password": lambda password: client_of(password + "\n"),
        "bad proxy": lambda password: client_of(proxy=f"http://u:{password}@host:nothing"),
        "C#": lambda password: csharp_service(1, 2, 3, password),
        "C#, too many": lambda password: csharp_service(*WHO, password, password),
        "Java": lambda password: java_service("x", "u", "s", password),
        "PHP": lambda password: php_service("1-2-0", "u", "s", password + "\0"),
        "Python": lambda password: invoke("x", "u", "s", password, None),
        "Python's calls": lambda password: invoke(*WHO, password, None),
    }


# Their ways in, as functions that take anything.
csharp_service: Any = csharp.OutboundRESTAPIService
java_service: Any = java.OutboundRESTAPIService
php_service: Any = php.OutboundService
invoke: Any = python.invoke_outbound_service


def caught(ask: Callable[[str], object], password: str) -> AculabError:
    try:
        ask(password)
    except AculabError as error:
        return error
    raise Missed("nothing was refused")


def errors_tell_nothing(scene: Scene) -> None:
    scene.patch.setattr("aculab_wrappers._core.deadline.pause", lambda *_: None)
    asked = failing_starts(scene)
    outcomes = set()
    for number, password in enumerate(CANARIES):
        for turn, (what, ask) in enumerate(asked.items()):
            error = caught(ask, password)
            outcomes.add(getattr(error, "outcome", None))
            richly = (number + turn) % 128 == 0
            nothing_of(password, told_of(error, richly=richly), f"the error of {what}")
            if isinstance(error, StartError):
                again = pickle.loads(pickle.dumps(error))
                nothing_of(password, told_of(again), f"the pickled error of {what}")
    assert outcomes == {*Outcome, None}


def refusals_tell_nothing(_scene: Scene) -> None:
    for number, password in enumerate(CANARIES):
        for turn, (what, ask) in enumerate(refused_at_once().items()):
            if what == "bad proxy" and set(password) & set(":/@?#[]"):
                continue  # it would not be where a password stands
            error = caught(ask, password)
            richly = (number + turn) % 128 == 0
            nothing_of(password, told_of(error, richly=richly), f"the refusal of {what}")


def set_proxy(service: php.OutboundService, password: str) -> None:
    service.setProxy(f"tcp://u:{password}@x", True)


def refused_proxy_tells_nothing(_scene: Scene) -> None:
    """PHP's way to set a proxy, with an address that is none and holds a password."""
    for password in CANARIES:
        error = caught(partial(set_proxy, php.OutboundService(*WHO, "p")), password)
        nothing_of(password, told_of(error), "the refusal of a proxy")


def logs_tell_nothing(scene: Scene) -> None:
    """Every logger and http.client itself at their most talkative; see the fixture `ears`."""
    scene.patch.setattr("aculab_wrappers._core.deadline.pause", lambda *_: None)
    for what, ask in failing_starts(scene).items():
        for password in CANARIES[::3] if what != "refused" else CANARIES:
            caught(ask, password)
            nothing_of(password, heard(scene), f"the log of {what}")


def heard(scene: Scene) -> str:
    """What was logged and printed since the last time."""
    records = [f"{one.getMessage()} {one.__dict__!r}" for one in scene.ears.caplog.records]
    scene.ears.caplog.clear()
    printed = scene.ears.capfd.readouterr()
    text = "\n".join([*records, printed.out, printed.err])
    expect("441908273800" not in text, "the log tells whom was called")
    return text


TALKATIVE: Final = """
import asyncio, http.client, json, logging, sys, traceback
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
http.client.HTTPConnection.debuglevel = http.client.HTTPResponse.debuglevel = 1
from aculab_wrappers import AculabError, Call, OutboundClient
urls, passwords = json.load(sys.stdin)
def start(url, password):
    client = OutboundClient("1-2-0", "user@example.com", "My Service", password, base_url=url)
    try:
        client.start(Call("+441908273800"))
    except AculabError:
        traceback.print_exc()
    logging.getLogger("program").info("asked %r", client)
async def main():
    for password in passwords:
        for url in urls:
            await asyncio.to_thread(start, url, password)
asyncio.run(main(), debug=True)
print("came to its end")
"""


def development_mode(scene: Scene) -> None:
    """The same in a program under -X dev, with asyncio's debug mode."""
    urls = [scene.serve(says()).url, scene.serve(says(b"no", b"401 No")).url]
    environment = {**os.environ, "PYTHONDEVMODE": "1", "PYTHONASYNCIODEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", TALKATIVE],
        input=json.dumps([urls, CANARIES]),
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "came to its end" in done.stdout, said[-2000:]
    assert said.count("INFO:program:asked") == len(urls) * len(CANARIES)
    assert "ResourceWarning" not in said
    expect("441908273800" not in said, "the log tells whom was called")
    for password in CANARIES:
        nothing_of(password, said, "a talkative program")


RULES: Final = (
    Rule(63, "a", "the error of every outcome", errors_tell_nothing),
    Rule(63, "b", "the refusal of every argument beside a password", refusals_tell_nothing),
    Rule(63, "c", "the refusal of PHP's proxy", refused_proxy_tells_nothing),
    Rule(64, "a", "every logger on DEBUG, http.client's debuglevel", logs_tell_nothing),
    Rule(64, "b", "PYTHONDEVMODE, and asyncio's debug mode", development_mode),
)
