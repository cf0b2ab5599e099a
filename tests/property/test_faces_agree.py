"""Whatever is asked of them, and whatever the cloud answers, the five faces do and say the same.

Each is held against the same statement of the documentation, in neutral terms: so they agree with
each other in all that their pages have in common, and with the pages.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.parity.cloud import ScriptedCloud
from aculab_wrappers.sandbox import Sandbox, Service

from ..whole_suite import suite
from .neutral import (
    FAILURE_TERMS,
    SERVICE,
    TERMS,
    WORDS,
    Answer,
    Faces,
    Poll,
    authorization,
    differences,
    failed_start,
    failure,
    followed,
    parameters,
    poll_steps,
    poll_told,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

# Everything that may be sent: all of Unicode but control characters and surrogates.
# The second branch: what forms, JSON, base64 and trimming could stumble over.
AWKWARD = st.text(' +&=%"\\;,é\xa0\u2028😀', max_size=6)
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20) | AWKWARD
# Nor may an address hold a control of writing direction.
ADDRESS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), min_size=1, max_size=20)
# Data for the application and what the cloud says may hold more: whatever JSON can carry.
SAID = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DATA = SAID | AWKWARD | st.text("\t\r\n\0 {}", max_size=6)
# An id with a NUL is none.
ID = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
)

CALL = st.fixed_dictionaries(
    {"to": ADDRESS},
    optional={"from": st.just("") | ADDRESS, "token": DATA, "outbound_parameters": DATA},
)
CALLS = st.lists(CALL, min_size=1, max_size=4)
USER_PART = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=":/"), max_size=20)
    | AWKWARD
)
CONSTRUCTOR = st.sampled_from(["connection", "account"])
SERVICES = st.fixed_dictionaries(
    {
        "cloud_id": st.from_regex(r"[0-9]{1,3}(-[0-9]{1,3}){2}", fullmatch=True),
        "username": USER_PART,
        "service_name": USER_PART,
        "service_password": TEXT.filter(bool),
        "constructor": CONSTRUCTOR,
    }
)
ARGUMENTS = st.sampled_from(["positional", "named"])

# Words in earnest more often than not, so that calls end, and UNKNOWN comes twice.
WORD = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(["UNKNOWN", "RUNNING"]),
    st.sampled_from(["PAUSED", "completed", "name", "", None, 7, True]) | SAID,
)
DETAIL = st.one_of(
    st.sampled_from(["0", "-7", "007", "+7", "٣", "9" * 18, "9" * 19, "7\n", None, True, ["7"]]),
    st.integers() | st.floats(allow_nan=False, allow_infinity=False) | SAID,
)
ETA = st.one_of(
    st.integers(0, 4_000_000_000) | st.floats(0, 4e9),
    st.sampled_from([None, True, "1700000000", 253_402_300_800, 10**400, -(10**20), 1e300]),
)
MORE = {
    "status_detail": DETAIL,
    "application_status_eta": ETA,
    "application_instance_id": SAID | st.sampled_from([None, 7]),
}
REPORT = st.one_of(
    st.fixed_dictionaries({"status": WORD, **MORE}),
    st.fixed_dictionaries({"status": st.sampled_from(["COMPLETED", "COULDNOTRUN"]), **MORE}),
    st.fixed_dictionaries({"status": WORD}, optional=MORE),
    st.sampled_from([None, {}, {"status_detail": "0"}, "COMPLETED", 7, ["COMPLETED"]]),
)


@st.composite
def _reports(draw: DrawFn, ids: list[str]) -> dict[str, object]:
    """Reports of most of the ids, and of one that nobody asked about."""
    told: dict[str, object] = {"surplus": draw(REPORT)} if draw(st.booleans()) else {}
    return told | {id_: draw(REPORT) for id_ in ids if draw(st.integers(0, 4))}


@st.composite
def _refusal(draw: DrawFn, status: int) -> Answer:
    """The cloud's JSON error, or something that looks like it."""
    known = st.from_regex(r"[0-9]{4}|HTTP [0-9]{3}", fullmatch=True)
    code, is_known = draw(known.map(lambda code: (code, True)) | st.just((None, False)))
    unknown = st.sampled_from(["", "1", "00001", "٠٠٠١", "HTTP 4", "http 400", None, 1, 404])
    text = draw(SAID | st.sampled_from([None, 7]))
    error = {"code": code if is_known else draw(unknown), "text": text}
    more = st.fixed_dictionaries({}, optional={"details": SAID | st.lists(SAID), "link": SAID})
    body = json.dumps({"error": {**error, **draw(more)}}, ensure_ascii=draw(st.booleans()))
    return Answer(
        status, body.encode(), code=code if isinstance(text, str) else None, is_object=True
    )


