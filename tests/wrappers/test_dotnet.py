"""The C# and the VB wrapper: the members of the page, and what the page leaves open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    InvalidInputError,
    RejectedError,
    StartedMismatchError,
    StatusError,
    UnknownOutcomeError,
    WrongOverloadError,
    csharp,
    vb,
)
from aculab_wrappers.csharp import (
    List,
    OutboundCall,
    OutboundRESTAPIService,
    PlatformAccount,
    Ref,
    ServiceStatus,
    WebServiceWrappers,
)

if TYPE_CHECKING:
    from .conftest import ScriptedCloud

NAMES = (
    "List OutboundCall OutboundRESTAPIService PlatformAccount Ref ServiceInvocation ServiceStatus"
)


def service() -> OutboundRESTAPIService:
    return OutboundRESTAPIService("1-2-0", "bob@acompany.com", "svc", "password")


@pytest.mark.parametrize("name", [*NAMES.split(), "WebServiceWrappers"])
def test_c_sharp_and_vb_are_the_same_classes_but_for_the_list(name: str) -> None:
    same = getattr(csharp, name) is getattr(vb, name)

    assert same != (name in ("List", "OutboundRESTAPIService"))
    assert issubclass(getattr(vb, name), getattr(csharp, name))


def test_the_public_names_are_the_pages_and_the_stand_ins() -> None:
    assert set(csharp.__all__) == {*NAMES.split(), "WebServiceWrappers"}
    assert set(vb.__all__) == {*csharp.__all__, "ByRef"}
    assert vb.ByRef is csharp.Ref


def test_both_constructors_authenticate_alike(cloud: ScriptedCloud) -> None:
    account = WebServiceWrappers.PlatformAccount("1-2-0", "bob@acompany.com")
    for made in (
        service(),
        OutboundRESTAPIService(account, "svc", "password"),
        OutboundRESTAPIService(account=account, serviceName="svc", servicePassword="password"),
    ):
        cloud.answers_with(["id"])
        made.Start(OutboundCall("x"))

    assert cloud.users == ["1-2-0/bob@acompany.com/svc:password"] * 3


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("1-2-0",),
        ("1-2-0", "bob", "svc"),
        ("1-2-0", "bob", "svc", "password", "more"),
        (PlatformAccount("1-2-0", "bob"), "svc"),
        (PlatformAccount("1-2-0", "bob"), "bob", "svc", "password"),
        ("1-2-0", "bob", "svc", None),
        (None, "svc", "password"),
    ],
)
def test_a_wrong_constructor_lists_the_documented_ones(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError) as caught:
        OutboundRESTAPIService(*arguments)

    text = str(caught.value)
    assert isinstance(caught.value, WrongOverloadError)
    assert "OutboundRESTAPIService(WebServiceWrappers.PlatformAccount account, " in text
    assert "OutboundRESTAPIService(String connection, String username, " in text
    assert "password" not in text.partition("Documented")[0]


def test_an_argument_given_twice_is_no_overload_either() -> None:
    with pytest.raises(TypeError, match=r"does not take \(str, str, str, connection=str\)"):
        OutboundRESTAPIService("1-2-0", "bob", "svc", connection="1-2-0")  # type: ignore[call-overload]  # the point


def test_what_a_service_cannot_send_is_refused_at_once() -> None:
    with pytest.raises(InvalidInputError, match="^cloud_id "):
        OutboundRESTAPIService("USA", "bob", "svc", "password")


def test_a_call_has_the_pages_two_constructors_and_two_members(cloud: ScriptedCloud) -> None:
    call = OutboundCall("441908273800", "441908273801")
    assert (call.Token, call.OutboundParameters) == (None, None)
    call.Token = "my token info"
    call.OutboundParameters = "some user data"
    cloud.answers_with(["id"])

    service().Start(call)

    assert (call.Token, call.OutboundParameters) == ("my token info", "some user data")
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


@pytest.mark.parametrize("arguments", [(), (441908273800,), ("a", 5), ("a", "b", "c"), (None,)])
def test_a_wrong_call_lists_the_documented_constructors(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match=r"OutboundCall\(String to, String from\)") as caught:
        OutboundCall(*arguments)

    assert isinstance(caught.value, InvalidInputError)


@pytest.mark.parametrize("to", ["", "x\n", "\ud800"])
def test_a_bad_destination_is_refused(to: str) -> None:
    with pytest.raises(InvalidInputError, match="^to "):
        OutboundCall(to)


def test_a_bad_token_is_refused_where_it_is_set() -> None:
    call = OutboundCall("x")

    with pytest.raises(InvalidInputError, match="^token must be a str, not int"):
        call.Token = 5  # type: ignore[assignment]  # the point of the test
    with pytest.raises(InvalidInputError, match="^outbound_parameters holds a lone surrogate"):
        call.OutboundParameters = "\ud800"


def test_null_takes_a_token_back(cloud: ScriptedCloud) -> None:
    call = OutboundCall("x", None)
    call.Token = "t"
    call.Token = None
    cloud.answers_with(["id"])

    service().Start(call)

    assert cloud.asked == [("/service_start", {"to": "x"})]


@pytest.mark.parametrize("member", ["Tokne", "token", "to", "finished"])
def test_a_misspelt_member_is_an_attribute_error(member: str) -> None:
    for thing in (OutboundCall("x"), service(), Ref[bool](), PlatformAccount("1-2-0", "bob")):
        with pytest.raises(AttributeError):
            setattr(thing, member, "t")
        with pytest.raises(AttributeError):
            getattr(thing, member)


def test_a_list_of_calls_is_one_request_in_order(cloud: ScriptedCloud) -> None:
    calls = List[OutboundCall](3)
    calls.Add(OutboundCall("a"))
    calls.Add(OutboundCall("b"))
    calls[1].Token = "t"
    cloud.answers_with(["id-a", "id-b"])

    started = service().Start(calls)

    assert cloud.asked == [("/service_start", [{"to": "a"}, {"to": "b", "token": "t"}])]
    assert started.Count == len(started) == 2
    assert isinstance(started, List)
    assert "id-a" in repr(started[0])


@pytest.mark.parametrize(
    "given",
    ["441908273800", 5, None, {"to": "x"}, b"x", [5], [OutboundCall("x"), "y"], ["x"]],
)
def test_what_no_overload_of_start_takes_is_refused(cloud: ScriptedCloud, given: Any) -> None:
    with pytest.raises(WrongOverloadError):
        service().Start(given)

    assert cloud.asked == []


def test_the_documented_overloads_of_start_are_listed() -> None:
    with pytest.raises(
        TypeError, match=r"Start\(OutboundCall call\).*\n.*Start\(List<OutboundCall>"
    ):
        service().Start()  # type: ignore[call-overload]  # the point of the test


def test_an_empty_list_is_refused(cloud: ScriptedCloud) -> None:
    with pytest.raises(InvalidInputError, match="empty"):
        service().Start(List[OutboundCall]())

    assert cloud.asked == []


def test_an_invocation_before_and_after_its_end(cloud: ScriptedCloud) -> None:
    made = service()
    cloud.answers_with(["a", "b", "c"])
    done, failed, odd = made.Start([OutboundCall("x"), OutboundCall("y"), OutboundCall("z")])
    assert (done.Status, done.Finished, done.ReturnCode, done.ReturnText) == (
        ServiceStatus.QUEUED,
        False,
        0,
        "",
    )
    assert (done.ApplicationInstanceId, done.ApplicationStatusEta) == ("", None)
    cloud.answers_with(
        {
            "a": {
                "status": "COMPLETED",
                "status_detail": "42",
                "application_status_eta": 1767225600,
                "application_instance_id": "app-1",
            },
            "b": {"status": "COULDNOTRUN", "status_detail": "no route"},
            "c": {"status": "PAUSED"},
        }
    )

    invocations, finished = made.UpdateStatus()

    assert list(invocations) == [done, failed, odd]
    assert finished is made.Finished is False
    assert done.Status is WebServiceWrappers.ServiceStatus.COMPLETED
    assert (done.Finished, done.ReturnCode, done.ReturnText) == (True, 42, "")
    assert done.ApplicationStatusEta == datetime(2026, 1, 1, tzinfo=UTC)
    assert done.ApplicationInstanceId == "app-1"
    assert (failed.Status, failed.ReturnCode) == (ServiceStatus.COULDNOTRUN, 0)
    assert failed.ReturnText == "no route"
    assert (odd.Status, odd.Finished) == ("PAUSED", False)


def test_update_status_follows_every_start_and_asks_only_what_runs(cloud: ScriptedCloud) -> None:
    made, finished = service(), Ref[bool]()
    cloud.answers_with(["a"])
    cloud.answers_with(["b"])
    [first], [second] = made.Start(OutboundCall("x")), made.Start(OutboundCall("y"))

    cloud.reports(a="COMPLETED", b="RUNNING")
    assert list(made.UpdateStatus(finished)) == [first, second]
    assert not finished
    cloud.reports(b="COMPLETED")
    assert list(made.UpdateStatus(finished=finished)) == [first, second]

    assert finished
    assert finished.Value is True
    assert made.Finished
    assert [asked for _, asked in cloud.asked[2:]] == [["a", "b"], ["b"]]
    assert list(made.UpdateStatus(finished)) == [first, second]
    assert len(cloud.asked) == 4


def test_nothing_started_is_finished_without_a_request(cloud: ScriptedCloud) -> None:
    made = service()

    assert made.Finished
    assert made.UpdateStatus() == ([], True)
    assert cloud.asked == []


@pytest.mark.parametrize("given", [False, True, None, []])
def test_update_status_cannot_write_to_a_plain_bool(given: Any) -> None:
    with pytest.raises(TypeError, match=r"finished = Ref\(\);.*\n.*invocations, finished = Update"):
        service().UpdateStatus(given)


def test_a_refused_status_is_an_error_and_the_calls_are_still_followed(
    cloud: ScriptedCloud,
) -> None:
    made = service()
    cloud.answers_with(["a"])
    [started] = made.Start(OutboundCall("x"))
    cloud.answers_with(b"", 503)

    with pytest.raises(StatusError):
        made.UpdateStatus()

    cloud.reports(a="COMPLETED")
    assert made.UpdateStatus() == ([started], True)


def test_failed_starts_raise_and_follow_nothing(cloud: ScriptedCloud) -> None:
    made = service()
    cloud.answers_with(b"", 401)
    cloud.answers_with(b"<html>", 502)

    with pytest.raises(RejectedError):
        made.Start(OutboundCall("x"))
    with pytest.raises(UnknownOutcomeError):
        made.Start(OutboundCall("x"))

    assert made.UpdateStatus() == ([], True)


def test_ids_that_do_not_pair_up_are_raised_and_followed(cloud: ScriptedCloud) -> None:
    made = service()
    cloud.answers_with(["a", "b"])
    with pytest.raises(StartedMismatchError):
        made.Start(OutboundCall("x"))
    cloud.reports(a="COMPLETED", b="COMPLETED")

    invocations, finished = made.UpdateStatus()

    assert (invocations.Count, finished) == (2, True)


def test_ref_holds_false_until_it_is_told() -> None:
    assert Ref().Value is False
    assert not Ref[bool]()
    assert Ref(5).Value == 5
    assert bool(Ref(Value=True))


def test_list_takes_a_capacity_or_a_collection() -> None:
    assert List() == List(3) == List[OutboundCall](3) == List(capacity=3) == []
    assert List(["a"]) == List(collection=("a",)) == ["a"]
    for bad in (-1, True):
        with pytest.raises(InvalidInputError, match="^capacity must be"):
            List(bad)
    with pytest.raises(TypeError, match=r"List\(int capacity\)"):
        List(1.5)  # type: ignore[call-overload]  # the point of the test


def test_news_that_came_before_a_failure_are_kept(cloud: ScriptedCloud) -> None:
    made = service()
    cloud.answers_with(["good", "bad"])
    good, bad = made.Start([OutboundCall("x"), OutboundCall("y")])
    cloud.answers_with(b"", 404)  # both: one of them may be to blame
    cloud.reports(good="RUNNING")
    cloud.answers_with(b"", 404)

    with pytest.raises(StatusError) as caught:
        made.UpdateStatus()

    assert caught.value.blamed_ids == ("bad",)
    assert (good.Status, bad.Status) == (ServiceStatus.RUNNING, ServiceStatus.QUEUED)
