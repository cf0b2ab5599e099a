"""The embedded cloud behind `--sandbox`, whose state is kept between two commands."""

from __future__ import annotations

import json
import os
import tempfile
from time import monotonic
from typing import TYPE_CHECKING, Final, NoReturn

import click
from filelock import FileLock, Timeout

from ..errors import InvalidInputError, TransportError
from ..sandbox import Sandbox, Service
from .errors import os_reason
from .locks import acquire

if TYPE_CHECKING:
    from .._core.http import HttpRequest, HttpResponse
    from ..sandbox.services import Kind

_LOCK_SECONDS: Final = 10.0
_SAVE_SECONDS: Final = 0.5


def state_path() -> str:
    """Where the state is: in the folder that this platform has for a program's own files."""
    return os.path.join(click.get_app_dir("aculab-wrappers"), "sandbox.json")


class KeptSandbox:
    """A Transport to a sandbox whose state is on disk between two commands.

    So several commands, at once or one after the other, talk to one cloud. Time is real. A run of
    many starts is kept twice a second, and nobody else is let in meanwhile: call `close` at its
    end.
    """

    def __init__(
        self,
        cloud_id: str,
        username: str,
        service: str,
        password: str,
        kind: Kind,
    ) -> None:
        only = Service(username, service, password, kind, cloud_id=cloud_id)
        self._sandbox = Sandbox([only], time="real")
        self._path = state_path()
        self._lock = FileLock(f"{self._path}.lock", timeout=_LOCK_SECONDS, mode=0o600)
        self._seen: tuple[int, ...] | None = None
        self._unsaved = False
        self._save_at = 0.0

    def send(self, request: HttpRequest) -> HttpResponse:
        """Answer `request` out of the kept state.

        Raises:
            TransportError: the state cannot be used, and nothing was started; or it could not be
                kept, and what was started is lost: its `sent` says which.
        """
        if not self._lock.is_locked:
            self._enter()
        try:
            before = self._sandbox.accepted
            response = self._sandbox.send(request)
            self._unsaved |= self._sandbox.accepted != before
        finally:
            if not self._unsaved or monotonic() >= self._save_at:
                try:
                    self.close()
                except OSError as error:
                    self._unusable(os_reason(error), sent=True)
        return response

    def close(self) -> None:
        """Keep what was started since the last time, and let others in."""
        try:
            if self._unsaved:
                self._save()
        finally:
            self._unsaved = False
            self._lock.release()

    def _enter(self) -> None:
        """Take the lock, and the state as others left it."""
        try:
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
            acquire(self._lock)
        except Timeout:
            self._unusable("another command holds it")
        except OSError as error:
            self._unusable(os_reason(error))
        try:
            self._load()
        except BaseException:
            self._lock.release()
            raise

    def _load(self) -> None:
        trouble = ""
        try:
            with open(self._path, "rb") as file:
                seen = _identity(file.fileno())
                if seen != self._seen:
                    self._sandbox.restore(json.load(file))
                    self._seen = seen
        except FileNotFoundError:
            pass
        except OSError as error:
            trouble = os_reason(error)
        except (InvalidInputError, ValueError, RecursionError) as error:
            kind = str(error) if isinstance(error, InvalidInputError) else "it is not JSON"
            trouble = f"{kind}. Delete it to begin with an empty sandbox"
        if trouble:
            self._unusable(trouble)

    def _save(self) -> None:
        """Replace the file as a whole, so that a crash leaves the old state or the new one."""
        folder = os.path.dirname(self._path)
        file, new = tempfile.mkstemp(prefix=".sandbox-", dir=folder)
        try:
            with open(file, "w", encoding="ascii") as state:
                state.write(json.dumps(self._sandbox.snapshot()))
                state.flush()
                self._seen = _identity(file)
            os.replace(new, self._path)
            self._save_at = monotonic() + _SAVE_SECONDS
        except BaseException:
            os.unlink(new)
            raise

    def _unusable(self, why: str, *, sent: bool = False) -> NoReturn:
        raise TransportError(f"the sandbox's state {self._path} cannot be used: {why}", sent=sent)


def _identity(file: int) -> tuple[int, ...]:
    found = os.fstat(file)
    return found.st_ino, found.st_size, found.st_mtime_ns
