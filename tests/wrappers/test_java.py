"""The Java wrapper: the members of the page, and what the page leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    InvalidInputError,
    RejectedError,
    StartedMismatchError,
    StatusError,
    WrongOverloadError,
    csharp,
    java,
)
from aculab_wrappers.java import (
    ArrayList,
    OutboundCall,
    OutboundRESTAPIService,
    ServiceStatus,
)

if TYPE_CHECKING:
    from .conftest import ScriptedCloud


def service() -> OutboundRESTAPIService:
    return OutboundRESTAPIService("1-2-0", "bob@acompany.com", "svc", "password")


def test_the_public_names_are_the_pages_and_the_stand_in() -> None:
    assert java.__all__ == [
        "ArrayList",
        "OutboundCall",
        "OutboundRESTAPIService",
        "ServiceInvocation",
        "ServiceStatus",
    ]


def test_the_constructor_takes_the_pages_names(cloud: ScriptedCloud) -> None:
    cloud.answers_with(["id"])

    OutboundRESTAPIService(
        connection="1-2-0", cloudUsername="bob", serviceName="svc", servicePassword="password"
    ).start(OutboundCall("x"))

    assert cloud.users == ["1-2-0/bob/svc:password"]


def test_a_bad_cloud_id_is_refused_at_once() -> None:
    with pytest.raises(InvalidInputError, match="^cloud_id "):
        OutboundRESTAPIService("USA", "bob", "svc", "password")


def test_the_setters_of_a_call(cloud: ScriptedCloud) -> None:
    call = OutboundCall("441908273800", "441908273801")
    call.setToken("my token info")
    call.setOutboundParameters("some user data")
    cloud.answers_with(["id"])

    service().start(call)

    assert cloud.asked == [
        (
            "/service_start",
            {
                "to": "441908273800",
                "from": "441908273801",
                "token": "my token info",
                "outbound_parameters": "some user data",
            },
        )
    ]


def test_bad_text_is_refused_where_it_is_set() -> None:
    call = OutboundCall("x", None)

    with pytest.raises(InvalidInputError, match="^token must be a str, not int"):
        call.setToken(5)  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(InvalidInputError, match="^outbound_parameters holds a lone surrogate"):
        call.setOutboundParameters("\ud800")


@pytest.mark.parametrize("arguments", [(), (441908273800,), ("a", 5), ("a", "b", "c")])
def test_a_wrong_call_lists_the_documented_constructors(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match=r"OutboundCall\(String to, String from\)"):
        OutboundCall(*arguments)


def test_several_calls_are_one_request(cloud: ScriptedCloud) -> None:
    calls = ArrayList[OutboundCall](3)
    assert calls.add(OutboundCall("a")) is True
    calls.add(OutboundCall("b"))
    calls[0].setToken("0")
    calls.get(1).setToken("1")
    cloud.answers_with(["id-a", "id-b"])

    started = service().start(calls)

    assert cloud.asked == [
        ("/service_start", [{"to": "a", "token": "0"}, {"to": "b", "token": "1"}])
    ]
    assert isinstance(started, ArrayList)
    assert started.size() == 2
    assert "id-b" in repr(started.get(1))


@pytest.mark.parametrize(
    "given", ["441908273800", 5, None, [5], {"to": "x"}, [csharp.OutboundCall("x")]]
)
def test_what_no_overload_of_start_takes_is_refused(cloud: ScriptedCloud, given: Any) -> None:
    with pytest.raises(WrongOverloadError):
        service().start(given)

    assert cloud.asked == []


def test_an_empty_list_is_refused(cloud: ScriptedCloud) -> None:
    with pytest.raises(InvalidInputError, match="empty"):
        service().start(ArrayList[OutboundCall]())

    assert cloud.asked == []


def test_the_news_come_into_the_objects_that_start_returned(cloud: ScriptedCloud) -> None:
    made = service()
    cloud.answers_with(["a", "b"])
    cloud.answers_with(["c"])
    done, failed = made.start([OutboundCall("x"), OutboundCall("y")])
    [odd] = made.start(OutboundCall("z"))
    assert (done.getStatus(), done.isFinished()) == (ServiceStatus.QUEUED, False)
    assert (done.getReturnText(), done.getApplicationInstanceId()) == ("", "")
    cloud.answers_with(
        {
            "a": {
                "status": "COMPLETED",
                "status_detail": "42",
                "application_instance_id": "app-1",
            },
            "b": {"status": "COULDNOTRUN", "status_detail": "no route"},
            "c": {"status": "PAUSED"},
        }
    )

    assert list(made.updateStatus()) == [done, failed, odd]

    assert (done.getStatus(), done.isFinished()) == (ServiceStatus.COMPLETED, True)
    assert (done.getReturnText(), done.getApplicationInstanceId()) == ("42", "app-1")
    assert (failed.getStatus(), failed.getReturnText()) == (ServiceStatus.COULDNOTRUN, "no route")
    assert (odd.getStatus(), odd.isFinished()) == ("PAUSED", False)
    assert not made.isFinished()
    cloud.reports(c="COMPLETED")
    made.updateStatus()
    assert made.isFinished()
    made.updateStatus()
    assert [asked for _, asked in cloud.asked[2:]] == [["a", "b", "c"], ["c"]]


def test_nothing_started_is_finished_without_a_request(cloud: ScriptedCloud) -> None:
    made = service()

    assert made.isFinished()
    assert made.updateStatus() == []
    assert cloud.asked == []


def test_failures_are_exceptions(cloud: ScriptedCloud) -> None:
    made = service()
    cloud.answers_with(b"", 401)
    with pytest.raises(RejectedError):
        made.start(OutboundCall("x"))
    cloud.answers_with(["a", "b"])
    with pytest.raises(StartedMismatchError):
        made.start(OutboundCall("x"))
    cloud.answers_with(b"", 500)
    with pytest.raises(StatusError):
        made.updateStatus()
    cloud.reports(a="COMPLETED", b="COMPLETED")

    assert made.updateStatus().size() == 2


@pytest.mark.parametrize("member", ["token", "Token", "Start", "getReturnCode", "getToken"])
def test_what_the_page_does_not_document_is_an_attribute_error(member: str) -> None:
    for thing in (OutboundCall("x"), service()):
        with pytest.raises(AttributeError):
            setattr(thing, member, "t")
        with pytest.raises(AttributeError):
            getattr(thing, member)


def test_array_list_takes_a_capacity_or_a_collection() -> None:
    assert ArrayList() == ArrayList(3) == ArrayList[OutboundCall](initialCapacity=3) == []
    assert ArrayList(["a"]) == ArrayList(c=("a",)) == ["a"]
    for bad in (-1, True):
        with pytest.raises(InvalidInputError, match="^initialCapacity must be"):
            ArrayList(bad)


@pytest.mark.parametrize("index", [-1, 1])
def test_array_list_has_no_item_outside(index: int) -> None:
    with pytest.raises(IndexError, match=f"^Index {index} out of bounds for length 1$"):
        ArrayList(["a"]).get(index)


def test_news_that_came_before_a_failure_are_kept(cloud: ScriptedCloud) -> None:
    made = service()
    cloud.answers_with(["good", "bad"])
    calls = [OutboundCall("x"), OutboundCall("y")]
    good, bad = made.start(calls)
    cloud.answers_with(b"", 404)  # both: one of them may be to blame
    cloud.reports(good="RUNNING")
    cloud.answers_with(b"", 404)

    with pytest.raises(StatusError):
        made.updateStatus()

    assert (good.getStatus(), bad.getStatus()) == (ServiceStatus.RUNNING, ServiceStatus.QUEUED)
