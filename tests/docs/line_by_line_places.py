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
_CONSOLE: Final = "[the sandbox's page of that name](sandbox.md#the-outbound-services-page)"
_HTTP: Final = "[raw HTTP](http.md)"
_ERRORS: Final = "[errors](errors.md)"
_CODES: Final = "[the cloud's codes](errors.md#the-clouds-own-codes)"
_INVOKE: Final = "[`invoke_outbound_service`](python.md#invoke_outbound_service)"
_ADD_CALL: Final = "[`add_call`](python.md#OutboundCalls.add_call)"
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
    (
        (
            "If far-end classification is enabled, when the call is answered Aculab Cloud will "
            "attempt to classify the far-end."
        ),
        _NOT_HERE,
    ),
    ("If answering machine be detected it wait for the machine's prompt message …", _NOT_HERE),
    ("seed.configured", _DESTINATIONS),
    ("Starting an Outbound Service from the Outbound Services page", _CONSOLE),
    (
        "Press the gearwheel icon next to your outbound service on the Outbound Services page.",
        _CONSOLE,
    ),
    ("You should see a form like this one; Under the Test Settings …", _CONSOLE),
    ("Starting an Outbound Service using the service_start Web Service", _HTTP),
    ("seed.json", _HTTP),
    ("seed.object", _SEVERAL),
    ("seed.array", _SEVERAL),
    ("seed.table.to", _CALL),
    ("seed.table.from.need", _CALL),
    ("seed.table.from", _CALL),
    (
        (
            "If to is a telephone number, then this needs to be a validated caller id (see Caller "
            "IDs)."
        ),
        _CALL,
    ),
    ("seed.table.token", _CALL),
    ("seed.table.parameters", _CALL),
    ("Http authentication username and password:", _CLIENT),
    (
        (
            "The authentication username and password contain details of the service to call and "
            "the account on which it is configured."
        ),
        _CLIENT,
    ),
    ("seed.username", _CLIENT),
    ("seed.password", _CLIENT),
    ("e.g. Username: 1-2-0/user@example.com/MyOutboundService", _CLIENT),
    ("Password: MyOutboundServicePassword", _CLIENT),
    ("High-level Language Wrappers", "[all six, side by side](index.md)"),
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
        (
            (
                "The python web_services module exposes a function called invoke_outbound_service "
                "and a class called OutboundCalls."
            ),
            "[what is here](python.md#the-members-in-the-pages-order)",
        ),
        ("python.target", _INVOKE),
        ("Your username on the target, e.g, my@email.address.", _INVOKE),
        ("The name of the outbound service you want to invoke.", _INVOKE),
        ("Your outbound service password as set in the outbound services page.", _INVOKE),
        ("This is an instance of a class of type OutboundCalls", _INVOKE),
        ("python.call_to", _ADD_CALL),
        ("python.call_from", _ADD_CALL),
        (
            "A string that will be passed to your application as part of the instance info object.",
            _ADD_CALL,
        ),
        (
            "Additional arguments that you want passed to the outbound application …",
            _ADD_CALL,
        ),
    ),
    "php": tuple(
        (line, f"[`{name}`](php.md#{name if '.' in name else name.lower()})")
        for line, name in (
            ("Represents a configured outbound service.", "OutboundService"),
            (
                "The $target of the constructor is a cloud identifier (such as '1-2-0')",
                "OutboundService.OutboundService",
            ),
            ("php.startinstance", "OutboundService.startInstance"),
            ("php.startinstance.success", "OutboundService.startInstance"),
            ("php.startinstance.failure", "OutboundService.startInstance"),
            ("php.getinstancestatus", "OutboundService.getInstanceStatus"),
            ("php.getinstancestatus.success", "OutboundService.getInstanceStatus"),
            ("php.getinstancestatus.failure", "OutboundService.getInstanceStatus"),
            ("php.seterrorcallback", "WebServiceBase.setErrorCallback"),
            ("php.seterrorcallback.arguments", "WebServiceBase.setErrorCallback"),
            (
                "Represents the configuration used to start an outbound instance.",
                "OutboundInstanceConfiguration",
            ),
            ("Represents the status of an outbound instance.", "OutboundInstanceStatus"),
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
    "error.accept": _HTTP,
    "error.details": _ERRORS,
    "error.object": _ERRORS,
    "error.unquoted": _ERRORS,
    "eta": _STATUS,
    "http": "[never dial twice](never-dial-twice.md)",
    "instance-id": _STATUS,
    "json": _HTTP,
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
    "start": _HTTP,
    "times": _STATUS,
    "words": _STATUS,
}
"""Sentences of other pages, by the beginning of their ids."""
