"""What the sandbox answers at its own address: the console page, and the data that it shows.

The page is a page of ours, not of the cloud's: nothing here is on the real cloud. A request that
changes something is a POST of an ordinary form, and no answer holds a password.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from ..errors import InvalidInputError
from .answers import Answer, RefusedError, error_answer, http_problem, json_answer
from .facts import FACTS
from .forms import bad_field, check_names, fields, known_service, number, switch
from .journal import MOST_REQUESTS
from .scenarios import SCENARIOS
from .sources import sources_of
from .webservices import STATUS_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

    from .facts import Fact
    from .instances import Instance
    from .journal import Received
    from .requests import Request
    from .sandbox import Sandbox
    from .services import Service

    Handler = Callable[[Sandbox, Request], Answer]

MOST_INSTANCES_SHOWN: Final = 100
MOST_REQUESTS_SHOWN: Final = 50
MOST_POLLS_SHOWN: Final = 10
"""Of answered status requests: a program that waits sends nothing else."""

_MOST_READ: Final = 20_000  # a longer start parameter is not parsed again for each look at it
_MOST_DESTINATIONS: Final = 3
_TEXTS: Final = ("kind", "first_page", "final_page", "api_version")
_SETTINGS: Final = (*_TEXTS, "far_end_classification", "calls_per_second")
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}
_FILES: Final = {
    "/": "console.html",
    "/sandbox/console.css": "console.css",
    "/sandbox/console.js": "console.js",
    # The modules that console.js is made of.
    "/sandbox/page.js": "page.js",
    "/sandbox/services.js": "services.js",
    "/sandbox/instances.js": "instances.js",
    "/sandbox/requests.js": "requests.js",
}


_NO_FILES: Final = (
    "Internal Server Error: the console's files are missing. Give PyInstaller "
    "--collect-data aculab_wrappers, or install the package again"
)


def answer(sandbox: Sandbox, request: Request) -> Answer:
    """Answer a request for the console or its data.

    Args:
        sandbox: What is shown and changed.
        request: One whose path is "/" or begins with "/sandbox/".

    Returns:
        The answer; one that refuses has the cloud's own form of an error.
    """
    try:
        return _routed(sandbox, request)
    except RefusedError as refused:
        problem = refused.problem
    except InvalidInputError as error:
        problem = http_problem(400, f"Bad Request: {error}")
    return error_answer(problem, request.path, sandbox.now)


def _routed(sandbox: Sandbox, request: Request) -> Answer:
    shown, changed = _SHOWN.get(request.path), _CHANGED.get(request.path)
    name = _FILES.get(request.path)
    if name is None and shown is None and changed is None:
        known = ", ".join((*_FILES, *_SHOWN, *_CHANGED))
        raise RefusedError(http_problem(404, f"Not Found: the sandbox itself has {known}"))
    allowed = ("POST",) if changed else ("GET", "HEAD")
    if request.method not in allowed:
        listed = ", ".join(allowed)
        text = f"Method Not Allowed: expected {listed} for {request.path}"
        raise RefusedError(http_problem(405, text, ("Allow", listed)))
    if name is not None:
        return _file(name)
    handler = changed or shown
    assert handler
    return handler(sandbox, request)


@cache
def _file(name: str) -> Answer:
    head = (
        ("Content-Type", _TYPES[name.rpartition(".")[2]]),
        ("Content-Security-Policy", _POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-cache"),
    )
    assert __package__
    try:
        body = files(__package__).joinpath("console", name).read_bytes()
    except OSError:
        raise RefusedError(http_problem(500, _NO_FILES)) from None
    return Answer(200, head, body)


# What is shown


def _state(sandbox: Sandbox, _request: Request) -> Answer:
    queues = sandbox.queue_lengths()
    # Not `received`: that a console is open does not mean that a test looked at its refusals.
    received, left_out = _worth_showing(sandbox.peek(MOST_REQUESTS))
    return json_answer(
        {
            "now": sandbox.now,
            "time": sandbox.time,
            "accepted": sandbox.accepted,
            "counts": sandbox.counts,
            "services": [_service(one, queues.get(one.user, 0)) for one in sandbox.services],
            "instances": [_instance(one) for one in sandbox.latest(MOST_INSTANCES_SHOWN)],
            "requests": [_received(one) for one in received],
            "polls_left_out": left_out,
        }
    )


def _facts(_sandbox: Sandbox, _request: Request) -> Answer:
    return json_answer([_fact(fact) for fact in FACTS])


def _destinations(_sandbox: Sandbox, _request: Request) -> Answer:
    return json_answer([asdict(scenario) for scenario in SCENARIOS])


def _fact(fact: Fact) -> dict[str, object]:
    sources = [{"name": name, "address": address} for name, address in sources_of(fact)]
    members: dict[str, object] = asdict(fact)
    del members["source"]
    return {**members, "sources": sources}


def _service(service: Service, queue: int) -> dict[str, object]:
    names = ("user", "cloud_id", "username", "name", *_SETTINGS)
    return {**{name: getattr(service, name) for name in names}, "queue": queue}


def _instance(instance: Instance) -> dict[str, object]:
    members: dict[str, object] = asdict(instance)
    members["from"] = members.pop("from_")
    return members


def _received(received: Received) -> dict[str, object]:
    names = ("number", "at", "method", "path", "user", "agent", "status", "code", "text", "details")
    members = {name: getattr(received, name) for name in (*names, "rule", "hint", "simulated")}
    # Names alone: whoever puts a password into a parameter shall not find it on a screen.
    members["parameters"] = list(dict.fromkeys(name[:100] for name, _ in received.parameters))[:20]
    members["calls"] = _summary(received)
    return members


def _worth_showing(received: list[Received]) -> tuple[list[Received], int]:
    """Those that are shown, and how many answered status requests are left out between them."""
    shown: list[Received] = []
    polls = 0
    for one in received:
        if len(shown) == MOST_REQUESTS_SHOWN:
            break
        is_poll = one.path == STATUS_PATH and not one.refused
        polls += is_poll
        if not is_poll or polls <= MOST_POLLS_SHOWN:
            shown.append(one)
    return shown, max(0, polls - MOST_POLLS_SHOWN)


def _summary(received: Received) -> dict[str, object] | None:
    """How many calls a request asks for, and where the first of them go."""
    if sum(len(text) for _, text in received.parameters) > _MOST_READ:
        return None
    calls: Any = received.calls
    listed = calls if isinstance(calls, list) else [calls]
    wanted = [call["to"] for call in listed if isinstance(call, dict) and "to" in call]
    shown = [to for to in wanted[:_MOST_DESTINATIONS] if isinstance(to, str)]
    return {"count": len(listed), "to": shown} if wanted else None


# What is changed


def _test(sandbox: Sandbox, request: Request) -> Answer:
    given = fields(request, "user", "to", "from", "token", "outbound_parameters")
    user = known_service(sandbox, given).user
    return sandbox.start_test(
        user,
        given.get("to", ""),
        given.get("from", ""),
        # A field that is left empty is not sent.
        given.get("token") or None,
        given.get("outbound_parameters") or None,
    )


def _change_service(sandbox: Sandbox, request: Request) -> Answer:
    given = fields(request, "user", *_SETTINGS)
    user = known_service(sandbox, given).user
    changes: dict[str, Any] = {name: given[name] for name in _TEXTS if name in given}
    if "far_end_classification" in given:
        changes["far_end_classification"] = switch(given, "far_end_classification")
    if "calls_per_second" in given:
        paced = given["calls_per_second"].strip()
        changes["calls_per_second"] = number(given, "calls_per_second") if paced else None
    sandbox.change_service(user, **changes)
    queue = sandbox.queue_lengths().get(user, 0)
    return json_answer(_service(known_service(sandbox, given), queue))


def _purge(sandbox: Sandbox, request: Request) -> Answer:
    given = fields(request, "user")
    return json_answer({"purged": sandbox.purge(known_service(sandbox, given).user)})


def _advance(sandbox: Sandbox, request: Request) -> Answer:
    given = fields(request, "seconds")
    sandbox.advance(number(given, "seconds"))
    return json_answer({"now": sandbox.now})


def _reset(sandbox: Sandbox, request: Request) -> Answer:
    fields(request)
    sandbox.reset()
    return json_answer({})


def _next(sandbox: Sandbox, request: Request) -> Answer:
    check_names(request, "outcome")
    words = [word for _, word in request.parameters]
    if not words:
        raise bad_field("outcome is missing, expected one or more scenario words")
    sandbox.answer_next(*words)
    return json_answer({"waiting": sandbox.waiting})


_SHOWN: Final[dict[str, Handler]] = {
    "/sandbox/state": _state,
    "/sandbox/facts": _facts,
    "/sandbox/destinations": _destinations,
}
_CHANGED: Final[dict[str, Handler]] = {
    "/sandbox/test": _test,
    "/sandbox/service": _change_service,
    "/sandbox/purge": _purge,
    "/sandbox/advance": _advance,
    "/sandbox/reset": _reset,
    "/sandbox/next": _next,
}
