"""The application's pages: what they are asked, and what their answers do to a call."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from aculab_wrappers import Call, InvalidInputError, OutboundClient
from aculab_wrappers.sandbox import Instance, Sandbox, Service
from aculab_wrappers.sandbox.pager import MOST_BODY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aculab_wrappers.sandbox.clock import Time

PHONES = Service("alice@example.com", "phones", "pw")


class Pages:
    """An application on loopback: keeps what its pages are asked, and answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.answers: dict[str, bytes] = {}
        self.before: Callable[[], object] = lambda: None
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                pages.asked.append((self.path, self.headers["Content-Type"], body))
                pages.before()
                made = pages.answers.get(self.path, ok(b"{}"))
                self.wfile.write(made)
                self.close_connection = True

            def log_message(self, format: str, *_: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def of(self, path: str) -> list[bytes]:
        return [body for asked, _, body in self.asked if asked == path]


def ok(body: bytes, head: str = "200 OK", *more: str) -> bytes:
    lines = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {head}", *more))
    return f"{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture
def pages() -> Iterator[Pages]:
    made = Pages()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def started(
    pages: Pages, call: Call, *, time: Time = "manual", first: str = "/first", **settings: Any
) -> Sandbox:
    service = PHONES.with_(
        first_page=pages.url + first, final_page=pages.url + "/final", **settings
    )
    sandbox = Sandbox([service], time=time, seed=1)
    client = OutboundClient("1-2-0", "alice@example.com", "phones", "pw", transport=sandbox)
    client.start(call)
    return sandbox


def ended(sandbox: Sandbox) -> Instance:
    sandbox.advance(60)
    [instance] = sandbox.instances
    return instance


def info(body: bytes) -> Any:
    """instance_info, as API version 1.0 sends it."""
    [text] = parse_qs(body.decode("ascii"), strict_parsing=True)["instance_info"]
    return json.loads(text)


def test_what_the_first_page_is_asked(pages: Pages) -> None:
    call = Call("441908283800", "441908283801", token="tö", outbound_parameters="some data")
    instance = ended(started(pages, call))

    path, kind, body = pages.asked[0]
    assert (path, kind) == ("/first", "application/x-www-form-urlencoded")
    assert info(body) == {
        "application_instance_id": instance.application_instance_id,
        "token": "tö",
        "this_call": {
            "call_id": instance.id,
            "call_direction": "out",
            "call_from": "441908283801",
            "call_to": "441908283800",
            "call_target": "441908283800",
            "call_state": "answered",
            "seconds_call_duration": 0.0,
            "outbound_parameters": "some data",
        },
    }


def test_what_the_final_page_is_asked(pages: Pages) -> None:
    ended(started(pages, Call("sip:a@b")))

    assert [path for path, _, _ in pages.asked] == ["/first", "/final"]
    final = info(pages.of("/final")[0])
    assert final["token"] is None
    assert final["this_call"]["call_state"] == "idle"
    assert final["this_call"]["call_cause"] == "completed"
    assert final["this_call"]["seconds_call_duration"] == 1.0
    assert "call_raw_cause" not in final["this_call"]


def test_a_rejected_call_has_only_a_final_page(pages: Pages) -> None:
    instance = ended(started(pages, Call("sip:busy@sandbox"), api_version="2.0"))

    assert instance.status == "COULDNOTRUN"
    [(path, kind, body)] = pages.asked
    assert (path, kind) == ("/final", "application/json")
    asked = json.loads(body)
    assert asked["is_notification"] is False
    assert (asked["this_call"]["call_cause"], asked["this_call"]["call_raw_cause"]) == (
        "busy",
        "486",
    )


def test_a_call_that_is_never_dialled_has_no_page(pages: Pages) -> None:
    assert ended(started(pages, Call("myConference"))).status == "COULDNOTRUN"
    assert pages.asked == []


def test_the_application_runs_when_its_page_has_answered(pages: Pages) -> None:
    instance = ended(started(pages, Call("sip:a@b")))

    assert (instance.status, instance.status_detail) == ("COMPLETED", "0")
    assert [(when - instance.started_at, what) for when, what in instance.timeline] == [
        (0, "queued"),
        (1, "dialled"),
        (2, "answered"),
        (2, f"First Page requested: POST {pages.url}/first"),
        (2, "First Page answered 200: the application runs"),
        (3, "completed, return code 0"),
        (3, f"Final Page requested: POST {pages.url}/final"),
        (3, "Final Page answered 200"),
    ]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (ok(b"{}", "500 Oops"), "First Page answered 500"),
        (ok(b"", "302 Found", "Location: /elsewhere"), "First Page answered 302"),
        (ok(b"{}", "404 Not Found"), "First Page answered 404"),
        (
            ok(b"<b>Fatal error</b>"),
            "First Page answered 200 with what is no JSON: '<b>Fatal error</b>'",
        ),
        (ok(b"[1]"), "First Page answered 200 with JSON that is no object: '[1]'"),
        (ok(b"", "204 No Content"), "First Page answered 204 with what is no JSON: ''"),
        (
            ok(b'"' + b"x" * MOST_BODY + b'"'),
            f"First Page answered more than {MOST_BODY} bytes",
        ),
        (b"", "First Page could not be requested: nothing answers at its address"),
        (b"junk\r\n\r\n", "First Page could not be requested: nothing answers at its address"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "First Page could not be requested"),
    ],
    ids=["500", "302", "404", "html", "array", "empty", "huge", "closed", "junk", "cut"],
)
def test_a_failing_page_ends_the_instance(pages: Pages, answer: bytes, detail: str) -> None:
    pages.answers["/first"] = answer
    instance = ended(started(pages, Call("sip:a@b")))

    assert instance.status == "COULDNOTRUN"
    assert instance.status_detail.startswith(detail)
    assert instance.call_cause == "failed"
    assert info(pages.of("/final")[0])["this_call"]["call_cause"] == "failed"
    assert len(pages.of("/first")) == 1


