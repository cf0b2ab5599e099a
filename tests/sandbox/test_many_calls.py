"""Thousands of calls: the work, which is counted and not timed, grows with their number alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Account, Sandbox, Service
from aculab_wrappers.sandbox.admin import answer
from aculab_wrappers.sandbox.requests import read_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from aculab_wrappers import Invocation

FEW, MANY, BATCH = 300, 1_500, 5
SERVICES = [Service("alice@example.com", name, "pw") for name in ("one", "two", "three")]


def work(do: Callable[..., object], *arguments: object) -> int:
    """How many lines run while this is done; each turn of a loop is one or more."""
    lines = 0

    def trace(_frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal lines
        lines += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        do(*arguments)
    finally:
        sys.settrace(before)
    return lines


class Filled:
    """A sandbox in which so many calls are queued, by three services of one account."""

    def __init__(self, count: int, **arguments: Any) -> None:
        self.cloud = Sandbox(SERVICES, time="manual", seed=1, **arguments)
        self.count = count
        self.started: dict[str, list[Invocation]] = {}
        for service in SERVICES:
            ids = self.started.setdefault(service.name, [])
            for _ in range(0, count // 3, BATCH):
                ids += self.client(service).start([Call("sip:bob@example.com")] * BATCH)

    def client(self, service: Service) -> OutboundClient:
        return OutboundClient("1-2-0", service.username, service.name, "pw", transport=self.cloud)

    def advance(self) -> None:
        self.cloud.advance(self.count + 10)

    def advance_by_seconds(self) -> None:
        for _ in range(self.count + 10):
            self.cloud.advance(1)

    def ask(self) -> None:
        for service in SERVICES:
            self.client(service).status(self.started[service.name])

    def list(self) -> None:
        assert len(self.cloud.instances) == self.cloud.accepted

    def show(self) -> None:
        assert answer(self.cloud, read_request("GET", "/sandbox/state", None)).status == 200


@pytest.mark.parametrize("do", [Filled.advance, Filled.advance_by_seconds, Filled.ask, Filled.list])
def test_the_work_grows_with_their_number_and_no_faster(do: Callable[[Filled], None]) -> None:
    few, many = Filled(FEW), Filled(MANY)

    ratio = work(do, many) / work(do, few)

    assert MANY / FEW * 0.5 < ratio < MANY / FEW * 1.5


def test_live_calls_advance_and_are_asked_for_in_linear_work() -> None:
    few, many = (Filled(count, calls_per_second=float("inf")) for count in (FEW, MANY))
    for filled in (few, many):
        filled.cloud.advance(1)
        assert filled.cloud.counts["RUNNING"] == filled.cloud.accepted == filled.count

    for do in (Filled.ask, Filled.advance):
        ratio = work(do, many) / work(do, few)
        assert ratio < MANY / FEW * 1.5
    assert many.cloud.counts["COMPLETED"] == many.cloud.accepted


def test_to_start_one_more_or_show_the_page_is_the_same_work_however_many_there_are() -> None:
    few, many = Filled(FEW), Filled(MANY)
    one = Call("sip:bob@example.com")

    # But that they are counted by status.
    assert work(many.show) - work(few.show) <= (MANY - FEW) * 3
    started = [work(at.client(SERVICES[0]).start, one) for at in (few, many)]
    assert started[1] < started[0] * 1.1


def test_ten_thousand_queued_calls_leave_in_order_at_their_pace() -> None:
    account = Account("alice@example.com", calls_per_second=100)
    cloud = Sandbox(SERVICES[:1], accounts=[account], time="manual", seed=1)
    client = OutboundClient("1-2-0", "alice@example.com", "one", "pw", transport=cloud)
    client.start([Call(f"sip:{number}@example.com") for number in range(10_000)])
    began = cloud.now

    cloud.advance(51)
    assert (cloud.queue_lengths()[SERVICES[0].user], cloud.counts["QUEUED"]) == (4_999, 4_999)
    cloud.advance(60)

    calls = cloud.instances
    assert {call.status for call in calls} == {"COMPLETED"}
    dialled = [when - began for call in calls for when, what in call.timeline if what == "dialled"]
    assert dialled == [pytest.approx(1 + number / 100) for number in range(10_000)]
