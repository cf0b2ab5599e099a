"""OutboundClient: how it is made, what it takes, and what it starts."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    Call,
    InvalidInputError,
    NotSentError,
    OutboundClient,
    Outcome,
    StartedMismatchError,
    TransportError,
    UnknownOutcomeError,
)
from aculab_wrappers.sandbox import Sandbox, Service

from .scripted import PASSWORD, Script, client_over, ok

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_start_is_one_request() -> None:
    script = Script(ok(["id-1"]))

    [invocation] = client_over(script).start(Call("x"))

    assert invocation.id == "id-1"
    assert script.asked == [("/service_start", {"to": "x"})]


@pytest.mark.parametrize("wrap", [list, tuple, iter], ids=["list", "tuple", "iterator"])
def test_calls_come_in_any_iterable(wrap: Callable[[list[Call]], Any]) -> None:
    script = Script(ok(["a", "b"]))

    assert [i.id for i in client_over(script).start(wrap([Call("x"), Call("y")]))] == ["a", "b"]


@pytest.mark.parametrize(
    ("calls", "named"),
    [
        ([], "the list of calls is empty"),
        ("441908273800", "a Call or an iterable of Calls wanted, not str"),
        (None, "a Call or an iterable of Calls wanted, not NoneType"),
        ({"to": "x"}, "a Call or an iterable of Calls wanted, not dict"),
        ([Call("x"), "y"], r"calls\[1\] must be a Call, not str"),
    ],
)
def test_what_is_no_call_is_refused_before_anything_is_sent(calls: Any, named: str) -> None:
    script = Script()

    with pytest.raises(InvalidInputError, match=named):
        client_over(script).start(calls)

    assert script.asked == []


def test_a_transport_that_never_sent_is_not_sent() -> None:
    script = Script(TransportError("refused", sent=False, transient=True))

    with pytest.raises(NotSentError, match="refused") as caught:
        client_over(script).start(Call("x"))

    assert caught.value.calls == (Call("x"),)
    assert len(script.asked) == 1


def test_a_transport_that_may_have_sent_is_unknown_and_not_asked_again() -> None:
    script = Script(TransportError("silence"))

    with pytest.raises(UnknownOutcomeError):
        client_over(script).start(Call("x"))

    assert len(script.asked) == 1


def test_a_mismatch_keeps_every_id() -> None:
    with pytest.raises(StartedMismatchError) as caught:
        client_over(Script(ok(["a", "b"]))).start(Call("x"))

    assert caught.value.outcome is Outcome.STARTED
    assert [item.id for item in caught.value.invocations] == ["a", "b"]


def test_a_client_is_a_context_manager() -> None:
    script = Script(ok(["a"]))

    with client_over(script) as client:
        assert [item.id for item in client.start(Call("x"))] == ["a"]


def test_a_misspelt_member_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        client_over(Script()).timeout = 5  # type: ignore[attr-defined]  # the point of the test


def test_what_does_not_fit_is_in_no_repr() -> None:
    assert repr(client_over(Script())) == "<OutboundClient of 1-2-0/user/service>"
    assert repr(OutboundClient.__new__(OutboundClient)) == "<OutboundClient of nobody>"


ACCOUNT = {
    "ACULAB_CLOUD_ID": "1-2-0",
    "ACULAB_USERNAME": "user@example.com",
    "ACULAB_SERVICE": "my service",
    "ACULAB_SERVICE_PASSWORD": PASSWORD,
}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in ACCOUNT.items():
        monkeypatch.setenv(name, text)


def test_from_env_reads_the_four_variables_of_the_command(account: None) -> None:
    cloud = Sandbox([Service("user@example.com", "my service", PASSWORD)])

    [started] = OutboundClient.from_env(transport=cloud).start(Call("x"))

    assert [item.id for item in cloud.instances] == [started.id]


def test_from_env_reads_where_and_how_when_a_request_is_made(
    account: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = OutboundClient.from_env()
    with Sandbox([Service("user@example.com", "my service", PASSWORD)]) as cloud:
        monkeypatch.setenv("ACULAB_BASE_URL", cloud.base_url)
        client.start(Call("x"))

        monkeypatch.setenv("ACULAB_TIMEOUT", "soon")
        with pytest.raises(InvalidInputError, match="^ACULAB_TIMEOUT must be"):
            client.start(Call("x"))
    assert cloud.accepted == 1


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("missing", ACCOUNT)
def test_from_env_names_what_is_not_set(
    account: None, monkeypatch: pytest.MonkeyPatch, missing: str, value: str | None
) -> None:
    if value is None:
        monkeypatch.delenv(missing)
    else:
        monkeypatch.setenv(missing, value)

    with pytest.raises(InvalidInputError, match=f"^not set in the environment: {missing}$"):
        OutboundClient.from_env()


def test_from_env_names_all_that_is_not_set_at_once() -> None:
    with pytest.raises(
        InvalidInputError, match=f"^not set in the environment: {', '.join(ACCOUNT)}$"
    ):
        OutboundClient.from_env()


def test_from_env_makes_a_client_of_the_class_that_is_asked(account: None) -> None:
    class Mine(OutboundClient):
        pass

    assert type(Mine.from_env()) is Mine


def test_no_traceback_of_from_env_shows_the_password(
    account: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_CLOUD_ID", "not one")

    with pytest.raises(InvalidInputError, match="^cloud_id must be") as caught:
        OutboundClient.from_env()

    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    _own, *frames = told.stack
    assert PASSWORD not in repr([frame.locals for frame in frames])
