"""The values that hold a password show it to nobody, and let nobody store it."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from typing import Any

import pytest

from aculab_wrappers._core.credentials import Credentials, SecretHolder
from aculab_wrappers._core.settings import Proxy
from aculab_wrappers.sandbox import Account, Sandbox, Service
from aculab_wrappers.sandbox.login import Login
from aculab_wrappers.sandbox.requests import Request, read_request

PASSWORD = "correct horse"
HOLDERS: list[Any] = [
    Credentials("1-2-0", "alice@example.com", "phones", PASSWORD),
    Proxy(f"http://me:{PASSWORD.replace(' ', '%20')}@alice:3128", "proxy"),
    Service("alice@example.com", "phones", PASSWORD),
    Account("alice@example.com", api_access_key=PASSWORD),
    Login(b"alice", PASSWORD.encode()),
]
REQUEST = read_request("POST", "/service_start", "Basic YWxpY2U6Y29ycmVjdCBob3JzZQ==")

holders = pytest.mark.parametrize("holder", HOLDERS, ids=lambda one: type(one).__name__)


def test_all_of_them_are_here() -> None:
    ours = {kind for kind in SecretHolder.__subclasses__() if kind.__module__.startswith("aculab_")}

    assert ours == {type(one) for one in HOLDERS}
    assert isinstance(REQUEST.login, Login)
    assert REQUEST.login.gives(PASSWORD)


@holders
@pytest.mark.parametrize("store", [pickle.dumps, lambda one: one.__getstate__(), json.dumps, vars])
def test_nothing_can_store_one(holder: Any, store: Any) -> None:
    with pytest.raises(TypeError) as caught:
        store(holder)
    assert PASSWORD not in str(caught.value)


@holders
def test_why_it_cannot_be_pickled_is_said_in_the_same_words(holder: Any) -> None:
    says = f"^{type(holder).__name__} cannot be pickled: it holds a password$"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match=says):
            pickle.dumps(holder, protocol)
    with pytest.raises(TypeError, match=says):
        holder.__getstate__()


@holders
def test_a_copy_is_the_value_itself(holder: Any) -> None:
    assert copy.copy(holder) is holder
    assert copy.deepcopy([holder])[0] is holder


@holders
def test_none_is_shown(holder: Any) -> None:
    for shown in (repr(holder), str(holder), f"{holder}"):
        assert PASSWORD not in shown
        assert "alice" in shown


def test_a_request_gives_away_none_either() -> None:
    assert PASSWORD not in repr(REQUEST)
    assert PASSWORD not in repr(dataclasses.asdict(REQUEST))
    assert dataclasses.replace(REQUEST, method="GET").login is REQUEST.login
    with pytest.raises(TypeError, match="Login cannot be pickled"):
        pickle.dumps(REQUEST)
    assert Request("GET", "/").login is None


def test_a_sandbox_gives_away_none() -> None:
    sandbox = Sandbox(HOLDERS[2:3], accounts=HOLDERS[3:4])

    assert PASSWORD not in repr(sandbox)
    assert PASSWORD not in json.dumps(sandbox.snapshot())
    assert PASSWORD not in repr(sandbox.services)