@st.composite
def _list(draw: DrawFn, status: int) -> Answer:
    """A list: of ids, whole or not, or of something else."""
    odd = st.sampled_from([None, 7, "", True])
    items = draw(st.lists(ID, max_size=5) | st.lists(ID | odd, max_size=5))
    ascii_only = draw(st.booleans())
    body = json.dumps(items, ensure_ascii=ascii_only)
    end = draw(st.sampled_from(["]", "", "inside"]))
    if end != "]":
        body = body[:-1]
    if end == "inside":  # half an id is none
        begun = json.dumps(draw(ID), ensure_ascii=ascii_only)[:-1]
        body += f", {begun}" if items else begun
    texts = [item for item in items if isinstance(item, str) and item]
    starts = end == "]" and 0 < len(texts) == len(items)
    # Where the list can be read, its numbers are hints, too.
    numbers = (int,) if end == "]" else ()
    ids = tuple(str(item) for item in items if item in texts or type(item) in numbers)
    return Answer(status, body.encode(), ids=ids, starts=starts)


def _bodies(status: int) -> SearchStrategy[Answer]:
    if status in (204, 304):
        return st.just(Answer(status, b""))
    texts = SAID.map(str.encode) | st.binary(max_size=20)
    others = st.one_of(
        st.sampled_from([b"", b"<html><h1>Bad Gateway</h1></html>", b"null", b"7"]),
        # Nor a word with a digit in it, which would be a hint.
        texts.filter(lambda body: not {*b"[{0123456789"} & {*body}),
    ).map(lambda body: Answer(status, body))
    word = st.just(Answer(status, b'"ref-1"', ids=("ref-1",) if status < 300 else ()))
    whole = st.one_of(_refusal(status), _list(status), others, word)
    return st.builds(lambda answer, cut: answer._replace(cut=cut), whole, FEW)


FEW = st.sampled_from([False, False, False, True])
ANSWER = st.one_of(
    st.sampled_from([200, 401, 400, 403, 404, 500, 503]),
    st.integers(200, 299) | st.integers(300, 599) | st.integers(400, 499),
).flatmap(_bodies)


@st.composite
def _asked(draw: DrawFn) -> tuple[list[str], list[dict[str, object] | Answer]]:
    """Ids, and one to three answers to polls about them, of which few fail."""
    ids = draw(st.lists(ID, min_size=1, max_size=4, unique=True))
    failing = ANSWER.filter(lambda answer: answer.cut or not (answer.good and answer.is_object))
    if len(ids) > 1:  # a refusal that one of several ids may be to blame for is asked about again
        failing = failing.filter(
            lambda answer: (
                not 400 <= answer.status < 500 or answer.status in (401, 403, 407, 408, 425, 429)
            )
        )
    answers: list[dict[str, object] | Answer] = [
        draw(failing) if draw(FEW) else draw(_reports(ids)) for _ in range(draw(st.integers(1, 3)))
    ]
    return ids, answers


# What two UNKNOWN in a row make of a call, and what keeps them from being in a row.
UNKNOWN: dict[str, object] = {"a": {"status": "UNKNOWN"}}
RUNNING: dict[str, object] = {"a": {"status": "RUNNING"}, "b": {"status": "RUNNING"}}
BUSY = Answer(503, b"busy")


@pytest.fixture(scope="module")
def faces() -> Iterator[Faces]:
    with ScriptedCloud() as cloud:
        yield Faces(suite(), cloud)


def _start(calls: list[dict[str, str]], *, alone: bool = False) -> dict[str, Any]:
    if alone and len(calls) == 1:
        return {"do": "start", "call": calls[0]}
    return {"do": "start", "calls": calls}


def _request(target: str, form: object, service: Mapping[str, str] = SERVICE) -> dict[str, Any]:
    return {
        "method": "POST",
        "target": target,
        "authorization": authorization(service),
        "form": [form],
    }


def _asking(ids: list[str]) -> dict[str, Any]:
    return _request("/service_status", ["service_invocation_reference_ids", ids])


def test_all_five_are_held_against_each_other(faces: Faces) -> None:
    assert sorted(faces.dialects) == ["csharp", "java", "php", "python", "vb"]
    assert sorted(faces.telling) == ["csharp", "java", "php", "vb"]


@settings(max_examples=25)
@given(
    given=st.lists(st.tuples(CALL, ID), min_size=1, max_size=4, unique_by=lambda pair: pair[1]),
    alone=st.booleans(),
    arguments=ARGUMENTS,
    constructor=CONSTRUCTOR,
)
def test_any_calls_send_the_same_and_give_the_same_ids(
    faces: Faces,
    given: list[tuple[dict[str, str], str]],
    alone: bool,
    arguments: str,
    constructor: str,
) -> None:
    calls, ids = [call for call, _ in given], [id_ for _, id_ in given]
    start = _request("/service_start", ["outbound_parameters", parameters(calls)])
    wanted: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for dialect in faces.dialects:
        # The ids of a start that gives objects are those that the next status call asks for.
        more = poll_steps(dialect, ids)[:1] if dialect in faces.telling else []
        played = faces.play(
            dialect,
            [_start(calls, alone=alone), *more],
            [{"status": 200, "json": ids}, {"status": 200, "json": {}}],
            {**SERVICE, "constructor": constructor},
            arguments,
        )
        requests = [start, *(_asking(ids) for _ in more)]
        by_value = dialect in ("python", "php")
        wanted[dialect] = {"requests": requests, "gave": ids if by_value else len(ids)}
        gave = played.results[0]["returns"]
        told[dialect] = {"requests": played.requests, "gave": gave if by_value else len(gave)}

    assert differences(wanted, told) == []


