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

from .._core.value import value

Delivery = Literal["whole", "cut", "lost", "reset", "slow"]

SLOW_SECONDS: Final = 3.0
"""How much later an answer comes that is delivered "slow"."""

_ERRORS_PAGE: Final = "https://www.aculab.com/cloud/web-services/web-service-errors?error="
_START_PAGE: Final = (
    "https://aculab.com/cloud/voice-and-fax-apis/rest-api/previous-releases/"
    "rest-api-version-1/starting-an-outbound-service"
)


@value
class Answer:
    """One HTTP answer.

    Attributes:
        code: The error's code, such as "0001" or "HTTP 401", or "" when nothing is wrong.
        delivery: What becomes of it on its way over HTTP. "cut": half of the body comes. "lost":
            the connection is closed without a byte. "reset": the same by a TCP reset. "slow": it
            comes after SLOW_SECONDS.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    code: str = ""
    delivery: Delivery = "whole"


@value
class Problem:
    """Why a request is refused.

    Attributes:
        details: Every explanation, when there is more than one.
        headers: What else the answer's head must say.
    """

    status: int
    code: str
    text: str
    details: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


class RefusedError(Exception):
    """A request that is refused. Never leaves the sandbox."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def missing(what: str) -> Problem:
    """0001: a mandatory parameter is missing; `what` names it."""
    return Problem(400, "0001", f"Mandatory parameter missing: {what}")


def malformed(what: str) -> Problem:
    """0002: a parameter is malformed."""
    return Problem(400, "0002", f"Malformed parameter: {what}")


def repeated(what: str) -> Problem:
    """0003: a parameter is given several times."""
    return Problem(400, "0003", f"Parameter given several times: {what}")


def zero(what: str) -> Problem:
    """0004: a numeric parameter is zero."""
    return Problem(400, "0004", f"Numeric parameter is zero: {what}")


def http_problem(status: int, text: str, *headers: tuple[str, str]) -> Problem:
    """A refusal that has no four-digit code."""
    return Problem(status, f"HTTP {status}", text, headers=headers)


def together(problems: list[Problem]) -> Problem:
    """Several problems of one request as one: the first, with all of them as details."""
    first = problems[0]
    if len(problems) == 1:
        return first
    text = f"{first.text} (and {len(problems) - 1} more, see details)"
    return Problem(first.status, first.code, text, tuple(problem.text for problem in problems))


def json_answer(body: object) -> Answer:
    """A 200 with this JSON."""
    return Answer(200, (("Content-Type", "application/json"),), _json(body))


def error_answer(problem: Problem, path: str, now: float) -> Answer:
    """The documented JSON error."""
    when = cloud_datetime(now)
    own_code = problem.code.startswith("0")
    error: dict[str, object] = {"code": problem.code, "text": problem.text}
    if problem.details:
        error["details"] = list(problem.details)
    error["datetime"] = when
    error["link"] = _ERRORS_PAGE + problem.code if own_code else _START_PAGE
    headers = (("Content-Type", "application/json"), *problem.headers)
    body = _json({"error": error, "request": {"url": path, "datetime": when}})
    return Answer(problem.status, headers, body, problem.code)


def cloud_datetime(seconds: float) -> str:
    """Epoch seconds in the cloud's form, YYYY-MM-DD_hh:mm:ss in UTC."""
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    return f"{moment:%Y-%m-%d_%H:%M:%S}"


def _json(body: object) -> bytes:
    return json.dumps(body).encode("ascii")
