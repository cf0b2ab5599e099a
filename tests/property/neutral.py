"""Has the faces do the same, and puts what each says of it into the same words: neutral terms.

The second half is what the documentation makes of calls and answers, in those terms, said again
without the code of the package.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from aculab_wrappers.parity.compare import values
from aculab_wrappers.parity.faces import face_driver

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aculab_wrappers.parity.cloud import Asked, ScriptedCloud
    from aculab_wrappers.parity.suite import Suite

SERVICE = {
    "cloud_id": "1-2-0",
    "username": "bob@acompany.com",
    "service_name": "svc",
    "service_password": "pass word/:é",
    "constructor": "connection",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FINAL = ("COMPLETED", "COULDNOTRUN", "CANCELLED")
WORDS = ("QUEUED", "RUNNING", "COMPLETED", "COULDNOTRUN", "CANCELLED", "UNKNOWN")

# The neutral terms for the news of a call, and the member that each page has for them. Python's
# page has no status at all.
_DOTNET = {
    "word": "Status",
    "finished": "Finished",
    "instance": "ApplicationInstanceId",
    "text": "ReturnText",
    "code": "ReturnCode",
    "eta": "ApplicationStatusEta",
}
TERMS = {
    "csharp": _DOTNET,
    "vb": _DOTNET,
    # With no getter for the code, getReturnText has both.
    "java": {
        "word": "getStatus",
        "finished": "isFinished",
        "instance": "getApplicationInstanceId",
        "detail": "getReturnText",
    },
    "php": {
        "word": "getStatus",
        "finished": "isFinished",
        "instance": "getApplicationInstanceId",
        "detail": "getStatusDetail",
        "eta": "getApplicationStatusETA",
    },
}
_RAISED = ("error", "outcome", "http_status", "code", "ids")
FAILURE_TERMS = {
    **dict.fromkeys(("csharp", "vb", "java", "python"), _RAISED),
    "php": ("outcome", "value", "callback"),
}


class Played(NamedTuple):
    """What a face reported of each step, and what it sent meanwhile."""

    results: list[dict[str, Any]]
    requests: list[dict[str, Any]]


class Faces:
    """The faces of this package, and the cloud that they play on."""

    def __init__(self, suite: Suite, cloud: ScriptedCloud) -> None:
        self._drivers = {dialect: face_driver(suite, dialect) for dialect in suite.dialects}
        self._cloud = cloud
        self.dialects = tuple(self._drivers)
        self.telling = tuple(
            dialect
            for dialect, driver in self._drivers.items()
            if "status" in driver.hello.capabilities
        )
        """Those that can ask how far calls have come."""

    def play(
        self,
        dialect: str,
        steps: Sequence[Mapping[str, Any]],
        answers: Iterable[Mapping[str, Any]],
        service: Mapping[str, str] = SERVICE,
        arguments: str = "positional",
    ) -> Played:
        self._cloud.play(answers)
        reply = self._drivers[dialect].run(
            {
                "seq": 1,
                "case": "property",
                "base_url": f"http://{self._cloud.address}",
                "timeout": 5,
                "arguments": arguments,
                "environment": {},
                "service": service,
                "steps": steps,
            }
        )
        return Played(reply["results"], [_request(asked) for asked in self._cloud.asked])


def _request(asked: Asked) -> dict[str, Any]:
    fields = parse_qsl(
        asked.body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict"
    )
    return {
        "method": asked.method,
        "target": asked.target,
        "authorization": asked.headers["authorization"],
        "form": [[name, json.loads(text, object_pairs_hook=_members)] for name, text in fields],
    }


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    assert len(made) == len(pairs), "a member is named twice"
    return made


def differences(wanted: Mapping[str, Any], told: Mapping[str, Any]) -> list[str]:
    """What the dialects said that they must not have said, types included."""
    assert wanted.keys() == told.keys()
    return [said for name, want in wanted.items() for said in values(want, told[name], name)]


def poll_steps(dialect: str, ids: Sequence[str], without_out: bool = False) -> list[dict[str, Any]]:
    """The steps of one poll. PHP is told whom to ask about, the others know.

    Of .NET's two ways to hear whether all is over, the one without an out-parameter on demand.
    """
    if dialect == "php":
        return [{"do": "status", "ids": list(ids)}]
    form = {"form": "tuple"} if without_out else {}
    return [{"do": "status", **form}, {"do": "finished"}, {"do": "look"}]


def poll_told(dialect: str, results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What a poll's steps reported, in neutral terms."""
    status, *more = results
    if dialect == "php":
        if not isinstance(status["returns"], dict):
            return {"failure": failure(dialect, status)}
        found = [[id_, _news(dialect, item)] for id_, item in status["returns"]["$map"]]
        return {"news": found, "callback": status["callback"]}
    over, look = more
    told = {"over": over["returns"], "objects": _all_news(dialect, look["returns"])}
    if "raises" in status:
        return {**told, "failure": failure(dialect, status)}
    if dialect == "java":
        return {**told, "news": _all_news(dialect, status["returns"])}
    found, out = status["returns"], status.get("out", {}).get("finished")
    if out is None:
        found, out = found  # the form without an out-parameter
    return {**told, "news": _all_news(dialect, found), "out": out}