@settings(max_examples=50)
@given(asked=_asked(), without_out=st.sampled_from(["csharp", "vb"]), arguments=ARGUMENTS)
@example(asked=(["a"], [UNKNOWN, {}, UNKNOWN]), without_out="vb", arguments="named")
@example(asked=(["a"], [UNKNOWN, BUSY, UNKNOWN]), without_out="vb", arguments="named")
@example(asked=(["a", "b"], [UNKNOWN, UNKNOWN, RUNNING]), without_out="vb", arguments="named")
def test_any_reports_are_told_alike(
    faces: Faces,
    asked: tuple[list[str], list[dict[str, object] | Answer]],
    without_out: str,
    arguments: str,
) -> None:
    ids, answers = asked
    scripted = [
        answer.scripted if isinstance(answer, Answer) else {"status": 200, "json": answer}
        for answer in answers
    ]
    calls = [{"to": "room"} for _ in ids]
    started = _request("/service_start", ["outbound_parameters", parameters(calls)])
    wanted: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for dialect in faces.telling:
        # PHP knows ids alone, and so nothing of a call before the first report.
        polls = list(followed(ids, "" if dialect == "php" else "QUEUED", answers))
        first = [{"do": "set_error_callback"}] if dialect == "php" else []
        first.append(_start(calls))
        steps = [poll_steps(dialect, poll.asked, dialect == without_out) for poll in polls]
        played = faces.play(
            dialect,
            [*first, *chain.from_iterable(steps)],
            [{"status": 200, "json": ids}, *scripted],
            arguments=arguments,
        )
        results = iter(played.results[len(first) :])
        told[dialect] = {
            "requests": played.requests,
            "polls": [poll_told(dialect, [next(results) for _ in one]) for one in steps],
        }
        wanted[dialect] = {
            "requests": [started, *(_asking(poll.asked) for poll in polls if poll.asked)],
            "polls": [_wanted(dialect, poll) for poll in polls],
        }

    assert differences(wanted, told) == []


def _wanted(dialect: str, poll: Poll) -> dict[str, Any]:
    """What `poll_told` must find."""
    news = {
        id_: {name: known[name] for name in TERMS[dialect]} for id_, known in poll.known.items()
    }
    failed = poll.failed and {name: poll.failed[name] for name in FAILURE_TERMS[dialect]}
    if dialect == "php":
        if failed:
            return {"failure": failed}
        return {"news": [[id_, news[id_]] for id_ in poll.asked], "callback": []}
    over = all(known["finished"] for known in poll.known.values())
    wanted = {"over": over, "objects": list(news.values())}
    if failed:
        return {**wanted, "failure": failed}
    return {**wanted, "news": list(news.values()), **({} if dialect == "java" else {"out": over})}


@settings(max_examples=60)
@given(calls=CALLS, answer=ANSWER)
def test_any_failing_answer_fails_alike(
    faces: Faces, calls: list[dict[str, str]], answer: Answer
) -> None:
    assume(not answer.pairs_with(len(calls)))
    terms = failed_start(answer)
    request = _request("/service_start", ["outbound_parameters", parameters(calls)])
    wanted: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for dialect in faces.dialects:
        first = [{"do": "set_error_callback"}] if dialect == "php" else []
        played = faces.play(dialect, [*first, _start(calls)], [answer.scripted])
        told[dialect] = {
            "requests": played.requests,
            "failure": failure(dialect, played.results[-1]),
        }
        wanted[dialect] = {
            "requests": [request],  # one, and never a second
            "failure": {name: terms[name] for name in FAILURE_TERMS[dialect]},
        }

    assert differences(wanted, told) == []


@settings(max_examples=25)
@given(service=SERVICES, arguments=ARGUMENTS)
def test_any_credentials_are_sent_alike(
    faces: Faces, service: dict[str, str], arguments: str
) -> None:
    start = _start([{"to": "room"}])
    answer = {"status": 200, "json": ["ref-1"]}
    for dialect in faces.dialects:
        [request] = faces.play(dialect, [start], [answer], service, arguments).requests
        assert request["authorization"] == authorization(service), dialect


@given(
    username=USER_PART, service_name=USER_PART.filter(bool), password=TEXT.filter(bool), calls=CALLS
)
def test_the_sandbox_reads_back_what_the_core_builds(
    username: str, service_name: str, password: str, calls: list[dict[str, str]]
) -> None:
    # A conference service takes any name without a scheme; what the calls then do is all one.
    cloud = Sandbox([Service(username, service_name, password, "conference")])
    client = OutboundClient("1-2-0", username, service_name, password, transport=cloud)

    invocations = client.start(
        Call(
            call["to"],
            call.get("from"),
            token=call.get("token"),
            outbound_parameters=call.get("outbound_parameters"),
        )
        for call in calls
    )

    [received] = cloud.received
    assert (received.status, received.calls) == (200, parameters(calls))
    assert [instance.id for instance in cloud.instances] == [item.id for item in invocations]
