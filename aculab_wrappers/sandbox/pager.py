"""Requests the application's pages over HTTP, in threads of its own."""

from __future__ import annotations

import threading
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Final

from .pages import PageAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .pages import PageRequest

    Tell = Callable[[PageRequest, PageAnswer], None]

PAGE_SECONDS: Final = 10.0
"""How long a page may take. Assumed."""
MOST_BODY: Final = 1024 * 1024
"""Most bytes of a page's answer that are read."""

_THREADS: Final = 8


class Pager:
    """Requests pages, a few at a time, and tells how each answered.

    Args:
        tell: Is called with each request and its answer, in any thread.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._changed = threading.Condition()
        self._waiting: deque[PageRequest] = deque()
        self._threads = 0
        self._busy = 0

    def request(self, pages: Iterable[PageRequest]) -> None:
        """Request these. Returns at once."""
        with self._changed:
            self._waiting.extend(pages)
            wanted = min(len(self._waiting), _THREADS - self._threads)
            self._threads += wanted
        for _ in range(wanted):
            threading.Thread(target=self._work, name="aculab-sandbox-page", daemon=True).start()

    def wait(self) -> None:
        """Wait until every page has answered, and every one that came of that."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._busy)

    def forget(self) -> None:
        """Request no more of those that wait."""
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        """Request pages until none is left. A thread costs less than one that waits for ever."""
        while (page := self._next()) is not None:
            try:
                self._tell(page, _ask(page))
            finally:
                self._done()

    def _next(self) -> PageRequest | None:
        with self._changed:
            if not self._waiting:
                self._threads -= 1
                return None
            self._busy += 1
            return self._waiting.popleft()

    def _done(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()


def _ask(page: PageRequest) -> PageAnswer:
    # Slow to import, and no program needs it whose services have no pages.
    import requests

    # requests' own limit is for each read; a page that drips must end too.
    deadline = monotonic() + PAGE_SECONDS
    body = bytearray()
    try:
        # A connection of its own: one that is kept may be closed just when it is used again.
        session = requests.Session()
        session.trust_env = False
        with (
            session,
            session.post(
                page.address,
                data=page.body,
                headers={
                    "Content-Type": page.content_type,
                    "User-Agent": "aculab-wrappers-sandbox",
                },
                timeout=PAGE_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            for part in response.iter_content(4096):
                body += part
                if monotonic() > deadline:
                    return PageAnswer(trouble=_too_slow())
                if len(body) > MOST_BODY:
                    return PageAnswer(trouble=f"answered more than {MOST_BODY} bytes")
            return PageAnswer(response.status_code, bytes(body))
    except Exception as error:
        # Whatever a page does to us is the page's failure, and must not end this thread.
        return PageAnswer(trouble=_trouble(error))


def _trouble(error: Exception) -> str:
    import requests

    if isinstance(error, requests.Timeout):
        return _too_slow()
    if isinstance(error, requests.exceptions.SSLError):
        return "could not be requested: its certificate is not trusted, or TLS failed"
    if isinstance(error, requests.ConnectionError):
        return "could not be requested: nothing answers at its address"
    return f"could not be requested: {type(error).__name__}"


def _too_slow() -> str:
    return f"did not answer within {PAGE_SECONDS:g} seconds"