def test_a_page_that_nobody_serves(pages: Pages) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))  # bound and not listening: refused
        service = PHONES.with_(first_page=f"http://127.0.0.1:{door.getsockname()[1]}/")
        sandbox = Sandbox([service], time="manual")
        OutboundClient("1-2-0", "alice@example.com", "phones", "pw", transport=sandbox).start(
            Call("sip:a@b")
        )
        assert "nothing answers at its address" in ended(sandbox).status_detail


def test_a_page_whose_tls_fails(pages: Pages) -> None:
    pages.url = pages.url.replace("http:", "https:")
    detail = "First Page could not be requested: its certificate is not trusted, or TLS failed"
    assert ended(started(pages, Call("sip:a@b"))).status_detail == detail


@pytest.mark.parametrize("meanwhile", ["reset", "restore"])
def test_an_answer_that_comes_too_late_changes_nothing(pages: Pages, meanwhile: str) -> None:
    sandbox = started(pages, Call("sip:a@b"))

    def change() -> None:
        if meanwhile == "reset":
            sandbox.reset()
        else:
            sandbox.restore(sandbox.snapshot())

    pages.before = change
    sandbox.advance(60)
    status = [one.status for one in sandbox.instances]
    assert status == ([] if meanwhile == "reset" else ["COULDNOTRUN"])
    assert [path for path, _, _ in pages.asked] == ["/first"]


