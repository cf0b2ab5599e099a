"""Locks between processes, and why one cannot be had."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from filelock import Timeout

if TYPE_CHECKING:
    from filelock import FileLock


def acquire(lock: FileLock) -> None:
    """Acquire `lock`.

    Raises:
        OSError: its file cannot be made.
        Timeout: another process holds it.
    """
    try:
        lock.acquire()
    except Timeout:
        # filelock waits for some files that cannot be made, as if another process held them.
        os.close(os.open(lock.lock_file, os.O_RDWR | os.O_CREAT, 0o600))
        raise
    except NotImplementedError as error:
        raise OSError(None, "this file system has no locks") from error
