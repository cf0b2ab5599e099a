"""Once a byte of a request has left, nothing more is imported.

An import can fail then: the package is being replaced, or no file can be opened any more. The
outcome of the start would be lost.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .sockets import Peer, answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Serve

PASSWORD = "pä5s wörd/%"
PROGRAM = f"""
import sys
from aculab_wrappers import AculabError, Call, OutboundClient
from aculab_wrappers._core import connection, sockets
client = OutboundClient("1-2-0", "u", "s", {PASSWORD!r}, base_url=sys.argv[1], timeout=0.5)
known = []
send_some = sockets.send_some
def send(*args):
    known[:] = sys.modules
    return send_some(*args)
client._session._get_transport()
sockets.send_some = send
try:
    client.start([Call("+441908273800", token="t"), Call("sip:a@example.com")])
except AculabError as error:
    str(error), repr(error.response)
print(sorted(set(sys.modules) - set(known)))
"""


def says(data: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.say(data)

    return script


@pytest.mark.parametrize(
    "script",
    [
        says(answer(b'["id-1","id-2"]')),
        says(answer(b'["id-1","id-\xc3\xbc"]')),
        says(answer(b'\xef\xbb\xbf["id-1"]')),
        says(answer(b'["id-1","i'[:-1], b"HTTP/1.1 200 OK", b"Content-Encoding: gzip")),
        says(answer(b'{"error":{"code":"0001","text":"no","details":["a"]}}', b"HTTP/1.1 400 No")),
        says(answer(f"<p>{PASSWORD} &#x70;".encode(), b"HTTP/1.1 503 No", b"Retry-After: 5")),
        says(answer('["id-1"]'.encode("utf-16"))),
        says(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n["id'),
        says(b"nonsense\r\n\r\n"),
        says(b""),
        Peer.hush,
        Peer.reset,
    ],
)
def test_nothing_is_imported_after_the_first_byte(
    serve: Serve, script: Callable[[Peer], None]
) -> None:
    server = serve(script)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, server.url], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr or done.stdout
