"""Rows 62 to 64: what objects, errors and logs show of a password."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import pydoc
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers import (
    Call,
    Invocation,
    Outcome,
    TransportError,
    csharp,
    java,
    php,
    python,
    vb,
)
from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.operations import GetStatus, Start
from aculab_wrappers._core.outcome import judge_failure
from aculab_wrappers._core.settings import Proxy, Settings
from aculab_wrappers._core.transport import NetworkTransport

from ..transport.asking import basic
from .bench import Missed
from .canaries import CANARIES, leaks, told_of
from .rule import Rule, client_of, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from .rule import Scene

WHO: Final = ("1-2-0", "user@example.com", "My Service")
REFUSAL: Final = b'{"error":{"code":"0001","text":"not allowed"}}'


def nothing_of(password: str, text: str, where: str) -> None:
    """Neither the password nor the header that it makes stands in `text`."""
    pair = basic("/".join(WHO), password).partition(" ")[2]
    found = leaks(text, password) + (["header"] if pair in text else [])
    expect(not found, f"{where} tells a password: {', '.join(found)}")


def holders(password: str) -> dict[str, Any]:
    """Every kind of object that holds a password, or holds one that does."""
    credentials = Credentials(*WHO, password)
    proxy = f"http://user:{''.join(f'%{byte:02x}' for byte in password.encode())}@127.0.0.1:9"
    settings = Settings.checked("http://127.0.0.1:9", 1, proxy)
    client = client_of(password)
    return {
        "client": client,
        "client behind a proxy": client_of(password, proxy=proxy),
        "caller": client._session,
        "credentials": credentials,
        "request of a start": Start((Call("x"),)).request(credentials),
        "request of a status": GetStatus((Invocation("id"),)).request(credentials),
        "proxy": Proxy(proxy, "proxy"),
        "settings": settings,
        "transport": NetworkTransport(settings),
        "C#": csharp.OutboundRESTAPIService(*WHO, password),
        "VB": vb.OutboundRESTAPIService(vb.PlatformAccount(*WHO[:2]), WHO[2], password),
        "Java": java.OutboundRESTAPIService(*WHO, password),
        "PHP": php.OutboundService(*WHO, password),
    }


def around(password: str) -> dict[str, Any]:
    """What is made beside them, and may be pickled."""
    call = Call("+441908273800", token="t")
    error = judge_failure((call,), TransportError("silence"))
    return {
        "call": call,
        "invocation": Invocation("id", call),
        "start": Start((call,)),
        "account": csharp.PlatformAccount(*WHO[:2]),
        "calls": python.OutboundCalls("+441908273800"),
        "error": error,
        "function": python.invoke_outbound_service,
        "outcome": Outcome.UNKNOWN,
    }


def _fields(thing: Any) -> list[object]:
    if not dataclasses.is_dataclass(thing) or isinstance(thing, type):
        return []
    return [dataclasses.asdict(thing), dataclasses.astuple(thing)]


def _slots(thing: Any) -> object:
    names = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    return {name: getattr(thing, name, None) for name in names if not name.startswith("__")}


SINKS: Final[dict[str, Callable[[Any], object]]] = {
    "repr": repr,
    "str": str,
    "format": "{0} {0!r} {0!a}".format,
    "vars": vars,
    "slots": _slots,
    "dir": dir,
    "json": lambda thing: json.dumps(
        thing, default=lambda one: getattr(one, "__dict__", repr(one))
    ),
    "copy": lambda thing: repr(copy.copy(thing)),
    "deepcopy": lambda thing: repr(copy.deepcopy(thing)),
    "asdict": _fields,
    "help": lambda thing: pydoc.plain(pydoc.render_doc(thing)),
    "help of its class": lambda thing: pydoc.render_doc(type(thing)),
    "in a list": lambda thing: f"{[thing]} {{'it': thing}} {(thing,)}",
}


def shown_by(name: str) -> Callable[[Scene], None]:
    def play(_scene: Scene) -> None:
        for password in CANARIES[:: 8 if name.startswith("help") else 1]:  # it is slow
            for what, thing in {**holders(password), **around(password)}.items():
                try:
                    text = repr(SINKS[name](thing))
                except TypeError as error:  # it cannot be shown so
                    text = f"{error!r} {error.args}"
                nothing_of(password, text, f"{name} of {what}")

    return play


def pickled(_scene: Scene) -> None:
    for password in CANARIES:
        for what, thing in holders(password).items():
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                try:
                    pickle.dumps(thing, protocol)
                except TypeError as error:
                    nothing_of(password, told_of(error), f"the refusal to pickle {what}")
                else:
                    raise Missed(f"{what} was pickled")
        for what, thing in around(password).items():
            shown = pickle.dumps(thing).decode("latin-1")
            nothing_of(password, shown, what)


def state_of(_scene: Scene) -> None:
    """What programs that write objects down ask for, if not for a pickle."""
    for password in CANARIES:
        for what, thing in holders(password).items():
            try:
                state = repr(thing.__getstate__())
            except TypeError:
                continue
            nothing_of(password, state, f"the state of {what}")


RULES: Final = (
    *(
        Rule(62, f"-{name.replace(' ', '-')}", f"{name} of every object", shown_by(name))
        for name in SINKS
    ),
    Rule(62, "-pickle", "a pickle of what holds a password is refused", pickled),
    Rule(62, "-state", "the state that other writers of objects ask for", state_of),
)
