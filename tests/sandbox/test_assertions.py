"""`assert_started` and `assert_started_at_most_once`."""

from __future__ import annotations

from typing import Any

import pytest

from aculab_wrappers import Call, InvalidInputError, OutboundClient, RejectedError
from aculab_wrappers.sandbox import DEFAULT_SERVICES, Sandbox

WHO = ("1-2-0", "user@example.com", "MyOutboundService")
CALLER = "441908283801"


@pytest.fixture
def cloud() -> Sandbox:
    return Sandbox(seed=1)


def start(cloud: Sandbox, *calls: Call, password: str = "MyOutboundServicePassword") -> None:
    OutboundClient(*WHO, password, transport=cloud).start(calls)


def message(cloud: Sandbox, *args: Any, **members: Any) -> list[str]:
    with pytest.raises(AssertionError) as caught:
        cloud.assert_started(*args, **members)
    return str(caught.value).splitlines()


def test_without_a_count_one_is_enough_and_all_are_returned(cloud: Sandbox) -> None:
    start(cloud, Call("sip:a@b"), Call("sip:c@d"))
    assert [call.to for call in cloud.assert_started()] == ["sip:a@b", "sip:c@d"]
    assert [call.to for call in cloud.assert_started(to="sip:c@d")] == ["sip:c@d"]


def test_a_count_is_exact(cloud: Sandbox) -> None:
    start(cloud, Call("sip:a@b"), Call("sip:a@b"))
    assert cloud.assert_started(2) == cloud.instances
    for wrong in (0, 1, 3):
        assert message(cloud, wrong)[0].endswith("found 2")
    assert cloud.assert_started(0, to="sip:c@d") == []


def test_nothing_started_is_not_one_or_more(cloud: Sandbox) -> None:
    assert message(cloud) == [
        "expected at least 1 started call, found 0",
        "Started: nothing.",
        "Refused: nothing.",
    ]


@pytest.mark.parametrize(
    ("member", "other"),
    [
        ({"to": "441908283800"}, {"to": "441908283802"}),
        ({"from_": CALLER}, {"from_": "441908283802"}),
        ({"token": "mine"}, {"token": "min"}),
        ({"outbound_parameters": "more"}, {"outbound_parameters": "+more"}),
    ],
)
def test_each_member_counts(cloud: Sandbox, member: dict[str, str], other: dict[str, str]) -> None:
    start(cloud, Call("441908283800", CALLER, token="mine", outbound_parameters="more"))
    assert len(cloud.assert_started(1, **member)) == 1
    [name], [text] = other, other.values()
    expected = f"expected 1 started call with {name}={text!r}, found 0"
    assert message(cloud, 1, **other)[0] == expected


def test_all_given_members_must_fit_one_call(cloud: Sandbox) -> None:
    start(cloud, Call("sip:a@b", token="1"), Call("sip:c@d", token="2"))
    cloud.assert_started(1, to="sip:a@b", token="1")
    cloud.assert_started(0, to="sip:a@b", token="2")


def test_a_member_that_was_not_given_is_not_an_empty_one(cloud: Sandbox) -> None:
    start(cloud, Call("sip:a@b"))
    cloud.assert_started(0, token="")
    cloud.assert_started(0, from_="")


@pytest.mark.parametrize(
    "other", ["+441908283800", "tel:441908283800", "TEL:+44-1908-283800", "44-1908-283800"]
)
def test_one_telephone_number_is_written_in_several_ways(cloud: Sandbox, other: str) -> None:
    start(cloud, Call("441908283800", CALLER))
    cloud.assert_started(1, to=other)
    cloud.assert_started(1, from_=other[:-1] + "1")
    start(cloud, Call(other, CALLER))
    with pytest.raises(AssertionError, match="'441908283800' 2 times"):
        cloud.assert_started_at_most_once()


def test_what_is_no_number_keeps_its_dashes(cloud: Sandbox) -> None:
    start(cloud, Call("sip:44-1@b"))
    cloud.assert_started(1, to="44-1@b")
    cloud.assert_started(0, to="sip:441@b")


def test_at_most_once(cloud: Sandbox) -> None:
    cloud.assert_started_at_most_once()
    start(cloud, Call("sip:a@b"), Call("sip:c@d"))
    cloud.assert_started_at_most_once()
    start(cloud, Call("sip:c@d"))
    cloud.assert_started_at_most_once(to="sip:a@b")
    cloud.assert_started_at_most_once(to="sip:never@b")
    for to in (None, "sip:c@d"):
        with pytest.raises(AssertionError) as caught:
            cloud.assert_started_at_most_once(to=to)
        assert str(caught.value).splitlines()[0] == (
            "expected no destination to be started more than once, but started were: "
            "'sip:c@d' 2 times"
        )


def test_a_failure_tells_what_was_started_and_what_was_refused(cloud: Sandbox) -> None:
    start(cloud, Call("sip:a@b", token="mine"))
    with pytest.raises(RejectedError):
        start(cloud, Call("441908283800"))
    with pytest.raises(RejectedError):
        start(cloud, Call("sip:a@b"), password="canary")
    text = "\n".join(message(cloud, 2))
    assert "Started: 1 call:\n  to='sip:a@b', token='mine': QUEUED, by 1-2-0/user@" in text
    assert "Refused: 2 requests:\n  POST /service_start by 1-2-0/user@example.com/" in text
    assert "answered 400, error 0001\n      Mandatory parameter missing: outbound_p" in text
    assert "answered 401\n      Unauthorized" in text
    assert "canary" not in text
    assert DEFAULT_SERVICES[0].password not in text


def test_a_failure_is_not_endless(cloud: Sandbox) -> None:
    start(cloud, *(Call(f"sip:{n}@b", token="x" * 1000) for n in range(1000)))
    lines = message(cloud, 1)
    assert lines[1] == "Started: 1000 calls, the last 20 of them:"
    assert [line.split("'")[1] for line in lines[2:22]] == [f"sip:{n}@b" for n in range(980, 1000)]
    assert len("\n".join(lines)) < 5000
    start(cloud, *(Call(f"sip:{n}@b") for n in range(1000)))
    with pytest.raises(AssertionError, match="and 980 more"):
        cloud.assert_started_at_most_once()


def test_asserting_does_not_count_as_looking_at_refusals(cloud: Sandbox) -> None:
    with pytest.raises(RejectedError):
        start(cloud, Call("sip:a@b"), password="canary")
    cloud.assert_started(0)
    cloud.assert_started_at_most_once()
    message(cloud, 1)
    assert len(cloud.unseen_refusals()) == 1


@pytest.mark.parametrize("count", [-1, 1.0, "1", True])
def test_a_count_that_is_none(cloud: Sandbox, count: Any) -> None:
    with pytest.raises(InvalidInputError, match="count must be"):
        cloud.assert_started(count)


@pytest.mark.parametrize("name", ["to", "from_", "token", "outbound_parameters"])
def test_a_member_that_is_no_text(cloud: Sandbox, name: str) -> None:
    wrong: dict[str, Any] = {name: 441908283800}
    with pytest.raises(InvalidInputError, match=f"{name} must be a str or None, not int"):
        cloud.assert_started(**wrong)
    if name == "to":
        with pytest.raises(InvalidInputError, match="to must be a str"):
            cloud.assert_started_at_most_once(**wrong)
