"""What goes over the wire, as values, and the two protocols between the layers.

An *operation* makes an `HttpRequest` and reads the `HttpResponse`; a *transport* carries one to
the other. Nothing here touches the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from .value import value

if TYPE_CHECKING:
    from .credentials import Credentials

R_co = TypeVar("R_co", covariant=True)


@value
class HttpRequest:
    """One request to the cloud: a POST of a form, relative to the transport's base URL.

    Attributes:
        path: Path below the base URL, such as "/service_start".
        form: The form fields, in order.
        credentials: Who asks. Held as an object that keeps its secret to itself, so that
            printing or copying a request shows no password.
        timeout: Seconds for the whole exchange; None leaves it to the transport. The smaller
            of this and the transport's own is used.
    """

    path: str
    form: tuple[tuple[str, str], ...]
    credentials: Credentials
    timeout: float | None = None

    @property
    def body(self) -> bytes:
        """The form as `application/x-www-form-urlencoded`."""
        return b"&".join(_quoted(name) + b"=" + _quoted(text) for name, text in self.form)


_UNESCAPED: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~% "
)
_ESCAPES: Final = (
    (b"%", b"%25"),  # the first, for the others make more of them
    *((bytes([code]), b"%%%02X" % code) for code in range(128) if code not in _UNESCAPED),
    (b" ", b"+"),  # the last, for a plus sign has an escape of its own
)
"""What each ASCII character becomes, in the order of replacement."""


def _quoted(text: str) -> bytes:
    """What urllib's quote_plus makes of it, which looks up each character: for the JSON of 10,000
    calls, a megabyte, that takes nine times as long.
    """
    if not text.isascii():
        from urllib.parse import quote_plus  # never with our operations: their JSON is ASCII

        return quote_plus(text).encode()
    quoted = text.encode()
    for char, escape in _ESCAPES:
        quoted = quoted.replace(char, escape)
    return quoted


@value
class HttpResponse:
    """One answer of the cloud, as it came.

    Attributes:
        status: The HTTP status code; 0 if there was none, see `TransportError.response`.
        headers: (name, value) pairs in order, names as sent.
        body: The bytes of the body, at most what the transport takes.
        fault: Why the body cannot be trusted to be whole, or None when it is whole.
        further: Answers that came after this one on the same connection, though nobody had
            asked for them: something on the way may have sent the request twice.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fault: str | None = None
    further: tuple[HttpResponse, ...] = ()

    def header(self, name: str) -> str | None:
        """The first header of that name, upper and lower case alike, or None."""
        wanted = name.lower()
        return next((text for key, text in self.headers if key.lower() == wanted), None)


class Transport(Protocol):
    """Carries one request to the cloud and brings the answer."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send `request` once, and return whatever HTTP answer came.

        Raises:
            TransportError: there was no answer; its `sent` says whether a byte had left.
        """
        ...


class Operation(Protocol[R_co]):
    """One web-service call: how it is asked, and how the answer reads. Both are pure."""

    def request(self, credentials: Credentials) -> HttpRequest:
        """The request that asks for it."""
        ...

    def parse(self, response: HttpResponse) -> R_co:
        """What the answer says. Raises the operation's error if it says no."""
        ...
