"""The steps in order. One that fails spares those that need it; they are named all the same."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from .._core.deadline import Deadline
from .._core.failures import describe_os_error
from .._core.settings import is_loopback
from .._core.sockets import resolve
from .certificate import issuer_of, read_certificate, unverified_context
from .configuration import CONFIGURATION, CREDENTIALS, check_configuration, check_credentials
from .connection import (
    HTTP_FAILURES,
    Connection,
    NoTunnelError,
    Route,
    describe_no_answer,
    describe_no_tls,
)
from .step import State, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._core.credentials import Credentials
    from .._core.http import HttpResponse
    from .._core.settings import Resolved, Settings
    from .certificate import Certificate
    from .configuration import Inputs

DNS: Final = "DNS"
PROXY_AND_PORT: Final = "Proxy and port"
TLS: Final = "TLS"
CLOCK: Final = "Clock"

_SCHEMES: Final = ("basic", "digest", "negotiate", "ntlm")
_MIN_DAYS: Final = 14
"""A certificate that holds for fewer days is a warning."""
_DAY: Final = 86_400
# What OpenSSL calls them, X509_V_ERR_...
_NOT_YET, _EXPIRED, _WRONG_NAME, _WRONG_ADDRESS = 9, 10, 62, 64
_MAX_CLOCK_SECONDS: Final = 300.0
"""A clock that is further off is a warning."""
_PLAUSIBLE_SECONDS: Final = 2.0  # a date has whole seconds, and an answer takes its time


class Examination:
    """The steps, and what the earlier ones found for the later ones.

    Attributes:
        inputs: What is checked.
        settings: The way to the server, or None while it is not known to be usable.
        addresses: Those of the proxy or the server.
        credentials: Who asks, or None.
        done: The steps so far.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.settings: Settings | None = None
        self.addresses: list[Any] = []
        self.credentials: Credentials | None = None
        self.done: list[Step] = []

    @property
    def failed(self) -> list[Step]:
        """Return the steps that failed."""
        return [step for step in self.done if step.has_failed]

    @property
    def is_unusable(self) -> bool:
        """Return whether what the user gave cannot be used, whatever the network is like."""
        return any(step.name in (CONFIGURATION, CREDENTIALS) for step in self.failed)

    @property
    def resolved(self) -> Resolved:
        """Return the way to the server, which is known once the configuration is usable."""
        assert self.settings
        return self.settings.resolve()

    def steps(self) -> Iterator[Step]:
        """Take the steps, one at a time."""
        broken: Step | None = None
        for name, check in (
            (CONFIGURATION, self._check_configuration),
            (DNS, self._check_dns),
            (PROXY_AND_PORT, lambda: check_connection(Route(self.resolved), self.addresses)),
            (TLS, lambda: check_tls(Route(self.resolved), self.addresses)),
            (CREDENTIALS, self._check_credentials),
            (CLOCK, lambda: check_clock(Route(self.resolved), self.addresses)),
        ):
            needs_nothing = name == CREDENTIALS
            if broken is None or needs_nothing:
                step = check()
            else:
                step = Step(name, f"it needs what failed before, {broken.name}", State.NOT_TRIED)
            self.done.append(step)
            if step.has_failed and not needs_nothing:
                broken = step
            yield step

    def _check_configuration(self) -> Step:
        step, self.settings = check_configuration(self.inputs)
        return step

    def _check_dns(self) -> Step:
        step, self.addresses = check_dns(Route(self.resolved))
        return step

    def _check_credentials(self) -> Step:
        step, self.credentials = check_credentials(self.inputs)
        return step


# ---- DNS


