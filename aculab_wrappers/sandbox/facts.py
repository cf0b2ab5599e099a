"""What the sandbox does, and how it is known: documented, inferred or assumed.

The console lists them at `/sandbox/facts`, the documentation in its page on the sandbox, and a
refused request names the one that it broke.
"""

from __future__ import annotations

from typing import Final, Literal

from .._core.frozen import frozen
from . import sources

Evidence = Literal["documented", "inferred", "assumed"]


@frozen
class Fact:
    """One simulated behaviour.

    Attributes:
        id: A name for it, such as "from-required".
        area: What it is about, as a heading.
        behaviour: What the sandbox does.
        evidence: "documented" by Aculab; "inferred" from what is; or "assumed" by this project.
        source: Where it is documented, or what it was inferred from: names of pages, separated by
            "; ", which `sources.py` finds. "" when it is assumed.
    """

    id: str
    area: str
    behaviour: str
    evidence: Evidence
    source: str


_START, _ERROR, _STATUS = "Starting", "Refusals", "The status"
_PACE, _CALL, _ACCOUNT = "The queues", "What becomes of a call", "What an account may"
_PAGES, _TIME = "The requests to an application's pages", "The clock"


def _documented(id_: str, area: str, source: str, behaviour: str) -> Fact:
    return Fact(id_, area, behaviour, "documented", source)


def _assumed(id_: str, area: str, behaviour: str) -> Fact:
    return Fact(id_, area, behaviour, "assumed", "")


