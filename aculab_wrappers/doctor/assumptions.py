"""The assumptions that can be held against the service without starting a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .._core.frozen import frozen
from . import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

    from .answers import Answers, Heard
    from .verdicts import Judged, Verdict


@frozen
class Assumption:
    """What is assumed of the wire, and which answer shows it.

    Attributes:
        id: A name for it.
        says: The assumption.
        asked: The probe whose answer shows it.
        judge: Says whether it held.
        facts: The sandbox's facts that rest on it, by their ids in `sandbox/facts.py`.
    """

    id: str
    says: str
    asked: str
    judge: Callable[[Answers], Judged]
    facts: tuple[str, ...] = ()


@frozen
class Finding:
    """What became of an assumption.

    Attributes:
        verdict: Whether it held.
        why: Why it did not, or why nothing could be told; "" when it held.
        heard: What was asked and received, or None when it was not asked.
    """

    assumption: Assumption
    verdict: Verdict
    why: str
    heard: Heard | None


ASSUMPTIONS: Final = (
    Assumption("status-path", "The status of calls is at /service_status, and POST asks for it.",
               "status", verdicts.path_is_there, ("status-path",)),
    Assumption("status-login", "It takes the login of service_start: cloudID/username/"
               "service_name and the outbound service password.",
               "status", verdicts.login_is_taken, ("status-path",)),
    Assumption("status-parameter", "The ids come as a JSON array in the form field "
               "service_invocation_reference_ids.",
               "status", verdicts.parameter_is_read, ("status-path", "form")),
    Assumption("status-answer", "The answer is a JSON object keyed by id.",
               "status", verdicts.answer_is_keyed, ("status-path",)),
    Assumption("status-members", "Of each id it says status, status_detail, "
               "application_status_eta (a number or null) and application_instance_id.",
               "status", verdicts.members_are_there, ("status-path",)),
    Assumption("status-unknown", "An id that the cloud does not know is answered with 200 and "
               "UNKNOWN.", "status", verdicts.made_up_is_unknown),
    Assumption("status-batch", "500 ids can be asked for at once.",
               "batch", verdicts.many_at_once),
    Assumption("status-get", "GET with a query says the same as POST with a form.",
               "get", verdicts.get_is_alike, ("form",)),
    Assumption("error-0001", "A missing parameter is refused with HTTP 400 and 0001.",
               "missing", verdicts.refused_as("missing", "0001"), ("error-use",)),
    Assumption("error-0002", "A parameter that is no JSON is refused with HTTP 400 and 0002.",
               "malformed", verdicts.refused_as("malformed", "0002"), ("error-use",)),
    Assumption("error-0002-empty", "An empty array of ids is refused with HTTP 400 and 0002.",
               "empty", verdicts.refused_as("empty", "0002"), ("status-ids",)),
    Assumption("error-0003", "A parameter that comes twice is refused with HTTP 400 and 0003.",
               "repeated", verdicts.refused_as("repeated", "0003"), ("error-use",)),
    Assumption("error-json", "With Accept: application/json an error is JSON (documented).",
               "missing", verdicts.json_comes_when_asked),
    Assumption("error-json-unasked", "Without it an error is JSON as well.",
               "plain", verdicts.json_comes_unasked, ("error-use",)),
    Assumption("error-401", "A wrong password is answered with HTTP 401.",
               "stranger", verdicts.stranger_is_refused, ("error-401",)),
    Assumption("error-401-json", "The body of that 401 is the documented JSON error.",
               "stranger", verdicts.stranger_is_told_in_json, ("error-401",)),
    Assumption("queue-answer", "The queue of one service is told as service_name and length.",
               "queue", verdicts.queue_is_told, ("queue-answer",)),
)  # fmt: skip
"""All of them, in the order of the requests."""


def findings(answers: Answers) -> list[Finding]:
    """What the answers say of each assumption."""
    found = []
    for one in ASSUMPTIONS:
        verdict, why = one.judge(answers)
        heard = answers.heard.get(one.asked)
        if heard is None and one.asked == "stranger" and answers.heard["status"].status == 401:
            heard = answers.heard["status"]
        found.append(Finding(one, verdict, why, heard))
    return found