def check_dns(route: Route) -> tuple[Step, list[Any]]:
    """Look up whom this machine connects to: the proxy if there is one, else the server.

    Returns:
        The step, and the addresses as getaddrinfo gives them; none if it failed.
    """
    host, seconds = route.peer_host, route.resolved.timeout
    is_proxied = route.resolved.proxy is not None
    step = Step(DNS, f"the addresses of {host}" + (", the proxy" if is_proxied else ""))
    try:
        found = resolve(host, route.peer_port, Deadline(seconds))
    except (OSError, UnicodeError) as error:
        step.fail(*_describe_lookup(route, error))
        return step, []
    step.note(*dict.fromkeys(str(entry[4][0]) for entry in found))
    if not route.resolved.is_https:
        # The settings let plain http go to this machine alone. A name may stand for another.
        found = [entry for entry in found if is_loopback(entry[4][0])]
        if not found:
            step.fail(f"{host} is another machine here, and plain http must not leave this one",
                      "see what the file hosts says, or give the address 127.0.0.1")  # fmt: skip
    if is_proxied:
        step.note(f"{route.host} is looked up by the proxy, not here")
    return step, found


def _describe_lookup(route: Route, error: Exception) -> tuple[str, ...]:
    host = route.peer_host
    if isinstance(error, TimeoutError):
        return (
            f"no answer about {host} within {route.resolved.timeout:g} seconds",
            "see whether this machine is online, and which DNS server it asks",
        )
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return (
            f"{host} could not be looked up just now: no DNS server answered",
            "see whether this machine is online, and which DNS server it asks",
        )
    text = f"the host name {host} was not found"
    if route.resolved.proxy:
        return text, "check its spelling in ACULAB_PROXY (or --proxy)"
    return (
        text,
        "check its spelling in the base URL, and whether this machine is online",
        "where only a proxy may look up names, give that proxy: ACULAB_PROXY",
    )


# ---- Proxy and port


def check_connection(route: Route, addresses: list[Any]) -> Step:
    """Connect, and have the proxy make its tunnel."""
    where = f"{route.peer_host}:{route.peer_port}"
    direct = f"{route.host}, port {route.port}, without a proxy"
    step = Step(PROXY_AND_PORT, f"the proxy at {where}" if route.resolved.proxy else direct)
    with Connection(route, addresses) as connection:
        try:
            step.note(f"connected to {connection.connect()}, port {route.peer_port}")
        except OSError as error:
            first = f"no connection to {where}: {describe_os_error(error)}"
            failures = _describe_failures(connection) or [first]
            step.note(*failures[:-1])
            step.fail(failures[-1], *_advise_unconnected(route))
            return step
        if route.resolved.proxy is not None:
            _check_proxy(step, connection, route)
        if not step.has_failed:
            step.note(*_describe_failures(connection))
    return step


def _describe_failures(connection: Connection) -> list[str]:
    return [f"no connection to {who}: {describe_os_error(why)}" for who, why in connection.failures]


def _advise_unconnected(route: Route) -> Iterator[str]:
    yield "see whether the address and the port are right, and whether it is running there"
    proxy = route.resolved.proxy
    if proxy:
        yield f"that is the proxy {proxy.url}: correct ACULAB_PROXY or --proxy, or leave it out"
    elif not is_loopback(route.host):
        yield "a firewall may let only a proxy out: ask which, and set ACULAB_PROXY"


def _check_proxy(step: Step, connection: Connection, route: Route) -> None:
    try:
        connection.greet_proxy()
    except OSError as error:
        step.fail(
            f"no TLS with the proxy: {describe_no_tls(error, route.peer_host)}",
            "most proxies are spoken to in plain http: write http:// in its address, or "
            "give the certificates that it is trusted by in ACULAB_CA_BUNDLE",
        )
        return
    if not route.resolved.is_https:
        step.note("plain http needs no tunnel; requests are handed to the proxy")
        return
    what = f"CONNECT {route.authority}"
    login = "with a user name" if _has_login(route) else "without a user name"
    try:
        connection.open_tunnel()
    except NoTunnelError as error:
        step.fail(f"{what}, {login}: refused with HTTP {error.status}",
                   *_advise_refused(route, error))  # fmt: skip
    except http.client.HTTPException as error:
        step.fail(
            f"{what}: {describe_no_answer(error)}",
            "see whether that is an HTTP proxy, and that its port is not a SOCKS or a web port",
        )
    except OSError as error:
        step.fail(
            f"{what}: {describe_os_error(error)}",
            "the proxy took the connection and then gave no tunnel: ask who runs it whether it "
            f"may reach {route.authority}",
        )
    else:
        step.note(f"{what}, {login}: the tunnel is there")


