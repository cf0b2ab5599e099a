"""The sandbox over real sockets: what HTTP itself can do to it."""

from __future__ import annotations

import errno
import http.client
import json
import logging
import socket
import threading
import tracemalloc
from base64 import b64encode
from contextlib import ExitStack
from threading import Semaphore
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
import requests
from werkzeug.serving import ThreadedWSGIServer

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox, Service
from aculab_wrappers.sandbox.app import MOST_BODY
from aculab_wrappers.sandbox.server import REQUEST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PASSWORD = "correct horse"
PHONES = Service("alice@example.com", "phones", PASSWORD)
LOGIN = "Basic " + b64encode(f"{PHONES.user}:{PASSWORD}".encode()).decode()
FORM = "application/x-www-form-urlencoded"
WANTED = '{"to":"sip:bob@example.com"}'


class Answer:
    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json()["error"]["code"])


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox([PHONES], seed=7) as made:
        yield made


def ask(
    sandbox: Sandbox,
    method: str,
    target: str,
    body: Any = None,
    *,
    chunked: bool = False,
    **headers: str,
) -> Answer:
    head = {"Authorization": LOGIN, "Content-Type": FORM}
    head.update({name.replace("_", "-"): text for name, text in headers.items()})
    connection = http.client.HTTPConnection(urlsplit(sandbox.base_url).netloc, timeout=30)
    try:
        connection.request(method, target, body, head, encode_chunked=chunked)
        response = connection.getresponse()
        return Answer(response.status, dict(response.headers), response.read())
    finally:
        connection.close()


def raw(sandbox: Sandbox, request: bytes, *, end: bool = True) -> Answer:
    """Send these bytes, and read until the server closes."""
    at = urlsplit(sandbox.base_url)
    assert at.port
    with socket.create_connection(("127.0.0.1", at.port), timeout=30) as line:
        line.sendall(request)
        if end:
            line.shutdown(socket.SHUT_WR)
        came = b"".join(iter(lambda: line.recv(65_536), b""))
    head, _, body = came.partition(b"\r\n\r\n")
    return Answer(int(head.split()[1]), {}, body)


def test_a_start_by_post_and_by_get(sandbox: Sandbox) -> None:
    posted = ask(sandbox, "POST", "/service_start", urlencode({"outbound_parameters": WANTED}))
    got = ask(sandbox, "GET", "/service_start?outbound_parameters=" + quote(" " + WANTED))

    ids = [instance.id for instance in sandbox.instances]
    assert (posted.status, got.status) == (200, 200)
    assert posted.headers["Content-Type"] == "application/json"
    assert posted.json() + got.json() == ids
    assert len(set(ids)) == sandbox.accepted == 2


def test_a_multipart_form(sandbox: Sandbox) -> None:
    session = requests.Session()
    session.trust_env = False
    answer = session.post(
        sandbox.base_url + "/service_start",
        files={"rest_calls": (None, '{"to":"sip:zoë@example.com"}')},
        headers={"Authorization": LOGIN},
        timeout=30,
    )
    session.close()

    assert answer.status_code == 200
    assert sandbox.instances[0].to == "sip:zoë@example.com"


def test_a_broken_multipart_form(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "POST", "/service_start", b"x", Content_Type="multipart/form-data")

    assert (answer.status, answer.code) == (400, "HTTP 400")


def test_a_multipart_form_with_too_many_parts(sandbox: Sandbox) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n'
    kind = "multipart/form-data; boundary=b"
    answer = ask(sandbox, "POST", "/service_start", part * 1001 + b"--b--\r\n", Content_Type=kind)

    assert (answer.status, answer.code) == (400, "HTTP 400")


def test_an_absolute_target_as_clients_send_to_proxies(sandbox: Sandbox) -> None:
    body = urlencode({"outbound_parameters": WANTED})
    target = "http://user:secret@ws.aculabcloud.net/service_start?x=1"

    assert ask(sandbox, "POST", target, body).status == 200
    assert sandbox.received[0].path == "/service_start"
    assert "secret" not in repr(sandbox.received)


