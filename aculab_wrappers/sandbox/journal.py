"""The last requests, for tests and people to look at."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from .._core.frozen import frozen
from .._core.json_reader import NotJsonError, read_json
from .calls import START_NAMES

if TYPE_CHECKING:
    from .answers import Answer, Problem
    from .requests import Request

MOST_REQUESTS: Final = 1000
MOST_TEXT: Final = 32 * 1024 * 1024
"""Most characters kept in all. The last request is kept whatever its size."""

_PAIR: Final = 150  # what a parameter takes beside its characters: it may have none


@frozen
class Received:
    """One request, and how it was answered.

    Attributes:
        number: Its place among all requests there ever were, from 1.
        at: When it came, in epoch seconds of the sandbox's clock.
        user: The user name it came with, whether or not it was let in; "" when there was none.
            Its password is not kept.
        agent: The program that sent it, by its User-Agent, or "".
        parameters: Those of the query and of the form, decoded, in order.
        status: The HTTP status answered.
        code: The code of the error answered, such as "0001" or "HTTP 401", or "".
        text: What the error said, or "".
        details: Every explanation, when there was more than one.
        rule: The fact that the request broke, by its id in `facts.py`, or "".
        hint: What the answer did not say and may help, such as that the password was wrong, or "".
        simulated: Whether the refusal was asked for, by a destination or `answer_next`.
        routine: Whether the refusal is part of a normal exchange: the 401 that makes a client send
            its password, a HEAD or OPTIONS request, a browser's icon, a health check.
    """

    number: int
    at: float
    method: str
    path: str
    user: str
    agent: str
    parameters: tuple[tuple[str, str], ...]
    status: int
    code: str
    text: str
    details: tuple[str, ...]
    rule: str
    hint: str
    simulated: bool
    routine: bool = False

    @property
    def refused(self) -> bool:
        """Whether it was answered with an error."""
        return self.status >= 400

    @property
    def calls(self) -> object:
        """The JSON of the start parameter, parsed; None if there is none that can be read."""
        for name, text in self.parameters:
            if name in START_NAMES:
                try:
                    return read_json(text.encode("utf-8", "surrogatepass"))
                except NotJsonError:
                    return None
        return None


class Journal:
    """The last requests, oldest first, within bounds."""

    __slots__ = ("_entries", "_text", "count")

    def __init__(self) -> None:
        self._entries: deque[Received] = deque()
        self._text = 0
        self.count = 0

    def add(self, request: Request, answer: Answer, problem: Problem | None, now: float) -> None:
        """Note a request, its answer, and why it was refused if it was."""
        self.count += 1
        entry = Received(
            self.count,
            now,
            request.method,
            request.path,
            request.login.user if request.login else "",
            request.agent,
            request.parameters,
            answer.status,
            answer.code,
            problem.text if problem else "",
            problem.details if problem else (),
            problem.rule if problem else "",
            problem.hint if problem else "",
            answer.simulated,
            _is_routine(request, answer.status),
        )
        self._entries.append(entry)
        self._text += _size(entry)
        while len(self._entries) > 1 and (
            len(self._entries) > MOST_REQUESTS or self._text > MOST_TEXT
        ):
            self._text -= _size(self._entries.popleft())

    def all(self) -> list[Received]:
        """The requests, oldest first."""
        return list(self._entries)

    def clear(self) -> None:
        """Forget them all; their count goes on."""
        self._entries.clear()
        self._text = 0


def _is_routine(request: Request, status: int) -> bool:
    """Return whether a program that is in order may be refused this."""
    if request.method in ("HEAD", "OPTIONS"):
        return True
    # A misspelt path of a web service is none of them.
    asks_elsewhere = request.method == "GET" and "/service" not in request.path
    return request.anonymous and (status == 401 or (status == 404 and asks_elsewhere))


def _size(entry: Received) -> int:
    named = sum(len(name) + len(text) + _PAIR for name, text in entry.parameters)
    return named + len(entry.path) + len(entry.user) + len(entry.agent)
