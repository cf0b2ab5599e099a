"""Where each sentence that is no member and no sample has its place in these pages."""

from __future__ import annotations

from typing import Final

_CALL: Final = "[Call](idiomatic-python.md#a-call)"
_CLIENT: Final = "[OutboundClient](idiomatic-python.md#the-client)"
_SEVERAL: Final = "[several calls](idiomatic-python.md#several-calls)"
_FOLLOW: Final = "[following a call](idiomatic-python.md#follow-a-call)"
_STATUS: Final = "[what a status says](idiomatic-python.md#what-a-status-says)"
_DESTINATIONS: Final = "[destinations](idiomatic-python.md#destinations)"
_TUTORIAL: Final = "[tutorial](tutorial.md)"
_NOT_HERE: Final = "nothing to call: [what is not here](evidence.md#what-is-not-here)"
_ERRORS: Final = "[errors](errors.md)"
_CODES: Final = "[the cloud's codes](errors.md#the-clouds-own-codes)"
_ASSUMED: Final = "[assumed](evidence.md#assumed)"

GENERAL: Final[tuple[tuple[str, str], ...]] = (
    (
        (
            "You start your outbound application by invoking your Outbound Service on Aculab Cloud "
            "that refers to your application by name."
        ),
        _TUTORIAL,
    ),
    (
        (
            "You can do this manually from the Outbound Services page or you can call a web "
            "service on Aculab Cloud to start it."
        ),
        _TUTORIAL,
    ),
    (
        (
            "Aculab Cloud makes an outbound call and when it is answered it requests your "
            "application's First Page."
        ),
        _FOLLOW,
    ),
    ("If far-end classification is enabled, …", _NOT_HERE),
    ("seed.configured", _DESTINATIONS),
    ("Starting an Outbound Service from the Outbound Services page", _NOT_HERE),
    ("seed.json", "[raw HTTP](http.md)"),
    ("seed.object", _SEVERAL),
    ("seed.array", _SEVERAL),
    ("seed.table.to", _CALL),
    ("seed.table.from.need", _CALL),
    ("seed.table.from", _CALL),
    ("seed.table.token", _CALL),
    ("seed.table.parameters", _CALL),
    ("seed.username", _CLIENT),
    ("seed.password", _CLIENT),
    ("seed.wrappers", "[all six, side by side](index.md)"),
)
"""The page before its tabs, in order: sentences by id, and short quotations."""

BESIDE: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "csharp": (
        ("csharp.list", "[`List`](csharp.md#List)"),
        ("csharp.until", "[`UpdateStatus`](csharp.md#OutboundRESTAPIService.UpdateStatus)"),
    ),
    "java": (("java.list", "[`ArrayList`](java.md#ArrayList)"),),
    "python": (
        ("python.target", "[`invoke_outbound_service`](python.md#invoke_outbound_service)"),
        ("python.call_to", "[`add_call`](python.md#OutboundCalls.add_call)"),
        ("python.call_from", "[`add_call`](python.md#OutboundCalls.add_call)"),
    ),
    "php": tuple(
        (f"php.{id_}", f"[`{name}`](php.md#{name})")
        for id_, name in (
            ("startinstance", "OutboundService.startInstance"),
            ("startinstance.success", "OutboundService.startInstance"),
            ("startinstance.failure", "OutboundService.startInstance"),
            ("getinstancestatus", "OutboundService.getInstanceStatus"),
            ("getinstancestatus.success", "OutboundService.getInstanceStatus"),
            ("getinstancestatus.failure", "OutboundService.getInstanceStatus"),
            ("seterrorcallback", "WebServiceBase.setErrorCallback"),
            ("seterrorcallback.arguments", "WebServiceBase.setErrorCallback"),
        )
    ),
}
"""Sentences of a tab that document a member beside its own line."""

OTHER_PAGES: Final = {
    "basic": _CLIENT,
    "caller-id": _CALL,
    "cloud-ids": "[another address](proxies-and-tls.md#another-address)",
    "detail": _STATUS,
    "error": _CODES,
    "error.accept": "[raw HTTP](http.md)",
    "error.details": _ERRORS,
    "error.object": _ERRORS,
    "error.unquoted": _ERRORS,
    "eta": _STATUS,
    "http": "[never dial twice](never-dial-twice.md)",
    "instance-id": _STATUS,
    "json": "[raw HTTP](http.md)",
    "list-accounts": _SEVERAL,
    "ours.environment": "[the environment](proxies-and-tls.md#what-the-environment-can-change)",
    "ours.follow": _ASSUMED,
    "ours.mismatch": "[StartedMismatchError](errors.md#startedmismatcherror)",
    "ours.outcome": "[never dial twice](never-dial-twice.md)",
    "ours.proxy": "[proxies](proxies-and-tls.md)",
    "ours.secrets": "[secrets](errors.md#secrets)",
    "ours.stand-ins": "[C#](csharp.md#List), [VB](vb.md#List), [Java](java.md#ArrayList)",
    "ours.status-wire": _ASSUMED,
    "php": "[proxies](proxies-and-tls.md#phps-setproxy)",
    "prefix": _DESTINATIONS,
    "prefixes": _DESTINATIONS,
    "start": "[raw HTTP](http.md)",
    "times": _STATUS,
    "words": _STATUS,
}
"""Sentences of other pages, by the beginning of their ids."""