def test_an_absolute_target_of_somebody_else(sandbox: Sandbox) -> None:
    body = urlencode({"outbound_parameters": WANTED})
    answer = ask(sandbox, "POST", "http://127.0.0.1:secret@evil.example/service_start", body)

    assert (answer.status, answer.code, sandbox.accepted) == (421, "HTTP 421", 0)
    assert "secret" not in repr(sandbox.received) + answer.body.decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    "path", ["/", "/service_start", "/service_status", "/service/v1/outbound_queues", "/sandbox/x"]
)
def test_a_web_page_elsewhere_can_do_nothing(
    sandbox: Sandbox, path: str, method: str, headers: dict[str, Any], status: int
) -> None:
    body = None if method == "GET" else urlencode({"outbound_parameters": WANTED})
    query = "?outbound_parameters=" + quote(WANTED) if method == "GET" else ""
    answer = ask(sandbox, method, path + query, body, **headers)

    assert (answer.status, answer.code) == (status, f"HTTP {status}")
    assert sandbox.accepted == 0
    # It is there to be seen, without what the page sent.
    noted = sandbox.received[-1]
    assert (noted.method, noted.path, noted.status) == (method, path, status)
    assert (noted.parameters, noted.user) == ((), "")
    assert not any(name.lower().startswith("access-control-") for name in answer.headers)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("Desk.Example", "desk.example:80"),
        ("aculab_sandbox", "aculab_sandbox:8080"),
        ("Project_Sandbox_1", "project_sandbox_1"),
        ("_sandbox.my_network", "_sandbox.my_network."),
        ("sandbox_", "SANDBOX_"),
    ],
)
def test_further_names_are_told_to_the_guard(given: str, asked: str) -> None:
    with Sandbox([PHONES], host_names=[given]) as sandbox:
        at = "/service_start?outbound_parameters=" + quote(WANTED)
        assert ask(sandbox, "GET", at, Host=asked).status == 200
        assert ask(sandbox, "GET", at, Host=asked, Origin=f"http://{asked}").status == 200
        assert ask(sandbox, "GET", at, Host="no_such_name").status == 421
        assert ask(sandbox, "GET", at, Host="other.example").status == 421


def test_every_answer_tells_browsers_to_keep_and_lend_nothing(sandbox: Sandbox) -> None:
    body = urlencode({"outbound_parameters": WANTED})
    answers = [
        ask(sandbox, "POST", "/service_start", body),
        ask(sandbox, "POST", "/service_start", body, Authorization="none"),
        ask(sandbox, "POST", "/service_start", body, Host="evil.example"),
        ask(sandbox, "GET", "/nowhere"),
        ask(sandbox, "OPTIONS", "/service_start"),
        ask(sandbox, "GET", "/" + "a" * 100_000),
    ]

    assert [answer.status for answer in answers] == [200, 401, 421, 404, 405, 414]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert not any(name.lower().startswith("access-control-") for name in answer.headers)


def test_many_that_never_finish_asking_stop_nobody(sandbox: Sandbox) -> None:
    at = urlsplit(sandbox.base_url)
    begun = (
        b"",
        b"P",
        b"POST /service_start HTTP/1.1\r\nHos",
        b"POST / HTTP/1.1\r\nContent-Length: 9",
    )
    with ExitStack() as held:
        for sent in begun * 40:
            line = held.enter_context(socket.create_connection(("127.0.0.1", at.port or 0)))
            line.sendall(sent)

        assert ask(sandbox, "GET", "/service_start?outbound_parameters=" + WANTED).status == 200
        sandbox.stop()


def test_two_slashes_as_one_page_prints_them(sandbox: Sandbox) -> None:
    body = urlencode({"outbound_parameters": WANTED})

    assert ask(sandbox, "POST", "//service_start", body).status == 200
    assert ask(sandbox, "POST", "http://localhost//service_start", body).status == 200


def test_raw_utf8_in_the_address_is_read(sandbox: Sandbox) -> None:
    target = '/service_start?outbound_parameters={"to":"sip:zoë@example.com"}'
    head = f"GET {target} HTTP/1.1\r\nAuthorization: {LOGIN}\r\n\r\n"

    assert raw(sandbox, head.encode()).status == 200
    assert sandbox.instances[0].to == "sip:zoë@example.com"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
def test_other_methods_are_not_allowed(sandbox: Sandbox, method: str) -> None:
    answer = ask(sandbox, method, "/service_start")

    assert (answer.status, answer.code) == (405, "HTTP 405")
    assert answer.headers["Allow"] == "GET, POST"


