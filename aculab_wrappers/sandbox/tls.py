"""TLS for the sandbox: a throw-away authority, and the certificate that it vouches for.

The authority's key lives in memory for a moment and is used once, so trusting its certificate
trusts this one sandbox and nothing else, whoever reads the file.
"""

from __future__ import annotations

import contextlib
import os
import ssl
import tempfile
from typing import TYPE_CHECKING, Final

import trustme

from ..errors import AculabError, InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES: Final = (
    "localhost",
    "127.0.0.1",
    "::1",
    # For programs that cannot be told another address: a hosts file sends them here.
    "ws.aculabcloud.net",
    "*.aculabcloud.net",
)


class Certificate:
    """A server's certificate by an authority of its own.

    Args:
        names: Further names and IP addresses that it is for.

    Raises:
        InvalidInputError: no certificate can be made out for one of the names.

    Attributes:
        context: Serves TLS 1.2 and later with it.
    """

    __slots__ = ("_authority", "context")

    def __init__(self, names: Iterable[str]) -> None:
        authority = trustme.CA(organization_name="aculab-wrappers sandbox")
        try:
            leaf = authority.issue_cert(*dict.fromkeys((*_NAMES, *names)))
        except ValueError as error:
            # trustme is stricter about names than resolvers are.
            raise InvalidInputError(
                f"host_names holds a name that no certificate can have: {error}"
            ) from error
        self._authority = authority.cert_pem.bytes()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        # The key passes through a file that only its owner may read, and is gone at once: the ssl
        # module takes no other way.
        leaf.configure_cert(self.context)

    def write(self, path: str) -> None:
        """Write the authority's certificate, all of it or nothing.

        Raises:
            AculabError: it cannot be written; the message names the path.
        """
        try:
            file, new = tempfile.mkstemp(prefix=".ca-", dir=os.path.dirname(path))
            try:
                with open(file, "wb") as made:
                    made.write(self._authority)
                os.chmod(new, 0o644)  # it is public, and clients may be other users
                os.replace(new, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(new)
                raise
        except OSError as error:
            raise AculabError(
                f"the sandbox cannot write its certificate to {path!r} (ca_file): {error.strerror}"
            ) from error
