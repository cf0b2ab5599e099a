"""The three PHP samples of the Aculab's page, as printed but for syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..php import OutboundInstanceConfiguration, OutboundService

if TYPE_CHECKING:
    from collections.abc import Callable


def telephone(_sleep: Callable[[float], object]) -> None:
    service = OutboundService("1-2-0", "user@example.com", "appname", "pass")
    instconf = OutboundInstanceConfiguration("441908283800", "441908283801")
    instconf.setToken("my token info")
    instconf.setOutboundParameters("some user data")
    ids = service.startInstance(instconf)
    assert isinstance(ids, list), service.last_error


def conference(_sleep: Callable[[float], object]) -> None:
    service = OutboundService("1-2-0", "user@example.com", "appname", "pass")
    instconf = OutboundInstanceConfiguration("myConference")
    instconf.setToken("my token info")
    instconf.setOutboundParameters("some user data")
    ids = service.startInstance(instconf)
    assert isinstance(ids, list), service.last_error


def several(_sleep: Callable[[float], object]) -> None:
    service = OutboundService("1-2-0", "user@example.com", "appname", "pass")
    inst1 = OutboundInstanceConfiguration("441908283800", "441908283801")
    inst1.setToken("token1")
    inst1.setOutboundParameters("some user data")
    inst2 = OutboundInstanceConfiguration("sip:bob@acompany.com")
    inst2.setToken("token2")
    inst3 = OutboundInstanceConfiguration("sip:bill@anotherCompany.com", "sip:bob@acompany.com")
    inst3.setToken("token3")
    instconfs = [inst1, inst2, inst3]
    ids = service.startInstance(instconfs)
    assert isinstance(ids, list), service.last_error
