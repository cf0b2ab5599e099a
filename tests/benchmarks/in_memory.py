"""This package without the network: its transport answers from memory."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING
from unittest.mock import patch

from aculab_wrappers._core.http import HttpResponse
from aculab_wrappers._core.transport import NetworkTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aculab_wrappers._core.http import HttpRequest

_numbers = itertools.count(1)


def ids(count: int) -> bytes:
    """The answer to a start of so many calls: ids that were never given before."""
    return b'["%s"]' % b'","'.join(b"%032x" % next(_numbers) for _ in range(count))


@contextlib.contextmanager
def answering(answer: Callable[[HttpRequest], bytes]) -> Iterator[None]:
    """Let every client be answered so, in the place where it would go to the network."""

    def send(_self: object, request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, (("Content-Type", "application/json"),), answer(request))

    with patch.object(NetworkTransport, "send", send):
        yield