def _has_login(route: Route) -> bool:
    return route.resolved.proxy is not None and route.resolved.proxy.authorization() is not None


def _advise_refused(route: Route, error: NoTunnelError) -> tuple[str, ...]:
    """Return what to do about a proxy's refusal."""
    if error.status == 407:
        schemes = ", ".join(name for name in _SCHEMES if name in error.schemes)
        if schemes and "basic" not in error.schemes:
            return (
                f"it wants {schemes}, and this package speaks only basic to proxies",
                "ask for a proxy with basic authentication, or run one of your own in between",
            )
        first = (
            "its user name or password is wrong: correct ACULAB_PROXY"
            if _has_login(route)
            else "it wants a user name and password: ACULAB_PROXY=http://user:password@host:port"
        )
        return (first, f"percent-encode @ : / in them (it offers: {schemes or 'it does not say'})")
    if error.status in (502, 503, 504):
        return (f"the proxy cannot reach {route.authority} itself: see whether it may just now",)
    return (f"the proxy does not allow {route.authority}: ask who runs it to",)


# ---- TLS


def check_tls(route: Route, addresses: list[Any]) -> Step:
    """Make the handshake as the package itself makes it, and say with whom."""
    if not route.resolved.is_https:
        step = Step(TLS, "the scheme of the base URL")
        step.note("plain http to this very machine: there is no TLS to check")
        return step
    step = Step(TLS, f"the handshake with {route.host}, trusting what every request trusts")
    with Connection(route, addresses) as connection:
        try:
            connection.connect()
            connection.greet_proxy()
            connection.open_tunnel()
        except (*HTTP_FAILURES, NoTunnelError):
            step.fail(
                "the connection that was there a moment ago did not come again",
                "run it again; if it comes and goes, ask who runs the network",
            )
            return step
        try:
            connection.secure()
        except OSError as error:
            failure = error
        else:
            _describe_peer(step, connection.sock)
            return step
    if isinstance(failure, ssl.SSLCertVerificationError):
        _describe_untrusted(step, failure, route, _shown_certificate(route, addresses))
    else:
        _describe_no_handshake(step, failure, route)
    return step


