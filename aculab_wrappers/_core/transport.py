"""The one place that does network I/O: a `Transport` over requests.

Every request goes through `requests.Session.send`, so that what people put on that road (mocks,
recorders, tracing) sees it. The session is ours: it reads neither netrc nor the environment, keeps
no cookies and follows no redirect.
"""

from __future__ import annotations

import functools
import http.client
import logging
import os
import platform
import queue
import ssl
import threading
import weakref
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.hooks import default_hooks
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.util import Url, parse_url

from .._version import __version__
from ..errors import TransportError
from . import deadline
from .connection import IS_CLASSIC, watch
from .exchange import MAX_HEAD, Exchange, current, current_exchange
from .failures import find_outside, root_cause, unwrap
from .http import HttpResponse
from .invalid import AculabError
from .redaction import Redactor
from .road import is_unpatched
from .settings import Settings
from .tls import client_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import Response

    from .http import HttpRequest
    from .settings import Resolved

MAX_BODY: Final = 1_048_576
"""Most bytes of an answer's body that are read, unless the request itself was larger: the answer
to a start of 100,000 calls is megabytes of ids, of which none may be lost."""
USER_AGENT: Final = f"aculab-wrappers/{__version__} (Python {platform.python_version()})"

_KEEP_SECONDS: Final = 10.0
"""How long a connection is kept between two polls."""
_BLOCK: Final = 65_536
_ROAD: Final = (
    *(OSError, http.client.HTTPException, urllib3.exceptions.HTTPError),  # requests' are OSErrors
    *(MemoryError, RecursionError),  # where this machine comes to its limits
)
"""What the road can raise. All else comes from outside: a task's time limit, say."""


def _is_foreign(_record: logging.LogRecord) -> bool:
    return current.get() is None


# It logs between the head of an answer and its body: what a program's log handlers do there, raise
# or wait, must not decide what becomes of a start.
logging.getLogger("urllib3.connectionpool").addFilter(_is_foreign)


