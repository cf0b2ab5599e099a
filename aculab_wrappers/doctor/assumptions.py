"""What is assumed of the service, and how an answer proves it, or disproves it. All of it is pure.

Where an answer can have another cause, such as a proxy or a wrong password, nothing is told.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from .._core.answers import is_web_page, read_refusal
from .._core.frozen import frozen
from .._core.json_reader import NotJsonError, read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._core.answers import Refusal
    from .._core.http import HttpResponse

_STATUS_WORDS: Final = frozenset(
    ("QUEUED", "RUNNING", "COMPLETED", "COULDNOTRUN", "CANCELLED", "UNKNOWN")
)
_NO_SUCH: Final = (404, 405, 410, 501)
_NO_JSON_ERROR: Final = "no error in the JSON form"


# ---- What came back


@frozen
class Reply:
    """One request, and what came of it.

    Attributes:
        request: The request in words.
        response: The answer, or None.
        failure: Why there is none.
    """

    request: str
    response: HttpResponse | None
    failure: str = ""

    @property
    def status(self) -> int:
        """Return the HTTP status; 0 without an answer."""
        return self.response.status if self.response else 0

    @property
    def is_good(self) -> bool:
        """Return whether it is a 2xx whose body is JSON."""
        return 200 <= self.status < 300 and self.json is not None

    @property
    def json(self) -> object:
        """Return the body's JSON; None if it is invalid JSON, or null."""
        if self.response is None or self.response.fault:
            return None
        try:
            return read_json(self.response.body)
        except NotJsonError:
            return None

    @property
    def refusal(self) -> Refusal | None:
        """Return the documented JSON error, if the body is one."""
        return read_refusal(self.response) if self.response else None

    @property
    def is_login_refused(self) -> bool:
        """Return whether the login was not taken."""
        return self.status in (401, 403)

    @property
    def is_understood(self) -> bool:
        """Return whether the service took the login, and answered as it documents."""
        return self.is_good or (self.status == 400 and self.refusal is not None)

    def describe(self) -> str:
        """Return what came, for a verdict that it does not decide."""
        if not self.response:
            return self.failure
        if is_web_page(self.response):
            return f"HTTP {self.status} with a web page or XML: perhaps not from the cloud at all"
        return f"HTTP {self.status}"


@frozen
class Answers:
    """All that came back.

    Attributes:
        ids: The made-up ids: the first was asked for alone, all of them together.
        replies: By the probe's name. What was not asked is not there.
        reason: Why not, in words.
    """

    ids: tuple[str, ...]
    replies: Mapping[str, Reply]
    reason: str = ""

    def reports(self, name: str) -> dict[str, object] | None:
        """Return the JSON object that a probe was answered with, 2xx; None if it was not."""
        reply = self.replies.get(name)
        found = reply.json if reply and reply.is_good else None
        return found if isinstance(found, dict) else None

    def reply(self, name: str) -> Reply | None:
        """Return the reply that shows what a probe asks, or None if there is none.

        A 401 to the right password says the same as one to a wrong one, which then is not sent.
        """
        first = self.replies["status"]
        if name == "wrong_password" and first.status == 401:
            return first
        return self.replies.get(name)

    @property
    def is_login_wrong(self) -> bool:
        """Return whether nothing took the login: the names or the password are wrong, then."""
        queue = self.replies.get("queue")
        return self.replies["status"].is_login_refused and bool(queue and queue.is_login_refused)


# ---- What that proves


class Verdict(enum.Enum):
    """What is to be said of an assumption."""

    HELD = "held"
    NOT_HELD = "did not hold"
    UNCLEAR = "could not tell"


Judgement = bool | str | None
"""True: it held. Text: why it did not. None: the reply does not tell."""


class _Unclear(Exception):  # noqa: N818  no error
    """Nothing can be told, for a reason that the reply does not show."""


def _judge_path(_answers: Answers, reply: Reply) -> Judgement:
    if reply.is_understood:
        return True
    return f"HTTP {reply.status}" if reply.status in _NO_SUCH else None


def _judge_login(answers: Answers, reply: Reply) -> Judgement:
    """Judge the service's own login. That of the queue is documented, and tells the rest."""
    queue, wrong = answers.replies.get("queue"), answers.replies.get("wrong_password")
    if reply.is_understood:
        if wrong and wrong.status == reply.status:
            raise _Unclear("a wrong password was answered in the same way")
        return True
    if not reply.is_login_refused:
        return None
    if queue and queue.is_good:
        return "the service's queue took the same login"
    raise _Unclear("the service's queue, whose login is documented, did not take it either")


