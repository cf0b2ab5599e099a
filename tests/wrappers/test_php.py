"""The PHP wrapper: return values as PHP has them, the callback, and the one extra."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    InvalidInputError,
    NotSentError,
    Outcome,
    RejectedError,
    StartedMismatchError,
    StatusError,
    UnknownOutcomeError,
    php,
)
from aculab_wrappers.php import (
    OutboundInstanceConfiguration,
    OutboundInstanceStatus,
    OutboundService,
    WebServiceBase,
)

if TYPE_CHECKING:
    from .conftest import ScriptedCloud


def service() -> OutboundService:
    return OutboundService("1-2-0", "user@example.com", "appname", "pass")


def one(to: str = "x") -> OutboundInstanceConfiguration:
    return OutboundInstanceConfiguration(to)


def test_the_public_names_are_the_pages() -> None:
    assert php.__all__ == [
        "OutboundInstanceConfiguration",
        "OutboundInstanceStatus",
        "OutboundService",
        "WebServiceBase",
    ]
    assert issubclass(OutboundService, WebServiceBase)


def test_start_instance_returns_the_ids(cloud: ScriptedCloud) -> None:
    configuration = OutboundInstanceConfiguration("441908283800", "441908283801")
    configuration.setToken("my token info")
    configuration.setOutboundParameters("some user data")
    cloud.answers_with(["id-1"])
    made = service()

    assert made.startInstance(configuration) == ["id-1"]

    assert made.last_error is None
    assert cloud.users == ["1-2-0/user@example.com/appname:pass"]
    assert cloud.asked == [
        (
            "/service_start",
            {
                "to": "441908283800",
                "from": "441908283801",
                "token": "my token info",
                "outbound_parameters": "some user data",
            },
        )
    ]


@pytest.mark.parametrize("array", [[one("a"), one("b")], {"x": one("a"), 7: one("b")}])
def test_an_array_is_a_list_or_a_dict(cloud: ScriptedCloud, array: Any) -> None:
    cloud.answers_with(["id-1", "id-2"])

    assert service().startInstance(array) == ["id-1", "id-2"]
    assert cloud.asked == [("/service_start", [{"to": "a"}, {"to": "b"}])]


def test_the_default_from_is_an_empty_string_and_not_sent(cloud: ScriptedCloud) -> None:
    cloud.answers_with(["id"])

    service().startInstance(OutboundInstanceConfiguration("x", from_=""))

    assert cloud.asked == [("/service_start", {"to": "x"})]


@pytest.mark.parametrize("given", [[], {}, None, "441908283800", 5, [5], ["x"], [one(), None]])
def test_what_is_no_configuration_is_refused(cloud: ScriptedCloud, given: Any) -> None:
    with pytest.raises(InvalidInputError):
        service().startInstance(given)

    assert cloud.asked == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, RejectedError), (500, UnknownOutcomeError), (302, UnknownOutcomeError)],
)
def test_an_http_error_is_its_code_and_a_call_of_the_callback(
    cloud: ScriptedCloud, status: int, kind: type[Exception]
) -> None:
    called: list[tuple[int, str]] = []
    made = service()
    made.setErrorCallback(lambda code, body: called.append((code, body)))
    cloud.answers_with("wrong \xe9".encode(), status)

    result = made.startInstance(one())

    assert result == status
    assert result is not False
    assert called == [(status, "wrong \xe9")]
    assert isinstance(made.last_error, kind)


def test_an_unreadable_success_is_false_without_a_callback(cloud: ScriptedCloud) -> None:
    called: list[object] = []
    made = service()
    made.setErrorCallback(lambda *arguments: called.append(arguments))
    cloud.answers_with(b"<html>log in</html>")

    assert made.startInstance(one()) is False

    assert called == []
    assert isinstance(made.last_error, UnknownOutcomeError)
    assert made.last_error.outcome is Outcome.UNKNOWN


def test_no_answer_at_all_is_false(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACULAB_BASE_URL", "http://127.0.0.1:1")
    made = service()

    assert made.startInstance(one()) is False
    assert isinstance(made.last_error, NotSentError)
    assert made.getInstanceStatus("id") is False
    assert isinstance(made.last_error, StatusError)


def test_ids_that_do_not_pair_up_are_all_returned(cloud: ScriptedCloud) -> None:
    made = service()
    cloud.answers_with(["a", "b"])

    assert made.startInstance(one()) == ["a", "b"]
    assert isinstance(made.last_error, StartedMismatchError)


def test_a_success_clears_the_last_error(cloud: ScriptedCloud) -> None:
    made = service()
    cloud.answers_with(b"", 503)
    cloud.answers_with(["id"])

    assert made.startInstance(one()) == 503
    assert made.last_error is not None
    assert made.startInstance(one()) == ["id"]
    assert made.last_error is None


def test_a_callback_that_raises_changes_nothing(
    cloud: ScriptedCloud, caplog: pytest.LogCaptureFixture
) -> None:
    def hostile(_code: int, _body: str) -> None:
        raise RuntimeError("boom")

    made = service()
    made.setErrorCallback(hostile)
    cloud.answers_with(b"", 401)

    assert made.startInstance(one()) == 401
    assert isinstance(made.last_error, RejectedError)
    assert "the error callback raised" in caplog.text


def test_a_callback_must_be_callable() -> None:
    with pytest.raises(InvalidInputError, match="^callback must be callable, not str"):
        service().setErrorCallback("print")  # type: ignore[arg-type]  # the point of the test


def test_the_status_is_keyed_by_id_in_the_order_asked(cloud: ScriptedCloud) -> None:
    cloud.answers_with(
        {
            "a": {
                "status": "COMPLETED",
                "status_detail": "0",
                "application_status_eta": 1767225600,
                "application_instance_id": "app-1",
            },
            "b": {"status": "COULDNOTRUN", "status_detail": "no route"},
        }
    )

    result = service().getInstanceStatus(["b", "a", "missing"])

    assert isinstance(result, dict)
    assert list(result) == ["b", "a", "missing"]
    done = result["a"]
    assert done.isFinished()
    assert done.getStatus() == OutboundInstanceStatus.COMPLETED == "COMPLETED"
    assert done.getStatusDetail() == "0"
    assert done.getApplicationStatusETA() == datetime(2026, 1, 1, tzinfo=UTC)
    assert done.getApplicationInstanceId() == "app-1"
    assert result["b"].getStatusDetail() == "no route"
    assert result["b"].getApplicationStatusETA() is None
    assert (result["missing"].getStatus(), result["missing"].isFinished()) == ("", False)


def test_the_six_constants_equal_their_names() -> None:
    for name in ("QUEUED", "RUNNING", "COMPLETED", "COULDNOTRUN", "CANCELLED", "UNKNOWN"):
        assert getattr(OutboundInstanceStatus, name) == name


def test_one_id_is_keyed_too_and_every_call_asks(cloud: ScriptedCloud) -> None:
    made = service()
    for word in ("COMPLETED", "RUNNING"):
        cloud.reports(a=word)
        result = made.getInstanceStatus("a")
        assert isinstance(result, dict)
        assert result["a"].getStatus() == "COMPLETED"

    assert cloud.asked == [("/service_status", ["a"])] * 2


def test_unknown_is_final_when_two_answers_in_a_row_say_it(cloud: ScriptedCloud) -> None:
    made = service()
    ends = []
    for word in ("UNKNOWN", "RUNNING", "UNKNOWN", "UNKNOWN"):
        cloud.reports(a=word)
        result = made.getInstanceStatus(["a"])
        assert isinstance(result, dict)
        ends.append(result["a"].isFinished())

    assert ends == [False, False, False, True]


def test_nothing_asked_is_an_empty_array(cloud: ScriptedCloud) -> None:
    assert service().getInstanceStatus([]) == {}
    assert cloud.asked == []


@pytest.mark.parametrize("given", [None, 5, [5], [""], [None], b"a"])
def test_what_is_no_id_is_refused(given: Any) -> None:
    with pytest.raises(InvalidInputError):
        service().getInstanceStatus(given)


def test_an_http_error_of_the_status_is_its_code_too(cloud: ScriptedCloud) -> None:
    called: list[tuple[int, str]] = []
    made = service()
    made.setErrorCallback(lambda code, body: called.append((code, body)))
    cloud.answers_with(b"gone", 410)

    assert made.getInstanceStatus("a") == 410
    assert called == [(410, "gone")]


@pytest.mark.parametrize("full", [True, False])
def test_set_proxy_sends_everything_there(cloud: ScriptedCloud, full: bool) -> None:
    proxy = f"tcp://127.0.0.1:{cloud.server_port}"
    base = f"http://127.0.0.1:{cloud.server_port}"
    made = service()
    made.setProxy(proxy, full)
    cloud.answers_with(["id"])

    assert made.startInstance(one()) == ["id"]

    assert cloud.asked == [(f"{base if full else ''}/service_start", {"to": "x"})]


def test_a_bad_proxy_is_named_but_not_quoted() -> None:
    with pytest.raises(InvalidInputError, match="^proxy_uri must start with") as caught:
        service().setProxy("socks5://user:canary@127.0.0.1:1", True)

    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("member", ["token", "Finished", "start_instance", "proxy"])
def test_what_the_page_does_not_document_is_an_attribute_error(member: str) -> None:
    for thing in (one(), service()):
        with pytest.raises(AttributeError):
            setattr(thing, member, "t")
        with pytest.raises(AttributeError):
            getattr(thing, member)


@pytest.mark.parametrize("to", ["", None, 5, "x\r\n"])
def test_a_bad_destination_is_refused(to: Any) -> None:
    with pytest.raises(InvalidInputError, match="^to "):
        OutboundInstanceConfiguration(to)


def test_news_that_came_before_a_failure_are_remembered(cloud: ScriptedCloud) -> None:
    made = service()
    for _ in range(2):
        cloud.answers_with(b"", 404)  # both: one of them may be to blame
        cloud.reports(good="UNKNOWN")
        cloud.answers_with(b"", 404)
        assert made.getInstanceStatus(["good", "bad"]) == 404

    cloud.reports(good="UNKNOWN")
    found = made.getInstanceStatus("good")
    assert isinstance(found, dict)
    assert found["good"].isFinished()
