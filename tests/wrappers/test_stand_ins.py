"""What stands in for a bool, a list or an enumeration behaves like it, or refuses loudly."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import csharp, java, vb
from aculab_wrappers.csharp import List, Ref
from aculab_wrappers.java import ArrayList

if TYPE_CHECKING:
    from .conftest import ScriptedCloud

WORDS = ("QUEUED", "RUNNING", "COMPLETED", "COULDNOTRUN", "CANCELLED", "UNKNOWN")
WHO = ("1-2-0", "bob@acompany.com", "svc", "password")


# The box


def test_a_box_compares_as_its_value() -> None:
    assert (Ref(True) == True) is True  # noqa: E712  the page's VB loop is written so
    assert (Ref() == False) is True  # noqa: E712
    assert (vb.ByRef(True) != True) is False  # noqa: E712
    assert True == Ref(True)  # noqa: E712, SIM300  from the right, too
    assert Ref(5) == 5
    assert Ref(5) == Ref(5)
    assert Ref(5) != Ref(6)
    assert Ref("a") in ["b", "a"]


def test_a_box_prints_as_its_value() -> None:
    box = Ref(True)

    assert (str(box), f"{box}", f"{box!s:>6}", "%s" % box) == ("True", "True", "  True", "True")  # noqa: UP031
    assert f"{Ref(1.5):.2f}" == "1.50"
    assert repr(box) == "Ref(True)"


def test_a_box_is_no_key_because_it_can_change() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Ref(True))


def test_a_loop_ends_however_the_box_is_tested(cloud: ScriptedCloud) -> None:
    service, finished, turns = vb.OutboundRESTAPIService(*WHO), vb.ByRef[bool](), 0
    cloud.answers_with(["a"])
    cloud.reports(a="RUNNING")
    cloud.reports(a="COMPLETED")
    service.Start(vb.OutboundCall("x"))

    while finished == False:  # noqa: E712  word for word
        service.UpdateStatus(finished)
        turns += 1

    assert turns == 2
    assert f"finished: {finished}" == "finished: True"


# A status


def _statuses(cloud: ScriptedCloud, word: str) -> list[Any]:
    """The status of a call that the cloud reports `word` of, in each language that has an enum."""
    found: list[Any] = []
    for module in (csharp, vb):
        cloud.answers_with(["a"])
        cloud.reports(a=word)
        dotnet = module.OutboundRESTAPIService(*WHO)
        [invocation] = dotnet.Start(module.OutboundCall("x"))
        dotnet.UpdateStatus()
        found.append(invocation.Status)
    cloud.answers_with(["a"])
    cloud.reports(a=word)
    service = java.OutboundRESTAPIService(*WHO)
    [started] = service.start(java.OutboundCall("x"))
    service.updateStatus()
    return [*found, started.getStatus()]


@pytest.mark.parametrize("word", [*WORDS, "PAUSED", "name", "überfällig"])
def test_a_status_is_its_word_known_or_not(cloud: ScriptedCloud, word: str) -> None:
    for status in _statuses(cloud, word):
        assert issubclass(type(status), str)
        assert status == word
        assert (str(status), f"{status}", f"{status:>12}") == (word, word, word.rjust(12))
        assert (status.name, status.value) == (word, word)
        assert json.loads(json.dumps({"status": status, status: 1})) == {"status": word, word: 1}
        assert {status: 1}[word] == {word: 1}[status] == 1
        assert sorted([status, "A", "z"]) == sorted([word, "A", "z"])
        for twin in (copy.copy(status), copy.deepcopy(status), pickle.loads(pickle.dumps(status))):
            assert (twin, type(twin)) == (status, type(status))


@pytest.mark.parametrize("word", ["COMPLETED", "PAUSED"])
def test_a_status_gives_its_word_as_each_language_asks(cloud: ScriptedCloud, word: str) -> None:
    in_csharp, in_vb, in_java = _statuses(cloud, word)

    asked = [in_csharp.ToString(), in_vb.ToString(), in_java.toString(), in_java.name()]

    assert asked == [word] * 4
    assert {type(text) for text in (*asked, in_csharp.name, in_java.value)} == {str}


def test_a_status_is_matched_by_member_and_by_word(cloud: ScriptedCloud) -> None:
    def said(status: object, by: Any) -> str:
        match status:
            case by.RUNNING:
                return "the member"
            case "PAUSED":
                return "the word"
        return "nothing"

    kinds = (csharp.ServiceStatus, vb.ServiceStatus, java.ServiceStatus)
    for word, expected in {"RUNNING": "the member", "PAUSED": "the word", "X": "nothing"}.items():
        found = zip(_statuses(cloud, word), kinds, strict=True)
        assert [said(status, kind) for status, kind in found] == [expected] * 3


def test_a_known_word_is_the_member_itself(cloud: ScriptedCloud) -> None:
    in_csharp, in_vb, in_java = _statuses(cloud, "COMPLETED")

    assert in_csharp is in_vb is csharp.ServiceStatus.COMPLETED
    assert in_java is java.ServiceStatus.COMPLETED
    assert not any(
        isinstance(status, (csharp.ServiceStatus, java.ServiceStatus))
        for status in _statuses(cloud, "PAUSED")
    )


# The lists


@pytest.mark.parametrize("kind", [List, vb.List, ArrayList])
def test_a_list_is_a_python_list(kind: Any) -> None:
    made = kind(["a", "b"])

    assert made == ["a", "b"]
    assert ["a", "b"] == made  # noqa: SIM300  from the right, too
    assert (",".join(made), json.dumps(made), repr(made)) == ("a,b", '["a", "b"]', "['a', 'b']")
    assert (made[1:], made[-1], made * 2) == (["b"], "b", [*"abab"])
    assert made + ["c"] == ["a", "b", "c"]  # noqa: RUF005  the operator is the point
    assert (sorted(made, reverse=True), "b" in made, made.index("b")) == (["b", "a"], True, 1)
    first, *rest = made
    assert (first, rest) == ("a", ["b"])
    for twin in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert (twin, type(twin)) == (made, kind)
        assert twin is not made
    made += "c"
    assert (type(made), made) == (kind, [*"abc"])


def test_a_list_of_vb_is_indexed_with_round_brackets(cloud: ScriptedCloud) -> None:
    calls = vb.List[vb.OutboundCall](2)
    calls.Add(vb.OutboundCall("x"))
    calls.Add(vb.OutboundCall("y"))
    calls(0).Token = "first"
    calls(1).Token = "second"
    service = vb.OutboundRESTAPIService(*WHO)
    cloud.answers_with(["a", "b"])
    cloud.reports(b="RUNNING")

    started = service.Start(calls)
    updated, _ = service.UpdateStatus()

    assert [call["token"] for call in cloud.asked[0][1]] == ["first", "second"]
    assert started(1) is updated(1) is updated[1]
    assert updated(1).Status == "RUNNING"
    cloud.reports(a="RUNNING", b="RUNNING")
    assert service.UpdateStatus(vb.ByRef())(0).Status == "RUNNING"


@pytest.mark.parametrize("index", [-1, 1])
def test_a_list_of_vb_has_no_item_outside(index: int) -> None:
    with pytest.raises(IndexError, match=f"^index {index} is out of range: Count is 1$"):
        vb.List(["a"])(index)


def test_no_list_of_csharp_is_called() -> None:
    assert not callable(List())
    assert not callable(csharp.OutboundRESTAPIService(*WHO).UpdateStatus()[0])
