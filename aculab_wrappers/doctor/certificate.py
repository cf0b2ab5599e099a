"""What a certificate says, to explain why it is not trusted."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Final

from .._core.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime

_MAX_NAMES: Final = 8


@frozen
class Certificate:
    """A server's certificate. Its texts are a stranger's, and not yet fit to be printed.

    Attributes:
        names: The names and addresses that it is for.
        issuer: Who issued it.
        begins, ends: When it holds.
    """

    names: tuple[str, ...]
    issuer: str
    begins: datetime
    ends: datetime


def unverified_context() -> ssl.SSLContext:
    """Return a context that takes any certificate: for reading one, and sending nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def read_certificate(der: bytes) -> Certificate:
    """Return what a certificate says that the ssl module does not trust, and so does not read."""
    # Imported here: only a certificate that is not trusted needs it. It comes with trustme.
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    found = x509.load_der_x509_certificate(der)
    wanted = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    issuer = [str(part.value) for part in found.issuer if part.oid in wanted]
    return Certificate(
        _names(found), _join(issuer), found.not_valid_before_utc, found.not_valid_after_utc
    )


def issuer_of(found: dict[str, Any]) -> str:
    """Return who issued a certificate, of which the ssl module gave the contents."""
    pairs = [pair for part in found.get("issuer", ()) for pair in part]
    return _join([text for key, text in pairs if key in ("organizationName", "commonName")])


def _names(found: Any) -> tuple[str, ...]:
    from cryptography import x509

    try:
        listed = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(one.value) for one in listed)[:_MAX_NAMES]


def _join(parts: list[str]) -> str:
    return ", ".join(dict.fromkeys(parts)) or "nobody that it names"