def test_a_page_that_takes_too_long(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aculab_wrappers.sandbox.pager.PAGE_SECONDS", 0.05)
    over = threading.Event()
    pages.before = lambda: over.wait(30)
    instance = ended(started(pages, Call("sip:a@b")))
    over.set()

    assert instance.status_detail == "First Page did not answer within 0.05 seconds"


def test_a_page_that_drips(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each read is quick enough; together they are not. A clock that leaps stands for the wait.
    passed = iter(range(0, 1000, 6))
    monkeypatch.setattr("aculab_wrappers.sandbox.pager.monotonic", lambda: next(passed))
    pages.answers["/first"] = ok(b'{"a":"' + b"x" * 10_000 + b'"}')
    instance = ended(started(pages, Call("sip:a@b")))

    assert instance.status_detail == "First Page did not answer within 10 seconds"


def test_a_final_page_that_fails_changes_nothing(pages: Pages) -> None:
    pages.answers["/final"] = ok(b"no", "500 Oops")
    instance = ended(started(pages, Call("sip:a@b")))

    assert (instance.status, instance.timeline[-1][1]) == ("COMPLETED", "Final Page answered 500")


def test_a_page_may_ask_the_sandbox_while_it_is_asked(pages: Pages) -> None:
    seen: list[str] = []
    sandbox = started(pages, Call("sip:a@b"))
    pages.before = lambda: seen.append(sandbox.instances[0].status)

    assert ended(sandbox).status == "COMPLETED"
    assert seen == ["RUNNING", "COMPLETED"]


def test_when_all_happens_at_once_the_page_is_still_waited_for(pages: Pages) -> None:
    sandbox = started(pages, Call("sip:a@b"), time="immediate")
    sandbox.advance(0)  # waits for pages, and leaves the clock to them

    assert [one.status for one in sandbox.instances] == ["COMPLETED"]
    assert [path for path, _, _ in pages.asked] == ["/first", "/final"]


def test_pages_are_requested_in_real_time_though_nobody_asks(pages: Pages) -> None:
    asked = threading.Event()
    pages.before = asked.set
    with Sandbox([PHONES.with_(first_page=pages.url + "/first")], time="real") as sandbox:
        OutboundClient("1-2-0", "alice@example.com", "phones", "pw", transport=sandbox).start(
            Call("sip:a@b")
        )
        sandbox.advance(1.9)
        assert asked.wait(30)


def test_many_pages_are_all_requested(pages: Pages) -> None:
    service = PHONES.with_(first_page=pages.url + "/first")
    sandbox = Sandbox([service], time="manual", calls_per_second=1000)
    client = OutboundClient("1-2-0", "alice@example.com", "phones", "pw", transport=sandbox)
    client.start([Call(f"sip:{index}@b") for index in range(50)])
    sandbox.advance(60)

    assert sandbox.counts["COMPLETED"] == 50
    called = [info(body)["this_call"]["call_to"] for body in pages.of("/first")]
    assert sorted(called) == sorted(f"sip:{index}@b" for index in range(50))


@pytest.mark.parametrize("name", ["first_page", "final_page"])
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://example.com/", "must be an http or https address"),
        ("/first", "must be an http or https address"),
        ("http://", "must be an http or https address"),
        ("http://[x/", "must be an http or https address"),
        ("http://a b/", "must be an http or https address"),
        ("http://a:99999/", "must be an http or https address"),
        ("http://a/\n", "must be an http or https address"),
        ("http://bob:secret@example.com/", "must not hold a user name or password"),
        (5, "must be str, not int"),
    ],
)
def test_an_address_that_cannot_be(name: str, address: Any, says: str) -> None:
    with pytest.raises(InvalidInputError, match=f"{name} {says}") as caught:
        PHONES.with_(**{name: address})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"api_version": "3.0"}, "api_version must be '1.0' or '2.0', not '3.0'"),
        ({"far_end_classification": 1}, "far_end_classification must be bool, not int"),
        ({"kind": "video"}, "kind must be 'telephone' or 'conference', not 'video'"),
        ({"password": "x"}, "'password' is no setting of a service: expected one of kind, first"),
    ],
)
def test_settings_that_cannot_be(changes: Any, says: str) -> None:
    sandbox = Sandbox([PHONES])
    with pytest.raises(InvalidInputError, match=says):
        sandbox.change_service(PHONES.user, **changes)
    with pytest.raises(InvalidInputError, match="there is no service 'x'"):
        sandbox.change_service("x", kind="telephone")


def test_a_setting_that_changes_counts_from_then_on(pages: Pages) -> None:
    sandbox = started(pages, Call("sip:a@b"))
    sandbox.advance(1.5)
    changed = sandbox.change_service(PHONES.user, first_page="", final_page="")

    assert changed.password == "pw"
    assert ended(sandbox).status == "COMPLETED"
    assert pages.asked == []
