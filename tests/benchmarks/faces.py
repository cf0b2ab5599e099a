"""Budget 3: what a face costs over the core, as a share of a start.

A face's own cost is some microseconds, which the noise of a network would hide. So the network is
left out on both sides, the difference taken, and that divided by a whole start on loopback.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from aculab_wrappers import Call, OutboundClient, csharp, java, php, python, vb

from . import contestants
from .contestants import ACCOUNT, FROM, TO, TOKEN
from .counting import calls_of
from .in_memory import answering, ids
from .rounds import cpu, race
from .row import Row, Spread, at_most, shown
from .server import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .contestants import Run

    Costs = dict[str, list[float]]

MOST_SHARE: Final = 3.0
"""Most that a face may cost over the core, in percent of a start."""
MOST_CALLS: Final = 8.0
"""The same in function calls, in percent of those of a start by bare http.client.

Not of our own start's: whatever made that one leaner would make the faces dearer. With Python 3.11
the dearest face made 6.18 % and cost 2.68 % of a start, so that 3 % come to 6.9; with 3.12, whose
http.client has a sixth fewer calls, it made 7.29 %, and they come to 8.1.
"""

_START: Final = "a start"
_BARE: Final = "http.client"
_ROUNDS: Final = 60
_TIMES: Final = 40


def rows() -> list[Row]:
    runs = {name: make() for name, make in {**CORES, **FACES}.items()}
    with serving() as base:
        start = contestants.ours(base)
        turns = {name: _offline(cpu(run, _TIMES)) for name, run in runs.items()}
        costs = race({**turns, _START: cpu(start, _TIMES // 4)}, _ROUNDS)
        bare = float(calls_of(contestants.http_client(base)))
    calls = {name: [float(calls_in_memory(run))] for name, run in runs.items()} | {_BARE: [bare]}
    by_cpu = [_row(face, costs, _START, MOST_SHARE, "us CPU") for face in FACES]
    return by_cpu + [_row(face, calls, _BARE, MOST_CALLS, "function calls") for face in FACES]


def share(face: float, core: float, whole: float) -> float:
    """What a face costs over the core, in percent."""
    return 100 * (face - core) / whole


def calls_in_memory(run: Run) -> int:
    """The function calls of a start that is answered from memory."""
    with answering(lambda _: ids(1)):
        return calls_of(run)


def core_of(face: str) -> str:
    """What a face is held against: the core, used as the face has to use it."""
    return _EACH if face == "python" else _KEPT


def _row(face: str, costs: Costs, whole: str, limit: float, unit: str) -> Row:
    core = core_of(face)
    rounds = zip(costs[face], costs[core], costs[whole], strict=True)
    return Row(
        f"a start through {face}, in memory",
        shown(median(costs[face]), unit),
        core,
        shown(median(costs[core]), unit),
        Spread.of([share(*one) for one in rounds]),
        at_most(limit),
        f"% of {whole}",
        {name: costs[name] for name in (face, core, whole)},
    )


def _offline(turn: Callable[[], float]) -> Callable[[], float]:
    def offline() -> float:
        with answering(lambda _: ids(1)):
            return turn()

    return offline


def _kept_client() -> Run:
    client = OutboundClient(*ACCOUNT, timeout=None)
    return lambda: client.start(Call(TO, FROM, token=TOKEN))


def _client_each() -> Run:
    return lambda: OutboundClient(*ACCOUNT, timeout=None).start(Call(TO, FROM, token=TOKEN))


def _dotnet(face: ModuleType) -> Run:
    service = face.OutboundRESTAPIService(*ACCOUNT)

    def run() -> object:
        call = face.OutboundCall(TO, FROM)
        call.Token = TOKEN
        return service.Start(call)

    return run


def _java() -> Run:
    service = java.OutboundRESTAPIService(*ACCOUNT)

    def run() -> object:
        call = java.OutboundCall(TO, FROM)
        call.setToken(TOKEN)
        return service.start(call)

    return run


def _php() -> Run:
    service = php.OutboundService(*ACCOUNT)

    def run() -> object:
        configuration = php.OutboundInstanceConfiguration(TO, FROM)
        configuration.setToken(TOKEN)
        return service.startInstance(configuration)

    return run


def _python() -> Run:
    def run() -> object:
        calls = python.OutboundCalls(TO, FROM, TOKEN)
        return python.invoke_outbound_service(*ACCOUNT, calls)

    return run


_KEPT: Final = "OutboundClient"
_EACH: Final = "OutboundClient, made for each start"
CORES: Final[dict[str, Callable[[], Run]]] = {_KEPT: _kept_client, _EACH: _client_each}
FACES: Final[dict[str, Callable[[], Run]]] = {
    "csharp": lambda: _dotnet(csharp),
    "vb": lambda: _dotnet(vb),
    "java": _java,
    "php": _php,
    "python": _python,
}
