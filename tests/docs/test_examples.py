"""The programs of the pages run, print what the page says, and send what Aculab's documents."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.operations import Start
from aculab_wrappers.parity.cloud import ScriptedCloud
from aculab_wrappers.sandbox import Sandbox

from ..programs import require
from . import examples
from .dialects import tabs
from .pages import DOCS, text_of

if TYPE_CHECKING:
    from aculab_wrappers.parity.samples import Snippet

PROGRAMS = examples.programs()
PORTS = [program for program in PROGRAMS if examples.sample_of(program)]
SAMPLES = [sample for tab in tabs().values() for sample in tab.samples]


@pytest.mark.parametrize("program", sorted(set(PROGRAMS) - set(PORTS)))
def test_a_program_prints_what_the_page_says(program: str) -> None:
    if program in examples.MODULES:
        require([examples.MODULES[program]])
    came, cloud = examples.run(program)
    assert examples.without_ids(came) == examples.without_ids(examples.shown(program))
    text = (DOCS / program).read_text(encoding="utf-8")
    makes_its_own = "from aculab_wrappers.sandbox import" in text or program in examples.MODULES
    assert (cloud.accepted > 0) is not makes_its_own


@pytest.mark.parametrize("program", PORTS)
def test_a_port_sends_what_its_sample_must_send(program: str) -> None:
    sample = examples.sample_of(program)
    assert sample is not None
    _, cloud = examples.run(program, [examples.service_of(sample)])
    [start] = [item for item in cloud.received if item.path == "/service_start"]
    assert start.user == sample.user
    assert start.calls == sample.sends
    assert start.status == 200


def test_each_sample_has_its_port() -> None:
    assert len(PORTS) == len(SAMPLES) == 18


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.quotation.id)
def test_a_printed_sample_is_the_transcript_but_for_its_line_ends(sample: Snippet) -> None:
    quotation = sample.quotation
    dialect = quotation.id.partition("-")[0]
    [path] = (DOCS / "printed" / dialect).glob(f"{quotation.title}.*")
    assert path.read_text(encoding="utf-8").split() == quotation.printed.split()


CALL = Call(
    "441908283800",
    "441908283801",
    token="my token info",
    outbound_parameters="some user data",
)
WHO = Credentials("1-2-0", "user@example.com", "MyOutboundService", "MyOutboundServicePassword")


def test_the_raw_request_is_what_this_package_sends() -> None:
    head, _, body = raw_request().partition("\n\n")
    request = Start((CALL,)).request(WHO)
    assert head.startswith(f"POST {request.path} HTTP/1.1\n")
    assert request.body == body.encode()
    lines = head.splitlines()
    assert f"Content-Length: {len(body)}" in lines
    assert f"Authorization: {WHO.authorization()}" in lines


def test_the_raw_request_lacks_only_headers_that_its_page_names() -> None:
    with ScriptedCloud() as cloud:
        cloud.play([{"status": 200, "json": ["id"]}])
        cloud_id, username, name = WHO.user.split("/")
        address = f"http://{cloud.address}"
        password = "MyOutboundServicePassword"
        OutboundClient(cloud_id, username, name, password, base_url=address).start(CALL)
        [asked] = cloud.asked
    lines = raw_request().partition("\n\n")[0].splitlines()[1:]
    shown = {name.lower(): text for name, _, text in (line.partition(": ") for line in lines)}
    del shown["host"]
    assert shown.items() <= asked.headers.items()
    more = {"User-Agent", "Connection", "Accept-Encoding"}
    assert asked.headers.keys() - shown.keys() - {"host"} == {name.lower() for name in more}
    assert all(f"`{name}`" in text_of("http.md") for name in more)


def test_the_raw_request_starts_the_call_that_the_sample_starts() -> None:
    head, _, body = raw_request().partition("\n\n")
    with Sandbox() as cloud:
        host, _, port = cloud.base_url.removeprefix("http://").partition(":")
        head = head.replace("ws.aculabcloud.net", f"{host}:{port}")
        raw = f"{head}\nConnection: close\n\n".replace("\n", "\r\n") + body
        with socket.create_connection((host, int(port)), timeout=10) as sock:
            sock.sendall(raw.encode())
            answer = b"".join(iter(lambda: sock.recv(4096), b""))
        [received] = cloud.received
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert received.calls == tabs()["http"].samples[0].sends


def raw_request() -> str:
    return (DOCS / "examples/http/telephone.http").read_text(encoding="utf-8").rstrip("\n")
