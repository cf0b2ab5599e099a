"""How an answer proves an assumption, or disproves it. All of it is pure.

Where an answer can have another cause, such as a proxy or a wrong password, nothing is told.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from .answers import Answers, Heard

WORDS: Final = frozenset(("QUEUED", "RUNNING", "COMPLETED", "COULDNOTRUN", "CANCELLED", "UNKNOWN"))


class Verdict(enum.Enum):
    """What is to be said of an assumption."""

    HELD = "held"
    NOT_HELD = "did not hold"
    UNCLEAR = "could not tell"


Judged = tuple[Verdict, str]
"""The verdict, and why, if the answer does not say it by itself."""

_HELD: Final = (Verdict.HELD, "")
_NO_SUCH: Final = (404, 405, 410, 501)


def _not(why: str) -> Judged:
    return Verdict.NOT_HELD, why


def _unclear(why: str) -> Judged:
    return Verdict.UNCLEAR, why


def path_is_there(answers: Answers) -> Judged:
    """service_status is at its path, and takes POST."""
    heard = answers.heard["status"]
    if heard.good or (heard.status == 400 and heard.refusal):
        return _HELD
    if heard.status in _NO_SUCH:
        return _not(f"HTTP {heard.status}")
    return _unclear(_what_came(heard))


def login_is_taken(answers: Answers) -> Judged:
    """It takes the service's own login. That of the queue is documented, and tells the rest."""
    heard, queue = answers.heard["status"], answers.heard.get("queue")
    stranger = answers.heard.get("stranger")
    if heard.good or (heard.status == 400 and heard.refusal):
        if stranger and stranger.status == heard.status:
            return _unclear("a wrong password was answered in the same way")
        return _HELD
    if not _refused(heard):
        return _unclear(_what_came(heard))
    if queue and queue.good:
        return _not("the service's queue took the same login")
    return _unclear("the service's queue, whose login is documented, did not take it either")


def login_is_wrong(answers: Answers) -> bool:
    """Whether nothing took the login: the names or the password are wrong, then."""
    return _refused(answers.heard["status"]) and _refused(answers.heard.get("queue"))


def parameter_is_read(answers: Answers) -> Judged:
    """The ids are read from the parameter of the assumed name."""
    reports = answers.reports("status")
    if reports is not None and answers.ids[0] in reports:
        return _HELD
    refusal = answers.heard["status"].refusal
    if refusal and refusal.code == "0001":
        return _not("a mandatory parameter is missing, says the answer: its text names it")
    return _unclear(_what_came(answers.heard["status"]))


def answer_is_keyed(answers: Answers) -> Judged:
    """The answer is an object, keyed by id."""
    heard, reports = answers.heard["status"], answers.reports("status")
    if reports is not None and answers.ids[0] in reports:
        return _HELD
    if heard.good:
        return _not("the answer is JSON of another shape")
    return _unclear(_what_came(heard))


def members_are_there(answers: Answers) -> Judged:
    """Each value has the four assumed members, of the assumed types."""
    found = _report(answers)
    if isinstance(found, tuple):
        return found
    wrong = [
        f"{name} is {'missing' if name not in found else 'of another type'}"
        for name, fits in _MEMBERS.items()
        if name not in found or not fits(found[name])
    ]
    return _not("; ".join(wrong)) if wrong else _HELD


def made_up_is_unknown(answers: Answers) -> Judged:
    """An id that nobody gave is UNKNOWN."""
    found = _report(answers)
    if isinstance(found, tuple):
        return found
    word = found.get("status")
    if word == "UNKNOWN":
        return _HELD
    if word in WORDS:
        return _not("another of the six words")
    return _not("none of the six documented words")


def many_at_once(answers: Answers) -> Judged:
    """One request may ask for many ids."""
    heard = answers.heard.get("batch")
    reports = answers.reports("batch")
    if heard is None:
        return _unclear(answers.unasked)
    if reports is not None:
        absent = [id_ for id_ in answers.ids if id_ not in reports]
        return _not(f"{len(absent)} of {len(answers.ids)} ids are left out") if absent else _HELD
    refused = heard.refusal or heard.status in (413, 414)
    if refused and answers.reports("status") is not None:
        return _not("one id was answered, and many were refused")
    return _unclear(_what_came(heard))


