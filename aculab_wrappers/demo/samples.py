"""The eighteen samples: what each is, the service it needs, and the request the page documents.

The documented requests are written by hand from the page, not taken from what the faces send.
Source: seed page; each module beside this one quotes the samples of its tab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from .._core.value import value
from . import csharp_samples, java_samples, php_samples, python_samples, raw_requests, vb_samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


@value
class Sample:
    """One sample of the page.

    Attributes:
        dialect: The tab it stands in, or "HTTP" for the raw requests.
        title: What it calls.
        run: Runs it; takes what it sleeps with.
        user: The user name it must authenticate with.
        password: Its service password, a throw-away one that the page prints.
        kind: What the page's note wants its service configured for.
        documented: The JSON that it must send, as a value.
    """

    dialect: str
    title: str
    run: Callable[[Callable[[float], object]], None]
    user: str
    password: str
    kind: Literal["telephone", "conference"]
    documented: object


def _call(to: str, from_: str | None, token: str, parameters: str | None) -> dict[str, str]:
    members = {"to": to, "from": from_, "token": token, "outbound_parameters": parameters}
    return {name: text for name, text in members.items() if text is not None}


def _three(number: str, caller: str, bill: str, token: str, *data: str | None) -> list[Any]:
    bob = "sip:bob@acompany.com"
    return [
        _call(number, caller, f"{token}1", data[0]),
        _call(bob, None, f"{token}2", data[1]),
        _call(bill, bob, f"{token}3", data[2]),
    ]


_BILL: Final = "sip:bill@anothercompany.com"
_INFO: Final = "my token info"
_DATA: Final = "some user data"
_MORE: Final = "some additional data"

_WRAPPED = [
    _call("441908273800", "441908273801", _INFO, _DATA),
    _call("myConference", None, _INFO, _DATA),
    _three("441908273800", "441908273801", _BILL, "my token info ", _DATA, None, None),
]
_PYTHON = [
    _call("441908273800", "441908273801", _INFO, _MORE),
    _call("myConference", None, _INFO, _MORE),
    _three("441908273800", "441908273801", _BILL, "my token info ", _MORE, _MORE, _MORE),
]
_RAW = [
    _call("441908283800", "441908283801", _INFO, _DATA),
    _call("myConference", None, _INFO, _DATA),
    _three(
        "441908283800", "441908283801", "sip:bill@anotherCompany.com", "token", _DATA, None, None
    ),
]

_BOB: Final = "1-2-0/bob@acompany.com/"
_PASS: Final = "myOutboundServicePassword"
_OUTBOUND = (f"{_BOB}myOutboundService", _PASS)
_CALL_A_CONFERENCE = f"{_BOB}myCallAConferenceService"
_APPNAME = ("1-2-0/user@example.com/appname", "pass")
_MY = ("1-2-0/user@example.com/MyOutboundService", "MyOutboundServicePassword")
_DOTNET = [_OUTBOUND, (_CALL_A_CONFERENCE, "myCallAConferenceServicePassword"), _OUTBOUND]


def _samples(
    dialect: str, module: ModuleType, documented: list[Any], services: list[tuple[str, str]]
) -> list[Sample]:
    kinds: list[Literal["telephone", "conference"]] = ["telephone", "conference", "telephone"]
    return [
        Sample(dialect, title, getattr(module, title), *service, kind, wanted)
        for title, service, kind, wanted in zip(
            ("telephone", "conference", "several"), services, kinds, documented, strict=True
        )
    ]


SAMPLES: Final = (
    *_samples("HTTP", raw_requests, _RAW, [_MY] * 3),
    *_samples("C#", csharp_samples, _WRAPPED, _DOTNET),
    *_samples("VB", vb_samples, _WRAPPED, _DOTNET),
    *_samples(
        "Java",
        java_samples,
        _WRAPPED,
        [_OUTBOUND, (_CALL_A_CONFERENCE, _PASS), (_CALL_A_CONFERENCE, _PASS)],
    ),
    *_samples(
        "Python",
        python_samples,
        _PYTHON,
        [_OUTBOUND, (f"{_BOB}myOutboundConferenceService", _PASS), _OUTBOUND],
    ),
    *_samples("PHP", php_samples, _RAW, [_APPNAME] * 3),
)
"""In the page's order."""
