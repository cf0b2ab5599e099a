"""Which requests the doctor may send with a password: a list of what is known to start nothing.

Everything else is refused here, whatever built it.

Source: the cloud's pages on starting outbound services and on their queues. Evidence: that asking
    for a status, or for the length of a queue, starts nothing is documented; the path of the first
    is assumed. A DELETE of a queue is documented to purge it, and so is never sent.
"""

from __future__ import annotations

import re
from typing import Final

STATUS: Final = "/service_status"
"""Assumed, see `GetStatus` in the core."""
MAX_REQUESTS: Final = 10
"""How many of them there are at most."""
_QUEUE = re.compile(r"\A/service/v1/outbound/(?!\.\.?/)[^/?#\s]+/queue\Z")
_STATUS_METHODS: Final = ("GET", "POST")


class ForbiddenRequestError(Exception):
    """A request that is not known to start nothing. It means a fault of the doctor itself."""


def check_request(method: str, target: str) -> None:
    """Let a request pass that cannot start a call.

    Args:
        method: Its method.
        target: Its path below the base URL, with its query.

    Raises:
        ForbiddenRequestError: it is any other.
    """
    path = target.partition("?")[0]
    is_status = path == STATUS and method in _STATUS_METHODS
    is_queue = method == "GET" and target == path and _QUEUE.match(path)
    if not (is_status or is_queue):
        raise ForbiddenRequestError(
            f"{method} {path} is not known to start nothing: it was not sent"
        )
