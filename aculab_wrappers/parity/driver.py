"""What performs a case: the interface, and the program behind `--driver`."""

from __future__ import annotations

import json
import queue
import shlex
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from .._core.frozen import frozen
from .._core.json_reader import NotJsonError, read_json
from .folder import SuiteError
from .suite import validate

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from .suite import Suite

PROTOCOL: Final = 1
_PATIENCE: Final = 60.0
"""Seconds for one answer; a case's own requests take five at most."""
_GRACE: Final = 5.0
"""Seconds for a program to end that has been told to."""

Order = Mapping[str, Any]
"""The message that asks for a case, as README.md describes it."""


class DriverError(Exception):
    """The driver cannot be used any more. The message says what it did."""


@frozen
class Hello:
    """Who answers.

    Attributes:
        name: The implementation, and its version.
        dialect: The dialect it speaks.
        capabilities: What of it.
    """

    name: str
    dialect: str
    capabilities: frozenset[str]


class Driver(Protocol):
    """Performs cases with one implementation of one dialect."""

    @property
    def hello(self) -> Hello:
        """Who answers."""
        ...

    def run(self, order: Order) -> Mapping[str, Any]:
        """Perform a case. Returns `results`, `skipped` or `errored`, as README.md has them.

        Raises:
            DriverError: it cannot answer any more.
        """
        ...


class ProgramDriver:
    """A program that is spoken to in JSON, one message a line."""

    def __init__(self, command: str, suite: Suite) -> None:
        """Start it, and hear who it is.

        Raises:
            DriverError: it does not start, or does not answer as it must.
        """
        self._suite = suite
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  closed by close
        try:
            self._process = subprocess.Popen(  # noqa: S603  what the user asked for
                shlex.split(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
            )
        except (OSError, ValueError) as error:
            self._complaints.close()
            reason = getattr(error, "strerror", None) or error
            raise DriverError(f"the driver does not start: {command}: {reason}") from None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self._lines: queue.Queue[bytes] = queue.Queue()
        # A thread, for a pipe cannot be read with a time limit on every system.
        self._reader = threading.Thread(
            target=_read_lines, args=(self._process.stdout, self._lines), daemon=True
        )
        self._reader.start()
        try:
            self.hello = self._greet()
        except BaseException:
            self.close()
            raise

    def run(self, order: Order) -> Mapping[str, Any]:
        """Perform a case. See `Driver`."""
        reply = self._asked({"command": "run", **order}, "reply")
        if reply["seq"] != order["seq"]:
            raise DriverError(f"the driver answered {reply['seq']} when asked {order['seq']}")
        return reply

    def close(self) -> None:
        """Ask it to stop, and see that it does."""
        with suppress(DriverError):
            self._send({"command": "stop"})
        with suppress(OSError):
            self._stdin.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_GRACE)
        self._complaints.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _greet(self) -> Hello:
        came = self._asked({"command": "start", "protocol": PROTOCOL}, "hello")
        names = (came["name"], came.get("version"), came.get("language"))
        hello = Hello(
            name=", ".join(name for name in names if name),
            dialect=came["dialect"],
            capabilities=frozenset(came["capabilities"]),
        )
        strange = sorted(hello.capabilities - self._suite.capabilities.keys())
        if strange:
            raise DriverError(f"the suite knows no capability {', '.join(strange)}")
        return hello

    def _asked(self, message: Mapping[str, Any], kind: str) -> dict[str, Any]:
        self._send(message)
        try:
            line = self._lines.get(timeout=_PATIENCE)
        except queue.Empty:
            raise DriverError(f"the driver gave no answer in {_PATIENCE:g} seconds") from None
        if not line:
            raise DriverError(f"the driver ended{self._said()}")
        try:
            answer = read_json(line)
            validate(self._suite.documents, kind, answer, "the driver's answer")
        except (NotJsonError, SuiteError) as error:
            raise DriverError(f"{error}: {line[:200].decode('utf-8', 'replace')}") from None
        assert isinstance(answer, dict)  # the schema said so
        return answer

    def _send(self, message: Mapping[str, Any]) -> None:
        try:
            self._stdin.write(json.dumps(message).encode() + b"\n")
            self._stdin.flush()
        except OSError:
            raise DriverError(f"the driver ended{self._said()}") from None

    def _said(self) -> str:
        """How it ended, and the last of what it wrote to stderr."""
        try:
            code = self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            return ", and still runs"
        self._complaints.seek(0)
        text = self._complaints.read().decode("utf-8", "replace").strip()
        return f" with exit code {code}" + (f": {text[-500:]}" if text else "")


def _read_lines(stream: IO[bytes], lines: queue.Queue[bytes]) -> None:
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(b"")
