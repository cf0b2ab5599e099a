"""What was wrong with a refused request, in lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .journal import Received

_LONGEST_LINE: Final = 400


def explained(request: Received) -> list[str]:
    """Who asked what, and then, indented, what was wrong with it and which rule that broke.

    No line holds what a terminal would obey, and none is endless: a request may hold anything.
    """
    who = f"by {request.user}" if request.user else "by nobody: no user name came with it"
    # A four-digit code says more than the HTTP status; "HTTP 401" says the same again.
    code = f", error {request.code}" if request.code and " " not in request.code else ""
    return [
        _one_line(f"{request.method} {request.path} {who}, answered {request.status}{code}"),
        *(f"    {line}" for line in wrong(request)),
    ]


def wrong(request: Received) -> list[str]:
    """What was wrong with a refused request, and which rule that broke; no name of who asked."""
    if request.simulated:
        return ["nothing: its destination, or answer_next, asked for this answer"]
    reasons = [*(request.details or (request.text,)), *filter(None, (request.hint,))]
    rule = [f"rule: {request.rule}, see /sandbox/facts"] if request.rule else []
    return [_one_line(line) for line in (*reasons, *rule)]


def _one_line(text: str) -> str:
    cut = text if len(text) <= _LONGEST_LINE else text[:_LONGEST_LINE] + "..."
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in cut
    )
