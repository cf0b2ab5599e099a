"""The fourth step: the TLS handshake with the server, in the way the package itself makes it."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from .certificate import issuer_of, shown
from .line import Line, tls_words
from .step import Notes

if TYPE_CHECKING:
    from .certificate import Certificate
    from .line import Route
    from .step import Step

NAME: Final = "TLS"
_SOON: Final = 14
_DAY: Final = 86_400
# What OpenSSL calls them, X509_V_ERR_...
_NOT_YET, _EXPIRED, _WRONG_NAME, _WRONG_ADDRESS = 9, 10, 62, 64


def look(route: Route, addresses: list[Any], seconds: float) -> Step:
    """Make the handshake, and say with whom."""
    if not route.secure:
        notes = Notes(NAME, "the scheme of the base URL")
        notes.saw("plain http to this very machine: there is no TLS to check")
        return notes.step()
    notes = Notes(NAME, f"the handshake with {route.host}, trusting what every request trusts")
    with Line(route, addresses, seconds).open() as line:
        try:
            line.connect()
            line.greet_proxy()
            line.tunnel()
        except Exception:
            notes.fail("the connection that was there a moment ago did not come again",
                       "run it again; if it comes and goes, ask who runs the network")  # fmt: skip
            return notes.step()
        try:
            line.secure()
        except ssl.SSLCertVerificationError as error:
            trouble: OSError | None = error
        except OSError as error:
            trouble = error
        else:
            trouble = None
            _good(notes, line.sock)
    if isinstance(trouble, ssl.SSLCertVerificationError):
        with Line(route, addresses, seconds).open() as again:
            _untrusted(notes, trouble, route, shown(again))
    elif trouble is not None:
        _no_handshake(notes, trouble, route)
    return notes.step()


def _good(notes: Notes, sock: Any) -> None:
    cipher = sock.cipher()
    notes.saw(f"{sock.version()}, {cipher[0] if cipher else 'no cipher'}")
    found = sock.getpeercert()
    notes.saw(f"the certificate is for this host, issued by {issuer_of(found)}")
    left = int((ssl.cert_time_to_seconds(found["notAfter"]) - time.time()) // _DAY)
    text = f"it holds for {left} more days"
    if left < _SOON:
        notes.warn(text, "whoever runs the server must renew it before it ends")
    else:
        notes.saw(text)


def _untrusted(
    notes: Notes,
    error: ssl.SSLCertVerificationError,
    route: Route,
    found: Certificate | None,
) -> None:
    """A certificate that does not hold: each kind with its own advice."""
    if found:
        notes.saw(f"the certificate is for {', '.join(found.names) or 'no name'}")
        notes.saw(f"issued by {found.issuer}")
        notes.saw(f"it holds from {found.begins:%Y-%m-%d} to {found.ends:%Y-%m-%d}")
    code = error.verify_code
    if code in (_WRONG_NAME, _WRONG_ADDRESS):
        notes.fail(
            f"the certificate is for another host than {route.host}",
            "give the base URL with a name that the certificate is for",
            "if that is the right name, something else answers in the server's place: a login "
            "page of the network, say",
        )
    elif code in (_EXPIRED, _NOT_YET):
        notes.fail(
            "the certificate has expired"
            if code == _EXPIRED
            else "the certificate is not valid yet",
            f"see whether this machine's clock is right: it says "
            f"{datetime.now(tz=UTC):%Y-%m-%d %H:%M} UTC",
            "if it is, whoever runs the server must renew the certificate",
        )
    else:
        notes.fail(
            f"the certificate is not trusted: {error.verify_message}", *_trust_advice(route.trust)
        )


def _trust_advice(trust: str | None) -> tuple[str, ...]:
    if trust is None:
        return (
            "if the issuer is your network's own inspection, or your own server's:",
            "get its root certificate as PEM, and name that file in ACULAB_CA_BUNDLE",
            "if you do not know the issuer, somebody may be reading along:",
            "ask who runs the network before a password is sent",
        )
    return (
        f"{trust} counts alone, in place of the usual certificates:",
        "it must hold the root certificate of this issuer",
        "for Aculab's own servers, unset ACULAB_CA_BUNDLE (and leave out --ca-bundle)",
    )


def _no_handshake(notes: Notes, error: OSError, route: Route) -> None:
    if isinstance(error, TimeoutError):
        notes.fail(f"{route.host} took the connection and did not answer the handshake in time",
                   "see whether TLS is spoken on that port")  # fmt: skip
        return
    notes.fail(
        tls_words(error, route.host),
        "see whether TLS 1.2 or newer is spoken on that port; a firewall that breaks it off "
        "looks the same",
    )