class NetworkTransport:
    """Sends each request inside one total deadline, over requests.

    A start has a connection of its own. What is repeatable keeps its connection for 10 seconds, for
    each thread one; `close` ends them. No redirects, no cookies, no netrc, no compressed answers;
    TLS 1.2 or newer. Safe to use from several threads and after a fork.
    """

    __slots__ = ("_closed", "_kept", "_pools", "_session", "_settings")

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self._session = _new_session()
        self._kept = threading.local()
        self._pools: weakref.WeakValueDictionary[int, HTTPConnectionPool] = (
            weakref.WeakValueDictionary()
        )
        self._closed = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send `request`, and return whatever HTTP answer came within the time.

        Raises:
            InvalidInputError: the settings cannot be used; nothing was sent.
            TransportError: there was no answer; its `sent` says whether a byte may have left.
        """
        resolved = self._settings.resolve()
        body = request.body
        limit = max(MAX_BODY, 2 * len(body)) + MAX_HEAD
        asked = resolved.timeout if request.timeout is None else request.timeout
        seconds = min(resolved.timeout, asked)
        exchange = Exchange(seconds, limit, repeatable=request.repeatable)
        result = self._try(request, resolved, body, exchange)
        if (
            isinstance(result, TransportError)
            and request.repeatable
            and exchange.is_reused
            and not exchange.deadline.is_expired
        ):
            # The server had closed the connection that was kept, perhaps.
            self.release()
            exchange = Exchange(exchange.deadline.remaining(), limit, repeatable=True)
            result = self._try(request, resolved, body, exchange)
        if isinstance(result, HttpResponse):
            return result
        # Raised out here so that no deeper frame hangs on to it: their local variables hold the
        # Authorization header, or the address of a proxy.
        raise result

    def release(self) -> None:
        """Close the connection that this thread has kept."""
        self._forget("polls")

    def close(self) -> None:
        """Close the connections that were kept, of all threads."""
        self._closed += 1
        references = self._pools.valuerefs()  # in one step, whatever other threads do
        for pool in filter(None, (reference() for reference in references)):
            pool.close()
        self._session.close()  # what another program has sent by its own pools

    def _try(
        self, request: HttpRequest, resolved: Resolved, body: bytes, exchange: Exchange
    ) -> HttpResponse | BaseException:
        """Return the answer, or what is to be raised in its place."""
        before = current.set(exchange)
        handed_over = False
        try:
            exchange.pool = self._pool_for(request, resolved) if IS_CLASSIC else None
            url = _parse(resolved.base_url + request.path)
            exchange.target = url.url if resolved.asks_whole_url else url.request_uri
            prepared = _prepare(request, resolved, url, body)
            timeout = exchange.remaining()  # no connection is made after the deadline
            handed_over = True
            response = self._session.send(
                prepared,
                stream=True,
                timeout=timeout,
                verify=resolved.ca_bundle or True,
                proxies=_proxies(resolved),  # our own adapter has no use for them
                allow_redirects=False,
            )
            return _read(response, exchange)
        except BaseException as error:
            is_proven = not exchange.is_sent and (not handed_over or self._is_witnessed(exchange))
            return _judge(error, request, resolved, exchange, is_proven=is_proven)
        finally:
            current.reset(before)
            if not request.repeatable:
                exchange.close()
                if exchange.connection is None:
                    self._forget("starts")
            # The last answer of a connection holds on to the exchange: no circle may keep it open
            # once its thread, or its client, is gone.
            exchange.forget()

    def _is_witnessed(self, exchange: Exchange) -> bool:
        """Return whether our own connection was asked, and nobody else can have sent."""
        url = exchange.pool and exchange.pool.scheme
        return exchange.is_witnessed and is_unpatched(
            self._session, self._session.adapters[f"{url}://"], exchange.pool, exchange.connection
        )

    def _pool_for(self, request: HttpRequest, resolved: Resolved) -> HTTPConnectionPool:
        """Return the pool of this thread: one for starts, and one whose connection is kept."""
        # A recorder puts a connection class of its own in the place of urllib3's, and truststore a
        # context in that of ssl's.
        kinds = (
            HTTPConnectionPool.ConnectionCls,
            HTTPSConnectionPool.ConnectionCls,
            ssl.SSLContext,
        )
        way = (resolved.base_url, resolved.proxy, resolved.ca_bundle)
        key = (os.getpid(), self._closed, way, kinds)
        name = "polls" if request.repeatable else "starts"
        entry = self._kept.__dict__.get(name)
        if entry is not None and entry[0] == key and deadline.clock() - entry[2] <= _KEEP_SECONDS:
            pool: HTTPConnectionPool = entry[1]
        else:
            self._forget(name)
            pool = _new_pool(resolved)
            self._pools[id(pool)] = pool
        self._kept.__dict__[name] = (key, pool, deadline.clock())
        return pool

    def _forget(self, name: str) -> None:
        entry = self._kept.__dict__.pop(name, None)
        if entry is not None:
            entry[1].close()


class _Adapter(HTTPAdapter):
    """Sends each request through the pool of its exchange."""

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """Return the pool, whose connections are ours."""
        pool = current_exchange().pool
        if pool is None:  # urllib3-future
            stock: Any = super().get_connection_with_tls_context
            return stock(request, verify, proxies, cert)  # type: ignore[no-any-return]
        return pool

    def request_url(self, request: PreparedRequest, proxies: Any) -> str:
        """Return what the request line asks for."""
        if current_exchange().pool is None:
            return super().request_url(request, proxies)
        return current_exchange().target

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """Return the answer with what is read of it: no cookies, and no charset."""
        response = requests.Response()
        response.status_code, response.reason, response.raw = resp.status, resp.reason, resp
        response.headers = CaseInsensitiveDict(resp.headers)
        response.url, response.request = req.url or "", req
        return response

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leave it to the shared context; requests would load the bundle for each connection."""
        if current_exchange().pool is None:
            stock: Any = super().cert_verify
            stock(conn, url, verify, cert)


