"""What came back from the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.json_reader import NotJsonError, read_json
from .._core.answers import read_refusal
from .._core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._core.answers import Refusal
    from .._core.http import HttpResponse


@frozen
class Heard:
    """One request, and what came of it.

    Attributes:
        request: The request in words.
        response: The answer, or None.
        trouble: Why there is none.
    """

    request: str
    response: HttpResponse | None
    trouble: str = ""

    @property
    def status(self) -> int:
        """The HTTP status; 0 without an answer."""
        return self.response.status if self.response else 0

    @property
    def good(self) -> bool:
        """Whether it is a 2xx whose body is JSON."""
        return 200 <= self.status < 300 and self.json is not None

    @property
    def json(self) -> object:
        """The body's JSON; None if it is no JSON (or is null)."""
        if self.response is None or self.response.fault:
            return None
        try:
            return read_json(self.response.body)
        except NotJsonError:
            return None

    @property
    def refusal(self) -> Refusal | None:
        """The documented JSON error, if the body is one."""
        return read_refusal(self.response) if self.response else None


@frozen
class Answers:
    """All that came back.

    Attributes:
        ids: The made-up ids: the first was asked for alone, all of them together.
        heard: By the probe's name. What was not asked is not there.
        unasked: Why not, in words.
    """

    ids: tuple[str, ...]
    heard: Mapping[str, Heard]
    unasked: str = ""

    def reports(self, name: str) -> dict[str, object] | None:
        """The JSON object that a probe was answered with, 2xx; None if it was not."""
        heard = self.heard.get(name)
        found = heard.json if heard and heard.good else None
        return found if isinstance(found, dict) else None
