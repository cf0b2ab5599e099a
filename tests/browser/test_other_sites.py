"""A page from elsewhere, which the developer happens to visit, can do nothing to the sandbox."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers import Call

from ..programs import needs
from .conftest import PHONES
from .test_console import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aculab_wrappers.sandbox import Sandbox

    from .console import Console

pytestmark = [needs("chromium"), needs("chromedriver")]

# Each attempt tells when it is over, whatever came of it.
PAGE = """<!doctype html><title>busy</title><body><script>
const at = "SANDBOX";
const user = "USER";
const over = [];
const attempt = (start) => over.push(new Promise(start));
for (const mode of ["no-cors", "cors"]) {
  attempt((done) => fetch(at + "/sandbox/reset", { method: "POST", mode }).then(done, done));
}
const wanted = encodeURIComponent(JSON.stringify({ to: "sip:bob@example.com" }));
attempt((done) => {
  const image = new Image();
  image.onload = image.onerror = done;
  image.src = at + "/service_start?outbound_parameters=" + wanted;
});
for (const [path, fields] of Object.entries({
  "/sandbox/purge": { user },
  "/sandbox/reset": {},
  "/sandbox/advance": { seconds: "60" },
  "/sandbox/service": { user, kind: "conference" },
  "/sandbox/test": { user, to: "sip:bob@example.com" },
  "/sandbox/next": { outcome: "unavailable" },
})) {
  attempt((done) => {
    const frame = document.createElement("iframe");
    frame.name = path;
    document.body.append(frame);
    const form = document.createElement("form");
    form.action = at + path;
    form.method = "post";
    form.target = path;
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    frame.onload = done;
    form.submit();
  });
}
Promise.all(over).then(() => { document.title = "done"; });
</script>"""


@pytest.fixture
def other_site(sandbox: Sandbox) -> Iterator[str]:
    page = PAGE.replace("SANDBOX", sandbox.base_url).replace("USER", PHONES.user).encode()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f":{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_page_from_elsewhere_changes_nothing(
    console: Console, sandbox: Sandbox, other_site: str, host: str
) -> None:
    start(sandbox, [Call("sip:bob@example.com")] * 3)
    before = (sandbox.now, sandbox.instances, sandbox.queue_lengths())

    console.browser.get(f"http://{host}{other_site}")
    console.wait(lambda: console.browser.title == "done")

    assert (sandbox.now, sandbox.instances, sandbox.queue_lengths()) == before
    assert [service.kind for service in sandbox.services] == ["telephone", "conference"]
    # No answer waits for the next request either.
    start(sandbox, [Call("sip:bob@example.com")])
    assert sandbox.accepted == 4
