"""This package's faces behind the driver's interface."""

from __future__ import annotations

import importlib
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from .._core.frozen import frozen
from .._version import __version__
from ..demo.environment import only
from ..errors import StartedMismatchError, UnknownOutcomeError
from .dotnet import DotNetSession
from .driver import Hello
from .java import JavaSession
from .php import PhpSession
from .python import PythonSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from .driver import Order
    from .suite import Suite


class Session(Protocol):
    """What one case does with one service object of a face."""

    def perform(self, action: Mapping[str, Any]) -> dict[str, Any]:
        """Do one step. Returns its report; what it raises becomes one."""
        ...

    def heard(self) -> dict[str, Any]:
        """What else the step's report must say, whether it returned or raised."""
        ...


_SESSIONS: Final[dict[str, Any]] = {
    "csharp": DotNetSession,
    "vb": DotNetSession,
    "java": JavaSession,
    "python": PythonSession,
    "php": PhpSession,
}


@frozen
class FaceDriver:
    """One face.

    Attributes:
        hello: Who answers.
        module: The face's module; a broken copy of it, in the tests of the suite's sharpness.
    """

    hello: Hello
    module: ModuleType

    def run(self, order: Order) -> dict[str, Any]:
        """Perform a case. See `Driver`."""
        variables = {
            "ACULAB_BASE_URL": order["base_url"],
            "ACULAB_TIMEOUT": str(order["timeout"]),
            **order["environment"],
        }
        with only(variables), _silent_log():
            session: Session = _SESSIONS[self.hello.dialect](self.module, order)
            return {
                "seq": order["seq"],
                "results": [_report(session, action) for action in order["steps"]],
            }


def face_driver(suite: Suite, dialect: str, module: ModuleType | None = None) -> FaceDriver:
    """The driver of a face, with all the capabilities that its transcript names."""
    capabilities = frozenset(suite.surfaces[dialect]["capabilities"])
    if module is None:
        module = importlib.import_module(suite.surfaces[dialect]["module"])
    return FaceDriver(Hello(f"aculab_wrappers, {__version__}", dialect, capabilities), module)


@contextmanager
def _silent_log() -> Iterator[None]:
    """A callback that raises, as cases have it, is logged; the matrix is no place for that."""
    logger = logging.getLogger("aculab_wrappers")
    handler, propagate = logging.NullHandler(), logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate


def _report(session: Session, action: Mapping[str, Any]) -> dict[str, Any]:
    try:
        report = session.perform(action)
    except Exception as error:  # whatever it is, it is the step's result
        report = {"raises": _described(error)}
    return {**report, **session.heard()}


def _described(error: Exception) -> dict[str, Any]:
    outcome = getattr(error, "outcome", None)
    ids: list[str] = []
    if isinstance(error, StartedMismatchError):
        ids = [invocation.id for invocation in error.invocations]
    elif isinstance(error, UnknownOutcomeError):
        ids = list(error.hinted_ids)
    return {
        "error": type(error).__name__,
        "outcome": None if outcome is None else outcome.name,
        "http_status": getattr(error, "http_status", None),
        "code": getattr(error, "code", None),
        "ids": ids,
        "message": str(error),
    }