def _judge_parameter(answers: Answers, reply: Reply) -> Judgement:
    if answers.ids[0] in (answers.reports("status") or ()):
        return True
    if reply.refusal and reply.refusal.code == "0001":
        return "a mandatory parameter is missing, says the answer: its text names it"
    return None


def _judge_keys(answers: Answers, reply: Reply) -> Judgement:
    if answers.ids[0] in (answers.reports("status") or ()):
        return True
    return "the answer is JSON of another shape" if reply.is_good else None


def _judge_members(answers: Answers, _reply: Reply) -> Judgement:
    found = _report(answers)
    if found is None:
        return "what is said of an id is no object"
    wrong = [
        f"{name} is {'missing' if name not in found else 'of another type'}"
        for name, fits in _MEMBERS.items()
        if name not in found or not fits(found[name])
    ]
    return "; ".join(wrong) or True


def _judge_unknown(answers: Answers, _reply: Reply) -> Judgement:
    found = _report(answers)
    if found is None:
        return "what is said of an id is no object"
    word = found.get("status")
    if word in _STATUS_WORDS:
        return word == "UNKNOWN" or "another of the six words"
    return "none of the six documented words"


def _report(answers: Answers) -> dict[str, object] | None:
    """Return what the answer says of the made-up id; None if that is no object."""
    reports = answers.reports("status") or {}
    if answers.ids[0] not in reports:
        raise _Unclear("the answer is not keyed by the id")
    found = reports[answers.ids[0]]
    return found if isinstance(found, dict) else None


def _judge_batch(answers: Answers, reply: Reply) -> Judgement:
    reports = answers.reports("batch")
    if reports is not None:
        absent = [id_ for id_ in answers.ids if id_ not in reports]
        return f"{len(absent)} of {len(answers.ids)} ids are left out" if absent else True
    is_refused = reply.refusal or reply.status in (413, 414)
    if is_refused and answers.reports("status") is not None:
        return "one id was answered, and many were refused"
    return None


def _judge_get(answers: Answers, reply: Reply) -> Judgement:
    status = answers.replies["status"]
    if not status.is_good:
        raise _Unclear("POST was not answered with a status")
    if reply.is_good:
        return reply.json == status.json or "the two answers differ"
    return "harmless here: this package never sends GET" if 400 <= reply.status < 500 else None


def _judge_refused_as(code: str) -> Callable[[Answers, Reply], Judgement]:
    """Return a judge of a refusal: HTTP 400, with this code."""

    def judge(_answers: Answers, reply: Reply) -> Judgement:
        refusal = reply.refusal
        if refusal and (reply.status, refusal.code) == (400, code):
            return True
        if reply.status in (401, 403, 407) or not 200 <= reply.status < 500:
            return None
        if refusal:
            return f"HTTP {reply.status} and code {refusal.code}"
        return "it was not refused" if reply.status < 300 else _NO_JSON_ERROR

    return judge


def _judge_json_error(_answers: Answers, reply: Reply) -> Judgement:
    if reply.refusal:
        return True
    return _NO_JSON_ERROR if 400 <= reply.status < 500 else None


def _judge_401(_answers: Answers, reply: Reply) -> Judgement:
    if reply.status == 401:
        return True
    is_unclear = not 0 < reply.status < 500 or reply.status in (*_NO_SUCH, 407)
    return None if is_unclear else f"HTTP {reply.status}"


def _judge_401_body(_answers: Answers, reply: Reply) -> Judgement:
    if reply.status != 401:
        raise _Unclear("there was no 401")
    return reply.refusal is not None or "the body is something else"


def _judge_queue(answers: Answers, reply: Reply) -> Judgement:
    found = answers.reports("queue")
    if found is None:
        return "the answer is JSON of another shape" if reply.is_good else None
    length, name = found.get("length"), found.get("service_name")
    is_number = isinstance(length, int) and not isinstance(length, bool)
    return (is_number and isinstance(name, str)) or "the members are others"


def _is_text(found: object) -> bool:
    return isinstance(found, str)


def _is_eta(found: object) -> bool:
    return found is None or (isinstance(found, (int, float)) and not isinstance(found, bool))


