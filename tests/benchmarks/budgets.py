"""The budgets, in the order of the table."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from . import batches, faces, following, imports, in_flight, sandboxes, starts
from .surroundings import pin_core, pin_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from .row import Row


@dataclass(frozen=True)
class Budget:
    """One budget.

    Attributes:
        number: Its place in the table.
        name: What `--only` takes.
        title: What it is about, for headings.
        about: What the page says of how it is measured.
        rows: Measures it.
    """

    number: int
    name: str
    title: str
    about: str
    rows: Callable[[], list[Row]]


BUDGETS: Final = (
    Budget(
        1,
        "start",
        "One start",
        "CPU of the process that asks, user and system, on loopback, with 30 environment "
        "variables (requests reads them all for each request). Everybody opens a connection for "
        "each start; over HTTPS everybody trusts the usual bundle, and one authority more.",
        starts.start_rows,
    ),
    Budget(
        2,
        "poll",
        "One status poll",
        "CPU of the process that asks; and elapsed time over TLS through a relay that holds each "
        "piece back for 25 ms. Both keep their connection.",
        starts.poll_rows,
    ),
    Budget(
        3,
        "faces",
        "What a face adds to the core",
        "A start that is answered in memory, through each face and through the core. The "
        "difference is held against a whole start on loopback; in function calls, which come out "
        "the same every time, against those of a start by `http.client`. The Python face has no "
        "object that could keep a client: its core makes one for each start, too.",
        faces.rows,
    ),
    Budget(
        4,
        "import",
        "Import",
        "CPU, memory and modules of a fresh interpreter for each.",
        imports.rows,
    ),
    Budget(
        5,
        "batch",
        "Many calls in one start",
        "Building and checking the calls, encoding them, and reading the ids into invocations, "
        "answered in memory; against the bare steps that send the same bytes. Whether a call costs "
        "more among many is a matter of counts: of function calls, and of instructions without the "
        "garbage collector (where valgrind is there, and up to 12,000 calls). CPU time has a wider "
        "limit, because memory caches and the garbage collector do cost more when there is more.",
        batches.rows,
    ),
    Budget(
        6,
        "following",
        "Following many calls",
        "An update of all that a face has started, answered in memory. Memory is what Python "
        "allocates for them, less the strings that came from the caller and from the cloud.",
        following.rows,
    ),
    Budget(
        7,
        "in-flight",
        "Many starts in flight",
        "From 128 threads, on all cores, to a server that answers after 50 ms. This is the one "
        "budget about elapsed time, and so the one that other work on the machine disturbs most.",
        in_flight.rows,
    ),
    Budget(
        8,
        "sandbox",
        "The sandbox",
        "CPU of the process that serves: the sandbox, and Werkzeug's server with a handler that "
        "reads the request and gives one fixed answer. Below it, in process, what each of many "
        "live calls costs from its start to its end, and when it is asked for.",
        sandboxes.rows,
    ),
)


def measure(name: str) -> list[Row]:
    """The rows of a budget, from a process of its own with pinned surroundings."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=_pin) as processes:
        return processes.submit(_rows, name).result()


def _pin() -> None:
    pin_environment()
    pin_core(-1)


def _rows(name: str) -> list[Row]:
    (budget,) = (budget for budget in BUDGETS if budget.name == name)
    return budget.rows()
