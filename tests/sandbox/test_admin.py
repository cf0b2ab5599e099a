"""The console's own addresses, without a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from aculab_wrappers import Call, OutboundClient, StatusError, UnknownOutcomeError
from aculab_wrappers.sandbox import Sandbox, Service, admin
from aculab_wrappers.sandbox.admin import answer
from aculab_wrappers.sandbox.facts import FACTS
from aculab_wrappers.sandbox.requests import Request, read_request
from aculab_wrappers.sandbox.scenarios import SCENARIOS
from aculab_wrappers.sandbox.sources import ADDRESSES, STARTING

if TYPE_CHECKING:
    from pathlib import Path

    from aculab_wrappers import Invocation
    from aculab_wrappers.sandbox.answers import Answer

PASSWORD = "correct horse"
PHONES = Service("alice@example.com", "phones", PASSWORD)
ROOMS = Service("alice@example.com", "rooms", PASSWORD, "conference")
READ = ("/", "/sandbox/console.css", "/sandbox/console.js", "/sandbox/page.js")
DATA = ("/sandbox/state", "/sandbox/facts", "/sandbox/destinations")
CHANGE = tuple(f"/sandbox/{name}" for name in ("test", "service", "purge", "advance", "reset"))


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox([PHONES, ROOMS], time="manual", seed=7)


def ask(sandbox: Sandbox, method: str, path: str, *fields: tuple[str, str], **more: str) -> Answer:
    body = urlencode([*fields, *more.items()]).encode()
    return answer(sandbox, read_request(method, path, None, body=body))


def read(found: Answer) -> Any:
    return json.loads(found.body)


def state(sandbox: Sandbox) -> Any:
    return read(ask(sandbox, "GET", "/sandbox/state"))


def refusal(found: Answer) -> tuple[int, str, str]:
    error = read(found)["error"]
    assert error["code"] == found.code
    return found.status, error["code"], error["text"]


def start(sandbox: Sandbox, *calls: Call) -> list[Invocation]:
    client = OutboundClient("1-2-0", "alice@example.com", "phones", PASSWORD, transport=sandbox)
    return client.start(calls)


@pytest.mark.parametrize("path", READ)
def test_the_page_may_load_nothing_from_elsewhere(sandbox: Sandbox, path: str) -> None:
    found = ask(sandbox, "GET", path)
    head = dict(found.headers)
    wanted = {"/": "html", "css": "css"}.get(path if path == "/" else path[-3:], "javascript")

    assert found.status == 200
    assert head["Content-Type"] == f"text/{wanted}; charset=utf-8"
    assert head["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert len(found.body) > 1000


def test_every_module_that_the_page_imports_is_served(sandbox: Sandbox) -> None:
    waiting, seen = ["/sandbox/console.js"], set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        text = ask(sandbox, "GET", path).body.decode()
        found = [
            line.rpartition('from "./')[2][:-2] for line in text.splitlines() if "from " in line
        ]
        waiting += [f"/sandbox/{name}" for name in found if name.endswith(".js")]
        waiting = [path for path in waiting if path not in seen]

    assert len(seen) == 5


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [*READ, *DATA])
def test_what_is_shown_is_only_read(sandbox: Sandbox, path: str, method: str) -> None:
    found = ask(sandbox, method, path)

    assert refusal(found)[:2] == (405, "HTTP 405")
    assert dict(found.headers)["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
@pytest.mark.parametrize("path", CHANGE)
def test_what_changes_something_is_posted(sandbox: Sandbox, path: str, method: str) -> None:
    found = ask(sandbox, method, path, user=PHONES.user)

    assert refusal(found)[:2] == (405, "HTTP 405")
    assert dict(found.headers)["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/sandbox/", "/sandbox/nothing", "/sandbox/../admin.py"])
def test_other_paths_are_not_found(sandbox: Sandbox, path: str) -> None:
    status, code, text = refusal(ask(sandbox, "GET", path))

    assert (status, code) == (404, "HTTP 404")
    assert "/sandbox/state" in text


def test_the_state_of_a_new_sandbox(sandbox: Sandbox) -> None:
    found = state(sandbox)

    assert found["now"] == sandbox.now
    assert (found["time"], found["accepted"]) == ("manual", 0)
    assert found["instances"] == found["requests"] == []
    assert [one["user"] for one in found["services"]] == [PHONES.user, ROOMS.user]
    assert found["services"][1] == {
        "user": "1-2-0/alice@example.com/rooms",
        "cloud_id": "1-2-0",
        "username": "alice@example.com",
        "name": "rooms",
        "kind": "conference",
        "first_page": "",
        "final_page": "",
        "far_end_classification": False,
        "api_version": "1.0",
        "calls_per_second": None,
        "queue": 0,
    }


def test_the_state_shows_the_latest_hundred_newest_first(sandbox: Sandbox) -> None:
    start(sandbox, *(Call("sip:bob@example.com", token=f"{n}") for n in range(150)))
    found = state(sandbox)

    assert found["accepted"] == sum(found["counts"].values()) == 150
    assert [one["token"] for one in found["instances"]] == [f"{n}" for n in range(149, 49, -1)]
    assert found["services"][0]["queue"] == sandbox.queue_lengths()[PHONES.user] > 0
    assert found["instances"][0]["from"] is None
    assert "from_" not in found["instances"][0]


def test_polling_does_not_push_out_what_else_was_asked(sandbox: Sandbox) -> None:
    [started] = start(sandbox, Call("sip:bob@example.com"))
    client = OutboundClient("1-2-0", PHONES.username, PHONES.name, PASSWORD, transport=sandbox)
    for _ in range(10):
        client.status([started])
    found = state(sandbox)
    assert ([one["path"] for one in found["requests"]], found["polls_left_out"]) == (
        ["/service_status"] * 10 + ["/service_start"],
        0,
    )

    with pytest.raises(StatusError):
        OutboundClient("1-2-0", "eve", "x", PASSWORD, transport=sandbox).status([started])
    for _ in range(60):
        client.status([started])
    found = state(sandbox)
    # The refused one stays in its place, and so does the start.
    assert [one["status"] for one in found["requests"]] == [200] * 10 + [401] + [200]
    assert found["requests"][-1]["path"] == "/service_start"
    assert [one["number"] for one in found["requests"][:10]] == list(range(72, 62, -1))
    assert found["polls_left_out"] == 60


def test_the_state_shows_fifty_requests_at_most(sandbox: Sandbox) -> None:
    for number in range(60):
        ask(sandbox, "POST", "/sandbox/test", user=PHONES.user, to=f"sip:{number}@example.com")
    found = state(sandbox)

    assert [one["number"] for one in found["requests"]] == list(range(60, 10, -1))
    assert found["polls_left_out"] == 0


def test_the_state_shows_requests_without_their_secrets(sandbox: Sandbox) -> None:
    start(sandbox, *(Call(f"sip:{n}@example.com", token="my token") for n in range(5)))
    text = ask(sandbox, "GET", "/sandbox/state").body.decode()
    [request] = json.loads(text)["requests"]

    assert request["calls"] == {"count": 5, "to": [f"sip:{n}@example.com" for n in range(3)]}
    assert request["parameters"] == ["outbound_parameters"]
    assert (request["method"], request["path"]) == ("POST", "/service_start")
    assert (request["user"], request["status"], request["code"]) == (PHONES.user, 200, "")
    assert PASSWORD not in text


def test_the_console_without_its_files_says_what_to_do(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aculab_wrappers.sandbox.admin.files", lambda _: tmp_path)
    admin._file.cache_clear()
    request = Request("GET", "/")
    answered = answer(sandbox, request)
    assert answered.status == 500
    assert b"PyInstaller --collect-data aculab_wrappers" in answered.body
    monkeypatch.undo()
    assert answer(sandbox, request).status == 200


def test_looking_at_the_console_is_not_looking_at_refusals(sandbox: Sandbox) -> None:
    ask(sandbox, "POST", "/sandbox/test", user=PHONES.user, to="447700900000")
    [request] = state(sandbox)["requests"]

    assert request["status"] == 400
    assert request["text"]
    assert len(sandbox.unseen_refusals()) == 1


def test_facts_and_destinations(sandbox: Sandbox) -> None:
    facts = read(ask(sandbox, "GET", "/sandbox/facts"))
    destinations = read(ask(sandbox, "GET", "/sandbox/destinations"))

    assert [one["id"] for one in facts] == [fact.id for fact in FACTS]
    assert set(facts[0]) == {"id", "area", "behaviour", "evidence", "sources"}
    assert [one["sources"] for one in facts if one["id"] in ("tier", "tier-answer")] == [
        [{"name": STARTING, "address": ADDRESSES[STARTING]}],
        [],
    ]
    assert [one["number"] for one in destinations] == [one.number for one in SCENARIOS]
    assert set(destinations[0]) == {"word", "number", "meaning"}


def test_a_test_starts_a_call(sandbox: Sandbox) -> None:
    fields = {"to": "447700900000", "from": "441908283801", "token": "", "outbound_parameters": "d"}
    found = ask(sandbox, "POST", "/sandbox/test", user=PHONES.user, **fields)
    [instance] = sandbox.instances

    assert (found.status, read(found)) == (200, [instance.id])
    assert (instance.service, instance.to) == (PHONES.user, "447700900000")
    assert (instance.from_, instance.token) == ("441908283801", None)
    assert instance.outbound_parameters == "d"
    assert sandbox.received[0].agent == f"Start Test of {PHONES.user}"


def test_a_test_is_checked_like_any_start(sandbox: Sandbox) -> None:
    found = ask(sandbox, "POST", "/sandbox/test", user=PHONES.user, to="447700900000")

    assert refusal(found)[:2] == (400, "0001")
    assert "from" in refusal(found)[2]
    assert sandbox.accepted == 0


def test_a_service_is_changed(sandbox: Sandbox) -> None:
    changes = {"kind": "conference", "first_page": "http://127.0.0.1:9/first"}
    changes |= {"api_version": "2.0", "far_end_classification": "true", "calls_per_second": "2.5"}
    found = read(ask(sandbox, "POST", "/sandbox/service", user=PHONES.user, **changes))

    assert found == state(sandbox)["services"][0]
    assert (found["kind"], found["first_page"]) == ("conference", "http://127.0.0.1:9/first")
    assert (found["far_end_classification"], found["calls_per_second"]) == (True, 2.5)
    assert found["api_version"] == "2.0"

    again = {"far_end_classification": "false", "calls_per_second": ""}
    found = read(ask(sandbox, "POST", "/sandbox/service", user=PHONES.user, **again))
    assert (found["far_end_classification"], found["calls_per_second"]) == (False, None)
    assert found["kind"] == "conference"


def test_a_queue_is_purged(sandbox: Sandbox) -> None:
    start(sandbox, *[Call("sip:bob@example.com")] * 9)
    queued = sandbox.queue_lengths()[PHONES.user]

    found = ask(sandbox, "POST", "/sandbox/purge", user=PHONES.user)

    assert read(found) == {"purged": queued}
    assert state(sandbox)["services"][0]["queue"] == 0


def test_the_clock_is_advanced(sandbox: Sandbox) -> None:
    before = sandbox.now

    assert read(ask(sandbox, "POST", "/sandbox/advance", seconds="2.5")) == {"now": before + 2.5}
    assert sandbox.now == before + 2.5


def test_a_reset_forgets(sandbox: Sandbox) -> None:
    start(sandbox, Call("sip:bob@example.com"))

    assert read(ask(sandbox, "POST", "/sandbox/reset")) == {}
    assert state(sandbox)["instances"] == state(sandbox)["requests"] == []


def test_answers_to_come_are_queued(sandbox: Sandbox) -> None:
    words = ("outcome", "unavailable"), ("outcome", "unauthorised")
    found = ask(sandbox, "POST", "/sandbox/next", *words)

    assert read(found) == {"waiting": ["unavailable", "unauthorised"]}
    with pytest.raises(UnknownOutcomeError, match="HTTP 503"):
        start(sandbox, Call("sip:bob@example.com"))
    assert state(sandbox)["requests"][0]["simulated"] is True


BAD = [
    ("test", {}, "user is missing"),
    ("test", {"user": "1-2-0/alice@example.com/nothing"}, "'1-2-0/alice@example.com/nothing'"),
    ("test", {"user": PHONES.user, "destination": "x"}, "'destination'"),
    ("service", {"user": PHONES.user, "kind": "telepathy"}, "kind"),
    ("service", {"user": PHONES.user, "api_version": "3.0"}, "api_version"),
    ("service", {"user": PHONES.user, "first_page": "javascript:alert(1)"}, "first_page"),
    ("service", {"user": PHONES.user, "final_page": "ftp://x"}, "final_page"),
    ("service", {"user": PHONES.user, "calls_per_second": "fast"}, "calls_per_second"),
    ("service", {"user": PHONES.user, "calls_per_second": "nan"}, "calls_per_second"),
    ("service", {"user": PHONES.user, "calls_per_second": "-1"}, "calls_per_second"),
    ("service", {"user": PHONES.user, "far_end_classification": "maybe"}, "far_end_classification"),
    ("service", {"user": PHONES.user, "password": "x"}, "'password'"),
    ("purge", {}, "user is missing"),
    ("advance", {}, "seconds"),
    ("advance", {"seconds": "-1"}, "seconds"),
    ("advance", {"seconds": "inf"}, "seconds"),
    ("advance", {"seconds": "1e18"}, "seconds"),
    ("reset", {"everything": "yes"}, "'everything'"),
    ("next", {}, "outcome"),
    ("next", {"outcome": "a-miracle"}, "a-miracle"),
]


@pytest.mark.parametrize(("name", "fields", "named"), BAD, ids=lambda item: str(item)[-40:])
def test_a_bad_field_is_refused_by_name(
    sandbox: Sandbox, name: str, fields: dict[str, str], named: str
) -> None:
    before = state(sandbox)
    status, code, text = refusal(ask(sandbox, "POST", f"/sandbox/{name}", **fields))

    assert (status, code) == (400, "HTTP 400")
    assert named in text
    assert state(sandbox) == before


@pytest.mark.parametrize("path", [*CHANGE, "/sandbox/next"])
def test_a_body_that_is_no_form_is_refused_and_changes_nothing(sandbox: Sandbox, path: str) -> None:
    start(sandbox, Call("sip:bob@example.com"))
    before = sandbox.snapshot()
    asked = read_request("POST", path, None, "application/json", b'{"seconds": 5}')

    status, _, text = refusal(answer(sandbox, asked))

    assert status == 400
    assert "the body is 'application/json', expected a form" in text
    assert sandbox.snapshot() == before
    assert sandbox.waiting == []


def test_a_field_that_comes_twice_is_refused(sandbox: Sandbox) -> None:
    twice = ("user", PHONES.user), ("user", ROOMS.user)

    assert refusal(ask(sandbox, "POST", "/sandbox/purge", *twice))[:2] == (400, "0003")
