"""The sandbox over https, with its throw-away authority."""

from __future__ import annotations

import json
import os
import socket
import ssl
import stat
import tempfile
import threading
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from aculab_wrappers import AculabError, Call, InvalidInputError, NotSentError, OutboundClient
from aculab_wrappers.sandbox import Sandbox, Service, server
from aculab_wrappers.sandbox.address import Address
from aculab_wrappers.sandbox.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aculab_wrappers.sandbox.answers import Delivery

PHONES = Service("alice@example.com", "phones", "pw")
ASKED = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    return tmp_path / "ca.pem"


@pytest.fixture
def sandbox(ca_file: Path) -> Iterator[Sandbox]:
    with Sandbox([PHONES], ca_file=ca_file, host_names=["desk.example"]) as made:
        yield made


@pytest.fixture(autouse=True)
def silence(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def plain(url: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=30)


def secured(
    url: str, ca_file: Path, name: str = "localhost", *, oldest: bool = False, ragged: bool = True
) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(ca_file))
    if oldest:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context.wrap_socket(plain(url), server_hostname=name, suppress_ragged_eofs=ragged)


def read(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65_536), b""))


def client() -> OutboundClient:
    return OutboundClient("1-2-0", "alice@example.com", "phones", "pw", timeout=30)


def test_a_client_by_environment_variables_alone(
    sandbox: Sandbox, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = sandbox.environment()
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    with client() as ours:
        ended = ours.wait(ours.start(Call("sip:bob@example.com")), timeout=30, poll=0.001)

    assert variables["ACULAB_CA_BUNDLE"] == str(ca_file)
    assert sandbox.base_url.startswith("https://127.0.0.1:")
    assert [one.status for one in ended] == ["COMPLETED"]


def test_without_the_certificate_a_client_sends_nothing(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_BASE_URL", sandbox.base_url)
    with client() as ours, pytest.raises(NotSentError, match="certificate"):
        ours.start(Call("sip:bob@example.com"))

    assert sandbox.received == []


def test_the_certificate_of_another_sandbox_is_not_enough(sandbox: Sandbox, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    with (
        Sandbox([PHONES], ca_file=other),
        pytest.raises(ssl.SSLCertVerificationError, match="verify failed"),
    ):
        secured(sandbox.base_url, other)


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "127.0.0.1",
        "::1",
        "desk.example",
        "ws.aculabcloud.net",
        "ws-1-2-0.aculabcloud.net",
    ],
)
def test_the_names_that_it_vouches_for(sandbox: Sandbox, ca_file: Path, name: str) -> None:
    with secured(sandbox.base_url, ca_file, name) as line:
        line.sendall(ASKED)
        assert read(line).startswith(b"HTTP/1.1 404 ")


def test_a_name_that_it_does_not_vouch_for(sandbox: Sandbox, ca_file: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="doesn't match|not valid for"):
        secured(sandbox.base_url, ca_file, "other.example")


def test_a_name_that_no_certificate_can_have_is_an_error(ca_file: Path) -> None:
    with pytest.raises(InvalidInputError, match="host_names"):
        Sandbox(host_names=["ab--cd.example"], ca_file=ca_file).start()


def test_a_page_over_https_is_of_the_sandbox_only_if_it_is_https(
    sandbox: Sandbox, ca_file: Path
) -> None:
    for scheme, status in ((b"https", b"404"), (b"http", b"403")):
        with secured(sandbox.base_url, ca_file) as line:
            origin = b"Origin: " + scheme + b"://localhost\r\n\r\n"
            line.sendall(ASKED.removesuffix(b"\r\n") + origin)
            assert read(line).split()[1] == status


def test_the_file_holds_a_certificate_and_no_key(sandbox: Sandbox, ca_file: Path) -> None:
    text = ca_file.read_text("ascii")

    assert text.count("-----BEGIN ") == text.count("-----BEGIN CERTIFICATE-----") == 1
    assert [path.name for path in ca_file.parent.iterdir()] == ["ca.pem"]


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_a_key_is_on_the_disk_for_its_owner_and_for_a_moment_only(
    ca_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bool, int]] = []
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    unlink = os.unlink

    def watched(path: str) -> None:
        with open(path, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            seen.append((b"PRIVATE KEY" in file.read(), mode))
        unlink(path)

    monkeypatch.setattr(os, "unlink", watched)
    with Sandbox(ca_file=ca_file):
        assert list(place.iterdir()) == []

    assert seen == [(True, 0o600)]
    assert stat.S_IMODE(ca_file.stat().st_mode) == 0o644


def test_an_old_file_is_replaced_as_a_whole(ca_file: Path) -> None:
    ca_file.write_text("old")
    before = ca_file.open("rb")
    with before, Sandbox(ca_file=ca_file):
        assert before.read() == b"old"
        assert ca_file.read_text("ascii").startswith("-----BEGIN CERTIFICATE-----")


def test_started_again_it_is_trusted_still(sandbox: Sandbox, ca_file: Path) -> None:
    first = ca_file.read_bytes()
    sandbox.stop()
    ca_file.unlink()
    sandbox.start()

    assert ca_file.read_bytes() == first
    secured(sandbox.base_url, ca_file).close()


def test_a_file_that_cannot_be_written_is_an_error_and_nothing_serves(tmp_path: Path) -> None:
    for path in (tmp_path / "missing" / "ca.pem", tmp_path):
        sandbox = Sandbox(ca_file=path)
        with pytest.raises(AculabError, match="cannot write its certificate") as caught:
            sandbox.start()
        assert str(path) in str(caught.value)
        assert repr(sandbox).startswith("<Sandbox not serving")
        assert "aculab-sandbox" not in [thread.name for thread in threading.enumerate()]
    assert list(tmp_path.parent.glob(".ca-*")) + list(tmp_path.iterdir()) == []


def test_a_taken_port_leaves_the_certificate_of_who_has_it(sandbox: Sandbox, ca_file: Path) -> None:
    before = ca_file.read_bytes()
    with pytest.raises(AculabError, match="cannot listen"):
        Sandbox(ca_file=ca_file, port=urlsplit(sandbox.base_url).port or 0).start()

    assert ca_file.read_bytes() == before


def test_a_path_is_that_of_the_folder_where_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sandbox = Sandbox(ca_file="ca.pem")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with sandbox:
        assert sandbox.environment()["ACULAB_CA_BUNDLE"] == str(tmp_path / "ca.pem")
        assert (tmp_path / "ca.pem").exists()


def test_clients_that_say_nothing_stop_nobody(sandbox: Sandbox, ca_file: Path) -> None:
    with ExitStack() as held:
        for sent in (b"", b"\x16", b"\x16\x03\x01\x02\x00\x01") * 20:
            held.enter_context(plain(sandbox.base_url)).sendall(sent)
        with secured(sandbox.base_url, ca_file) as line:
            line.sendall(ASKED)
            assert read(line).startswith(b"HTTP/1.1 404 ")
        sandbox.stop()


@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01"])
def test_who_does_not_agree_on_tls_in_time_is_dropped(
    sent: bytes, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "HANDSHAKE_SECONDS", 0.1)
    with plain(sandbox.base_url) as line:
        line.sendall(sent)
        assert read(line) == b""


def test_plain_http_is_told_what_is_wrong(sandbox: Sandbox) -> None:
    with plain(sandbox.base_url) as line:
        line.sendall(
            b"POST /service_start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
        )
        head, _, body = read(line).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 ")
    assert "plain HTTP" in json.loads(body)["error"]["text"]
    assert [one.status for one in sandbox.received] == [400]


@pytest.mark.parametrize(
    "sent",
    [b"\x16\x03\x01\x00\x05hello", b"\x16" + b"\0" * 60, b"\x80\x2e\x01\x00\x02\r\n\r\n"],
    ids=["torn", "zeros", "ssl 2"],
)
def test_junk_disturbs_nobody(sent: bytes, sandbox: Sandbox, ca_file: Path) -> None:
    with plain(sandbox.base_url) as line:
        line.sendall(sent)
        with suppress(OSError):  # it may have hung up on us already
            line.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            read(line)
    secured(sandbox.base_url, ca_file).close()


def test_an_old_tls_is_refused(sandbox: Sandbox) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1 is"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with plain(sandbox.base_url) as line, pytest.raises(ssl.SSLError, match="(?i)protocol.version"):
        context.wrap_socket(line)


@pytest.mark.parametrize("oldest", [True, False])
@pytest.mark.parametrize("sent", [ASKED, b"GET / HTTP/9.9\r\n\r\n"])
def test_an_answer_ends_as_tls_ends(
    sent: bytes, oldest: bool, sandbox: Sandbox, ca_file: Path
) -> None:
    """Without a farewell, clients with OpenSSL 3 take the answer for cut."""
    with secured(sandbox.base_url, ca_file, oldest=oldest, ragged=False) as line:
        line.sendall(sent)
        assert json.loads(read(line).partition(b"\r\n\r\n")[2])["error"]


@pytest.fixture
def deliver(ca_file: Path) -> Iterator[Callable[[Delivery], str]]:
    """Servers whose one answer is delivered like this: their addresses."""
    with ExitStack() as stack:

        def serve(delivery: Delivery) -> str:
            answer = Answer(200, (), b"0123456789", delivery=delivery)
            made = Address(ca_file=ca_file).serve(lambda _: answer, lambda *_: answer)
            stack.callback(made.close)
            return made.url

        yield serve


def test_cut(deliver: Callable[[Delivery], str], ca_file: Path) -> None:
    with secured(deliver("cut"), ca_file, ragged=False) as line:
        line.sendall(ASKED)
        assert read(line).endswith(b"\r\n\r\n01234")


def _ask_under_tls(line: socket.socket, ca_file: Path) -> None:
    """Ask, and leave the reading of the raw connection to the caller.

    Which error OpenSSL makes of a reset differs; what TCP says does not.
    """
    context = ssl.create_default_context(cafile=str(ca_file))
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # 1.3 sends tickets of its own accord
    came, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    inside = context.wrap_bio(came, going, server_hostname="localhost")
    agreed = False
    while not agreed:
        try:
            inside.do_handshake()
            agreed = True
        except ssl.SSLWantReadError:
            line.sendall(going.read())
            came.write(line.recv(65_536))
    inside.write(ASKED)
    line.sendall(going.read())


def test_lost_without_the_farewell_of_tls(
    deliver: Callable[[Delivery], str], ca_file: Path
) -> None:
    with plain(deliver("lost")) as line:
        _ask_under_tls(line, ca_file)
        assert line.recv(65_536) == b""


def test_reset(deliver: Callable[[Delivery], str], ca_file: Path) -> None:
    with plain(deliver("reset")) as line:
        _ask_under_tls(line, ca_file)
        with pytest.raises(ConnectionResetError):
            line.recv(65_536)
