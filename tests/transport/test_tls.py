"""Trust: which certificates, loaded once."""

from __future__ import annotations

import errno
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from aculab_wrappers._core.tls import client_context
from aculab_wrappers.errors import InvalidInputError

from .asking import failure, request, transport
from .sockets import reply

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Certificates, Serve


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_bundle_is_a_file_or_a_folder(
    serve: Serve, certificates: Certificates, kind: str
) -> None:
    server = serve(reply(), tls=certificates.good)
    ca = certificates.file if kind == "file" else certificates.folder
    assert transport(server, ca=ca).send(request()).status == 200
    assert server.requests[0].header("Host") == f"localhost:{server.port}"


def test_the_usual_authorities_do_not_know_the_tests_own(
    serve: Serve, certificates: Certificates
) -> None:
    server = serve(reply(), tls=certificates.good)
    assert not failure(transport(server)).sent


def test_a_bundle_is_loaded_once(
    serve: Serve, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loaded: list[object] = []
    load = ssl.SSLContext.load_verify_locations

    def counted(self: ssl.SSLContext, *args: Any, **kwargs: Any) -> None:
        loaded.append(args or kwargs)
        load(self, *args, **kwargs)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counted)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", counted)
    ca = tmp_path / "ca.pem"
    ca.write_bytes(certificates.file.read_bytes())
    server = serve(reply(), tls=certificates.good)
    for _ in range(3):
        transport(server, ca=ca).send(request())
    assert loaded == [{"cafile": str(ca)}]


def test_a_bundle_that_is_written_anew_is_loaded_anew(
    serve: Serve, certificates: Certificates, tmp_path: Path
) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes(trustme.CA().cert_pem.bytes())
    assert not failure(transport(serve(reply(), tls=certificates.good), ca=bundle)).sent
    bundle.write_bytes(certificates.file.read_bytes())

    server = serve(reply(), tls=certificates.good)
    assert transport(server, ca=bundle).send(request()).status == 200


def test_the_shared_context_verifies_and_stays_as_it_is(
    serve: Serve, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = client_context(str(certificates.file))
    changed: list[object] = []
    monkeypatch.setattr(ssl.SSLContext, "set_alpn_protocols", lambda *args: changed.append(args))
    server = serve(reply(), tls=certificates.good)
    transport(server, ca=certificates.file).send(request())
    assert changed == []
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("content", [b"", b"no certificate", None])
def test_a_bundle_that_holds_none_is_named(tmp_path: Path, content: bytes | None) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(content or b"")
    carrier = transport("https://localhost:1", ca=bundle)
    if content is None:
        bundle.unlink()
    with pytest.raises(InvalidInputError, match="certificates in .*bundle.pem") as caught:
        carrier.send(request())
    assert "_ssl.c" not in str(caught.value)


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
def test_where_nothing_can_be_opened_it_may_pass(
    certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def fails(*_args: object, **_more: object) -> None:
        raise OSError(code, "too many")

    bundle = tmp_path / f"{code}.pem"
    bundle.write_bytes(certificates.file.read_bytes())
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", fails)
    error = failure(transport("https://localhost:1", ca=bundle))
    assert (error.sent, error.transient) == (False, True)
    assert "cannot be read: too many" in str(error)
