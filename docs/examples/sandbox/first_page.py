# --8<-- [start:page]
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs


class Page(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        form = parse_qs(self.rfile.read(length).decode())
        info = json.loads(form["instance_info"][0])
        print(self.path, "token:", info["token"])
        print(json.dumps(info, indent=2))
        self.send_response(200)
        self.send_header(
            "Content-Type", "application/json"
        )
        self.end_headers()
        self.wfile.write(b'{"actions": []}')


# --8<-- [end:page]
# --8<-- [start:call]
from threading import Thread

from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox, Service

pages = HTTPServer(("127.0.0.1", 0), Page)
Thread(target=pages.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{pages.server_port}"
service = Service(
    "user@example.com",
    "MyOutboundService",
    "MyOutboundServicePassword",
    first_page=f"{address}/first",
    final_page=f"{address}/final",
)
cloud = Sandbox([service], time="manual")
client = OutboundClient(
    "1-2-0",
    "user@example.com",
    "MyOutboundService",
    "MyOutboundServicePassword",
    transport=cloud,
)
client.start(
    Call(
        "441908283800",
        "441908283801",
        token="my token info",
        outbound_parameters="some user data",
    )
)
cloud.advance(10)
pages.shutdown()
pages.server_close()
# --8<-- [end:call]
