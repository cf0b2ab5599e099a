# --8<-- [start:first]
import pytest
from aculab_wrappers import RejectedError
from reminder import remind


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv(
        "ACULAB_SERVICE_PASSWORD",
        "myOutboundServicePassword",
    )


def test_a_reminder_is_one_call(aculab_sandbox):
    remind("441908283800", "dentist, 10:15")
    aculab_sandbox.assert_started(
        1, to="+441908-283800", token="dentist, 10:15"
    )


# --8<-- [end:first]
# --8<-- [start:lost]
def test_a_lost_answer_is_not_dialled_again(
    aculab_sandbox,
):
    aculab_sandbox.answer_next("lost-answer")
    assert remind("441908283800", "dentist") is None
    aculab_sandbox.assert_started(1)
    aculab_sandbox.assert_started_at_most_once()


# --8<-- [end:lost]
# --8<-- [start:refused]
def test_a_number_needs_a_caller_id(aculab_sandbox):
    with pytest.raises(RejectedError):
        remind("441908283800", "dentist", caller_id="")
    [request] = aculab_sandbox.refused
    assert request.rule == "from-required"


# --8<-- [end:refused]
# --8<-- [start:time]
@pytest.mark.aculab_sandbox(time="manual")
def test_the_second_waits_its_turn(aculab_sandbox):
    for number in ("441908283800", "441908283802"):
        remind(number, "dentist")
    aculab_sandbox.advance(1)
    first, second = aculab_sandbox.instances
    assert first.status == "RUNNING"
    assert second.status == "QUEUED"
    aculab_sandbox.advance(60)
    assert aculab_sandbox.counts["COMPLETED"] == 2


# --8<-- [end:time]
# --8<-- [start:file]
def test_a_busy_customer(aculab_sandbox):
    remind("441908283899", "dentist")
    aculab_sandbox.advance(60)
    [call] = aculab_sandbox.instances
    assert call.call_cause == "busy"


# --8<-- [end:file]
