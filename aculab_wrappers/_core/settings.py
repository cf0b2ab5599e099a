"""Where requests go and how long they may take: arguments first, then the environment.

`ACULAB_BASE_URL`, `ACULAB_PROXY`, `ACULAB_CA_BUNDLE` and `ACULAB_TIMEOUT` are read when a request
is made, and only for what the caller left None. `HTTPS_PROXY` and its kin are not read.
"""

from __future__ import annotations

import os
import re
from binascii import a2b_base64, b2a_base64
from typing import TYPE_CHECKING, Final, TypeVar

from ..errors import InvalidInputError
from .secret import Secretive
from .text import sendable
from .value import value

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

T = TypeVar("T")

DEFAULT_BASE_URL: Final = "https://ws.aculabcloud.net"
DEFAULT_TIMEOUT: Final = 30.0

_LONGEST: Final = 2_000_000.0  # 23 days: what a socket can wait, in milliseconds of 31 bits
_LOOPBACK = re.compile(r"\A(localhost|127(\.[0-9]{1,3}){3}|::1)\Z")
_HOST = re.compile(r"\A[A-Za-z0-9._:-]+\Z")
_PROXY_PORTS: Final = {"http": 80, "https": 443, "tcp": None}


class Proxy(Secretive):
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
            del address, parts  # a traceback that prints local variables finds no password here

    def authorization(self) -> str | None:
        """The value of the Proxy-Authorization header, or None without a user name."""
        return self.__authorization

    def spellings(self) -> re.Pattern[bytes] | None:
        """The password in every way a server may echo it; None without one that can be known."""
        from .hidden import spellings  # with the first error: most programs never need it

        if self.__authorization is None:
            return None
        pair = a2b_base64(self.__authorization.removeprefix("Basic ")).decode("utf-8", "replace")
        return spellings(pair.partition(":")[2])

    def __repr__(self) -> str:
        return f"<Proxy {getattr(self, 'url', '(refused)')}>"


@value
class Settings:
    """What the caller chose. None means: whatever the environment or the default says.

    Attributes:
        base_url: Scheme, host, port and path before the web service's name.
        timeout: Seconds for one whole exchange, connecting included.
        proxy: The HTTP proxy; None for a direct connection.
        ca_bundle: PEM file of certificates to trust, or a folder of them under their hashed names
            (see `openssl rehash`); None for those of `certifi`.
        absolute_uri: What the proxy is asked for: True a whole URL, False a path, None what is
            usual (a whole URL over http, a path inside the tunnel of https).
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
        """The caller's arguments, checked.

        Raises:
            InvalidInputError: one of them cannot be used; it is named.
        """
        try:
            return cls(
                None if base_url is None else _base_url(base_url, "base_url"),
                None if timeout is None else _timeout(timeout, "timeout"),
                None if proxy is None else Proxy(proxy, "proxy"),
                None if ca_bundle is None else _path(ca_bundle, "ca_bundle"),
                absolute_uri,
            )
        finally:
            del proxy

    def base(self) -> str:
        """The base URL for a request made now, without a slash at its end."""
        return self.base_url or _from_env("ACULAB_BASE_URL", _base_url) or DEFAULT_BASE_URL

    def seconds(self) -> float:
        """The time for a request made now."""
        return self.timeout or _from_env("ACULAB_TIMEOUT", _timeout_text) or DEFAULT_TIMEOUT

    def way(self) -> Proxy | None:
        """The proxy for a request made now."""
        return self.proxy or _from_env("ACULAB_PROXY", Proxy)

    def trust(self) -> str | None:
        """The certificates for a request made now; None for the usual ones."""
        return self.ca_bundle or _from_env("ACULAB_CA_BUNDLE", _path)


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
        del text  # a traceback that prints local variables finds no proxy password here


def _base_url(url: object, name: str) -> str:
    parts = _split(url, name)
    if parts.scheme == "http" and not _LOOPBACK.match(parts.hostname or ""):
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
    """The parts of a URL with a host that is one. No message quotes a URL: it may hold secrets."""
    from urllib.parse import urlsplit  # with the first address: most programs give none

    parts = text = None
    try:
        text = sendable(url, name, secret=secret)
        parts = urlsplit(text)
        if _HOST.match(parts.hostname or "") and parts.port != 0 and " " not in text:
            return parts
    except InvalidInputError:
        raise
    except ValueError:
        pass  # its text quotes the address
    finally:
        del url, text, parts  # and so would a traceback that prints local variables
    raise InvalidInputError(f"{name} is no address of the form scheme://host:port")


def _timeout(seconds: object, name: str) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise InvalidInputError(f"{name} must be a number of seconds, not {type(seconds).__name__}")
    if not 0 < seconds < float("inf"):
        raise InvalidInputError(f"{name} must be a number of seconds above 0")
    return float(min(seconds, _LONGEST))


def _timeout_text(text: str, name: str) -> float:
    try:
        return _timeout(float(text), name)
    except ValueError:
        raise InvalidInputError(f"{name} must be a number of seconds above 0") from None


def _path(path: object, name: str) -> str:
    if not isinstance(path, (str, os.PathLike)):
        raise InvalidInputError(f"{name} must be a path, not {type(path).__name__}")
    found = os.fspath(path)
    if not os.path.exists(found):
        raise InvalidInputError(f"{name}: there is no file or folder {found!r}")
    return found
