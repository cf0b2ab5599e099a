"""`--check-assumptions`: on the sandbox all hold; elsewhere each verdict has its answer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.settings import Proxy, Settings
from aculab_wrappers.doctor.allowed_requests import (
    MAX_REQUESTS,
    ForbiddenRequestError,
    check_request,
)
from aculab_wrappers.doctor.assumptions import ASSUMPTIONS
from aculab_wrappers.doctor.probes import Probe, Sender, make_probes
from aculab_wrappers.doctor.report import AccountRedactor

from ..cli.conftest import PASSWORD
from ..transport.sockets import answer, reply
from .conftest import PAIR, SERVICE, USERNAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aculab_wrappers.parity.cloud import Asked, ScriptedCloud
    from aculab_wrappers.sandbox import Sandbox

    from ..cli.conftest import Result
    from ..transport.conftest import Serve
    from .conftest import Doctor

CHECK = "--check-assumptions"
GREETING = {"status": 200, "body": "hello"}
HTML = {
    "status": 401,
    "body": "<html>no</html>",
    "headers": {"Content-Type": "text/html"},
}
REPORT = {
    "status": "UNKNOWN",
    "status_detail": "",
    "application_status_eta": None,
    "application_instance_id": "",
}
UNKNOWN_ID = "0" * 32


def refusal(code: str, status: int = 400, text: str = "no") -> dict[str, Any]:
    return {"status": status, "json": {"error": {"code": code, "text": text}, "request": {}}}


def verdicts(result: Result) -> dict[str, str]:
    """Each fact's verdict, as the table of the report has it."""
    rows = re.findall(r"^\| ([a-z0-9-]+) \| .* \| (.*) \|$", result.out, re.MULTILINE)
    return {name: text.replace("*", "") for name, text in rows if name != "fact"}


# On the sandbox


def test_on_the_sandbox_every_assumption_holds(doctor: Doctor, cloud: Sandbox) -> None:
    result = doctor(CHECK)
    assert verdicts(result) == {one.id: "held" for one in ASSUMPTIONS}
    assert result.code == 0
    assert f"**{len(ASSUMPTIONS)} held, 0 did not hold, 0 could not tell**" in result.out
    assert result.out.startswith("## aculab-wrappers doctor")
    assert "it proves nothing about Aculab Cloud" in result.out  # the sandbox is on this machine
    assert "Configuration: ok" in result.err
    assert '"service_name": "***"' in result.out


def test_nothing_that_could_start_a_call_is_sent(doctor: Doctor, cloud: Sandbox) -> None:
    doctor(CHECK)
    sent = [(one.method, one.path) for one in cloud.peek(100)]
    queue = f"/service/v1/outbound/{SERVICE}/queue"
    assert set(sent) == {("POST", "/service_status"), ("GET", "/service_status"), ("GET", queue)}
    assert len(sent) == MAX_REQUESTS
    assert cloud.accepted == 0
    # The right password is with all but one.
    assert [one.status for one in cloud.peek(100)].count(401) == 1


def test_without_the_flag_no_password_leaves_this_machine(
    doctor: Doctor, cloud: Sandbox, scripted: ScriptedCloud
) -> None:
    scripted.play([GREETING])
    doctor()
    assert [(one.method, one.target) for one in scripted.asked] == [("GET", "/")]
    assert "authorization" not in scripted.asked[0].headers


# What may be sent


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/service_start"),
        ("GET", "/service_start?outbound_parameters=[]"),
        ("OPTIONS", "/service_start"),
        ("POST", "//service_start"),
        ("POST", "/service_status/../service_start"),
        ("DELETE", "/service/v1/outbound/x/queue"),
        ("POST", "/service/v1/outbound/x/queue"),
        ("GET", "/service/v1/outbound/a/b/queue"),
        ("GET", "/service/v1/outbound/x/queue?y"),
        ("PUT", "/service_status"),
        ("POST", "/service_cancel"),
        ("GET", "/service/v1/outbound/../queue"),
        ("GET", "/service/v1/outbound/./queue"),
    ],
)
def test_no_other_request_is_allowed(method: str, target: str) -> None:
    with pytest.raises(ForbiddenRequestError, match="not known to start nothing"):
        check_request(method, target)


@pytest.mark.parametrize(
    "service", ["a", "../../service_start?x", "ü %", "service_start", ".", ".."]
)
def test_no_service_name_leads_elsewhere(service: str) -> None:
    made = make_probes((UNKNOWN_ID,), service)
    assert {one.target.partition("?")[0] for one in made if one.name != "queue"} == {
        "/service_status"
    }
    assert made[1].target.count("/") == 5
    assert "?" not in made[1].target


