"""Starts a call through every face, with nothing installed but the package and its dependencies.

Run by test_wheel.py with the interpreter of an empty environment: no test library here.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

asked: list[bytes] = []


class Handler(BaseHTTPRequestHandler):
    """A cloud of one id."""

    def do_POST(self) -> None:
        asked.append(self.rfile.read(int(self.headers["Content-Length"])))
        status = json.dumps({"id-1": {"status": "COMPLETED"}})
        answer = '["id-1"]' if self.path == "/service_start" else status
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["ACULAB_BASE_URL"] = f"http://127.0.0.1:{server.server_port}"

import aculab_wrappers  # noqa: E402  what an import loads is part of the check

assert "requests" not in sys.modules
from aculab_wrappers import Call, OutboundClient, csharp, java, php, vb  # noqa: E402
from aculab_wrappers.sandbox import Sandbox  # noqa: E402
from web_services import OutboundCalls, invoke_outbound_service  # noqa: E402

assert "requests" not in sys.modules
who = ("1-2-0", "user@example.com", "MyOutboundService", "MyOutboundServicePassword")
for dotnet in (csharp, vb):
    service = dotnet.OutboundRESTAPIService(*who)
    service.Start(dotnet.OutboundCall("x"))
    assert service.UpdateStatus()[1]
java_service = java.OutboundRESTAPIService(*who)
java_service.start(java.OutboundCall("x"))
java_service.updateStatus()
assert java_service.isFinished()
assert php.OutboundService(*who).startInstance(php.OutboundInstanceConfiguration("x")) == ["id-1"]
assert invoke_outbound_service(*who, OutboundCalls("x")) == ["id-1"]
assert len(asked) == 8

# The sandbox in process needs no extra; serving it over HTTP says which one it needs.
cloud = Sandbox()
client = OutboundClient(*who, transport=cloud)
client.wait(client.start(Call("sip:bob@acompany.com")), timeout=10, poll=0.001)
assert cloud.accepted == 1
try:
    cloud.start()
except aculab_wrappers.AculabError as error:
    assert "aculab-wrappers[sandbox]" in str(error)
else:
    raise AssertionError("the sandbox served HTTP without its extra")
print("every face started its calls")
