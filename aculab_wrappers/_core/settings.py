"""Where requests go and how long they may take: arguments first, then the environment.

Base URL, proxy, timeout and CA bundle come from `ACULAB_BASE_URL`, `ACULAB_PROXY`,
`ACULAB_TIMEOUT` and `ACULAB_CA_BUNDLE` where the caller left them None. They are read when a
request is made. `HTTPS_PROXY` and `NO_PROXY` are not read.
"""

from __future__ import annotations

import functools
import os
import re
from binascii import a2b_base64, b2a_base64
from typing import TYPE_CHECKING, Final, TypeVar

from .credentials import SecretHolder
from .frozen import frozen
from .invalid import InvalidInputError
from .validation import check_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

T = TypeVar("T")

DEFAULT_BASE_URL: Final = "https://ws.aculabcloud.net"
DEFAULT_TIMEOUT: Final = 30.0
SANDBOX_REQUIRED: Final = "ACULAB_SANDBOX_REQUIRED"
"""The variable that keeps a test run on this machine."""

_MAX_TIMEOUT: Final = 2_000_000.0  # 23 days: what a socket can wait, in milliseconds of 31 bits
_HOST = re.compile(r"\A[A-Za-z0-9._:-]+\Z")
_PROXY_PORTS: Final = {"http": 80, "https": 443, "tcp": None}


class Proxy(SecretHolder):
    """The address of an HTTP proxy. Shows no user name or password, and cannot be pickled.

    Attributes:
        url: scheme://host:port, without user information.

    Takes http, https, and PHP's tcp, which means http. User name and password before an '@' are
    taken in all three (with tcp an extra: PHP itself gives up on them).
    """

    __slots__ = ("__authorization", "url")

    def __init__(self, address: str, name: str) -> None:
        parts = None
        try:
            parts = _split(address, name, secret=True)
            if parts.scheme not in _PROXY_PORTS:
                raise InvalidInputError(f"{name} must start with http://, https:// or tcp://")
            port = parts.port or _PROXY_PORTS[parts.scheme]
            if port is None:
                raise InvalidInputError(f"{name} needs a port after tcp://host")
            host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
            self.url = f"{'https' if parts.scheme == 'https' else 'http'}://{host}:{port}"
            self.__authorization = _basic(parts.username, parts.password)
        finally:
            del address, parts

    def authorization(self) -> str | None:
        """Return the value of the Proxy-Authorization header, or None without a user name."""
        return self.__authorization

    def password(self) -> str:
        """Return its password, or "", for those who must find it in what a proxy sent."""
        pair = a2b_base64((self.__authorization or "").removeprefix("Basic "))
        return pair.decode("utf-8", "replace").partition(":")[2]

    def __eq__(self, other: object) -> bool:
        mine = (self.url, self.__authorization)
        return isinstance(other, Proxy) and (other.url, other.__authorization) == mine

    def __hash__(self) -> int:
        return hash((self.url, self.__authorization))

    @property
    def is_loopback(self) -> bool:
        """Whether the proxy is on this machine."""
        return is_loopback(_host_of(self.url))

    def __repr__(self) -> str:
        return f"<Proxy {getattr(self, 'url', '(refused)')}>"


@frozen
class Resolved:
    """What holds for one request.

    Attributes:
        base_url: Scheme, host, port and path, without a slash at its end.
        timeout: Seconds for the whole exchange, connecting included.
        proxy: The HTTP proxy; None for a direct connection.
        ca_bundle: PEM file or folder of certificates to trust; None for those of `certifi`.
        absolute_uri: What the proxy is asked for: True a whole URL, False a path, None what is
            usual (a whole URL over http, a path inside the tunnel of https).
    """

    base_url: str
    timeout: float
    proxy: Proxy | None
    ca_bundle: str | None
    absolute_uri: bool | None

    @property
    def is_https(self) -> bool:
        """Whether the base URL is https."""
        return self.base_url.startswith("https:")

    @property
    def asks_whole_url(self) -> bool:
        """Whether the request line names the whole URL, as for a proxy, or only its path."""
        if self.proxy is None:
            return False
        return not self.is_https if self.absolute_uri is None else self.absolute_uri


