"""The scene of a row, and everything that could be overheard while it is played."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from aculab_wrappers.parity.proxy import Proxies, real_proxies

from ..transport.asking import SECRETS, told, turn_on_every_log
from ..transport.conftest import certificates, serve
from .bench import REAL, Bench
from .leaves import Leaves
from .rule import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..transport.conftest import Certificates, Serve
    from .row import Row, Way

__all__ = ["certificates", "serve"]

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder: it takes a minute, and runs when it is asked for."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("faults")


class MakeBench(Protocol):
    def __call__(self, row: Row, way: Way) -> Bench: ...


@pytest.fixture(scope="session")
def proxies() -> Iterator[Proxies]:
    with real_proxies() as running:
        assert running
        yield running


@pytest.fixture(scope="session")
def leaves(tmp_path_factory: pytest.TempPathFactory) -> Leaves:
    return Leaves(tmp_path_factory.mktemp("leaves"))


@pytest.fixture
def bench(
    serve: Serve,
    certificates: Certificates,
    leaves: Leaves,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[MakeBench]:
    with contextlib.ExitStack() as stack:

        def make(row: Row, way: Way) -> Bench:
            proxies = request.getfixturevalue("proxies") if way in REAL else None
            made = Bench(
                row, way, serve, certificates, leaves, monkeypatch, tmp_path, stack, proxies
            )
            made.open()
            return made

        yield make


@dataclass(frozen=True)
class Ears:
    """Every log at its most talkative, and what was printed."""

    caplog: pytest.LogCaptureFixture
    capfd: pytest.CaptureFixture[str]

    def secrets(self, error: BaseException | None) -> list[str]:
        """The secrets that the error or a log or the output tells."""
        records = self.caplog.records
        heard = [f"{record.getMessage()} {record.__dict__!r}" for record in records]
        causes = [record.exc_info[1] for record in records if record.exc_info]
        printed = self.capfd.readouterr()
        shown = "\n".join(
            [
                *heard,
                self.caplog.text,
                printed.out,
                printed.err,
                *(told(one) for one in [*causes, error] if one is not None),
            ]
        )
        return [secret for secret in SECRETS if secret in shown]


@pytest.fixture
def ears(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Ears:
    turn_on_every_log(caplog, monkeypatch)
    return Ears(caplog, capfd)


@pytest.fixture
def scene(
    serve: Serve,
    certificates: Certificates,
    ears: Ears,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Scene:
    """Where the rows are played that speak of more than one start."""
    return Scene(serve, certificates, ears, monkeypatch, tmp_path)