class _Session(requests.Session):
    """A session for which no answer is a redirect."""

    def get_redirect_target(self, resp: Response) -> None:
        """Return None: a start is not sent on to where an answer points."""


class _Queue:
    """What a pool keeps its one connection in.

    An exception from outside can leave the lock of a queue.Queue locked: whatever asks for the
    connection next, be it to close it, would wait for ever.
    """

    def __init__(self, maxsize: int = 1) -> None:
        self._maxsize, self._held = maxsize, list[Any]()

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Hold one more. Raises queue.Full; never waits."""
        del block, timeout
        if len(self._held) >= self._maxsize:
            raise queue.Full
        self._held.append(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Return the last. Raises queue.Empty; never waits."""
        del block, timeout
        try:
            return self._held.pop()
        except IndexError:
            raise queue.Empty from None

    def qsize(self) -> int:
        """Return how many it holds."""
        return len(self._held)


class _HttpPool(HTTPConnectionPool):
    QueueCls: Any = _Queue


class _HttpsPool(HTTPSConnectionPool):
    QueueCls: Any = _Queue


def _new_session() -> requests.Session:
    session = _Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter())
    return session


def _new_pool(resolved: Resolved) -> HTTPConnectionPool:
    """Return a pool for one connection: to the server, or to a proxy that is asked in its place."""
    proxy = resolved.proxy
    if resolved.is_https and proxy is not None:
        context = client_context(resolved.ca_bundle)
        manager = ProxyManager(
            proxy.url,
            proxy_headers=_proxy_headers(resolved),
            ssl_context=context,
            proxy_ssl_context=context,
        )
        manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
        return watch(manager.connection_from_url(resolved.base_url))
    peer = urlsplit(proxy.url if proxy else resolved.base_url)
    assert peer.hostname
    if peer.scheme == "http":
        return watch(_HttpPool(peer.hostname, peer.port))
    context = client_context(resolved.ca_bundle)
    return watch(_HttpsPool(peer.hostname, peer.port, ssl_context=context))


_parse = functools.lru_cache(maxsize=32)(parse_url)


def _prepare(request: HttpRequest, resolved: Resolved, url: Url, body: bytes) -> PreparedRequest:
    """Return the request, filled by hand: it takes requests 60 % more time."""
    prepared = PreparedRequest()
    prepared.method, prepared.url, prepared.body = request.method, url.url, body or None
    prepared.hooks = default_hooks()
    headers = prepared.headers = CaseInsensitiveDict()
    headers["Host"] = url.netloc or ""  # http.client would name the proxy when asked for a path
    headers["User-Agent"] = USER_AGENT
    if request.accept:
        headers["Accept"] = request.accept
    headers["Accept-Encoding"] = "identity"
    headers["Authorization"] = request.credentials.authorization()
    if not request.repeatable:
        headers["Connection"] = "close"
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Content-Length"] = str(len(body))
    if not resolved.is_https:
        headers.update(_proxy_headers(resolved))
    return prepared


def _proxy_headers(resolved: Resolved) -> dict[str, str]:
    authorization = resolved.proxy and resolved.proxy.authorization()
    return {"Proxy-Authorization": authorization} if authorization else {}


def _proxies(resolved: Resolved) -> dict[str, str]:
    """Return what requests takes: without a login, which only our own connections send."""
    return {} if resolved.proxy is None else dict.fromkeys(("http", "https"), resolved.proxy.url)


def _read(response: Response, exchange: Exchange) -> HttpResponse:
    """Return the answer, whatever program made it. Once something came, no error may lose it."""
    status: object = getattr(response, "status_code", None)
    if not isinstance(status, int):
        raise http.client.HTTPException("the answer has no status")
    body, fault = bytearray(), exchange.fault
    limit = exchange.limit - MAX_HEAD
    try:
        for block in _blocks(response):
            body += block
            if len(body) > limit:
                del body[limit:]
                raise http.client.HTTPException("that is the most that is read")
            if exchange.connection is None:  # ours record, and keep the deadline, by themselves
                exchange.received += block
                exchange.deadline.remaining()
    except _ROAD as error:
        if find_outside(error, exchange.handled):
            raise
        fault = f"the body was cut after {len(body)} bytes: {_describe_cut(error, exchange)}"
    finally:
        _close(response, exchange)
    return HttpResponse(status, _headers(response), bytes(body), fault)


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    """Return the header lines. requests joins those of the same name; urllib3 does not."""
    for holder in (getattr(response, "raw", None), response):
        headers = getattr(holder, "headers", None)
        if isinstance(headers, Mapping) and headers:
            return tuple((str(name), str(text)) for name, text in headers.items())
    return ()


