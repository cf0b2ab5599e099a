"""A misspelt member of any wrapper's object says the right one, when it is read and when set."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import Call, Invocation, csharp, java, php, python, vb

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

WHO = ("1-2-0", "bob@acompany.com", "svc", "password")
PAGE = "Aculab's page names it "
NEAR = "the nearest name is "


def _read(thing: object, name: str) -> None:
    getattr(thing, name)


def _set(thing: object, name: str) -> None:
    setattr(thing, name, "text")


@pytest.mark.parametrize("do", [_read, _set])
@pytest.mark.parametrize(
    ("thing", "name", "advice"),
    [
        (csharp.OutboundCall("x"), "token", f"{PAGE}Token"),
        (csharp.OutboundCall("x"), "Tokne", f"{NEAR}Token"),
        (csharp.OutboundCall("x"), "setToken", f"{NEAR}Token"),
        (csharp.OutboundCall("x"), "outbound_parameters", f"{PAGE}OutboundParameters"),
        (csharp.OutboundCall("x"), "to", "its members are OutboundParameters, Token"),
        (csharp.OutboundRESTAPIService(*WHO), "updateStatus", f"{PAGE}UpdateStatus"),
        (vb.OutboundRESTAPIService(*WHO), "start", f"{PAGE}Start"),
        (vb.ServiceInvocation(Invocation("a")), "returnText", f"{PAGE}ReturnText"),
        (csharp.List(), "add", f"{PAGE}Add"),
        (csharp.List(), "Counts", f"{NEAR}Count"),
        (vb.List(), "Length", "its members are Add, Count"),
        (csharp.Ref(), "value", "here it is Value"),
        (java.OutboundCall("x"), "Token", f"{NEAR}setToken"),
        (java.OutboundCall("x"), "SetToken", f"{PAGE}setToken"),
        (java.OutboundRESTAPIService(*WHO), "Start", f"{PAGE}start"),
        (java.ServiceInvocation(Invocation("a")), "get_status", f"{PAGE}getStatus"),
        (java.ArrayList(), "Add", f"{PAGE}add"),
        (java.ArrayList(), "Size", "here it is size"),
        (php.OutboundInstanceConfiguration("x"), "set_token", f"{PAGE}setToken"),
        (php.OutboundInstanceStatus(Invocation("a")), "isfinished", f"{PAGE}isFinished"),
        (php.OutboundService(*WHO), "start_instance", f"{PAGE}startInstance"),
        (php.OutboundService(*WHO), "set_proxy", f"{PAGE}setProxy"),
        (php.OutboundService(*WHO), "lastError", "here it is last_error"),
        (python.OutboundCalls("x"), "addCall", f"{PAGE}add_call"),
    ],
    ids=lambda given: given if isinstance(given, str) else type(given).__name__,
)
def test_a_misspelt_member_says_the_right_one(
    do: Callable[[object, str], None], thing: object, name: str, advice: str
) -> None:
    with pytest.raises(AttributeError) as caught:
        do(thing, name)

    assert str(caught.value) == f"{type(thing).__name__} has no {name!r}; {advice}"
    assert (caught.value.name, caught.value.obj) == (name, thing)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    assert not hasattr(thing, name)


def _classes(module: ModuleType) -> list[type]:
    """Those that objects are made of, but for status words, which are text."""
    found = [getattr(module, name) for name in module.__all__ if name != "WebServiceWrappers"]
    return [kind for kind in found if isinstance(kind, type) and not issubclass(kind, str)]


@pytest.mark.parametrize(
    "kind",
    [kind for module in (csharp, vb, java, php, python) for kind in _classes(module)],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_every_class_of_every_wrapper_does(kind: Any) -> None:
    thing = kind.__new__(kind)

    for do in (_read, _set):
        with pytest.raises(AttributeError, match=f"^{kind.__name__} has no 'xyzzy'"):
            do(thing, "xyzzy")
        with pytest.raises(AttributeError, match=f"^{kind.__name__} has no '_xyzzy'$"):
            do(thing, "_xyzzy")


def test_a_member_that_cannot_be_set_is_not_called_misspelt() -> None:
    with pytest.raises(AttributeError, match="has no setter"):
        csharp.OutboundRESTAPIService(*WHO).Finished = True  # type: ignore[misc]  # the point


def test_copies_and_pickles_are_as_before() -> None:
    call = csharp.OutboundCall("x")
    call.Token = "t"

    for twin in (copy.copy(call), copy.deepcopy(call), pickle.loads(pickle.dumps(call))):
        assert twin._call == Call("x", token="t")
        twin.Token = "u"
    assert call.Token == "t"