def test_head_gets_a_head_only(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "HEAD", "/service_start")

    assert (answer.status, answer.body) == (405, b"")


def test_a_wrong_password_is_asked_for_by_its_header(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "POST", "/service_start", Authorization="Basic eDp5")

    assert (answer.status, answer.code) == (401, "HTTP 401")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    ("junk", "status"),
    [
        (b"junk\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 400),
        (b'GET /service_start?outbound_parameters= { "to" : "x" } HTTP/1.1\r\n\r\n', 400),
        (b"GET http://[bad/service_start HTTP/1.1\r\n\r\n", 400),
        (b"POST /service_start HTTP/9.9\r\n\r\n", 505),
        (b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 500 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 200_000 + b"\r\n\r\n", 431),
        (b"POST /service_start HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST /service_start HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"POST /service_start HTTP/1.1\r\nContent-Length: 50\r\n\r\nshort", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (
            b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nHost: one\r\nHost: two\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n", 400),
        # Lines that are no headers: what follows them is not read.
        (b"GET / HTTP/1.1\r\nHost: a\r\njunk\r\nOrigin: http://evil.example\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nOrigin : http://evil.example\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
        (b"GET http:///service_start HTTP/1.1\r\n\r\n", 400),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 421),
        (b"POST /service_start HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST /service_start HTTP/1.1\r\nAuthorization: Basic \xff\xfe\r\n\r\n", 401),
        (b"CONNECT ws.aculabcloud.net:443 HTTP/1.1\r\n\r\n", 404),
        (b"OPTIONS * HTTP/1.1\r\n\r\n", 404),
    ],
    ids=lambda item: repr(item)[:40],
)
def test_junk_gets_a_json_error_and_the_next_request_is_served(
    sandbox: Sandbox, junk: bytes, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = raw(sandbox, junk)

    assert (answer.status, answer.code) == (status, f"HTTP {status}")
    assert sandbox.received[-1].status == status
    assert ask(sandbox, "GET", "/service_start?outbound_parameters=" + WANTED).status == 200
    assert capfd.readouterr() == ("", "")


def test_a_client_that_waits_before_closing_gets_its_error(sandbox: Sandbox) -> None:
    assert raw(sandbox, b"junk\r\n\r\n", end=False).status == 400


def test_a_client_that_goes_away_disturbs_nobody(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    at = urlsplit(sandbox.base_url)
    for sent in (b"", b"POST /serv", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n12"):
        with socket.create_connection(("127.0.0.1", at.port or 0)) as line:
            line.sendall(sent)
            # Closing with this option resets the connection.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    assert ask(sandbox, "GET", "/service_start?outbound_parameters=" + WANTED).status == 200
    assert capfd.readouterr() == ("", "")


def _filled(size: int) -> bytes:
    """A body of exactly this size that starts one call."""
    start = b'outbound_parameters={"to":"sip:a@example.com","token":"'
    return start + b"x" * (size - len(start) - 2) + b'"}'


def test_the_largest_body_is_taken(sandbox: Sandbox) -> None:
    assert ask(sandbox, "POST", "/service_start", _filled(MOST_BODY)).status == 200


@pytest.mark.parametrize("size", [MOST_BODY + 1, MOST_BODY + 2, MOST_BODY * 3])
def test_a_larger_one_is_refused_whole(sandbox: Sandbox, size: int) -> None:
    plain = ask(sandbox, "POST", "/service_start", _filled(size))
    chunks = iter([_filled(size)])
    chunked = ask(
        sandbox, "POST", "/service_start", chunks, chunked=True, Transfer_Encoding="chunked"
    )

    assert [(a.status, a.code) for a in (plain, chunked)] == [(413, "HTTP 413")] * 2
    assert sandbox.accepted == 0


def test_a_body_that_is_refused_unread_is_not_kept(sandbox: Sandbox) -> None:
    body = _filled(MOST_BODY)
    tracemalloc.start()
    try:
        assert ask(sandbox, "POST", "/service_start", body, Host="evil.example").status == 421
        # Werkzeug makes room for 10 MB whatever comes.
        assert tracemalloc.get_traced_memory()[1] < MOST_BODY
    finally:
        tracemalloc.stop()


def test_a_byte_now_and_then_does_not_keep_a_connection(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    looks = Semaphore(0)

    def clock() -> float:
        looks.release()
        return now[0]

    monkeypatch.setattr("aculab_wrappers.sandbox.server.monotonic", clock)
    at = urlsplit(sandbox.base_url)
    # Less patient than the server is with who sends nothing at all.
    with socket.create_connection(("127.0.0.1", at.port or 0), timeout=20) as line:
        line.sendall(b"POST /service_start HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
        for _ in range(3):  # at its beginning, before the head is read, and before the body is
            assert looks.acquire(timeout=30)
        line.sendall(b"a")
        assert looks.acquire(timeout=30)
        now[0] = REQUEST_SECONDS + 1
        line.sendall(b"b")
        answered = b"".join(iter(lambda: line.recv(65_536), b""))

    assert answered.startswith(b"HTTP/1.1 400 ")
    assert b"the body is cut or broken" in answered


def test_with_no_file_left_it_waits_for_one_and_does_not_spin(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    real = ThreadedWSGIServer.get_request

    def flaky(server: ThreadedWSGIServer) -> Any:
        if len(pauses) < 3:
            raise OSError(errno.EMFILE, "Too many open files")
        return real(server)

    monkeypatch.setattr("aculab_wrappers.sandbox.server.sleep", pauses.append)
    monkeypatch.setattr(ThreadedWSGIServer, "get_request", flaky)

    assert ask(sandbox, "GET", "/service_start?outbound_parameters=" + WANTED).status == 200
    assert pauses == [0.05] * 3


def test_a_chunked_body_is_read(sandbox: Sandbox) -> None:
    chunks = iter([b"outbound_parameters=", WANTED.encode()])
    answer = ask(
        sandbox, "POST", "/service_start", chunks, chunked=True, Transfer_Encoding="chunked"
    )

    assert (answer.status, sandbox.accepted) == (200, 1)


def test_a_fault_of_the_sandbox_is_a_500_that_tells_only_its_kind(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise LookupError(PASSWORD)

    monkeypatch.setattr("aculab_wrappers.sandbox.webservices.read_calls", broken)
    with caplog.at_level(logging.ERROR):
        answer = ask(sandbox, "POST", "/service_start", "")

    assert (answer.status, answer.code) == (500, "HTTP 500")
    assert "LookupError" in caplog.text
    assert PASSWORD not in caplog.text + answer.body.decode()


def test_a_fault_before_any_answer_closes_the_connection_and_no_more(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise LookupError(PASSWORD)

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr("aculab_wrappers.sandbox.server._Handler.make_environ", broken)
        with pytest.raises(http.client.RemoteDisconnected):
            ask(sandbox, "GET", "/x")

    assert "LookupError" in caplog.text
    assert PASSWORD not in caplog.text
    assert ask(sandbox, "GET", "/x").status == 404


def test_a_client_that_asks_before_sending_is_told_once_to_go_on(sandbox: Sandbox) -> None:
    head = b"POST /service_start HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx"
    answer = raw(sandbox, head)

    assert answer.status == 100
    assert answer.body.startswith(b"HTTP/1.1 401 ")


def test_nothing_of_a_request_is_logged_or_printed(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(sandbox, "POST", "/service_start", urlencode({"outbound_parameters": WANTED}))
        ask(sandbox, "POST", "/nowhere?password=" + quote(PASSWORD))

    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def test_a_client_over_http_sees_calls_start_and_finish(sandbox: Sandbox) -> None:
    client = OutboundClient(
        "1-2-0", "alice@example.com", "phones", PASSWORD, base_url=sandbox.base_url
    )
    started = client.start([Call("sip:a@example.com"), Call("441908273800", "441908273801")])
    ended = client.wait(started, timeout=30, poll=0.001)

    assert [(one.status, one.return_code) for one in ended] == [("COMPLETED", 0)] * 2
    assert [one.id for one in ended] == [one.id for one in sandbox.instances]


def test_many_at_once_are_counted_once_each(sandbox: Sandbox) -> None:
    def start() -> None:
        ids.append(ask(sandbox, "GET", "/service_start?outbound_parameters=" + WANTED).json()[0])

    ids: list[str] = []
    threads = [threading.Thread(target=start) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(ids)) == sandbox.accepted == 24


def test_the_answer_names_the_sandbox(sandbox: Sandbox) -> None:
    assert ask(sandbox, "GET", "/").headers["Server"] == "aculab-wrappers-sandbox"
