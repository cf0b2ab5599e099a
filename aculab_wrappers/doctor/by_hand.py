"""The assumptions that cannot be checked without a call, or without a harm, and how to by hand."""

from __future__ import annotations

from typing import Final

from .._core.frozen import frozen


@frozen
class ByHand:
    """An assumption for a person to check.

    Attributes:
        says: The assumption.
        how: How to check it.
        facts: The sandbox's facts that rest on it, by their ids in `sandbox/facts.py`.
    """

    says: str
    how: str
    facts: tuple[str, ...] = ()


BY_HAND: Final = (
    ByHand("service_start takes POST with a form, and answers a JSON array of ids, one for each "
           "call, in order.",
           "Start two calls to your own telephone in one request, with two tokens. The answer "
           "must hold two ids, and the status of the first must be that of the first token.",
           ("ids", "id-form", "form")),
    ByHand("service_start refuses what is missing or malformed with 0001 and 0002, and starts "
           "nothing then.",
           "Not asked here, because on a service for UAS applications a bare service_start is "
           "documented to start an instance. On a service that you know to be a REST one: ask "
           "it with the parameter {} and with no parameter, and look that nothing rings.",
           ("error-use", "strict", "characters", "limits")),
    ByHand("service_start answers a wrong password with 401, and starts nothing.",
           "Run `aculab-wrappers start` with a wrong password. It must end with exit code 1 and "
           "name HTTP 401.", ("error-401",)),
    ByHand("One bad call in an array refuses the whole request.",
           "Start two calls in one request, one to your own telephone and one without `to`, on a "
           "REST service. Nothing must ring.", ("all-or-none",)),
    ByHand("A developer account's array is refused.",
           "On a developer account, start two calls to your own telephone in one request.",
           ("tier-answer",)),
    ByHand("A call goes through QUEUED and RUNNING to COMPLETED, with the return code as text in "
           "status_detail, an application_instance_id, and an application_status_eta in seconds "
           "since 1970.",
           "Start a call to your own telephone, and ask with `aculab-wrappers status ID --json` "
           "every few seconds.", ("status-eta", "pace-order", "durations")),
    ByHand("What cannot be dialled ends as COULDNOTRUN, with the problem in status_detail: a "
           "rejected call, a caller id that is not validated, a destination of the other kind.",
           "Start a call to a telephone that you leave busy; then one to a conference room on a "
           "service for telephones.",
           ("caller-id-answer", "kind-answer", "rejected-status", "rooms")),
    ByHand("An id is UNKNOWN to every other service, and to all of them once it is old.",
           "Ask another service of yours for the id of a call; ask again after a day, and after "
           "a week.", ("status-others", "status-memory")),
    ByHand("What is purged from a queue ends as CANCELLED.",
           "Start several calls to your own telephone at once, purge the queue in the console, "
           "and ask for their status.", ("queue-answer",)),
    ByHand("The application's pages are asked for as the sandbox asks for them.",
           "Log what your application receives, and hold it against the sandbox's journal.",
           ("member-names", "body-1", "page-answer", "page-actions")),
    ByHand("Slashes at the start of a path count as one.",
           "Nothing here depends on it: only old UAS examples print two.", ("two-slashes",)),
)  # fmt: skip
"""All of them."""
