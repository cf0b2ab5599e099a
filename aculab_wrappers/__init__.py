"""Aculab Cloud's outbound services from Python: five documented wrappers over one small core.

Porting? The wrappers `aculab_wrappers.csharp`, `.vb`, `.java`, `.php` and `.python` name
everything as Aculab's page does; import their names from there. Old code that says `from
web_services import invoke_outbound_service, OutboundCalls` runs unchanged.

New code? Use `OutboundClient`, `Call` and `Invocation` from here.
No account? `aculab_wrappers.sandbox` is a cloud to run all of it against.
Something failed? `errors.py` opens with the tree; a failed start says `outcome`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from ._core.values import Call as Call
    from ._core.values import Invocation as Invocation
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
else:
    # Imported when first asked for (PEP 562), so that `import aculab_wrappers` costs nothing.
    _HOMES = {
        "._core.values": ("Call", "Invocation"),
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
    }
    _HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
    # Where the wrappers' names are: each language's in a module of its own.
    _WRAPPERS = {
        ("csharp", "vb", "java"): (
            "OutboundCall",
            "OutboundRESTAPIService",
            "ServiceInvocation",
            "ServiceStatus",
        ),
        ("csharp", "vb"): ("List", "PlatformAccount", "Ref", "WebServiceWrappers"),
        ("vb",): ("ByRef",),
        ("java",): ("ArrayList",),
        ("php",): (
            "OutboundInstanceConfiguration",
            "OutboundInstanceStatus",
            "OutboundService",
            "WebServiceBase",
        ),
        ("python",): ("OutboundCalls", "invoke_outbound_service"),
    }
    _MODULES_OF = {name: modules for modules, names in _WRAPPERS.items() for name in names}

    def __getattr__(name):
        if name in _HOME_OF:
            from importlib import import_module

            found = getattr(import_module(_HOME_OF[name], __name__), name)
            globals()[name] = found
            return found
        if name in _MODULES_OF:
            modules = " or ".join(f"{__name__}.{module}" for module in _MODULES_OF[name])
            # `from aculab_wrappers import X` puts a message of its own over an AttributeError's.
            imported = sys._getframe(1).f_code.co_name == "_handle_fromlist"
            error = ImportError if imported else AttributeError
            raise error(f"{name} is a name of a wrapper: import it from {modules}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        return __all__


__all__ = [
    "AculabError",
    "Call",
    "InvalidInputError",
    "Invocation",
    "NotSentError",
    "OutboundClient",
    "Outcome",
    "RejectedError",
    "StartError",
    "StartedMismatchError",
    "StatusError",
    "TransportError",
    "UnknownOutcomeError",
    "WaitTimeoutError",
    "WrongOverloadError",
    "__version__",
]