START = "/service_start"


@pytest.mark.parametrize(
    "probe",
    [
        Probe("start", "POST service_start", START),
        Probe("start", "GET service_start", f"{START}?outbound_parameters=[]", form=None),
        Probe("start", "POST service_start, asking for no JSON", START, accepts_json=False),
        Probe("start", "POST service_start, a wrong password", START, wrong_password=True),
    ],
    ids=lambda probe: probe.text,
)
def test_a_probe_that_could_start_a_call_is_not_sent(serve: Serve, probe: Probe) -> None:
    server = serve(reply())
    who = Credentials("1-2-0", "user", "service", "password")
    sender = Sender(Settings.checked(server.url, 5.0), who)

    with pytest.raises(ForbiddenRequestError, match="service_start is not known to start nothing"):
        sender.send(probe)

    assert server.connections == 0


# On other clouds


class Cloud:
    """Answers each kind of request in its own way."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def play(self, scripted: ScriptedCloud) -> None:
        """As a list: the answers in the order in which the probes come."""
        order = ("status", "queue", "get", "batch", "missing", "malformed", "empty", "repeated",
                 "plain", "wrong_password")  # fmt: skip
        scripted.play([GREETING, *(self.answers[name] for name in order if name in self.answers)])


def tried(
    doctor: Doctor, scripted: ScriptedCloud, monkeypatch: pytest.MonkeyPatch, **answers: Any
) -> tuple[dict[str, str], Result]:
    """The verdicts on a cloud whose ids are known beforehand, and that answers like this."""
    monkeypatch.setattr("aculab_wrappers.doctor.probes.secrets.token_hex", lambda _: UNKNOWN_ID)
    monkeypatch.setattr("aculab_wrappers.doctor.probes.STATUS_BATCH", 1)
    Cloud(**answers).play(scripted)
    result = doctor(CHECK)
    starts = [one for one in scripted.asked if not harmless(one)]
    assert starts == []
    return verdicts(result), result


def harmless(asked: Asked) -> bool:
    if "authorization" not in asked.headers:
        return (asked.method, asked.target) == ("GET", "/")
    path = asked.target.partition("?")[0]
    if path == "/service_status":
        return asked.method in ("GET", "POST")
    return (asked.method, asked.target) == ("GET", f"/service/v1/outbound/{SERVICE}/queue")


def good(report: Mapping[str, Any] = REPORT) -> dict[str, Any]:
    return {"status": 200, "json": {UNKNOWN_ID: report}}


QUEUE = {"status": 200, "json": {"service_name": SERVICE, "length": 0}}
WELL: dict[str, Any] = {
    "status": good(),
    "queue": QUEUE,
    "get": good(),
    "batch": good(),
    "missing": refusal("0001"),
    "malformed": refusal("0002"),
    "empty": refusal("0002"),
    "repeated": refusal("0003"),
    "plain": refusal("0001"),
    "wrong_password": refusal("HTTP 401", 401),
}


@pytest.mark.parametrize(
    ("probe", "given", "fact", "verdict"),
    [
        ("status", {"status": 200, "json": [REPORT]}, "status-answer", "did not hold: the answer"),
        ("status", {"status": 200, "body": "<html>"}, "status-path",
         "could not tell: HTTP 200 with a web page or XML"),
        ("status", {"status": 200, "json": {}}, "status-answer", "did not hold: the answer"),
        ("status", {"status": 200, "json": {}}, "status-members", "could not tell: the answer is"),
        ("status", {"status": 200, "json": {}}, "status-parameter", "could not tell: HTTP 200"),
        ("status", refusal("0001"), "status-parameter", "did not hold: a mandatory"),
        ("status", refusal("0001"), "status-path", "held"),
        ("status", refusal("0001"), "status-login", "held"),
        ("status", refusal("0001"), "status-get", "could not tell: POST was not"),
        ("status", refusal("0001"), "status-batch", "held"),
        ("status", good({"status": "UNKNOWN"}), "status-members",
         "did not hold: status_detail is missing; application_status_eta is missing;"),
        ("status", good({**REPORT, "application_status_eta": "soon"}), "status-members",
         "did not hold: application_status_eta is of another type"),
        ("status", good({**REPORT, "status": "QUEUED"}), "status-unknown", "did not hold: another"),
        ("status", good({**REPORT, "status": "GONE"}), "status-unknown", "did not hold: none of"),
        ("status", {"status": 200, "json": {UNKNOWN_ID: "UNKNOWN"}}, "status-members",
         "did not hold: what is said of an id is no object"),
        ("wrong_password", good(), "status-login", "could not tell: a wrong password was answered"),
        ("wrong_password", good(), "error-401", "did not hold: HTTP 200"),
        ("wrong_password", good(), "error-401-json", "could not tell: there was no 401"),
        ("wrong_password", HTML, "error-401", "held"),
        ("wrong_password", HTML, "error-401-json", "did not hold: the body is something else"),
        ("wrong_password", {"status": 503, "body": ""}, "error-401", "could not tell: HTTP 503"),
        ("wrong_password", {"fault": "resets"}, "error-401", "could not tell: "),
        ("batch", {"status": 200, "json": {}}, "status-batch", "did not hold: 1 of 1 ids"),
        ("batch", {**good(), "cut_after": 9}, "status-batch", "could not tell: HTTP 200"),
        ("batch", {"status": 413, "body": ""}, "status-batch", "did not hold: one id was"),
        ("batch", {"status": 502, "body": ""}, "status-batch", "could not tell: HTTP 502"),
        ("get", {"status": 405, "body": ""}, "status-get", "did not hold: harmless here"),
        ("get", {"status": 200, "json": {}}, "status-get", "did not hold: the two answers differ"),
        ("get", {"status": 503, "body": ""}, "status-get", "could not tell: HTTP 503"),
        ("get", {"fault": "resets"}, "status-get", "could not tell: "),
        ("missing", refusal("0002"), "error-0001", "did not hold: HTTP 400 and code 0002"),
        ("missing", good(), "error-0001", "did not hold: it was not refused"),
        ("missing", {"status": 400, "body": "<x/>"}, "error-0001", "did not hold: no error in"),
        ("missing", {"status": 400, "body": "<x/>"}, "error-json", "did not hold: no error in"),
        ("missing", {"status": 500, "body": ""}, "error-json", "could not tell: HTTP 500"),
        ("missing", {"status": 500, "body": "<p>"}, "error-0001", "could not tell: HTTP 500 with"),
        ("plain", {"status": 400, "body": "<x/>"}, "error-json-unasked", "did not hold: no error"),
        ("queue", {"status": 200, "json": {"length": 0}}, "queue-answer", "did not hold: the mem"),
        ("queue", {"status": 200, "json": 7}, "queue-answer", "did not hold: the answer is JSON"),
        ("queue", {"status": 404, "body": ""}, "queue-answer", "could not tell: HTTP 404"),
        ("queue", {"fault": "resets"}, "queue-answer", "could not tell: "),
    ],
)  # fmt: skip
def test_each_verdict(
    doctor: Doctor,
    scripted: ScriptedCloud,
    monkeypatch: pytest.MonkeyPatch,
    probe: str,
    given: dict[str, Any],
    fact: str,
    verdict: str,
) -> None:
    found, result = tried(doctor, scripted, monkeypatch, **{**WELL, probe: given})
    assert found[fact].startswith(verdict)
    assert result.code == 1


def test_a_cloud_like_the_sandbox(
    doctor: Doctor, scripted: ScriptedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, result = tried(doctor, scripted, monkeypatch, **WELL)
    assert set(found.values()) == {"held"}
    assert result.code == 0
    form = parse_qs(scripted.asked[1].body.decode())
    assert form == {"service_invocation_reference_ids": [json.dumps([UNKNOWN_ID])]}
    accepts = [one.headers.get("accept") for one in scripted.asked[1:]]
    assert accepts == ["application/json"] * 8 + [None, "application/json"]


def test_a_wrong_password_ends_it_early(
    doctor: Doctor, scripted: ScriptedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = refusal("HTTP 401", 401)
    found, result = tried(doctor, scripted, monkeypatch, status=wrong, queue=wrong)
    assert len(scripted.asked) == 3  # with that for the clock: no further wrong one is sent
    assert found["error-401"] == found["error-401-json"] == "held"
    assert "status-unknown, error-401, error-401-json):" in result.out
    assert found["status-login"].startswith("could not tell: the service's queue")
    assert "The service refused the login: check cloud id" in result.err
    assert found["status-batch"].startswith("could not tell: not asked, because the login")
    assert result.code == 1


def test_the_queue_tells_a_wrong_password_from_a_wrong_assumption(
    doctor: Doctor, scripted: ScriptedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, result = tried(doctor, scripted, monkeypatch, status=HTML, queue=QUEUE)
    assert found["status-login"].startswith("did not hold: the service's queue took")
    assert found["error-401-json"].startswith("did not hold")
    assert "refused the login: check" not in result.err


def test_a_service_status_that_is_not_there(
    doctor: Doctor, scripted: ScriptedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = {"status": 404, "body": "<h1>Not Found</h1>"}
    found, _ = tried(doctor, scripted, monkeypatch, status=gone, queue=QUEUE, wrong_password=gone)
    assert found["status-path"] == "did not hold: HTTP 404"
    assert found["error-401"].startswith("could not tell")
    assert found["error-0001"].startswith("could not tell: not asked, because service_status")
    assert len(scripted.asked) == 4


def test_no_answer_at_all(
    doctor: Doctor, scripted: ScriptedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, result = tried(doctor, scripted, monkeypatch, status={"fault": "resets"})
    assert all(text.startswith("could not tell: ") for text in found.values())
    assert len(scripted.asked) == 2
    assert "no answer: " in result.out
    assert result.code == 1


# What the report holds


def test_what_the_server_echoes_is_hidden(
    doctor: Doctor, scripted: ScriptedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = f"Basic {PAIR} {PASSWORD} {USERNAME} {SERVICE} canary-pa55%2Fword%25"
    said = {**refusal("0001", text=echo), "headers": {"WWW-Authenticate": echo}}
    _, result = tried(doctor, scripted, monkeypatch, **{**WELL, "missing": said})
    (line,) = re.findall("^WWW-Authenticate: .*", result.out, re.MULTILINE)
    assert line.endswith(" *** *** *** ***")  # and the fixture looks for the rest


def test_a_body_is_clipped_and_cannot_leave_its_block(
    doctor: Doctor, scripted: ScriptedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "```\n# Title\n\x1b[2J" + "x" * 10_000
    missing = {"status": 400, "body": body}
    _, result = tried(doctor, scripted, monkeypatch, **{**WELL, "missing": missing})
    assert "````text\nHTTP 400" in result.out
    assert "\\x1b[2J" in result.out
    assert "more bytes\n````\n" in result.out
    assert "x" * 700 not in result.out


def test_what_a_server_says_of_itself_stays_on_its_line(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = b"Server: a\x1b[2J\x9b1A\r\n | b | held |\r\n\t```"
    body = b"\x1b[2J\x07```\r\n# Title\xe2\x80\xae"
    server = serve(reply(answer(body, b"HTTP/1.1 400 Bad \x1b[2J", strange)))
    monkeypatch.setenv("ACULAB_BASE_URL", server.url)
    monkeypatch.setenv("ACULAB_SERVICE", "service")
    result = doctor(CHECK)
    assert result.code == 1
    assert not [mark for mark in result.out if not mark.isprintable() and mark != "\n"]
    found = re.findall("^Server: (.*)$", result.out, re.MULTILINE)
    assert found
    assert all(line.startswith("a\\x1b[2J\ufffd1A") and line.endswith("```") for line in found)
    # The fence around it is longer than any in it.
    assert "\n````text\nHTTP 400\n" in result.out
    assert "\n\\x1b[2J\\x07```\\r\n# Title\\u202e\n````\n" in result.out


def test_a_body_that_is_cut(
    doctor: Doctor, scripted: ScriptedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = {**refusal("0001"), "cut_after": 20}
    found, result = tried(doctor, scripted, monkeypatch, **{**WELL, "missing": cut})
    assert found["error-0001"].startswith("did not hold: no error in the JSON form")
    assert "the body may not be whole" in result.out


def test_short_names_are_hidden_as_words() -> None:
    proxy = Proxy("http://a:secret@b:1", "proxy")
    redactor = AccountRedactor(Credentials("1-2-0", "bob", "abc", "pw"), proxy)
    assert redactor.redact(b"bob:abc bobby secret") == b"***:*** bobby ***"
    assert "bob" not in repr(redactor)


def test_behind_a_proxy_the_report_says_so(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Plain http: the proxy itself plays the cloud, and answers everything alike.
    body = json.dumps({"echo": "canary-proxy"}).encode()
    proxy = serve(lambda peer: peer.read_to_end(), reply(answer(body)))
    monkeypatch.setenv("ACULAB_PROXY", f"http://me:canary-proxy@127.0.0.1:{proxy.port}")
    monkeypatch.setenv("ACULAB_BASE_URL", "http://127.0.0.1:1")
    result = doctor(CHECK)
    assert "through a proxy" in result.out
    assert '{"echo": "***"}' in result.out
    assert verdicts(result)["status-answer"].startswith("did not hold")
    assert all(one.has("Proxy-Authorization") for one in proxy.requests)
    assert not any("service_start" in one.target for one in proxy.requests)
