"""What the cloud answers: JSON, and for a refused request the documented JSON error.

Source: the cloud's page on web-service errors (protocol notes 4.1). Evidence: the shape and the
    codes 0001 to 0004 are documented; which of them service_start and service_status use, the
    texts after the colon and the 401, 404, 405 and 413 bodies are assumed. The real cloud may
    answer legacy services in XML when JSON is not asked for; that form is not public, so JSON
    always comes.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final, Literal

from .._core.frozen import frozen
from .sources import ERRORS_ADDRESS, SEED_ADDRESS

BASIC: Final = 'Basic realm="Aculab Cloud", charset="UTF-8"'
"""What a 401 says it wants (RFC 7617)."""

Delivery = Literal["whole", "cut", "lost", "reset", "slow"]

SLOW_SECONDS: Final = 3.0
"""How late a slow answer comes."""


@frozen
class Answer:
    """One HTTP answer.

    Attributes:
        code: The error's code, such as "0001" or "HTTP 401", or "" when nothing is wrong.
        delivery: How it travels: "whole"; "cut" in the middle; "lost", so that the connection is
            closed unanswered; "reset"; or "slow", SLOW_SECONDS late.
        simulated: Whether it is an error that was asked for.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    code: str = ""
    delivery: Delivery = "whole"
    simulated: bool = False


@frozen
class Problem:
    """Why a request is refused.

    Attributes:
        details: Every explanation, when there is more than one.
        headers: What else the answer's head must say.
        rule: The fact that the request broke, by its id in `facts.py`; "" when there is none.
        hint: What helps whoever looks into the sandbox. The answer, like the real cloud's, does
            not say it.
    """

    status: int
    code: str
    text: str
    details: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    rule: str = ""
    hint: str = ""


class RefusedError(Exception):
    """A request that is refused. Never leaves the sandbox."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def missing(what: str, rule: str) -> Problem:
    """0001: a mandatory parameter is missing; `what` names it."""
    return Problem(400, "0001", f"Mandatory parameter missing: {what}", rule=rule)


def malformed(what: str, rule: str) -> Problem:
    """0002: a parameter is malformed."""
    return Problem(400, "0002", f"Malformed parameter: {what}", rule=rule)


def repeated(what: str, rule: str) -> Problem:
    """0003: a parameter is given several times."""
    return Problem(400, "0003", f"Parameter given several times: {what}", rule=rule)


def zero(what: str, rule: str) -> Problem:
    """0004: a numeric parameter is zero."""
    return Problem(400, "0004", f"Numeric parameter is zero: {what}", rule=rule)


def http_problem(status: int, text: str, *headers: tuple[str, str], rule: str = "") -> Problem:
    """A refusal that has no four-digit code."""
    return Problem(status, f"HTTP {status}", text, headers=headers, rule=rule)


def together(problems: list[Problem]) -> Problem:
    """Several problems of one request as one: the first, with all of them as details."""
    first = problems[0]
    if len(problems) == 1:
        return first
    text = f"{first.text} (and {len(problems) - 1} more, see details)"
    details = tuple(problem.text for problem in problems)
    return Problem(first.status, first.code, text, details, rule=first.rule)


def json_answer(body: object) -> Answer:
    """A 200 with this JSON."""
    return Answer(200, (("Content-Type", "application/json"),), _json(body))


def error_answer(problem: Problem, path: str, now: float, *, simulated: bool = False) -> Answer:
    """The documented JSON error."""
    when = cloud_datetime(now)
    own_code = problem.code.startswith("0")
    error: dict[str, object] = {"code": problem.code, "text": problem.text}
    if problem.details:
        error["details"] = list(problem.details)
    error["datetime"] = when
    error["link"] = ERRORS_ADDRESS + problem.code if own_code else SEED_ADDRESS
    headers = (("Content-Type", "application/json"), *problem.headers)
    if problem.rule:
        headers = (*headers, ("X-Sandbox-Rule", problem.rule))
    body = _json({"error": error, "request": {"url": path, "datetime": when}})
    return Answer(problem.status, headers, body, problem.code, simulated=simulated)


def cloud_datetime(seconds: float) -> str:
    """Epoch seconds in the cloud's form, YYYY-MM-DD_hh:mm:ss in UTC."""
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    return f"{moment:%Y-%m-%d_%H:%M:%S}"


def _json(body: object) -> bytes:
    return json.dumps(body).encode("ascii")
