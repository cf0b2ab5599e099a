"""Aculab Cloud's outbound services from Python: five documented wrappers over one small core.

Porting? Lay the face beside its page: `aculab_wrappers.csharp`, `.vb`, `.java`, `.php` and
`.python` name everything as the page does. Old code that says `from web_services import
invoke_outbound_service, OutboundCalls` runs unchanged.

New code? Use `OutboundClient`, `Call` and `Invocation` from here.
No account? `aculab_wrappers.sandbox` is a cloud to run all of it against.
Something failed? `errors.py` opens with the tree; a failed start says `outcome`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from ._core.outbound import Call as Call
    from ._core.outbound import Invocation as Invocation
    from ._dotnet_types import PlatformAccount as PlatformAccount
    from ._dotnet_types import WebServiceWrappers as WebServiceWrappers
    from .client import OutboundClient as OutboundClient
    from .errors import AculabError as AculabError
    from .errors import InvalidInputError as InvalidInputError
    from .errors import NotSentError as NotSentError
    from .errors import Outcome as Outcome
    from .errors import RejectedError as RejectedError
    from .errors import StartedMismatchError as StartedMismatchError
    from .errors import StartError as StartError
    from .errors import StatusError as StatusError
    from .errors import TransportError as TransportError
    from .errors import UnknownOutcomeError as UnknownOutcomeError
    from .errors import WaitTimeoutError as WaitTimeoutError
    from .errors import WrongOverloadError as WrongOverloadError
    from .php import OutboundInstanceConfiguration as OutboundInstanceConfiguration
    from .php import OutboundInstanceStatus as OutboundInstanceStatus
    from .php import OutboundService as OutboundService
    from .php import WebServiceBase as WebServiceBase
    from .python import OutboundCalls as OutboundCalls
    from .python import invoke_outbound_service as invoke_outbound_service
else:
    # Imported when first asked for (PEP 562), so that `import aculab_wrappers` costs nothing.
    _HOMES = {
        "._core.outbound": ("Call", "Invocation"),
        ".client": ("OutboundClient",),
        ".errors": (
            "AculabError",
            "InvalidInputError",
            "NotSentError",
            "Outcome",
            "RejectedError",
            "StartError",
            "StartedMismatchError",
            "StatusError",
            "TransportError",
            "UnknownOutcomeError",
            "WaitTimeoutError",
            "WrongOverloadError",
        ),
        "._dotnet_types": ("PlatformAccount", "WebServiceWrappers"),
        ".php": (
            "OutboundInstanceConfiguration",
            "OutboundInstanceStatus",
            "OutboundService",
            "WebServiceBase",
        ),
        ".python": ("OutboundCalls", "invoke_outbound_service"),
    }
    _HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
    _AMBIGUOUS = ("OutboundCall", "OutboundRESTAPIService", "ServiceInvocation", "ServiceStatus")

    def __getattr__(name):
        if name in _HOME_OF:
            from importlib import import_module

            found = getattr(import_module(_HOME_OF[name], __name__), name)
            globals()[name] = found
            return found
        if name in _AMBIGUOUS:
            raise AttributeError(
                f"{name} is documented in several languages: import it from "
                f"{__name__}.csharp, {__name__}.vb or {__name__}.java"
            )
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        return __all__


__all__ = [
    "AculabError",
    "Call",
    "InvalidInputError",
    "Invocation",
    "NotSentError",
    "OutboundCalls",
    "OutboundClient",
    "OutboundInstanceConfiguration",
    "OutboundInstanceStatus",
    "OutboundService",
    "Outcome",
    "PlatformAccount",
    "RejectedError",
    "StartError",
    "StartedMismatchError",
    "StatusError",
    "TransportError",
    "UnknownOutcomeError",
    "WaitTimeoutError",
    "WebServiceBase",
    "WebServiceWrappers",
    "WrongOverloadError",
    "__version__",
    "invoke_outbound_service",
]
