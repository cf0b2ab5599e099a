"""What goes over the wire, as values, and the two protocols between the layers.

An *operation* makes an `HttpRequest` and reads the `HttpResponse`; a *transport* carries one to
the other. Nothing here touches the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from .frozen import frozen

if TYPE_CHECKING:
    from .credentials import Credentials

R_co = TypeVar("R_co", covariant=True)


@frozen
class HttpRequest:
    """One request to the cloud, relative to the transport's base URL.

    Attributes:
        path: Path below the base URL, such as "/service_start".
        form: The form fields, in order. A POST carries them as its body.
        credentials: Who asks. Held as an object that keeps its secret to itself, so that
            printing or copying a request shows no password.
        timeout: Seconds for the whole exchange; None leaves it to the transport. The smaller
            of this and the transport's own is used.
        repeatable: Whether asking again starts nothing: such a request may use a connection that
            was kept, and is asked once more when the server had closed it.
        method: "POST", or "GET" for what is asked without a form.
        accept: What the Accept header asks for; None for no such header.
    """

    path: str
    form: tuple[tuple[str, str], ...]
    credentials: Credentials
    timeout: float | None = None
    repeatable: bool = False
    method: str = "POST"
    accept: str | None = "application/json"

    @property
    def body(self) -> bytes:
        """The form as `application/x-www-form-urlencoded`."""
        return b"&".join(_quote(name) + b"=" + _quote(text) for name, text in self.form)


_UNESCAPED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_ESCAPED: Final = frozenset(range(128)) - _UNESCAPED


def _quote(text: str) -> bytes:
    """Return what urllib's quote_plus makes of it.

    That one looks up each character: for the JSON of 10,000 calls, a megabyte, it takes nine times
    as long.
    """
    if not text.isascii():
        from urllib.parse import quote_plus  # never with our operations: their JSON is ASCII

        return quote_plus(text).encode()
    quoted = text.encode()
    present = _ESCAPED.intersection(quoted)
    # The percent sign first, for the others make more of them; the space last, for a plus sign has
    # an escape of its own.
    for code in sorted(present, key=lambda code: (code != 37) + (code == 32)):
        quoted = quoted.replace(bytes((code,)), b"+" if code == 32 else b"%%%02X" % code)
    return quoted


@frozen
class HttpResponse:
    """One answer of the cloud, as it came.

    Attributes:
        status: The HTTP status code; 0 if there was none, see `TransportError.response`.
        headers: (name, value) pairs in order, names as sent.
        body: The bytes of the body, at most what the transport takes.
        fault: Why the body cannot be trusted to be whole, or None when it is whole.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fault: str | None = None

    def header(self, name: str) -> str | None:
        """Return the first header of that name, upper and lower case alike, or None."""
        wanted = name.lower()
        return next((text for key, text in self.headers if key.lower() == wanted), None)


class Transport(Protocol):
    """Carries one request to the cloud and brings the answer."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send `request` once, and return whatever HTTP answer came.

        Raises:
            TransportError: there was no answer; its `sent` says whether a byte had left. An OSError
                counts as sent. Any other exception is taken for one from outside (a task's time
                limit): it reaches whoever started, with the start's error as its cause.
        """
        ...


class Operation(Protocol[R_co]):
    """One web-service call: how it is asked, and how the answer reads. Both are pure."""

    def request(self, credentials: Credentials) -> HttpRequest:
        """Return the request that asks for it."""
        ...

    def parse(self, response: HttpResponse) -> R_co:
        """Return what the answer says. Raises the operation's error if it says no."""
        ...
