"""Whether a stranger stands between our transport and our connection."""

from __future__ import annotations

import _thread
import threading
from typing import Any

import pytest
import requests

from aculab_wrappers._core.road import is_stack_clear, is_unpatched


def known(name: str = "requests.sessions") -> Any:
    """Return a function as that module would define it, which asks what it is given."""
    names: dict[str, Any] = {"__name__": name}
    exec("def ask(what): return what()", names)
    return names["ask"]


def test_from_the_transport_on_all_who_ask_must_be_known() -> None:
    transport = known("aculab_wrappers._core.transport")

    assert transport(lambda: known()(is_stack_clear)) is False  # the lambda is a stranger
    assert transport(is_stack_clear) is True
    assert known()(is_stack_clear) is False


def test_a_stack_without_our_transport_is_not_clear() -> None:
    found: list[bool] = []
    done = threading.Event()
    names: dict[str, Any] = {"__name__": "urllib3", "look": is_stack_clear, "found": found}
    exec("def run(done):\n found.append(look())\n done.set()", names)

    _thread.start_new_thread(names["run"], (done,))

    assert done.wait(10)
    assert found == [False]


class Plain:
    number = 1
    pattern = b"x"

    class Inner:
        pass


def member(name: str) -> Any:
    return known(name)


class Wrapped:
    """As wrapt leaves a function behind."""

    def __init__(self, wrapper: Any, wrapped: Any) -> None:
        self._self_wrapper, self.__wrapped__ = wrapper, wrapped

    def __call__(self) -> None:
        raise AssertionError


CLEAN: dict[str, Any] = {
    "data": 1,
    "a function": member("requests.sessions"),
    "a static method": staticmethod(member("urllib3.x")),
    "a class method": classmethod(member("http.client")),
    "a property": property(member("requests.x")),
    "a function of C": len,
    "a class": Plain,
    "a wrapped function": Wrapped(member("opentelemetry.x"), member("requests.x")),
}
PATCHED: dict[str, Any] = {
    "a function": member("somebody"),
    "a static method": staticmethod(member("somebody")),
    "a property": property(member("somebody")),
    "its setter": property(member("requests.x"), member("somebody")),
    "an object that is called": Wrapped(None, None),
    "a wrapper": Wrapped(member("somebody"), member("requests.x")),
    "what is wrapped": Wrapped(member("opentelemetry.x"), member("somebody")),
}


def holder(value: Any) -> Any:
    return type("Holder", (), {"send": value})()


@pytest.mark.parametrize("kind", CLEAN)
def test_what_the_road_has_by_itself_is_known(kind: str) -> None:
    assert is_unpatched(requests.Session(), holder(CLEAN[kind]))


@pytest.mark.parametrize("kind", PATCHED)
def test_what_somebody_has_put_there_is_not(kind: str) -> None:
    assert not is_unpatched(requests.Session(), holder(PATCHED[kind]))


def test_a_patch_of_one_object_is_seen_and_a_patched_request_is_not_asked() -> None:
    session, one = requests.Session(), holder(member("requests.x"))
    session.request = member("somebody")  # type: ignore[method-assign]
    assert is_unpatched(session, one)

    one.send = member("somebody")
    assert not is_unpatched(session, one)
    session.send = member("somebody")  # type: ignore[method-assign]
    assert not is_unpatched(session)