def failure(dialect: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """How a step failed, in the terms of FAILURE_TERMS."""
    if dialect == "php":
        assert "returns" in result, result
        terms = {**result, "value": result["returns"]}
    else:
        assert "raises" in result, result
        terms = result["raises"]
    return {name: terms[name] for name in FAILURE_TERMS[dialect]}


def _all_news(dialect: str, found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_news(dialect, item) for item in found]


def _news(dialect: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """What an object of the dialect says of one call."""
    news = {term: found[member] for term, member in TERMS[dialect].items()}
    if dialect != "php":
        news["word"] = _word(news["word"])
    if news.get("eta"):
        news["eta"] = datetime.fromisoformat(news["eta"]["$datetime"]).isoformat()
    return news


def _word(found: Any) -> Any:
    """The word of a status: a member of the enumeration for those that it has, else text."""
    if isinstance(found, dict):
        return found["$enum"].removeprefix("ServiceStatus.")
    assert found not in WORDS, f"{found} is a text, not the member of the enumeration"
    return found


def authorization(service: Mapping[str, str]) -> str:
    user = f"{service['cloud_id']}/{service['username']}/{service['service_name']}"
    return "Basic " + base64.b64encode(f"{user}:{service['service_password']}".encode()).decode()


def parameters(calls: Sequence[Mapping[str, str]]) -> object:
    """The JSON of a start: an object for one call, an array for more; no caller is not sent."""
    sent = [{name: text for name, text in call.items() if name != "from" or text} for call in calls]
    return sent[0] if len(sent) == 1 else sent


class Answer(NamedTuple):
    """A failing answer.

    Attributes:
        status: The HTTP status code.
        body: What comes of the body.
        cut: Whether more of it was announced.
        code: The code of the cloud's JSON error that it is, if it is one.
        ids: The ids that can be read in the list that it is, or began to be.
        starts: Whether it is a whole list of ids.
        is_object: Whether it is a JSON object.
    """

    status: int
    body: bytes
    cut: bool = False
    code: str | None = None
    ids: tuple[str, ...] = ()
    starts: bool = False
    is_object: bool = False

    @property
    def scripted(self) -> dict[str, Any]:
        """As the script of a cloud has it."""
        body = self.body + b" " if self.cut else self.body
        scripted = {"status": self.status, "base64": base64.b64encode(body).decode()}
        return {**scripted, "cut_after": len(self.body)} if self.cut else scripted

    @property
    def good(self) -> bool:
        return self.status < 300

    def pairs_with(self, calls: int) -> bool:
        """Whether it is no failure of a start, but its success."""
        different = len(self.ids) == len(set(self.ids)) == calls
        return self.good and self.starts and not self.cut and different


def failed_start(answer: Answer) -> dict[str, Any]:
    """What such an answer means for a start."""
    code = None if answer.cut else answer.code
    refused = answer.status == 401 or (400 <= answer.status < 500 and code is not None)
    if answer.good and answer.starts and not answer.cut:
        error, outcome = "StartedMismatchError", "STARTED"
    elif refused:
        error, outcome = "RejectedError", "REJECTED"
    else:
        error, outcome = "UnknownOutcomeError", "UNKNOWN"
    hinted = answer.good or (answer.status >= 400 and not refused)
    ids = list(answer.ids) if hinted else []
    told = {**_failed(answer), "error": error, "outcome": outcome, "ids": ids}
    return {**told, "value": ids} if outcome == "STARTED" else told


def failed_status(answer: Answer) -> dict[str, Any]:
    """What such an answer means for a status call."""
    return {**_failed(answer), "error": "StatusError", "outcome": None, "ids": []}


def _failed(answer: Answer) -> dict[str, Any]:
    heard = [[answer.status, answer.body.decode("utf-8", "replace")]]
    return {
        "http_status": answer.status,
        "code": None if answer.cut else answer.code,
        "value": False if answer.good else answer.status,
        "callback": [] if answer.good else heard,
    }


class Story:
    """What is known of one call, report after report.

    Attributes:
        news: In all neutral terms.
    """

    def __init__(self, word: str) -> None:
        self.news = _documented(word, {}, finished=False)
        self._last = word

    def hear(self, report: object) -> None:
        """What has ended stays ended; a report that cannot be read is no news."""
        if self.news["word"] in _FINAL:
            return
        word = report.get("status") if isinstance(report, dict) else None
        if isinstance(report, dict) and isinstance(word, str) and word:
            twice = word == self._last == "UNKNOWN"
            self.news = _documented(word, report, finished=twice or word in _FINAL)
            self._last = word
        else:
            self._last = ""


def _documented(word: str, report: Mapping[str, Any], *, finished: bool) -> dict[str, Any]:
    detail = report.get("status_detail") if word in ("COMPLETED", "COULDNOTRUN") else ""
    detail = detail if isinstance(detail, str) else str(detail) if type(detail) is int else ""
    returned = word == "COMPLETED" and re.fullmatch("-?[0-9]{1,18}", detail) is not None
    instance = report.get("application_instance_id")
    return {
        "word": word,
        "finished": finished,
        "detail": detail,
        "text": "" if returned else detail,
        "code": int(detail) if returned else 0,
        "eta": _eta(report.get("application_status_eta")),
        "instance": instance if isinstance(instance, str) else "",
    }


def _eta(seconds: object) -> str | None:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    try:
        return (_EPOCH + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        return None


class Poll(NamedTuple):
    """What one poll asks about, and what it tells.

    Attributes:
        asked: The ids; what has finished is not asked about again.
        failed: How it failed, if it did.
        known: The news of every id, in all neutral terms.
    """

    asked: list[str]
    failed: dict[str, Any] | None
    known: dict[str, dict[str, Any]]


def followed(
    ids: Sequence[str], first: str, answers: Sequence[Mapping[str, object] | Answer]
) -> Iterator[Poll]:
    """What polls with these answers, or reports by id, tell of calls that begin with that word."""
    stories = {id_: Story(first) for id_ in ids}
    for answer in answers:
        asked = [id_ for id_, story in stories.items() if not story.news["finished"]]
        failed = None
        if asked and isinstance(answer, Answer):
            failed = failed_status(answer)
        elif not isinstance(answer, Answer):
            for id_ in asked:
                stories[id_].hear(answer.get(id_))
        yield Poll(asked, failed, {id_: story.news for id_, story in stories.items()})