def _close(response: Response, exchange: Exchange) -> None:
    try:
        response.close()
    except Exception as error:
        # What has been read stands, whatever another program's answer does here.
        if not isinstance(error, _ROAD) or find_outside(error, exchange.handled):
            raise


def _blocks(response: Response) -> Iterator[bytes]:
    """Yield the body as it comes, compressed or not."""
    raw = getattr(response, "raw", None)
    if getattr(response, "_content_consumed", True) or not isinstance(raw, urllib3.HTTPResponse):
        content: object = response.content  # another program has read it, or made it
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogatepass")
        if not isinstance(content, (bytes, bytearray)):
            raise http.client.HTTPException("it is no bytes")
        yield bytes(content)
        return
    while block := raw.read1(_BLOCK, decode_content=False):
        yield block


def _describe_cut(error: BaseException, exchange: Exchange) -> str:
    if exchange.deadline.is_expired:
        return "the time was over"
    root = root_cause(error, exchange.handled)
    if isinstance(root, (http.client.IncompleteRead, urllib3.exceptions.IncompleteRead)):
        return "the connection ended"
    if type(root) is http.client.HTTPException:
        return str(root)  # our own words
    return f"the connection broke: {type(root).__name__}"


def _judge(
    error: BaseException,
    request: HttpRequest,
    resolved: Resolved,
    exchange: Exchange,
    *,
    is_proven: bool,
) -> BaseException:
    """Return what is to be raised, without the frames below: their variables hold secrets."""
    if isinstance(error, AculabError):
        return error.with_traceback(None)
    stop = find_outside(error, exchange.handled) if isinstance(error, _ROAD) else error
    root = stop or root_cause(error, exchange.handled)
    failure = TransportError(
        _describe(root, exchange), sent=not is_proven, transient=exchange.transient
    )
    if exchange.received and (exchange.is_sent or exchange.connection is None):
        passwords = [request.credentials.password()]
        passwords += [resolved.proxy.password()] if resolved.proxy else []
        try:
            came = HttpResponse(0, (), bytes(exchange.received), str(failure))
            failure.response = Redactor(passwords).redact_response(came)
        except (MemoryError, RecursionError):
            pass  # the outcome stands without it
    if stop is None:
        return failure
    stop = unwrap(stop)
    stop.__context__, stop.__cause__ = None, failure
    return stop.with_traceback(None)


def _describe(root: BaseException, exchange: Exchange) -> str:
    if exchange.reason and not exchange.is_sent and not exchange.current_limit.is_expired:
        return exchange.reason
    if exchange.current_limit.is_expired:
        stage = "no answer" if exchange.is_sent else (exchange.reason or "no connection")
        seconds = exchange.current_limit.seconds  # what other attempts have left of the time
        shown = f"{seconds:.0f}" if seconds > 9 else f"{seconds:.2g}"
        return f"{stage} within {shown} seconds"
    if not exchange.is_witnessed and exchange.connection is None:
        what = "another program, in the place of our connection, ended the request"
    else:
        what = "the answer did not come" if exchange.is_sent else "the connection failed"
    if isinstance(root, http.client.HTTPException) and not isinstance(root, OSError):
        # Of its own class are our words, and "got more than 100 headers".
        name = str(root) if type(root) is http.client.HTTPException else type(root).__name__
        return f"what came is no HTTP answer ({name})"
    return f"{what}: {type(root).__name__}"