_MEMBERS: Final = {
    "status": _is_text,
    "status_detail": _is_text,
    "application_status_eta": _is_eta,
    "application_instance_id": _is_text,
}


# ---- The assumptions


@frozen
class Assumption:
    """What is assumed of the wire, and which answer shows it.

    Attributes:
        id: A name for it.
        text: The assumption.
        probe: The probe whose answer shows it.
        judge: Judges by the reply to that probe.
        facts: The sandbox's facts that rest on it, by their ids in `sandbox/facts.py`.
    """

    id: str
    text: str
    probe: str
    judge: Callable[[Answers, Reply], Judgement]
    facts: tuple[str, ...] = ()


ASSUMPTIONS: Final = (
    Assumption("status-path", "The status of calls is at /service_status, and POST asks for it.",
               "status", _judge_path, ("status-path",)),
    Assumption("status-login", "It takes the login of service_start: cloudID/username/"
               "service_name and the outbound service password.",
               "status", _judge_login, ("status-path",)),
    Assumption("status-parameter", "The ids come as a JSON array in the form field "
               "service_invocation_reference_ids.",
               "status", _judge_parameter, ("status-path", "form")),
    Assumption("status-answer", "The answer is a JSON object keyed by id.",
               "status", _judge_keys, ("status-path",)),
    Assumption("status-members", "Of each id it says status, status_detail, "
               "application_status_eta (a number or null) and application_instance_id.",
               "status", _judge_members, ("status-path",)),
    Assumption("status-unknown", "An id that the cloud does not know is answered with 200 and "
               "UNKNOWN.", "status", _judge_unknown),
    Assumption("status-batch", "500 ids can be asked for at once.",
               "batch", _judge_batch),
    Assumption("status-get", "GET with a query says the same as POST with a form.",
               "get", _judge_get, ("form",)),
    Assumption("error-0001", "A missing parameter is refused with HTTP 400 and 0001.",
               "missing", _judge_refused_as("0001"), ("error-use",)),
    Assumption("error-0002", "A parameter that is invalid JSON is refused with HTTP 400 and 0002.",
               "malformed", _judge_refused_as("0002"), ("error-use",)),
    Assumption("error-0002-empty", "An empty array of ids is refused with HTTP 400 and 0002.",
               "empty", _judge_refused_as("0002"), ("status-ids",)),
    Assumption("error-0003", "A parameter that comes twice is refused with HTTP 400 and 0003.",
               "repeated", _judge_refused_as("0003"), ("error-use",)),
    Assumption("error-json", "With Accept: application/json an error is JSON (documented).",
               "missing", _judge_json_error),
    Assumption("error-json-unasked", "Without it an error is JSON as well.",
               "plain", _judge_json_error, ("error-use",)),
    Assumption("error-401", "A wrong password is answered with HTTP 401.",
               "wrong_password", _judge_401, ("error-401",)),
    Assumption("error-401-json", "The body of that 401 is the documented JSON error.",
               "wrong_password", _judge_401_body, ("error-401",)),
    Assumption("queue-answer", "The queue of one service is told as service_name and length.",
               "queue", _judge_queue, ("queue-answer",)),
)  # fmt: skip
"""All of them, in the order of the requests."""


@frozen
class Finding:
    """What became of an assumption.

    Attributes:
        verdict: Whether it held.
        reason: Why it did not, or why nothing could be told; "" when it held.
        reply: What was asked and received, or None when it was not asked.
    """

    assumption: Assumption
    verdict: Verdict
    reason: str
    reply: Reply | None


def judge_all(answers: Answers) -> list[Finding]:
    """Return what the answers say of each assumption."""
    return [_judge(answers, one) for one in ASSUMPTIONS]


def _judge(answers: Answers, assumption: Assumption) -> Finding:
    reply = answers.reply(assumption.probe)
    if reply is None:
        return Finding(assumption, Verdict.UNCLEAR, answers.reason, None)
    try:
        found = assumption.judge(answers, reply)
    except _Unclear as reason:
        return Finding(assumption, Verdict.UNCLEAR, str(reason), reply)
    if found is None:
        return Finding(assumption, Verdict.UNCLEAR, reply.describe(), reply)
    if isinstance(found, str):
        return Finding(assumption, Verdict.NOT_HELD, found, reply)
    return Finding(assumption, Verdict.HELD, "", reply)
