"""Accounts: tiers, validated caller ids, and what is kept to oneself."""

from __future__ import annotations

from typing import Any

import pytest

from aculab_wrappers import Call, InvalidInputError, OutboundClient, RejectedError
from aculab_wrappers.sandbox import Account, Sandbox, Service

PHONES = Service("alice@example.com", "phones", "pw")
ROOMS = Service("alice@example.com", "rooms", "pw", "conference")


def made(**settings: Any) -> tuple[Sandbox, OutboundClient]:
    account = Account("alice@example.com", **settings)
    sandbox = Sandbox([PHONES, ROOMS], accounts=[account], time="immediate")
    return sandbox, client(sandbox)


def client(sandbox: Sandbox, name: str = "phones") -> OutboundClient:
    return OutboundClient("1-2-0", "alice@example.com", name, "pw", transport=sandbox)


def test_a_developer_account_starts_one_call_at_a_time() -> None:
    sandbox, phones = made(tier="developer")
    phones.start(Call("sip:a@b"))
    with pytest.raises(RejectedError, match="needs a Production or Premium account") as caught:
        phones.start([Call("sip:a@b"), Call("sip:c@d")])

    assert caught.value.http_status == 403
    assert sandbox.accepted == 1
    assert sandbox.refused[0].rule == "tier"


@pytest.mark.parametrize("tier", ["production", "premium"])
def test_the_others_start_several(tier: str) -> None:
    sandbox, phones = made(tier=tier)
    phones.start([Call("sip:a@b"), Call("sip:c@d")])

    assert sandbox.accepted == 2


@pytest.mark.parametrize(
    ("caller", "validated"),
    [
        ("441908283801", True),
        ("+441908283801", True),
        ("44-1908-283801", True),
        ("tel:441908283801", True),
        ("441908283802", False),
        ("sip:bob@example.com", False),
        ("tel:bob", False),
    ],
)
def test_a_call_to_a_number_needs_a_validated_caller_id(caller: str, validated: bool) -> None:
    sandbox, phones = made(caller_ids=["+44-1908-283801"])
    phones.start(Call("441908283800", caller))

    [ended] = sandbox.instances
    assert ended.status == ("COMPLETED" if validated else "COULDNOTRUN")
    detail = "0" if validated else f"{caller!r} is not a validated caller id"
    assert ended.status_detail == detail


def test_other_destinations_need_none() -> None:
    sandbox, phones = made(caller_ids=[])
    phones.start([Call("sip:a@b"), Call("sip:a@b", "anybody"), Call("loc:x")])
    client(sandbox, "rooms").start([Call("myConference"), Call("4419")])

    assert {one.status for one in sandbox.instances} == {"COMPLETED"}


def test_an_account_that_lists_none_has_every_number() -> None:
    sandbox, phones = made()
    phones.start([Call("441908283800", "1"), Call("441908283800", "sip:a@b")])

    assert [one.status for one in sandbox.instances] == ["COMPLETED", "COULDNOTRUN"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"username": "a/b"}, "username"),
        ({"username": "a", "cloud_id": "x"}, "cloud_id must be"),
        ({"username": "a", "tier": "gold"}, "tier must be 'developer', 'production' or 'premium'"),
        ({"username": "a", "caller_ids": "441908283801"}, "an iterable of telephone numbers"),
        ({"username": "a", "caller_ids": 5}, "an iterable of telephone numbers"),
        ({"username": "a", "caller_ids": ["bob"]}, "'bob', which is no telephone number"),
        ({"username": "a", "caller_ids": [5]}, "5, which is no telephone number"),
        ({"username": "a", "api_access_key": "x\n"}, "api_access_key"),
    ],
)
def test_an_account_that_cannot_be(arguments: Any, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        Account(**arguments)


@pytest.mark.parametrize(
    ("accounts", "says"),
    [
        (["x"], "accounts must hold Account objects, not str"),
        ([Account("a"), Account("a")], "accounts has 1-2-0/a twice"),
        (5, "accounts must be an iterable of Account, not int"),
    ],
)
def test_accounts_that_cannot_be(accounts: Any, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        Sandbox(accounts=accounts)


def test_an_account_is_shown_by_its_user_and_tier() -> None:
    account = Account("a", api_access_key="correct horse")

    assert repr(account) == "<Account 1-2-0/a (production)>"
    assert account.api_access_key == "correct horse"
    assert (account.username, account.cloud_id, account.user) == ("a", "1-2-0", "1-2-0/a")
