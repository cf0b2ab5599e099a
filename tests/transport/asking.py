"""What the tests ask with: requests and transports that carry secrets to look for."""

from __future__ import annotations

import base64
import http.client
import logging
import os
import traceback
from typing import TYPE_CHECKING, Any

from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.http import HttpRequest
from aculab_wrappers._core.settings import Settings
from aculab_wrappers._core.transport import NetworkTransport
from aculab_wrappers.errors import TransportError

from .sockets import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

HERE = os.path.dirname(__file__)
PASSWORD = "canary-pä55wörd"
PROXY_USER = "proxy-user"
PROXY_PASSWORD = "canary-proxy"
USER = "1-2-0/user@example.com/My Service"
FORM = (("number", "+441908273800"), ("token", "ünï"))
BODY = b"number=%2B441908273800&token=%C3%BCn%C3%AF"


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


SECRETS = (
    "canary",  # the beginning of both passwords, however the rest of them is quoted
    basic(USER, PASSWORD)[6:],
    basic(PROXY_USER, PROXY_PASSWORD)[6:],
)


def request(timeout: float | None = None, form: tuple[tuple[str, str], ...] = FORM) -> HttpRequest:
    who = Credentials("1-2-0", "user@example.com", "My Service", PASSWORD)
    return HttpRequest("/service_start", form, who, timeout)


def transport(
    server: Server | str,
    *,
    timeout: float | None = 5.0,
    proxy: Server | str | None = None,
    ca: Any = None,
    absolute_uri: bool | None = None,
) -> NetworkTransport:
    base_url = server if isinstance(server, str) else server.url
    if isinstance(proxy, Server):
        scheme, host = ("https", "localhost") if proxy.tls else ("http", "127.0.0.1")
        proxy = f"{scheme}://{PROXY_USER}:{PROXY_PASSWORD}@{host}:{proxy.port}"
    return NetworkTransport(Settings.checked(base_url, timeout, proxy, ca, absolute_uri))


def failure(carrier: NetworkTransport, timeout: float | None = None) -> TransportError:
    """The error that a request ends in."""
    try:
        response = carrier.send(request(timeout))
    except TransportError as error:
        return error
    raise AssertionError(f"it was answered: {response!r}")


def told(error: BaseException) -> str:
    """All that an error could tell a log, a crash reporter or a debugger.

    Without the frames of the tests: their variables hold the secrets to look for.
    """
    parts: list[str] = []
    for one in chain(error):
        parts += [str(one), repr(one), repr(one.args), repr(vars(one))]
        shown = traceback.TracebackException.from_exception(one, capture_locals=True)
        shown.stack[:] = [frame for frame in shown.stack if HERE not in frame.filename]
        parts += shown.format()
    return "\n".join(parts)


def turn_on_every_log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """All logs that there are at their most talkative, until the test ends."""
    for name in [None, *logging.root.manager.loggerDict]:
        caplog.set_level(logging.DEBUG, name)
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    monkeypatch.setattr(http.client.HTTPResponse, "debuglevel", 1, raising=False)


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and everything that hangs on it."""
    todo, seen = [error], set[int]()
    while todo:
        one = todo.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            todo += [other for other in (one.__cause__, one.__context__) if other is not None]


def frames(error: BaseException) -> set[str]:
    """The modules whose frames hang on an error."""
    return {
        frame.f_globals["__name__"]
        for one in chain(error)
        for frame, _ in traceback.walk_tb(one.__traceback__)
    }
