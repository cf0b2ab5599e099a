"""The one place that does network I/O: a `Transport` over requests.

It hands its own PreparedRequest to an HTTPAdapter, past `requests.Session`: a session would read
netrc and the environment, keep cookies and follow redirects.
"""

from __future__ import annotations

import functools
import http.client
import os
import platform
import ssl
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPResponse as Urllib3Response
from urllib3.connection import HTTPConnection
from urllib3.util import parse_url

from .._version import __version__
from ..errors import InvalidInputError, TransportError
from .connection import FreshPool
from .exchange import Exchange, current
from .heads import NoHeadError
from .settings import Settings
from .timed import TimedTlsSocket
from .troubles import innermost

if TYPE_CHECKING:
    from requests.structures import CaseInsensitiveDict

    from .credentials import Credentials
    from .wire import HttpRequest, HttpResponse

MOST_BODY: Final = 1_048_576
"""Most bytes of an answer's body that are read, unless the request itself was larger: the answer
to a start of 100,000 calls is megabytes of ids, of which none may be lost."""

_USER_AGENT = f"aculab-wrappers/{__version__} (Python {platform.python_version()})"


class RequestsTransport:
    """Sends each request once, over a connection of its own, inside one total deadline.

    No retries, no redirects, no cookies, no netrc, no compressed answers; TLS 1.2 or newer.
    Safe to use from several threads and after a fork.

    Raises:
        TransportError: the installed urllib3, which requests brings, cannot be relied on.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        reason = _unreliable_urllib3()
        if reason:
            raise TransportError(reason, sent=False)
        self._settings = settings or Settings()

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send `request`, and return whatever HTTP answer came within the time.

        Raises:
            InvalidInputError: an ACULAB_ environment variable cannot be used; nothing was sent.
            TransportError: there was no answer; its `sent` says whether a byte had left.
        """
        seconds = self._settings.seconds()
        if request.timeout is not None:
            seconds = min(seconds, request.timeout)
        body = request.body
        here = Exchange(seconds, max(MOST_BODY, 2 * len(body)))
        before = current.set(here)
        try:
            return _received(self._settings, request, body, here)
        except BaseException as error:
            mine = isinstance(error, Exception) and not isinstance(error, InvalidInputError)
            if mine and here.incoming and here.incoming.whole:
                return here.incoming.response  # whatever failed then, the answer is here
            other = None if mine else error
            trouble = _trouble(error, request, here)
        finally:
            current.reset(before)
        # Raised out here so that no deeper frame hangs on to it: their local variables hold the
        # Authorization header, or the address of a proxy.
        if other is None:
            raise trouble
        other.__context__ = None
        cause = None if isinstance(other, InvalidInputError) else trouble
        raise other.with_traceback(None) from cause


