"""Scripted servers that are always closed, and a certificate authority of the tests' own."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest
import trustme
from cryptography import x509

from aculab_wrappers._core import sockets

from .sockets import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .sockets import Peer


class Serve(Protocol):
    def __call__(self, *scripts: Callable[[Peer], object], **options: Any) -> Server: ...


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Make servers; each is closed, and answers for its scripts, when the test ends."""
    with contextlib.ExitStack() as stack:

        def make(*scripts: Callable[[Peer], object], **options: Any) -> Server:
            server = Server(list(scripts), **options)
            stack.callback(server.close)
            return server

        yield make


@dataclass(frozen=True)
class Certificates:
    """An authority as a file and as a folder, and servers with good and bad certificates."""

    file: Path
    folder: Path
    good: ssl.SSLContext
    bad: dict[str, ssl.SSLContext]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    ours, theirs = trustme.CA(), trustme.CA()
    pem = ours.cert_pem.bytes()
    place = tmp_path_factory.mktemp("certificates")
    file, folder = place / "ca.pem", place / "folder"
    file.write_bytes(pem)
    folder.mkdir()
    (folder / _hashed_name(pem)).write_bytes(pem)
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    bad = {
        "wrong name": ours.issue_cert("elsewhere.example"),
        "expired": ours.issue_cert("localhost", not_before=past, not_after=past),
        "unknown authority": theirs.issue_cert("localhost"),
    }
    return Certificates(
        file,
        folder,
        _context(ours.issue_cert("localhost", "127.0.0.1")),
        {name: _context(leaf) for name, leaf in bad.items()},
    )


@pytest.fixture
def small_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client waits again and again, each time for less than its whole time."""
    real = sockets.connect_to

    def narrow(entry: Any, seconds: float) -> socket.socket:
        sock = real(entry, seconds)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
        return sock

    monkeypatch.setattr(sockets, "connect_to", narrow)


def _context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


def _hashed_name(certificate: bytes) -> str:
    """The file name under which OpenSSL looks for a certificate in a folder."""
    subject = x509.load_pem_x509_certificate(certificate).subject
    canonical = x509.Name(
        [
            x509.NameAttribute(part.oid, " ".join(str(part.value).lower().split()))
            for part in subject
        ]
    ).public_bytes()
    # OpenSSL leaves out the head of the outer SEQUENCE: two bytes, and more when it is long.
    content = canonical[2 + (canonical[1] & 0x7F if canonical[1] & 0x80 else 0) :]
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}.0"
