"""What went wrong, in words.

They quote nothing: the text of an exception may hold addresses, or headers.
"""

from __future__ import annotations

import ssl


def innermost(failure: BaseException) -> str:
    """The name of the exception that is the cause of all."""
    seen: set[int] = set()
    while id(failure) not in seen:
        seen.add(id(failure))
        inner = getattr(failure, "reason", None) or failure.__cause__ or failure.__context__
        if isinstance(inner, BaseException):
            failure = inner
    return type(failure).__name__


def no_tunnel(error: Exception) -> tuple[str, bool]:
    """Why a proxy made no tunnel, and whether that may pass."""
    status = str(error).partition("Tunnel connection failed: ")[2][:3]
    if status.isdigit():
        return f"the proxy refused the tunnel: HTTP {status}", status in ("502", "503", "504")
    if isinstance(error, OSError):
        return f"the proxy gave no tunnel: {words(error)}", True
    return "the proxy gave no tunnel: its answer is not HTTP", False


def no_tls(error: ssl.SSLError | ConnectionError, peer: str) -> tuple[str, bool]:
    """Why there is no TLS with `peer`, and whether that may pass."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {peer} is not trusted: {error.verify_message}", False
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError)):
        return f"{peer} broke off the TLS handshake", True
    reason = (error.reason or "no TLS").replace("_", " ").lower()
    return f"no TLS 1.2 or newer with {peer}: {reason}", False


def words(error: OSError) -> str:
    """An error of a socket in words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror or type(error).__name__).lower()