FACTS: Final = (
    _documented(
        "paths",
        _START,
        f"{sources.SEED}; {sources.QUEUES}",
        "Calls are started at /service_start; queues are at /service/v1/outbound_queues and "
        "/service/v1/outbound/NAME/queue.",
    ),
    _documented("methods", _START, sources.STARTING, "service_start takes GET and POST."),
    _assumed("two-slashes", _START, "Slashes at the start of a path count as one."),
    _documented(
        "login",
        _START,
        sources.SEED,
        "Basic authentication: the user name is cloudID/username/service_name, the password the "
        "outbound service password.",
    ),
    _documented(
        "parameter",
        _START,
        f"{sources.SEED}; {sources.STARTING}",
        "What to call comes as JSON text in outbound_parameters, or rest_calls, two names of one "
        "parameter.",
    ),
    _assumed(
        "form",
        _START,
        "Parameters may come in the query, in a form-encoded body, or in a multipart one; a body "
        "without a content type is taken for a form.",
    ),
    _documented("json", _START, sources.SEED, "The parameter must be JSON, as RFC 8259 has it."),
    _documented(
        "calls",
        _START,
        sources.SEED,
        "The JSON is one object, or an array of objects; an instance is started for each.",
    ),
    _assumed("all-or-none", _START, "One bad object in an array refuses the whole request."),
    _documented(
        "to-required", _START, sources.SEED, "Each object has 'to', a string, the destination."
    ),
    _documented(
        "from-required",
        _START,
        f"{sources.SEED}; {sources.CALLER_IDS}",
        "'from' is required when 'to' is a telephone number; empty counts as missing.",
    ),
    _documented(
        "members",
        _START,
        sources.SEED,
        "The members are 'to', 'from', 'token' and 'outbound_parameters', all of them strings.",
    ),
    _assumed("strict", _START, "A member of another name, or of another type, is refused."),
    _assumed(
        "characters",
        _START,
        "Control characters in 'to' and 'from', and half surrogate pairs anywhere, are refused.",
    ),
    _documented(
        "uas",
        _START,
        sources.STARTING,
        "count and delimiter start UAS applications; here every service is a REST one, and they "
        "are refused (the refusal is assumed).",
    ),
    _assumed("limits", _START, "100,000 calls, 16 MiB and 1,000 parameters in one request."),
    Fact(
        "ids",
        _START,
        "The answer is a JSON array of reference ids, one for each object, as it is documented "
        "for UAS applications.",
        "inferred",
        f"{sources.STARTING}; {sources.PHP}",
    ),
    _assumed("id-form", _START, "In the order of the objects; each is 32 hexadecimal digits."),
    _documented(
        "tier", _ACCOUNT, sources.STARTING, "An array is for Production and Premium accounts."
    ),
    _assumed("tier-answer", _ACCOUNT, "A developer account's array is answered 403."),
    _documented(
        "caller-ids",
        _ACCOUNT,
        f"{sources.SEED}; {sources.CALLER_IDS}",
        "A call to a telephone number needs a validated caller id in 'from'.",
    ),
    _assumed(
        "caller-id-answer",
        _ACCOUNT,
        "A caller id that is not validated lets the start through, and the call ends as "
        "COULDNOTRUN. '+' and dashes do not matter. An account that lists none has them all.",
    ),
    _documented(
        "error-form",
        _ERROR,
        sources.ERRORS,
        "An error is a JSON object of 'error' (code, text, details, datetime, link) and 'request' "
        "(url, datetime).",
    ),
    _documented(
        "error-codes",
        _ERROR,
        sources.ERRORS,
        "0001 mandatory parameter missing, 0002 malformed, 0003 given several times, 0004 zero: "
        "all with HTTP 400.",
    ),
    _assumed(
        "error-use",
        _ERROR,
        "That service_start answers with these codes, the texts behind the colon, and that JSON "
        "comes even when it is not asked for.",
    ),
    _documented("one-value", _ERROR, sources.ERRORS, "A parameter that is given twice is refused."),
    _assumed("error-401", _ERROR, "A wrong user name or password is answered 401, with JSON."),
    _assumed(
        "status-path",
        _STATUS,
        "service_status takes the ids as a JSON array in service_invocation_reference_ids, with "
        "the login of service_start, and answers an object keyed by id.",
    ),
    _assumed("status-ids", _STATUS, "The array holds at least one id; every id is a string."),
    _documented(
        "status-words",
        _STATUS,
        sources.PHP_STATUS,
        "The words are QUEUED, RUNNING, COMPLETED, COULDNOTRUN, CANCELLED and UNKNOWN; the detail "
        "is the return code when COMPLETED, the problem when COULDNOTRUN, else empty.",
    ),
    _assumed("status-others", _STATUS, "An id is UNKNOWN to services that did not start it."),
    _assumed("status-memory", _STATUS, "Of the last 100,000 instances the ids are known."),
    _assumed(
        "status-eta",
        _STATUS,
        "The application status is said to be ready five seconds after a completed call has ended.",
    ),
    _documented(
        "pace",
        _PACE,
        sources.CPS,
        "Starts queue, and leave at the account's calls per second, 1 for a new account; a service "
        "may have a pace of its own.",
    ),
    _assumed(
        "pace-order",
        _PACE,
        "Of an account's services the oldest start goes first. A start stays in the queue for a "
        "second at least.",
    ),
    _documented(
        "queue-list",
        _PACE,
        sources.QUEUES,
        "GET /service/v1/outbound_queues lists service_name and length of each queue.",
    ),
    _documented(
        "queue-login",
        _PACE,
        sources.QUEUES,
        "The list takes cloudID/username and the API Access Key; one queue takes that or the "
        "login of its service.",
    ),
    _documented(
        "queue-paths",
        _PACE,
        sources.QUEUES,
        "GET /service/v1/outbound/NAME/queue is the length of one queue; DELETE purges it.",
    ),
    _assumed("queue-answer", _PACE, "Both answer name and length; what is purged is CANCELLED."),
    _documented(
        "kind",
        _CALL,
        sources.SEED,
        "A service calls telephone numbers and SIP addresses, or conferences; the other kind of "
        "destination fails.",
    ),
    _assumed("kind-answer", _CALL, "It fails as COULDNOTRUN, when it is dialled."),
    _documented(
        "numbers",
        _CALL,
        sources.STARTING,
        "Digits with single dashes between them are a telephone number, and so is what follows "
        "tel:.",
    ),
    _assumed("rooms", _CALL, "A bare name without '@' is a conference room, never a SIP address."),
    _documented(
        "classification",
        _CALL,
        sources.SEED,
        "With far-end classification a human or an answering machine is told apart first, and a "
        "machine's greeting is waited out before the First Page.",
    ),
    _documented(
        "rejected",
        _CALL,
        f"{sources.OUTBOUND}; {sources.CALL_INFO}",
        "A rejected call ends with a cause, such as busy and 486, which the Final Page is told.",
    ),
    _assumed("rejected-status", _CALL, "A rejected call's status is COULDNOTRUN."),
    _assumed(
        "durations",
        _CALL,
        "A call rings for a second, is classified in one, and its application ends a second after "
        "the First Page has answered, with the return code 0. A greeting takes two.",
    ),
    _assumed("scenarios", _CALL, "The destinations with an outcome of their own."),
    _documented(
        "first-page",
        _PAGES,
        f"{sources.SEED}; {sources.HTTP_REQUEST}",
        "When the call is answered the First Page is requested, by POST.",
    ),
    _documented(
        "final-page",
        _PAGES,
        f"{sources.OUTBOUND}; {sources.CALL_INFO}",
        "When the call has ended the Final Page is requested, with call_cause, and call_raw_cause "
        "from API version 2.0 on.",
    ),
    _documented(
        "instance-info",
        _PAGES,
        f"{sources.SEED}; {sources.HTTP_REQUEST}; {sources.CALL_INFO}",
        "instance_info holds the token and this_call, and that the outbound_parameters; the other "
        "members are those that the newer pages list.",
    ),
    Fact(
        "member-names",
        _PAGES,
        "Member names that are printed with spaces have underscores.",
        "inferred",
        sources.SEED,
    ),
    _documented(
        "body-2",
        _PAGES,
        sources.HTTP_REQUEST,
        "With API version 2.0 the body of the POST is the JSON text of instance_info alone.",
    ),
    _assumed("body-1", _PAGES, "With API version 1.0 instance_info is a field of a form."),
    _assumed(
        "page-answer",
        _PAGES,
        "A page must answer within ten seconds, 2xx, with a JSON object; a redirect is not "
        "followed. A First Page that fails ends the instance as COULDNOTRUN.",
    ),
    _assumed("page-actions", _PAGES, "The actions in a page's answer are not carried out."),
    _assumed("virtual-time", _TIME, "The clock can be virtual; then it starts on 1 January 2025."),
)
"""All of them, in the order in which a start meets them."""
