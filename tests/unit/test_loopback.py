"""The tests themselves stay on this machine, and so do the programs that they start."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ELSEWHERE = "192.0.2.1"  # an address for documentation, which no machine has


@pytest.fixture
def udp() -> Iterator[socket.socket]:
    with socket.socket(type=socket.SOCK_DGRAM) as made:
        yield made


@pytest.mark.parametrize(
    "reach",
    [
        lambda udp: udp.connect((ELSEWHERE, 9)),
        lambda udp: udp.connect_ex((ELSEWHERE, 9)),
        lambda udp: udp.sendto(b"", (ELSEWHERE, 9)),
    ],
)
def test_no_other_machine_is_reached(
    udp: socket.socket, reach: Callable[[socket.socket], object]
) -> None:
    with pytest.raises(AssertionError, match=f"tried to reach {ELSEWHERE}"):
        reach(udp)


@pytest.mark.parametrize(
    "look_up",
    [
        lambda name: socket.getaddrinfo(name, 80),
        lambda name: socket.getaddrinfo(name.encode(), 80),
        socket.gethostbyname,
        socket.gethostbyname_ex,
        socket.gethostbyaddr,
    ],
)
@pytest.mark.parametrize("name", ["cloud.example", "nowhere.invalid", "localhost.example"])
def test_no_name_server_is_asked(look_up: Callable[[str], object], name: str) -> None:
    with pytest.raises(socket.gaierror, match=f"a test asked for {name}"):
        look_up(name)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", b"localhost"])
def test_this_machine_is_known(udp: socket.socket, host: Any) -> None:
    assert socket.getaddrinfo(host, 80)
    udp.connect((host, 9))


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        (f"socket.create_connection(({ELSEWHERE!r}, 9), 1)", "AssertionError: a test tried"),
        ("socket.create_connection(('cloud.example', 9))", "a test asked for cloud.example"),
    ],
)
def test_a_program_that_a_test_starts_stays_here_too(code: str, wrong: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import socket; {code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert wrong in done.stderr
