"""Budget 4: what importing costs, in interpreters of their own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

from .contestants import is_here
from .rounds import race
from .row import Row, Spread, absent, at_most, compared, shown

if TYPE_CHECKING:
    from collections.abc import Callable

IMPORTS: Final = {
    "the package": "import aculab_wrappers",
    "the client": "from aculab_wrappers import Call, OutboundClient",
    "web_services": "import web_services",
    **{
        name: f"import aculab_wrappers.{name}" for name in ("csharp", "vb", "java", "php", "python")
    },
}
HEAVY: Final = (
    *("aiohttp", "asyncio", "certifi", "click", "concurrent.futures", "email", "fastapi", "flask"),
    *("http", "http.client", "httpx", "importlib.metadata", "logging", "multiprocessing"),
    *("requests", "rich", "socket", "ssl", "subprocess", "trustme", "typing_extensions"),
    *("unittest", "urllib.request", "urllib3", "werkzeug"),
)
"""What nobody needs before the first request."""

_REQUESTS: Final = "requests"
_PEERS: Final = {
    _REQUESTS: "import requests",
    "twilio": "import twilio.rest",
    "httpx": "import httpx",
    "pycurl": "import pycurl",
}
_ROUNDS: Final = 15
_CPU: Final = """
import time
begin = time.process_time_ns()
{0}
print((time.process_time_ns() - begin) / 1e6)
"""
_MEMORY: Final = """
{0}
import resource
with open("/proc/self/statm") as file:
    print(int(file.read().split()[1]) * resource.getpagesize() / 2**20)
"""
_MODULES: Final = """
import sys
before = set(sys.modules)
{0}
print(*(name for name in {1!r} if name in sys.modules and name not in before))
"""


def rows() -> list[Row]:
    peers = {name: line for name, line in _PEERS.items() if is_here(name)}
    turns = {name: _figure(_CPU, line) for name, line in {**IMPORTS, **peers}.items()}
    costs = race(turns, _ROUNDS)
    found = [
        compared(f"import of {name}, CPU", costs, name, _REQUESTS, at_most(0.36), "ms")
        for name in IMPORTS
    ]
    what, ours = "import of the client, CPU", "the client"
    for name in _PEERS:
        if name not in peers:
            found.append(absent(what, name))
        elif name != _REQUESTS:
            found.append(compared(what, costs, ours, name, None, "ms"))
    return [*found, *_memory_rows(), *_module_rows()]


def heavy(line: str) -> list[str]:
    """Which of the heavy modules a line imports in a fresh interpreter."""
    return _printed(_MODULES.format(line, HEAVY)).split()


def _memory_rows() -> list[Row]:
    if sys.platform != "linux":
        return []
    lines = {**IMPORTS, "nothing": "", _REQUESTS: _PEERS[_REQUESTS]}
    sizes = race({name: _figure(_MEMORY, line) for name, line in lines.items()}, 5)
    nothing = sizes.pop("nothing")
    return [
        Row(
            f"memory after import of {name}, over theirs",
            shown(Spread.of(sizes[name]).median, "MiB"),
            "an empty interpreter",
            shown(Spread.of(nothing).median, "MiB"),
            Spread.of([size - empty for size, empty in zip(sizes[name], nothing, strict=True)]),
            at_most(7) if name in IMPORTS else None,
            "MiB",
            {name: sizes[name], "nothing": nothing},
        )
        for name in sizes
    ]


def _module_rows() -> list[Row]:
    found = {name: heavy(line) for name, line in IMPORTS.items()}
    worst = max(found, key=lambda name: len(found[name]))
    return [
        Row(
            "what is imported before the first request",
            ", ".join(found[worst]) or "nothing of those",
            "the modules that only a request needs",
            f"{len(HEAVY)} modules",
            Spread.of([len(found[worst])]),
            at_most(0),
            "modules",
        )
    ]


def _figure(program: str, line: str) -> Callable[[], float]:
    """A turn that is an interpreter of its own."""
    return lambda: float(_printed(program.format(line)))


def _printed(program: str) -> str:
    return subprocess.check_output([sys.executable, "-c", program], text=True)