def _describe_peer(step: Step, sock: Any) -> None:
    cipher = sock.cipher()
    step.note(f"{sock.version()}, {cipher[0] if cipher else 'no cipher'}")
    found = sock.getpeercert()
    step.note(f"the certificate is for this host, issued by {issuer_of(found)}")
    left = int((ssl.cert_time_to_seconds(found["notAfter"]) - time.time()) // _DAY)
    text = f"it holds for {left} more days"
    if left < _MIN_DAYS:
        step.warn(text, "whoever runs the server must renew it before it ends")
    else:
        step.note(text)


def _shown_certificate(route: Route, addresses: list[Any]) -> Certificate | None:
    """Return the certificate that the server shows, trusted or not; None if it cannot be had.

    The connection is not verified, and nothing is sent over it.
    """
    try:
        with Connection(route, addresses) as connection:
            connection.reach(unverified_context())
            return read_certificate(connection.sock.getpeercert(binary_form=True))
    except Exception:
        return None  # only an explanation is lost


def _describe_untrusted(
    step: Step,
    error: ssl.SSLCertVerificationError,
    route: Route,
    found: Certificate | None,
) -> None:
    """Say what is wrong with a certificate: each kind has its own advice."""
    if found:
        step.note(f"the certificate is for {', '.join(found.names) or 'no name'}")
        step.note(f"issued by {found.issuer}")
        step.note(f"it holds from {found.begins:%Y-%m-%d} to {found.ends:%Y-%m-%d}")
    code = error.verify_code
    if code in (_WRONG_NAME, _WRONG_ADDRESS):
        step.fail(
            f"the certificate is for another host than {route.host}",
            "give the base URL with a name that the certificate is for",
            "if that is the right name, something else answers in the server's place: a login "
            "page of the network, say",
        )
    elif code in (_EXPIRED, _NOT_YET):
        expired = "has expired" if code == _EXPIRED else "is not valid yet"
        step.fail(
            f"the certificate {expired}",
            f"see whether this machine's clock is right: it says "
            f"{datetime.now(tz=UTC):%Y-%m-%d %H:%M} UTC",
            "if it is, whoever runs the server must renew the certificate",
        )
    else:
        step.fail(
            f"the certificate is not trusted: {error.verify_message}",
            *_advise_trust(route.resolved.ca_bundle),
        )


def _advise_trust(ca_bundle: str | None) -> tuple[str, ...]:
    if ca_bundle is None:
        return (
            "if the issuer is your network's own inspection, or your own server's:",
            "get its root certificate as PEM, and name that file in ACULAB_CA_BUNDLE",
            "if you do not know the issuer, somebody may be reading along:",
            "ask who runs the network before a password is sent",
        )
    return (
        f"{ca_bundle} counts alone, in place of the usual certificates:",
        "it must hold the root certificate of this issuer",
        "for Aculab's own servers, unset ACULAB_CA_BUNDLE (and leave out --ca-bundle)",
    )


def _describe_no_handshake(step: Step, error: OSError, route: Route) -> None:
    if isinstance(error, TimeoutError):
        step.fail(
            f"{route.host} took the connection and did not answer the handshake in time",
            "see whether TLS is spoken on that port",
        )
        return
    step.fail(
        describe_no_tls(error, route.host),
        "see whether TLS 1.2 or newer is spoken on that port; a firewall that breaks it off "
        "looks the same",
    )


# ---- Clock


def check_clock(route: Route, addresses: list[Any]) -> Step:
    """Ask for the server's first page, without a password, and compare its date."""
    resolved = route.resolved
    step = Step(
        CLOCK, f"the Date of the answer to GET {resolved.base_url}/, sent without a password"
    )
    with Connection(route, addresses) as connection:
        try:
            connection.reach()
            before = time.time()
            answer = connection.get_first_page()
            here = (before + time.time()) / 2
        except (*HTTP_FAILURES, NoTunnelError) as error:
            _describe_unanswered(step, error, connection.seconds)
            return step
    step.note(f"it answers: HTTP {answer.status}")
    if resolved.proxy and not resolved.is_https and answer.status in (407, 502, 503, 504):
        step.fail(
            f"that is the proxy's answer, not the server's: HTTP {answer.status}",
            "see whether the proxy may reach the server, and wants a password",
        )
    else:
        _compare_clocks(step, answer, here)
    return step


def _describe_unanswered(step: Step, error: Exception, seconds: float) -> None:
    if isinstance(error, TimeoutError):
        step.fail(
            f"no answer within {seconds:g} seconds",
            "what listens there takes connections and says nothing: see whether it is the "
            "right port, and whether the server is well",
        )
        return
    is_tunnel = isinstance(error, NoTunnelError)
    text = "the proxy made no tunnel this time" if is_tunnel else describe_no_answer(error)
    step.fail(f"no HTTP answer: {text}", "see whether a web server listens on that port")


def _compare_clocks(step: Step, answer: HttpResponse, here: float) -> None:
    text = answer.header("Date")
    try:
        there = parsedate_to_datetime(text or "").timestamp()
    except (ValueError, OverflowError, OSError):
        now = datetime.fromtimestamp(here, tz=UTC)
        step.warn(
            "the answer has no date that can be read: the clock could not be checked",
            f"compare this machine's clock by hand: it says {now:%Y-%m-%d %H:%M:%S} UTC",
        )
        return
    difference = here - there
    if abs(difference) <= _PLAUSIBLE_SECONDS:
        step.note("this machine's clock agrees with the server's")
        return
    way = "ahead of" if difference > 0 else "behind"
    said = f"this machine's clock is {_describe_span(abs(difference))} {way} the server's"
    if abs(difference) > _MAX_CLOCK_SECONDS:
        step.warn(
            said,
            "set this machine's clock, by NTP say: certificates and the time of a "
            "call's status are judged by it",
        )
    else:
        step.note(said)


def _describe_span(seconds: float) -> str:
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"
