"""A sandbox as a transport: requests are answered in process, without a socket."""

from __future__ import annotations

from time import sleep
from typing import TYPE_CHECKING

from .._core.http import HttpResponse
from ..errors import TransportError
from .answers import SLOW_SECONDS

if TYPE_CHECKING:
    from .answers import Answer


def delivered(answer: Answer) -> HttpResponse:
    """The answer as it arrives.

    Raises:
        TransportError: it is one that gets lost on its way.
    """
    if answer.delivery in ("lost", "reset"):
        raise TransportError(f"the sandbox's answer was {answer.delivery}, as asked for")
    if answer.delivery == "cut":
        half = HttpResponse(
            answer.status,
            answer.headers,
            answer.body[: len(answer.body) // 2],
            fault="cut in the middle, as asked for",
        )
        raise TransportError("the sandbox's answer was cut, as asked for", response=half)
    if answer.delivery == "slow":
        sleep(SLOW_SECONDS)
    return HttpResponse(answer.status, answer.headers, answer.body)
