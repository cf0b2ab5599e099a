"""Certificates that prove nothing, each for a reason of its own."""

from __future__ import annotations

import datetime as dt
import functools
import ipaddress
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
DAY = dt.timedelta(days=1)
PAST = (NOW - 30 * DAY, NOW - DAY)
FUTURE = (NOW + DAY, NOW + 30 * DAY)
PRESENT = (NOW - DAY, NOW + 30 * DAY)
OURS = (x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
ODD = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True, repr=False)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Any

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        found: bytes = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return found


def _usage(sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign,
        crl_sign=sign,
        encipher_only=False,
        decipher_only=False,
    )


def _issue(
    subject: str,
    by: Issued | None,
    *,
    valid: tuple[dt.datetime, dt.datetime] = PRESENT,
    more: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    key: Any = None,
) -> Issued:
    key = key or ec.generate_private_key(ec.SECP256R1())
    issuer = by.certificate.subject if by else _name(subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
    )
    for extension, critical in more:
        builder = builder.add_extension(extension, critical)
    return Issued(builder.sign(by.key if by else key, hashes.SHA256()), key)


def _authority(
    subject: str,
    by: Issued | None = None,
    *,
    depth: int | None = None,
    signs: bool = True,
    more: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    **options: Any,
) -> Issued:
    basic = (x509.BasicConstraints(ca=True, path_length=depth), True)
    return _issue(subject, by, more=(basic, (_usage(signs), True), *more), **options)


def _leaf(
    by: Issued | None,
    names: tuple[x509.GeneralName, ...] = OURS,
    *,
    subject: str = "leaf",
    more: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    **options: Any,
) -> Issued:
    alternatives = ((x509.SubjectAlternativeName(names), False),) if names else ()
    return _issue(subject, by, more=(*alternatives, *more), **options)


@dataclass(repr=False)
class Leaves:
    """The bad certificates by name; the bundle trusts `root` and the root that has expired."""

    folder: Path
    root: Issued = field(default_factory=lambda: _authority("root"))
    old_root: Issued = field(default_factory=lambda: _authority("old root", valid=PAST))

    @functools.cached_property
    def bundle(self) -> Path:
        made = self.folder / "bundle.pem"
        made.write_bytes(self.root.pem + self.old_root.pem)
        return made

    def context(self, name: str) -> ssl.SSLContext:
        """A server that shows the certificate of that name, "good" being one to trust."""
        leaf, *chain = MADE[name](self)
        place = self.folder / f"{name}.pem"
        place.write_bytes(leaf.key_pem + leaf.pem + b"".join(one.pem for one in chain))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # a server that does not mind
        context.load_cert_chain(place)
        return context


def _alone(*names: x509.GeneralName, **options: Any) -> Callable[[Leaves], list[Issued]]:
    """Signed by the root that is trusted."""
    return lambda leaves: [_leaf(leaves.root, names, **options)]


def _below(**options: Any) -> Callable[[Leaves], list[Issued]]:
    """Signed by an authority below the root, which has something the matter with it."""

    def made(leaves: Leaves) -> list[Issued]:
        between = _authority("between", leaves.root, **options)
        return [_leaf(between), between]

    return made


def _too_deep(leaves: Leaves) -> list[Issued]:
    first = _authority("first", leaves.root, depth=0)
    second = _authority("second", first)
    return [_leaf(second), second, first]


def _below_a_leaf(leaves: Leaves) -> list[Issued]:
    between = _leaf(leaves.root)
    return [_leaf(between), between]


def _wrongly_signed(leaves: Leaves) -> list[Issued]:
    forged = Issued(leaves.root.certificate, ec.generate_private_key(ec.SECP256R1()))
    return [_leaf(forged)]


DNS: Final = x509.DNSName
CLIENTS: Final = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
ELSEWHERE: Final = x509.NameConstraints([DNS("example")], None)
GOOD: Final = "good"
MADE: Final[dict[str, Callable[[Leaves], list[Issued]]]] = {
    GOOD: _alone(*OURS),
    "expired": _alone(*OURS, valid=PAST),
    "not yet valid": _alone(*OURS, valid=FUTURE),
    "another name": _alone(DNS("elsewhere.example")),
    "a name below ours": _alone(DNS("x.localhost")),
    "our name as the beginning of another": _alone(DNS("localhost.example")),
    "a wildcard below our name": _alone(DNS("*.localhost")),
    "a bare wildcard": _alone(DNS("*")),
    "an address instead of the name": _alone(OURS[1]),
    "our name as a URI": _alone(x509.UniformResourceIdentifier("https://localhost")),
    "no alternative name": _alone(subject="localhost"),
    "our name only as the subject": _alone(DNS("elsewhere.example"), subject="localhost"),
    "signed by itself": lambda _: [_leaf(None, OURS, subject="localhost")],
    "unknown root": lambda _: [_leaf(_authority("nobody"))],
    "unknown root of a known name": lambda _: [_leaf(_authority("root"))],
    "a root that has expired": lambda leaves: [_leaf(leaves.old_root)],
    "for clients only": _alone(*OURS, more=((CLIENTS, False),)),
    "weak key": lambda leaves: [_leaf(leaves.root, key=rsa.generate_private_key(65537, 1024))],
    "unknown critical extension": _alone(*OURS, more=((ODD, True),)),
    "a signature that is not the root's": _wrongly_signed,
    "an authority between that is not shown": lambda leaves: _below()(leaves)[:1],
    "an authority between that has expired": _below(valid=PAST),
    "an authority between that may not sign": _below(signs=False),
    "an authority between for other names": _below(more=((ELSEWHERE, True),)),
    "authorities too deep": _too_deep,
    "below a certificate that is no authority": _below_a_leaf,
}