def get_is_alike(answers: Answers) -> Judged:
    """GET with a query says the same as POST with a form."""
    heard = answers.heard.get("get")
    if heard is None:
        return _unclear(answers.unasked)
    if not answers.heard["status"].good:
        return _unclear("POST was not answered with a status")
    if heard.good:
        same = heard.json == answers.heard["status"].json
        return _HELD if same else _not("the two answers differ")
    if 400 <= heard.status < 500:
        return _not("harmless here: this package never sends GET")
    return _unclear(_what_came(heard))


def refused_as(name: str, code: str) -> Callable[[Answers], Judged]:
    """The probe of this name is refused: HTTP 400, with this code."""

    def judge(answers: Answers) -> Judged:
        heard = answers.heard.get(name)
        if heard is None:
            return _unclear(answers.unasked)
        refusal = heard.refusal
        if refusal and (heard.status, refusal.code) == (400, code):
            return _HELD
        if heard.status in (401, 403, 407) or not 200 <= heard.status < 500:
            return _unclear(_what_came(heard))
        if refusal:
            return _not(f"HTTP {heard.status} and code {refusal.code}")
        return _not("it was not refused" if heard.status < 300 else "no error in the JSON form")

    return judge


def stranger_is_refused(answers: Answers) -> Judged:
    """A wrong password is answered 401."""
    heard = _of_stranger(answers)
    if heard is None or not heard.status:
        return _unclear(heard.trouble if heard else answers.unasked)
    if heard.status == 401:
        return _HELD
    if heard.status >= 500 or heard.status in (*_NO_SUCH, 407):
        return _unclear(_what_came(heard))
    return _not(f"HTTP {heard.status}")


def stranger_is_told_in_json(answers: Answers) -> Judged:
    """The body of a 401 is the documented JSON error."""
    heard = _of_stranger(answers)
    if heard is None or heard.status != 401:
        return _unclear("there was no 401")
    return _HELD if heard.refusal else _not("the body is something else")


def json_comes_unasked(answers: Answers) -> Judged:
    """An error is JSON even when JSON was not asked for."""
    return _json_error(answers, "plain")


def json_comes_when_asked(answers: Answers) -> Judged:
    """An error is JSON when it was asked for."""
    return _json_error(answers, "missing")


def queue_is_told(answers: Answers) -> Judged:
    """The answer about one queue has its service's name and its length."""
    heard = answers.heard.get("queue")
    if heard is None:
        return _unclear(answers.unasked)
    found = answers.reports("queue")
    if found is not None:
        length, name = found.get("length"), found.get("service_name")
        fits = isinstance(length, int) and not isinstance(length, bool) and isinstance(name, str)
        return _HELD if fits else _not("the members are others")
    if heard.good:
        return _not("the answer is JSON of another shape")
    return _unclear(_what_came(heard))


def _json_error(answers: Answers, name: str) -> Judged:
    heard = answers.heard.get(name)
    if heard is None:
        return _unclear(answers.unasked)
    if heard.refusal:
        return _HELD
    return _not("no error in the JSON form") if 400 <= heard.status < 500 else _unclear(
        _what_came(heard)
    )  # fmt: skip


def _report(answers: Answers) -> dict[str, object] | Judged:
    """What the answer says of the made-up id, or why that is not known."""
    reports = answers.reports("status")
    if reports is None or answers.ids[0] not in reports:
        return _unclear("the answer is not keyed by the id")
    found = reports[answers.ids[0]]
    return found if isinstance(found, dict) else _not("what is said of an id is no object")


def _of_stranger(answers: Answers) -> Heard | None:
    """The answer to a wrong password. A 401 to the right one says the same, and spares another."""
    first = answers.heard["status"]
    return first if first.status == 401 else answers.heard.get("stranger")


def _what_came(heard: Heard) -> str:
    if not heard.status:
        return heard.trouble
    if heard.response and heard.response.body.lstrip().startswith(b"<"):
        return f"HTTP {heard.status} with a web page or XML: perhaps not from the cloud at all"
    return f"HTTP {heard.status}"


def _refused(heard: Heard | None) -> bool:
    return heard is not None and heard.status in (401, 403)


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
