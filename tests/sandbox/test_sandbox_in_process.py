"""`Sandbox` without a socket: as a transport, its clock, its records, its state."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aculab_wrappers.sandbox
from aculab_wrappers import Call, InvalidInputError, OutboundClient, RejectedError
from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.http import HttpRequest
from aculab_wrappers.sandbox import DEFAULT_SERVICES, Instance, Sandbox, Service
from aculab_wrappers.sandbox.clock import FIRST_MOMENT
from aculab_wrappers.sandbox.journal import MOST_REQUESTS, MOST_TEXT
from aculab_wrappers.sandbox.requests import MOST_FIELDS

PASSWORD = "correct horse"
PHONES = Service("alice@example.com", "phones", PASSWORD)
ROOMS = Service("alice@example.com", "rooms", PASSWORD, "conference")


def client(sandbox: Sandbox, service: Service = PHONES) -> OutboundClient:
    return OutboundClient(
        service.cloud_id, service.username, service.name, service.password, transport=sandbox
    )


def test_a_client_starts_and_waits_in_process() -> None:
    sandbox = Sandbox([PHONES])
    started = client(sandbox).start([Call("44-1", "44-2", token="t"), Call("myConference")])
    ended = client(sandbox).wait(started, timeout=30, poll=0.001)

    assert [one.status for one in ended] == ["COMPLETED", "COULDNOTRUN"]
    first, second = sandbox.instances
    assert first == Instance(
        id=started[0].id,
        service="1-2-0/alice@example.com/phones",
        to="44-1",
        from_="44-2",
        token="t",
        outbound_parameters=None,
        status="COMPLETED",
        status_detail="0",
        application_instance_id=ended[0].application_instance_id,
        started_at=FIRST_MOMENT,
        ended_at=FIRST_MOMENT + 3,
        call_cause="completed",
        call_raw_cause="",
        far_end="",
        timeline=(
            (FIRST_MOMENT, "queued"),
            (FIRST_MOMENT + 1, "dialled"),
            (FIRST_MOMENT + 2, "answered"),
            (FIRST_MOMENT + 2, "the application runs; its service has no First Page"),
            (FIRST_MOMENT + 3, "completed, return code 0"),
        ),
    )
    assert (second.to, second.from_, second.token) == ("myConference", None, None)
    assert (second.status, second.status_detail) == ("COULDNOTRUN", ended[1].status_detail)
    assert (second.application_instance_id, second.call_cause) == ("", "")


# What Call takes: any text without lone surrogates, and in addresses without control characters
# and controls of writing direction.
_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]))
_ADDRESS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]))
_SOME = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])))
_CALLS = st.builds(
    Call,
    _ADDRESS.filter(bool),
    st.one_of(st.none(), _ADDRESS),
    token=_SOME,
    outbound_parameters=_SOME,
)


@given(st.lists(_CALLS, min_size=1, max_size=5), _TEXT.filter(bool))
def test_what_the_core_builds_the_cloud_reads_back_equal(calls: list[Call], password: str) -> None:
    # A conference service: it takes any destination, and asks for no caller id.
    service = Service("zoë@example.com", "größe", password, "conference")
    sandbox = Sandbox([service])
    invocations = client(sandbox, service).start(calls)

    assert [
        (one.id, one.to, one.from_, one.token, one.outbound_parameters) for one in sandbox.instances
    ] == [
        (one.id, call.to, call.from_ or None, call.token, call.outbound_parameters)
        for one, call in zip(invocations, calls, strict=True)
    ]
    wire = [call.to_wire() for call in calls]
    assert sandbox.received[0].calls == (wire if len(wire) > 1 else wire[0])


def test_a_refusal_reaches_the_client_with_its_code() -> None:
    with pytest.raises(RejectedError) as caught:
        client(Sandbox([PHONES])).start(Call("441908273800"))

    assert caught.value.code == "0001"
    assert "telephone number" in str(caught.value)


@pytest.mark.parametrize("service", DEFAULT_SERVICES, ids=repr)
def test_the_default_sandbox_knows_what_the_samples_name(service: Service) -> None:
    to = "myConference" if service.kind == "conference" else "sip:bob@acompany.com"
    sandbox = Sandbox()
    [started] = client(sandbox, service).start(Call(to))
    [ended] = client(sandbox, service).wait(started, timeout=30, poll=0.001)

    assert (ended.status, sandbox.accepted) == ("COMPLETED", 1)


def test_more_parameters_than_it_reads_are_refused() -> None:
    sandbox = Sandbox([PHONES])
    credentials = Credentials("1-2-0", "alice@example.com", "phones", PASSWORD)
    response = sandbox.send(HttpRequest("/service_start", (("x", "y"),) * 1001, credentials))

    assert response.status == 400
    assert sandbox.received[0].code == "HTTP 400"


def test_requests_are_remembered_without_their_passwords() -> None:
    sandbox = Sandbox([PHONES])
    client(sandbox).start(Call("a@b"))
    with pytest.raises(RejectedError):
        client(sandbox, Service("eve@example.com", "phones", "guess")).start(Call("c@d"))

    first, second = sandbox.received
    assert (first.method, first.path, first.status, first.code) == (
        "POST",
        "/service_start",
        200,
        "",
    )
    assert first.user == PHONES.user
    assert first.parameters == (("outbound_parameters", '{"to":"a@b"}'),)
    assert first.calls == {"to": "a@b"}
    assert (second.user, second.status, second.code) == (
        "1-2-0/eve@example.com/phones",
        401,
        "HTTP 401",
    )
    assert PASSWORD not in repr(sandbox.received)
    assert "guess" not in repr(sandbox.received)


def test_a_request_without_readable_calls_has_none() -> None:
    sandbox = Sandbox([PHONES])
    credentials = Credentials("1-2-0", "alice@example.com", "phones", PASSWORD)
    for form in ((), (("rest_calls", "junk"),)):
        sandbox.send(HttpRequest("/service_start", form, credentials))

    assert [one.calls for one in sandbox.received] == [None, None]


def test_the_memory_of_requests_is_bounded() -> None:
    sandbox = Sandbox([PHONES])
    credentials = Credentials("1-2-0", "alice@example.com", "phones", PASSWORD)
    for index in range(MOST_REQUESTS + 5):
        sandbox.send(HttpRequest(f"/{index}", (), credentials))
    assert [sandbox.received[0].path, len(sandbox.received)] == ["/5", MOST_REQUESTS]

    many = HttpRequest("/many", tuple((f"{n}", "") for n in range(MOST_FIELDS)), credentials)
    for _ in range(MOST_REQUESTS // 3):
        sandbox.send(many)
    assert 100 < len(sandbox.received) < 300

    huge = HttpRequest("/huge", (("x", "y" * (MOST_TEXT + 1)),), credentials)
    sandbox.send(huge)
    assert [one.path for one in sandbox.received] == ["/huge"]
    sandbox.send(HttpRequest("/next", (), credentials))
    assert [one.path for one in sandbox.received] == ["/next"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("u", "n", "p", "video"), "kind must be"),
        (("u/v", "n", "p"), "username"),
        (("u", "n:m", "p"), "service_name"),
        (("u", "n", "p\n"), "service_password"),
        ((1, "n", "p"), "username must be a str"),
    ],
)
def test_a_service_that_cannot_be(arguments: Any, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        Service(*arguments)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"services": PHONES}, "iterable of Service"),
        ({"services": []}, "services is empty"),
        ({"services": ["x"]}, "must hold Service objects, not str"),
        (
            {"services": [PHONES, Service("alice@example.com", "phones", "x", "conference")]},
            "1-2-0/alice@example.com/phones twice",
        ),
        ({"time": "fast"}, "time must be"),
        ({"seed": 1.5}, "seed must be an int"),
        ({"seed": True}, "seed must be an int"),
        ({"port": 65_536}, "port must be"),
        ({"port": "80"}, "port must be"),
    ],
)
def test_a_sandbox_that_cannot_be(arguments: Any, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        Sandbox(**arguments)


def test_manual_time_moves_by_advance_alone() -> None:
    sandbox = Sandbox([PHONES], time="manual")
    [started] = client(sandbox).start(Call("a@b"))
    seen = []
    for _ in range(31):
        client(sandbox).status(started)
        seen.append(sandbox.instances[0].status)
        sandbox.advance(0.1)

    assert seen == ["QUEUED"] * 10 + ["RUNNING"] * 20 + ["COMPLETED"]


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 10**400, "1", True, None])
def test_the_clock_goes_forward_by_numbers(seconds: Any) -> None:
    sandbox = Sandbox([PHONES])
    before = sandbox.now
    with pytest.raises(InvalidInputError, match="seconds must be"):
        sandbox.advance(seconds)
    assert sandbox.now == before


def test_the_clock_ends_with_the_year_9999() -> None:
    sandbox = Sandbox([PHONES])
    sandbox.advance(251_666_610_400)
    with pytest.raises(InvalidInputError, match="1970 to 9999"):
        sandbox.advance(1)
    [started] = client(sandbox).start(Call("a@b"))
    assert client(sandbox).status(started)[0].status == "QUEUED"
    sandbox.restore(sandbox.snapshot())


def test_real_time_passes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [50.0]
    monkeypatch.setattr("aculab_wrappers.sandbox.clock.monotonic", lambda: passed[0])
    sandbox = Sandbox([PHONES], time="real")
    began = sandbox.now
    assert abs(began - time.time()) < 60
    [started] = client(sandbox).start(Call("a@b"))
    words = []
    for _ in range(4):
        words.append(client(sandbox).status(started)[0].status)
        passed[0] += 1
    sandbox.advance(10)
    passed[0] -= 5  # a clock that goes back is not followed

    assert words == ["QUEUED", "RUNNING", "RUNNING", "COMPLETED"]
    assert sandbox.now == pytest.approx(began + 14)
    passed[0] += 6
    assert sandbox.now == pytest.approx(began + 15)


def test_importing_the_sandbox_needs_neither_werkzeug_nor_requests() -> None:
    program = (
        "import sys; import aculab_wrappers.sandbox as s; s.Sandbox().snapshot(); "
        "print([n for n in ('werkzeug', 'requests', 'http.server') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_only_the_shells_may_touch_the_world() -> None:
    banned = {"http", "logging", "os", "random", "requests", "secrets", "socket", "time"}
    folder = Path(aculab_wrappers.sandbox.__file__).parent
    shells = {
        "address.py",
        "app.py",
        "clock.py",
        "config.py",
        "in_process.py",
        "live.py",
        "pager.py",
        "sandbox.py",
        "server.py",
        "tls.py",
    }
    pure = {path for path in folder.glob("*.py") if path.name not in shells}
    assert {folder / "cloud.py", folder / "guard.py"} <= pure
    for path in pure:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            assert not banned & {name.partition(".")[0] for name in names}, path