class _Adapter(HTTPAdapter):
    """An HTTPAdapter for one way to the cloud: its proxy, its trust, and fresh connections."""

    def __init__(self, settings: Settings) -> None:
        self._proxy = settings.way()
        self._absolute = settings.absolute_uri
        self._trust = settings.trust()
        super().__init__()

    def init_poolmanager(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing: no pool is kept."""

    def get_connection_with_tls_context(self, request: PreparedRequest, *_: Any, **__: Any) -> Any:
        origin = _parsed(request.url)
        proxy = _parsed(self._proxy.url) if self._proxy else None
        secure = "https" in (origin.scheme, proxy and proxy.scheme)
        tls = _tls_context(self._trust) if secure else None
        return FreshPool(origin, proxy, self._to_proxy(), tls)

    def request_url(self, request: PreparedRequest, proxies: Any) -> str:  # noqa: ARG002
        """What the request line asks for: by a proxy without a tunnel, usually all of the URL."""
        url = _parsed(request.url)
        asked = self._proxy is not None and url.scheme == "http"
        absolute = asked if self._absolute is None else self._absolute and self._proxy is not None
        return url.url if absolute else url.request_uri

    def add_headers(self, request: PreparedRequest, **_: Any) -> None:
        """Those for a proxy that is asked without a tunnel: there they go with the request."""
        if _parsed(request.url).scheme == "http":
            request.headers.update(self._to_proxy())

    def _to_proxy(self) -> dict[str, str]:
        authorization = self._proxy and self._proxy.authorization()
        return {"Proxy-Authorization": authorization} if authorization else {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: the shared context verifies. Here requests would load the bundle anew."""

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:  # noqa: ARG002
        """Nothing: the answer is in the exchange."""
        return _NOTHING


_NOTHING: Final = Response()
_parsed = functools.lru_cache(maxsize=32)(parse_url)


class _SharedContext(ssl.SSLContext):
    sslsocket_class = TimedTlsSocket

    def set_alpn_protocols(self, alpn_protocols: Any) -> None:
        """Nothing: urllib3 sets them for each connection, while other threads connect."""


def _tls_context(trust: str | None) -> ssl.SSLContext:
    """The shared context for a bundle: loading one costs more than a whole request."""
    found = trust or DEFAULT_CA_BUNDLE_PATH
    try:
        now = os.stat(found)
        identity: tuple[int, ...] = (now.st_ino, now.st_size, now.st_mtime_ns)
    except (OSError, ValueError):  # whoever loads it says what is wrong
        identity = ()
    return _loaded(found, identity)


@functools.lru_cache(maxsize=8)
def _loaded(found: str, identity: tuple[int, ...]) -> ssl.SSLContext:  # noqa: ARG001
    """A new context. A bundle that was written anew is another one, under the same name."""
    # Not create_default_context: that one writes session keys to the file SSLKEYLOGFILE names.
    context = _SharedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A server's name is one of the alternative names; the subject's is what somebody typed.
    context.hostname_checks_common_name = False
    ssl.SSLContext.set_alpn_protocols(context, ["http/1.1"])
    try:
        if os.path.isdir(found):
            context.load_verify_locations(capath=found)
        else:
            context.load_verify_locations(cafile=found)
    except OSError as error:
        none = isinstance(error, ssl.SSLError)
        reason = "it holds no PEM certificates" if none else error.strerror
        raise InvalidInputError(f"the certificates in {found!r} cannot be read: {reason}") from None
    return context


def _prepared(url: str, body: bytes, credentials: Credentials) -> PreparedRequest:
    headers = {
        "Host": urlsplit(url).netloc,  # http.client would name the proxy when it asks for a path
        "User-Agent": _USER_AGENT,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Authorization": credentials.authorization(),
        "Connection": "close",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
    }
    prepared = PreparedRequest()
    prepared.method, prepared.url, prepared.body = "POST", url, body
    # A plain dict does for an HTTPAdapter, and saves 66 function calls a request.
    prepared.headers = cast("CaseInsensitiveDict[str]", headers)
    return prepared


def _received(
    settings: Settings, request: HttpRequest, body: bytes, here: Exchange
) -> HttpResponse:
    adapter = _Adapter(settings)
    prepared = _prepared(settings.base() + request.path, body, request.credentials)
    here.left()  # no connection is made after the deadline
    adapter.send(prepared)
    assert here.incoming  # it is read by our connections
    return here.incoming.response


def _trouble(failure: BaseException, request: HttpRequest, here: Exchange) -> TransportError:
    came = here.incoming.so_far if here.incoming else None
    if came:
        from .hidden import without  # with the first error: most programs never need it

        came = without(came, request.credentials.spellings())
    return TransportError(
        _reason(failure, here), sent=here.sent, transient=here.transient, response=came
    )


def _reason(failure: BaseException, here: Exchange) -> str:
    if isinstance(failure, NoHeadError):
        return str(failure)
    if here.over:
        stage = "no answer" if here.sent else (here.trouble or "no connection")
        return f"{stage} within {here.limit:g} seconds"
    if here.trouble:
        return here.trouble
    what = "the answer did not come" if here.sent else "the connection failed"
    return f"{what}: {innermost(failure)}"


def _unreliable_urllib3() -> str | None:
    """Why the urllib3 that is installed cannot carry a start, or None if it can."""
    if not issubclass(HTTPConnection, http.client.HTTPConnection):
        # It would not ask our connections: whether a byte has left would be unknown, and every
        # answer, with its ids, would pass them by.
        return (
            "another package stands in the place of urllib3 here (urllib3-future?): "
            "pip uninstall urllib3-future, then pip install --force-reinstall 'urllib3>=2.2'"
        )
    if not hasattr(Urllib3Response, "read1"):  # as before 2.2, which nobody has tried
        return "urllib3 is too old here: pip install --upgrade 'urllib3>=2.2'"
    return None
