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
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPResponse as Urllib3Response
from urllib3 import Retry
from urllib3.connection import HTTPConnection

from .._version import __version__
from ..errors import InvalidInputError, TransportError
from .connection import FreshPool, FreshTlsPool
from .exchange import Exchange, current
from .heads import NoHeadError
from .settings import Settings
from .timed import TimedTlsSocket
from .troubles import innermost

if TYPE_CHECKING:
    from .settings import Proxy
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
        here = Exchange(seconds, max(MOST_BODY, 2 * len(request.body)))
        before = current.set(here)
        try:
            return _received(self._settings, request, here)
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

    def __init__(self, proxy: Proxy | None, trust: str | None) -> None:
        self.proxy = proxy
        self._tls = _tls_context(trust)
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=Retry(0, read=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._tls, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        tls = {"ssl_context": self._tls, "proxy_ssl_context": self._tls}
        manager = super().proxy_manager_for(proxy, **tls, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def proxy_headers(self, proxy: str) -> dict[str, str]:  # noqa: ARG002  ours holds no secret
        """For the CONNECT of https; over http, urllib3 adds them to the request."""
        authorization = self.proxy and self.proxy.authorization()
        return {"Proxy-Authorization": authorization} if authorization else {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: the shared context verifies. Here requests would load the bundle anew."""

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:  # noqa: ARG002
        """Only urllib3's answer: requests would read cookies and character sets out of it."""
        response = Response()
        response.raw = resp
        return response


_POOLS: Final = {"http": FreshPool, "https": FreshTlsPool}


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


def _prepared(url: str, request: HttpRequest) -> PreparedRequest:
    body = request.body
    headers = {
        "Host": urlsplit(url).netloc,  # http.client would name the proxy when it asks for a path
        "User-Agent": _USER_AGENT,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Authorization": request.credentials.authorization(),
        "Connection": "close",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
    }
    prepared = PreparedRequest()
    prepared.method, prepared.url, prepared.body = "POST", url, body
    prepared.headers = CaseInsensitiveDict(headers)
    return prepared


def _received(settings: Settings, request: HttpRequest, here: Exchange) -> HttpResponse:
    adapter = _Adapter(settings.way(), settings.trust())
    prepared = _prepared(settings.base() + request.path, request)
    proxies = {}
    if adapter.proxy:
        proxies = {"http": adapter.proxy.url, "https": adapter.proxy.url}
        if settings.absolute_uri is not None:
            # Not by the URL that urllib3 is given: without its scheme, urllib3 wants a tunnel.
            here.target = prepared.url if settings.absolute_uri else prepared.path_url
    adapter.send(prepared, stream=True, timeout=here.left(), proxies=proxies)
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
