"""Whom to trust, and why a handshake failed."""

from __future__ import annotations

import errno
import functools
import os
import ssl
from typing import Final

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from ..errors import TransportError
from .invalid import InvalidInputError

_SHORTAGES: Final = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


def client_context(ca_bundle: str | None) -> ssl.SSLContext:
    """Return the shared context that trusts a bundle: loading one costs more than a whole request.

    A bundle that was written anew is loaded anew, and so is every bundle once another class has
    taken the place of ssl.SSLContext (truststore, gevent, eventlet).

    Args:
        ca_bundle: PEM file or folder; None for the certificates of `certifi`.

    Raises:
        InvalidInputError: it cannot be read.
    """
    found = ca_bundle or DEFAULT_CA_BUNDLE_PATH
    try:
        now = os.stat(found)
        identity: tuple[int, ...] = (now.st_ino, now.st_size, now.st_mtime_ns)
    except (OSError, ValueError):  # loading it says what is wrong
        identity = ()
    return _load(ssl.SSLContext, found, identity)


@functools.lru_cache(maxsize=8)
def _load(
    kind: type[ssl.SSLContext],
    found: str,
    identity: tuple[int, ...],  # noqa: ARG001  a part of the cache's key
) -> ssl.SSLContext:
    # Not create_default_context: that one writes session keys to the file SSLKEYLOGFILE names.
    context = kind(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A server's name is one of the alternative names; the subject's is what somebody typed.
    context.hostname_checks_common_name = False
    context.set_alpn_protocols(["http/1.1"])
    # urllib3 sets them again for each connection, while other threads connect with this context.
    setattr(context, "set_alpn_protocols", _keep_alpn_protocols)  # noqa: B010  mypy knows a method
    try:
        if os.path.isdir(found):
            context.load_verify_locations(capath=found)
        else:
            context.load_verify_locations(cafile=found)
    except OSError as error:
        none = isinstance(error, ssl.SSLError)
        reason = "it holds no PEM certificates" if none else error.strerror
        message = f"the certificates in {found!r} cannot be read: {reason}"
        if error.errno in _SHORTAGES and not none:
            raise TransportError(message, sent=False, transient=True) from None
        raise InvalidInputError(message) from None
    return context


def _keep_alpn_protocols(_protocols: list[str]) -> None:
    """Leave the protocols as they are."""


def describe_tls_error(error: OSError, peer: str) -> tuple[str, bool]:
    """Return why there is no TLS with `peer`, and whether that may pass."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {peer} is not trusted: {error.verify_message}", False
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError)):
        return f"{peer} broke off the TLS handshake", True
    reason = str(getattr(error, "reason", None) or "no TLS").replace("_", " ").lower()
    return f"no TLS 1.2 or newer with {peer}: {reason}", False
