"""One start, byte for byte: no byte on the wire changes for speed."""

from __future__ import annotations

import platform
import socket
import threading

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers._version import __version__

from .contestants import ACCOUNT, FROM, TO

PATIENCE = 10.0
BODY = (
    b"outbound_parameters=%7B%22to%22%3A%22441908273800%22%2C%22from%22%3A%22441908273801%22%2C"
    b"%22token%22%3A%22my+token+info%22%2C%22outbound_parameters%22%3A%22%5Cu00fc%26%3D1%22%7D"
)
# The account of `contestants`: 1-2-0/user@example.com/MyOutboundService:MyOutboundServicePassword
HEAD = (
    b"POST /service_start HTTP/1.1\r\n"
    b"Host: 127.0.0.1:%d\r\n"
    b"User-Agent: aculab-wrappers/%s (Python %s)\r\n"
    b"Accept: application/json\r\n"
    b"Accept-Encoding: identity\r\n"
    b"Authorization: Basic MS0yLTAvdXNlckBleGFtcGxlLmNvbS9NeU91dGJvdW5kU2VydmljZTpNeU91dGJvdW5kU2"
    b"VydmljZVBhc3N3b3Jk\r\n"
    b"Connection: close\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 177\r\n"
    b"\r\n"
)


def test_a_start_is_these_bytes() -> None:
    came = bytearray()

    def listen() -> None:
        sock, _ = listener.accept()
        with sock:
            sock.settimeout(PATIENCE)
            while not came.endswith(BODY[-20:]):
                came.extend(sock.recv(65_536) or BODY[-20:])
            sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n["id"]')
            came.extend(sock.recv(65_536))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        port = listener.getsockname()[1]
        server = threading.Thread(target=listen)
        server.start()
        client = OutboundClient(*ACCOUNT, base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE)
        call = Call(TO, FROM, token="my token info", outbound_parameters="ü&=1")
        (started,) = client.start(call)
        server.join(PATIENCE)

    assert started.id == "id"
    versions = (__version__.encode(), platform.python_version().encode())
    assert bytes(came) == HEAD % (port, *versions) + BODY
    assert len(BODY) == 177
