"""Transports that answer without a network, for the tests of what stands above one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aculab_wrappers import OutboundClient
from aculab_wrappers._core.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aculab_wrappers._core.http import HttpRequest

    Answer = HttpResponse | BaseException

PASSWORD = "a long password"


class Script:
    """A transport that answers from a list, and keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Any]] = []
        self.timeouts: list[float | None] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        [(_, text)] = request.form
        self.asked.append((request.path, json.loads(text)))
        self.timeouts.append(request.timeout)
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Answering:
    """A transport that answers by the ids that it is asked about, and counts."""

    def __init__(self, answer: Callable[[list[str]], HttpResponse]) -> None:
        self._answer = answer
        self.count = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        self.count += 1
        [(_, text)] = request.form
        return self._answer(json.loads(text))


def ok(body: object) -> HttpResponse:
    return HttpResponse(200, body=json.dumps(body).encode())


def status_of(**words: str) -> HttpResponse:
    return ok({id_: {"status": word} for id_, word in words.items()})


def client_over(transport: Any) -> OutboundClient:
    return OutboundClient("1-2-0", "user", "service", PASSWORD, transport=transport)
