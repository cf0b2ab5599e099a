"""A run: what was measured, when, where and of which versions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib.metadata
import os
import platform
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .budgets import measure
from .row import MISSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .budgets import Budget
    from .row import Row

_PACKAGES = ("aculab-wrappers", "requests", "urllib3", "certifi", "twilio", "httpx", "pycurl")


@dataclass(frozen=True)
class Run:
    """What came out."""

    date: str
    machine: str
    versions: dict[str, str]
    seconds: float
    found: list[tuple[Budget, list[Row]]]

    @property
    def missed(self) -> list[Row]:
        return [row for _, rows in self.found for row in rows if row.verdict == MISSED]

    def as_json(self) -> dict[str, Any]:
        """All of it, every raw figure included."""
        return {
            "date": self.date,
            "machine": self.machine,
            "versions": self.versions,
            "seconds": self.seconds,
            "budgets": [
                {
                    "number": budget.number,
                    "name": budget.name,
                    "title": budget.title,
                    "rows": [{**dataclasses.asdict(row), "verdict": row.verdict} for row in rows],
                }
                for budget, rows in self.found
            ],
        }


def run(budgets: Iterable[Budget], tell: Callable[[Budget], None]) -> Run:
    """Measure the budgets, one after the other."""
    begin = time.monotonic()
    found = []
    for budget in budgets:
        tell(budget)
        found.append((budget, measure(budget.name)))
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return Run(today, machine(), versions(), round(time.monotonic() - begin, 1), found)


def machine() -> str:
    """What kind of machine this is, without a name of its own."""
    return f"{_processor()}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown processor"


def versions() -> dict[str, str]:
    """Of Python, of OpenSSL, and of every package that took part."""
    found = {
        platform.python_implementation(): platform.python_version(),
        "OpenSSL": ssl.OPENSSL_VERSION.split()[1],
    }
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
