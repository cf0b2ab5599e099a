"""The handshake: every certificate that does not hold has its own advice."""

from __future__ import annotations

import datetime as dt
import ssl
from typing import TYPE_CHECKING

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ..transport.sockets import reply
from .conftest import step

if TYPE_CHECKING:
    from pathlib import Path

    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Peer
    from .conftest import Doctor
from .walk import dated, refusing, states, to_server


@pytest.mark.parametrize(
    ("kind", "says", "advice"),
    [
        ("wrong name", "the certificate is for another host than localhost", "a name that"),
        ("expired", "the certificate has expired", "this machine's clock is right"),
        ("unknown authority", "the certificate is not trusted", "counts alone, in place of"),
    ],
)
def test_a_certificate_that_does_not_hold(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    says: str,
    advice: str,
) -> None:
    server = serve(reply(), tls=certificates.bad[kind])
    to_server(monkeypatch, server, certificates.file)
    result = doctor()
    assert result.code == 1
    text = step(result.out, "TLS")
    assert says in text
    assert advice in text
    assert "issued by trustme" in text
    name = "elsewhere.example" if kind == "wrong name" else "localhost"
    assert f"the certificate is for {name}" in text
    assert ("to 2020-01-01" in text) == (kind == "expired")
    assert states(result.out)[3:] == ["failed", "ok", "not tried"]
    assert server.requests == []


def test_a_certificate_is_shown_through_a_tunnel_too(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    origin = serve(reply(), tls=certificates.bad["wrong name"])

    def relay(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.relay(origin.port)

    to_server(monkeypatch, origin, certificates.file)
    monkeypatch.setenv("ACULAB_PROXY", f"http://127.0.0.1:{serve(relay).port}")
    text = step(doctor().out, "TLS")
    assert "the certificate is for another host than localhost" in text
    assert "the certificate is for elsewhere.example" in text


def test_a_certificate_that_is_shown_once_only(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = certificates.bad["wrong name"]

    def refuse_once_it_began(peer: Peer) -> None:
        peer.read_some()  # reset before that, Python's ssl module would leave a socket behind
        peer.reset()

    server = serve(
        lambda peer: peer.read_to_end(),
        lambda peer: peer.start_tls(context),
        refuse_once_it_began,
    )
    monkeypatch.setenv("ACULAB_CA_BUNDLE", str(certificates.file))
    text = step(doctor("--base-url", f"https://localhost:{server.port}").out, "TLS")
    assert "the certificate is for another host than localhost" in text
    assert "issued by" not in text


def test_a_certificate_that_does_not_hold_yet(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    future = dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=2)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_before=future).configure_cert(context)
    to_server(monkeypatch, serve(reply(), tls=context), tmp_path / "ca.pem")
    assert "the certificate is not valid yet" in step(doctor().out, "TLS")


def test_without_a_bundle_the_advice_is_to_name_one(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_server(monkeypatch, serve(reply(), tls=certificates.good))
    assert "name that file in ACULAB_CA_BUNDLE" in step(doctor().out, "TLS")


def test_a_certificate_that_ends_soon(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    soon = dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=3, hours=1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_after=soon).configure_cert(context)
    to_server(monkeypatch, serve(reply(dated()), tls=context), tmp_path / "ca.pem")
    result = doctor()
    assert result.code == 0
    assert "TLS: warning" in result.out
    assert "it holds for 3 more days" in step(result.out, "TLS")


def test_a_server_that_speaks_no_tls(doctor: Doctor, account: dict[str, str], serve: Serve) -> None:
    def script(peer: Peer) -> None:
        peer.read_some()
        peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server = serve(lambda peer: peer.read_to_end(), script)
    text = step(doctor("--base-url", f"https://127.0.0.1:{server.port}").out, "TLS")
    assert "no TLS 1.2 or newer with 127.0.0.1" in text


@pytest.mark.parametrize("silent", [True, False])
def test_a_handshake_that_does_not_end(
    doctor: Doctor, account: dict[str, str], serve: Serve, silent: bool
) -> None:
    server = serve(lambda peer: peer.hush() if silent else None)
    base = f"https://127.0.0.1:{server.port}"
    text = step(doctor("--base-url", base, "--timeout", "0.5" if silent else "5").out, "TLS")
    assert ("did not answer the handshake in time" in text) == silent
    assert ("broke off the TLS handshake" in text) != silent


def test_a_connection_that_does_not_come_again(
    doctor: Doctor, account: dict[str, str], serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def once(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def never(peer: Peer) -> None:
        peer.read_request()
        peer.say(refusing(b"503 Busy"))

    monkeypatch.setenv("ACULAB_PROXY", serve(once, never).url)
    assert "did not come again" in step(doctor().out, "TLS")


# Words of strangers

EVIL = "evil\x1b[2J\r\nTLS: ok\x9b"
TAME = "evil [2J  TLS: ok "


def made_by_a_stranger(folder: Path, *names: str) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate with control characters in its names: its file, and a server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, EVIL)])
    now = dt.datetime.now(tz=dt.UTC)
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    if names:
        listed = x509.SubjectAlternativeName(map(x509.DNSName, names))
        builder = builder.add_extension(listed, critical=False)
    made = builder.sign(key, hashes.SHA256())
    file = folder / "strange.pem"
    certificate = made.public_bytes(serialization.Encoding.PEM)
    file.write_bytes(certificate)
    both = folder / "both.pem"
    both.write_bytes(
        certificate
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return file, context


@pytest.mark.parametrize("is_trusted", [True, False])
def test_the_names_of_a_certificate_are_one_line_without_control_characters(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    tmp_path: Path,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    is_trusted: bool,
) -> None:
    file, context = made_by_a_stranger(tmp_path, "localhost", "evil\x1b[2J\r\nTLS: ok")
    server = serve(reply(dated()), tls=context)
    to_server(monkeypatch, server, file if is_trusted else certificates.file)
    result = doctor()
    assert states(result.out)[3] == ("ok" if is_trusted else "failed")
    lines = result.out.splitlines()
    assert any(f"issued by {TAME}" in line for line in lines)
    assert is_trusted or any("localhost, evil [2J  TLS: ok" in line for line in lines)
    assert not [line for line in lines if "\\x1b" in line or "\\x9b" in line]


def test_a_certificate_that_is_for_no_name(
    doctor: Doctor,
    account: dict[str, str],
    serve: Serve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, context = made_by_a_stranger(tmp_path)
    to_server(monkeypatch, serve(reply(), tls=context), file)
    assert "the certificate is for no name" in step(doctor().out, "TLS")
