"""The Python wrapper, and the drop-in module that old code imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import web_services

from aculab_wrappers import (
    InvalidInputError,
    NotSentError,
    RejectedError,
    StartedMismatchError,
    python,
)
from aculab_wrappers.python import OutboundCalls, invoke_outbound_service

if TYPE_CHECKING:
    from .conftest import ScriptedCloud


def invoke(calls: Any) -> list[str]:
    return invoke_outbound_service(
        target="1-2-0",
        username="bob@acompany.com",
        service_name="svc",
        service_password="password",
        outbound_calls=calls,
    )


def test_the_drop_in_is_the_wrapper() -> None:
    assert web_services.invoke_outbound_service is python.invoke_outbound_service
    assert web_services.OutboundCalls is python.OutboundCalls
    assert web_services.__all__ == python.__all__ == ["OutboundCalls", "invoke_outbound_service"]


def test_one_call_is_started(cloud: ScriptedCloud) -> None:
    calls = OutboundCalls(
        call_to="441908273800",
        call_from="441908273801",
        token="my token info",
        outbound_parameters="some additional data",
    )
    cloud.answers_with(["id-1"])

    assert invoke(calls) == ["id-1"]

    assert cloud.users == ["1-2-0/bob@acompany.com/svc:password"]
    assert cloud.asked == [
        (
            "/service_start",
            {
                "to": "441908273800",
                "from": "441908273801",
                "token": "my token info",
                "outbound_parameters": "some additional data",
            },
        )
    ]


def test_added_calls_follow_in_order(cloud: ScriptedCloud) -> None:
    calls = OutboundCalls("a")
    calls.add_call("b", token="t")
    calls.add_call("c", "d", "e", "f")
    cloud.answers_with(["1", "2", "3"])

    assert invoke(calls) == ["1", "2", "3"]
    assert cloud.asked == [("/service_start", calls.get_calls())]
    assert calls.get_calls() == [
        {"to": "a"},
        {"to": "b", "token": "t"},
        {"to": "c", "from": "d", "token": "e", "outbound_parameters": "f"},
    ]


def test_get_calls_gives_copies() -> None:
    calls = OutboundCalls("a")

    calls.get_calls()[0]["to"] = "b"
    calls.get_calls().clear()

    assert calls.get_calls() == [{"to": "a"}]


@pytest.mark.parametrize("to", ["", None, 5, "x\n"])
def test_a_bad_destination_is_refused_and_not_added(to: Any) -> None:
    calls = OutboundCalls("a")

    with pytest.raises(InvalidInputError, match="^to "):
        calls.add_call(to)
    with pytest.raises(InvalidInputError, match="^to "):
        OutboundCalls(to)

    assert calls.get_calls() == [{"to": "a"}]


@pytest.mark.parametrize("calls", [None, [], "441908273800", [{"to": "a"}], OutboundCalls])
def test_what_is_no_outbound_calls_is_refused(cloud: ScriptedCloud, calls: Any) -> None:
    with pytest.raises(InvalidInputError, match="^outbound_calls must be an OutboundCalls"):
        invoke(calls)

    assert cloud.asked == []


def test_failures_are_exceptions(cloud: ScriptedCloud) -> None:
    cloud.answers_with(b"", 401)
    with pytest.raises(RejectedError):
        invoke(OutboundCalls("a"))

    cloud.answers_with(["1", "2"])
    with pytest.raises(StartedMismatchError) as caught:
        invoke(OutboundCalls("a"))
    assert [item.id for item in caught.value.invocations] == ["1", "2"]


def test_a_dead_cloud_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACULAB_BASE_URL", "http://127.0.0.1:1")

    with pytest.raises(NotSentError, match="connection refused"):
        invoke(OutboundCalls("a"))


@pytest.mark.parametrize("member", ["calls", "Token", "addCall"])
def test_a_misspelt_member_is_an_attribute_error(member: str) -> None:
    with pytest.raises(AttributeError):
        setattr(OutboundCalls("a"), member, "t")