@frozen
class Settings:
    """What the caller chose. None means: whatever the environment or the default says.

    Attributes:
        base_url: Scheme, host, port and path before the web service's name.
        timeout: Seconds for one whole exchange, connecting included.
        proxy: The HTTP proxy; None for a direct connection.
        ca_bundle: PEM file of certificates to trust, or a folder of them under their hashed names
            (see `openssl rehash`); None for those of `certifi`.
        absolute_uri: See `Resolved`.
    """

    base_url: str | None = None
    timeout: float | None = None
    proxy: Proxy | None = None
    ca_bundle: str | None = None
    absolute_uri: bool | None = None

    @classmethod
    def checked(
        cls,
        base_url: str | None = None,
        timeout: float | None = None,
        proxy: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        absolute_uri: bool | None = None,
    ) -> Settings:
        """Return the caller's arguments, checked.

        Raises:
            InvalidInputError: one of them cannot be used; it is named.
        """
        try:
            return cls(
                None if base_url is None else _check_base_url(base_url, "base_url"),
                None if timeout is None else _check_timeout(timeout, "timeout"),
                None if proxy is None else Proxy(proxy, "proxy"),
                None if ca_bundle is None else _check_path(ca_bundle, "ca_bundle"),
                absolute_uri,
            )
        finally:
            del proxy

    def resolve_timeout(self) -> float:
        """Return the seconds for a request made now. Raises InvalidInputError."""
        return self.timeout or _from_env("ACULAB_TIMEOUT", _check_timeout_text) or DEFAULT_TIMEOUT

    def resolve(self) -> Resolved:
        """Return what holds for a request made now.

        Raises:
            InvalidInputError: a variable of the environment cannot be used, or a rule forbids the
                request: plain http must not leave this machine.
        """
        try:
            base_url = self.base_url or _from_env("ACULAB_BASE_URL", _check_base_url)
            base_url = base_url or DEFAULT_BASE_URL
            _check_sandbox_required(base_url)
            return Resolved(
                base_url,
                self.resolve_timeout(),
                self._proxy_for(base_url),
                self.ca_bundle or _from_env("ACULAB_CA_BUNDLE", _check_path),
                self.absolute_uri,
            )
        except InvalidInputError as error:
            raise error.with_traceback(None) from None  # the frames below hold the text

    def _proxy_for(self, base_url: str) -> Proxy | None:
        proxy = self.proxy or _from_env("ACULAB_PROXY", Proxy)
        if proxy is None or proxy.is_loopback or base_url.startswith("https:"):
            return proxy
        if self.proxy is not None:
            raise InvalidInputError(
                "the base URL is plain http, and the proxy is on another machine: the password "
                "would travel readable. Use https, or no proxy"
            )
        return None  # what this machine serves is asked for without the company's proxy


@functools.lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Return whether a host name or address always means this machine."""
    if host.rstrip(".").lower() == "localhost":
        return True
    from ipaddress import ip_address  # with the first address: most programs give none

    try:
        found = ip_address(host)
    except ValueError:
        return False  # a name, or what only looks like an address: it would be looked up
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _check_sandbox_required(base_url: str) -> None:
    """Refuse, in a test run that must stay on this machine, whatever would leave it."""
    if os.environ.get(SANDBOX_REQUIRED, "0") not in ("", "0") and not is_loopback(
        _host_of(base_url)
    ):
        raise InvalidInputError(
            f"{SANDBOX_REQUIRED} is set, and this request would go to {base_url}: ask for the "
            f"pytest fixture aculab_sandbox, or give base_url= or transport= a Sandbox"
        )


@functools.lru_cache(maxsize=64)
def _host_of(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname or ""


def _basic(user: str | None, password: str | None) -> str | None:
    if user is None:
        return None
    from urllib.parse import unquote_to_bytes

    pair = unquote_to_bytes(f"{user}:{password or ''}")
    return "Basic " + b2a_base64(pair, newline=False).decode()


def _from_env(name: str, check: Callable[[str, str], T]) -> T | None:
    text = os.environ.get(name)
    try:
        return check(text, name) if text else None
    finally:
        del text


def _check_base_url(url: object, name: str) -> str:
    parts = _split(url, name)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise InvalidInputError(
            f"{name} is plain http to another machine: the password would travel readable. "
            f"Use https, or a loopback address such as http://127.0.0.1:8080"
        )
    if parts.scheme not in ("http", "https"):
        raise InvalidInputError(f"{name} must start with https://")
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidInputError(f"{name} must be scheme, host, port and path, and nothing else")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _split(url: object, name: str, *, secret: bool = False) -> SplitResult:
    """Return the parts of a URL whose host is one. No message quotes a URL: it may hold secrets."""
    from urllib.parse import urlsplit

    parts = text = None
    try:
        text = check_text(url, name, secret=secret)
        parts = urlsplit(text)
        if _HOST.match(parts.hostname or "") and parts.port != 0 and " " not in text:
            return parts
    except InvalidInputError:
        raise
    except ValueError:
        pass  # its text quotes the address
    finally:
        del url, text, parts
    raise InvalidInputError(f"{name} is no address of the form scheme://host:port")


def _check_timeout(seconds: object, name: str) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise InvalidInputError(f"{name} must be a number of seconds, not {type(seconds).__name__}")
    if not 0 < seconds < float("inf"):
        raise InvalidInputError(f"{name} must be a number of seconds above 0")
    return float(min(seconds, _MAX_TIMEOUT))


def _check_timeout_text(text: str, name: str) -> float:
    try:
        return _check_timeout(float(text), name)
    except ValueError:
        raise InvalidInputError(f"{name} must be a number of seconds above 0") from None


def _check_path(path: object, name: str) -> str:
    if not isinstance(path, (str, os.PathLike)):
        raise InvalidInputError(f"{name} must be a path, not {type(path).__name__}")
    found = os.fspath(path)
    if not os.path.exists(found):
        raise InvalidInputError(f"{name}: there is no file or folder {found!r}")
    return found
