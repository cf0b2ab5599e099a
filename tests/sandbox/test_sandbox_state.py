"""A sandbox's state kept as JSON, and put back; junk is refused whole."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aculab_wrappers import Call, InvalidInputError, OutboundClient
from aculab_wrappers.sandbox import Sandbox, Service

PHONES = Service("alice@example.com", "phones", "pw")


def client(sandbox: Sandbox) -> OutboundClient:
    return OutboundClient("1-2-0", "alice@example.com", "phones", "pw", transport=sandbox)


def test_a_snapshot_goes_through_json_into_another_sandbox() -> None:
    first = Sandbox([PHONES], seed=3)
    started = client(first).start([Call("a@b", token="ü"), Call("room")])
    client(first).status(started)
    kept = json.loads(json.dumps(first.snapshot()))

    second = Sandbox([PHONES], seed=3)
    second.restore(kept)
    assert (second.accepted, second.now) == (2, first.now)
    assert second.instances == first.instances
    assert second.snapshot() == first.snapshot()
    [more] = client(second).start(Call("c@d"))
    assert more.id not in {one.id for one in started}
    ended = client(second).wait(started, timeout=30, poll=0.001)
    assert [one.status for one in ended] == ["COMPLETED", "COULDNOTRUN"]


def test_real_time_has_passed_since_a_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Sandbox([PHONES], time="real")
    client(first).start(Call("a@b"))
    kept = first.snapshot()
    later = time.time() + 3600
    monkeypatch.setattr("aculab_wrappers.sandbox.clock.wall_clock", lambda: later)
    second = Sandbox([PHONES], time="real")
    second.restore(kept)

    assert second.instances[0].status == "COMPLETED"


def _without(*path: str | int, put: object = None) -> Any:
    """A sound snapshot with one part replaced."""
    sandbox = Sandbox([PHONES], seed=1)
    client(sandbox).start([Call("a@b"), Call("c@d")])
    state: Any = sandbox.snapshot()
    part = state
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = put
    return state


@pytest.mark.parametrize(
    ("junk", "says"),
    [
        (None, "it must be a dict"),
        ([], "it must be a dict"),
        ({}, "version must be 2"),
        (_without("now"), "now must be a number"),
        (_without("now", put=True), "now must be a number"),
        (_without("now", put=float("nan")), "outside the years"),
        (_without("now", put=-1), "outside the years"),
        (_without("now", put=10**400), "outside the years"),
        (_without("accepted", put=1), "accepted is less"),
        (_without("accepted", put=2.0), "accepted must be int"),
        (_without("instances"), "instances must be list"),
        (_without("instances", put=[0] * 100_001), "holds more than"),
        (_without("instances", 0, put=5), r"instances\[0\] must be a dict"),
        (_without("instances", 0, "id"), r"instances\[0\].id must be str"),
        (_without("instances", 1, "id", put=_without("version")["instances"][0]["id"]), "twice"),
        (_without("instances", 0, "call"), "call must be dict"),
        (_without("instances", 0, "call", "to"), "call.to must be str"),
        (_without("instances", 0, "call", "token", put=5), "call.token must be str"),
        (_without("instances", 0, "number", put=1), "number twice"),
        (_without("instances", 0, "status", put="LOST"), "status must be one of QUEUED, RUNNING"),
        (_without("instances", 0, "word", put="lucky"), "word must be one of answered"),
        (_without("instances", 0, "step", put="fly"), "step must be one of dial"),
        (_without("instances", 0, "step", put="ring"), "due does not fit the step 'ring'"),
        (_without("instances", 0, "due", put=5), "due does not fit the step 'dial'"),
        (_without("instances", 0, "ended_at", put=5), "ended_at does not fit the step 'dial'"),
        (_without("instances", 0, "status", put="RUNNING"), "status does not fit the step 'dial'"),
        (_without("instances", 0, "timeline", put=[]), "timeline must not be empty"),
        (_without("instances", 0, "timeline", put=[["now", "x"]]), "time must be a number"),
        (
            _without("instances", 0, "timeline", put=[[1]]),
            "must be a time and a text",
        ),
        (_without("free_at"), "free_at must be dict"),
        (_without("free_at", put={"x": "soon"}), "free_at.x must be a number"),
    ],
)
def test_a_junk_snapshot_changes_nothing(junk: Any, says: str) -> None:
    sandbox = Sandbox([PHONES])
    client(sandbox).start(Call("a@b"))
    before = sandbox.snapshot()
    with pytest.raises(InvalidInputError, match=says):
        sandbox.restore(junk)
    assert sandbox.snapshot() == before


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(["now", "accepted", "free_at", "instances"]), _JSON)
def test_any_snapshot_is_restored_or_refused(name: str, junk: Any) -> None:
    sandbox = Sandbox([PHONES])
    try:
        sandbox.restore(_without(name, put=junk))
    except InvalidInputError:
        return
    assert len(sandbox.instances) <= sandbox.accepted


def test_the_pace_goes_on_where_it_was() -> None:
    first = Sandbox([PHONES], time="manual", calls_per_second=0.1)
    client(first).start([Call("a@b"), Call("c@d")])
    first.advance(2)
    second = Sandbox([PHONES], time="manual", calls_per_second=0.1)
    second.restore(json.loads(json.dumps(first.snapshot())))
    second.advance(8)
    assert second.queue_lengths() == {PHONES.user: 1}
    second.advance(1)

    assert second.queue_lengths() == {PHONES.user: 0}


def test_a_call_whose_page_was_being_requested_ends_rather_than_asking_twice() -> None:
    sandbox = Sandbox([PHONES.with_(first_page="http://127.0.0.1:9/")], time="manual")
    client(sandbox).start(Call("a@b"))
    with sandbox._at_now() as cloud:
        cloud.move_to(cloud.now + 2)
        assert [page.page for page in cloud.take_pages()] == ["First Page"]  # and nobody asks
    second = Sandbox([PHONES], time="manual")
    second.restore(sandbox.snapshot())

    [instance] = second.instances
    assert instance.status == "COULDNOTRUN"
    assert instance.status_detail == "the sandbox ended while the First Page was requested"
    assert instance.ended_at == second.now
