"""Destinations with an outcome of their own: telephone numbers and names that are easy to keep.

Every other destination is answered. The numbers lie in a range that the United Kingdom keeps for
fiction, so that none of them ever rings; they end in the HTTP or SIP status that fits.

Evidence: assumed, all of it. The real cloud has no such destinations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from .._core.frozen import frozen
from ..errors import InvalidInputError
from .answers import BASIC, Answer, error_answer, http_problem
from .destinations import normal, shown

if TYPE_CHECKING:
    from .answers import Delivery, Problem


@frozen
class Scenario:
    """An outcome that a destination stands for.

    Attributes:
        word: Its name. `sip:WORD@sandbox` calls it, and so does the conference room `sandbox-WORD`.
        number: The telephone number that calls it.
        meaning: What happens.
    """

    word: str
    number: str
    meaning: str

    @property
    def sip(self) -> str:
        """The SIP address that calls it."""
        return f"sip:{self.word}@sandbox"

    @property
    def room(self) -> str:
        """The conference room that calls it."""
        return f"sandbox-{self.word}"


SCENARIOS: Final = (
    Scenario("answered", "447700900000", "A human answers; the application runs and returns 0."),
    Scenario(
        "answering-machine",
        "447700900001",
        "A machine answers. With far-end classification its greeting is waited out before the "
        "First Page is requested.",
    ),
    Scenario("busy", "447700900486", "The call is rejected: cause busy, SIP status 486."),
    Scenario("no-answer", "447700900408", "Nobody answers: cause no_answer, SIP status 408."),
    Scenario(
        "unobtainable",
        "447700900404",
        "The number does not exist: cause unobtainable, SIP status 404.",
    ),
    Scenario("could-not-run", "447700900500", "The cloud cannot run the instance: COULDNOTRUN."),
    Scenario("never-finishes", "447700900999", "Answered, and RUNNING for ever."),
    Scenario("unknown-id", "447700900410", "Started, but its id is UNKNOWN when asked for."),
    Scenario(
        "wrong-caller-id",
        "447700900403",
        "COULDNOTRUN, as with a caller id that is not validated, whatever `from` is.",
    ),
    Scenario("unauthorised", "447700900401", "The start is answered 401; nothing is started."),
    Scenario(
        "too-many-requests",
        "447700900429",
        "The start is answered 429 with Retry-After: 2; nothing is started.",
    ),
    Scenario(
        "bad-gateway", "447700900502", "The start is answered 502 in HTML; nothing is started."
    ),
    Scenario("unavailable", "447700900503", "The start is answered 503; nothing is started."),
    Scenario("truncated-answer", "447700900206", "Started, and the answer is cut in the middle."),
    Scenario("slow-answer", "447700900504", "Started, and the answer takes three seconds."),
    Scenario("lost-answer", "447700900444", "Started, and the connection is closed unanswered."),
    Scenario("reset-answer", "447700900104", "Started, and the connection is reset."),
)
"""All of them. `Sandbox(outcomes=...)` gives further destinations one of these outcomes."""

WORDS: Final = tuple(scenario.word for scenario in SCENARIOS)

REJECTED: Final = {
    "busy": ("busy", "486"),
    "no-answer": ("no_answer", "408"),
    "unobtainable": ("unobtainable", "404"),
}
"""call_cause and call_raw_cause of rejected calls. The causes are those that the page on call
info lists; the SIP status of the last two is assumed."""

DELIVERIES: Final[dict[str, Delivery]] = {
    "truncated-answer": "cut",
    "slow-answer": "slow",
    "lost-answer": "lost",
    "reset-answer": "reset",
}
"""How the answer travels, for those scenarios in which the start is accepted all the same."""

_REFUSALS: Final[dict[str, Problem]] = {
    "unauthorised": http_problem(
        401,
        "Unauthorized: asked for by the scenario 'unauthorised'",
        ("WWW-Authenticate", BASIC),
    ),
    "too-many-requests": http_problem(
        429,
        "Too Many Requests: asked for by the scenario 'too-many-requests'",
        ("Retry-After", "2"),
    ),
    "unavailable": http_problem(
        503, "Service Unavailable: asked for by the scenario 'unavailable'"
    ),
}
_BAD_GATEWAY: Final = Answer(
    502,
    (("Content-Type", "text/html"),),
    b"<html><head><title>502 Bad Gateway</title></head>"
    b"<body><h1>502 Bad Gateway</h1></body></html>\n",
    "HTTP 502",
    simulated=True,
)
ANSWERS: Final = ("answered", *_REFUSALS, "bad-gateway", *DELIVERIES)
"""The words that can be an answer to any request, see `Sandbox.answer_next`."""


class Scenarios:
    """Which scenario a destination stands for.

    Args:
        outcomes: Further destinations, each with the word of its outcome.

    Raises:
        InvalidInputError: not such a mapping.
    """

    __slots__ = ("_words",)

    def __init__(self, outcomes: Mapping[str, str] | None = None) -> None:
        self._words = {
            _key(destination): scenario.word
            for scenario in SCENARIOS
            for destination in (scenario.number, scenario.sip, scenario.room)
        }
        for destination, word in _pairs(outcomes or {}):
            self._words[_key(destination)] = checked_word(word, WORDS)

    def of(self, destination: str) -> str:
        """The word of a destination's scenario."""
        return self._words.get(_key(destination), "answered")


def checked_word(word: object, known: tuple[str, ...]) -> str:
    """A scenario's word, if it is one of these.

    Raises:
        InvalidInputError: it is none.
    """
    if not isinstance(word, str) or word not in known:
        found = shown(word) if isinstance(word, str) else type(word).__name__
        raise InvalidInputError(f"{found} is no outcome: expected one of {', '.join(known)}")
    return word


def simulated(word: str, path: str, now: float) -> Answer | None:
    """What a scenario answers instead of doing anything; None when it lets the request through."""
    if word == "bad-gateway":
        return _BAD_GATEWAY
    problem = _REFUSALS.get(word)
    return error_answer(problem, path, now, simulated=True) if problem else None


def _key(destination: str) -> str:
    return normal(destination).lower()


def _pairs(outcomes: object) -> list[tuple[str, object]]:
    if not isinstance(outcomes, Mapping):
        kind = type(outcomes).__name__
        raise InvalidInputError(f"outcomes must be a mapping of destinations to words, not {kind}")
    for destination in outcomes:
        if not isinstance(destination, str) or not destination:
            raise InvalidInputError("outcomes has a destination that is no text")
    return list(outcomes.items())
