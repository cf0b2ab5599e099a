"""Rows 65 and 66: a server or a proxy that sends a password back, or a cookie."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers import AculabError, Call, OutboundClient, php

from ..transport.asking import basic
from ..transport.sockets import answer
from .bench import Missed
from .canaries import CANARIES, members_of, spellings, told_of
from .rows_shown import WHO, nothing_of
from .rule import Rule, client_of, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..transport.sockets import Peer, Server
    from .rule import Scene

    Echo = Callable[[str, str], bytes]

CALL: Final = Call("+441908273800")
KINDS: Final = ("plain", "base64", "percent", "json", "escapes", "hex", "html")


def written(password: str, pair: str, kind: str) -> list[str]:
    """The password, and the header's base64 at each place where it may begin, in one spelling."""
    longer = [f"{'x' * before}{pair}" for before in range(3)] if kind == "base64" else []
    return [*spellings(password)[kind], *longer]


def page(*kinds: str, status: bytes = b"500 No") -> Echo:
    """A page that shows the password and the header, as a debugging page does."""

    def echo(password: str, pair: str) -> bytes:
        shown = " | ".join(text for kind in kinds for text in written(password, pair, kind))
        return answer(f"<html>Authorization: Basic {pair} {shown}</html>".encode(), HTTP + status)

    return echo


def refusal(*kinds: str, status: bytes = b"400 No") -> Echo:
    """The cloud's JSON error that shows them in each of its members."""

    def echo(password: str, pair: str) -> bytes:
        shown = " | ".join(text for kind in kinds for text in written(password, pair, kind))
        text = f"no such password: {shown}"
        error = {"code": "0001", "text": text, "details": [text, pair], "link": f"http://x/{text}"}
        return answer(json.dumps({"error": error}).encode(), HTTP + status)

    return echo


def headers(*kinds: str, ascii_only: bool = True) -> Echo:
    def echo(password: str, pair: str) -> bytes:
        shown = [text for kind in kinds for text in written(password, pair, kind)]
        lines = [
            f"X-Debug: Basic {pair} {text}".encode()
            for text in shown
            if text.isascii() or not ascii_only
        ]
        return answer(b"no", HTTP + b"401 No", *lines)

    return echo


def reason(_password: str, pair: str) -> bytes:
    return answer(b"no", HTTP + f"401 not Basic {pair}".encode())


def hinted(password: str, pair: str) -> bytes:
    """A cut list whose strings are no ids."""
    body = json.dumps([f"Basic {pair}", password, "id-1"]).encode()
    return answer(body, HTTP + b"200 OK")[:-4]


HTTP: Final = b"HTTP/1.1 "


def echoing(scene: Scene, echo: Echo, name: str = "Authorization") -> Server:
    """A server that sends back what it was given. It knows the passwords by their headers."""
    known = {basic("/".join(WHO), password): password for password in CANARIES}
    known |= {basic("user", password): password for password in CANARIES}

    def script(peer: Peer) -> None:
        given = peer.read_request().header(name)
        peer.say(echo(known[given], given.partition(" ")[2]))

    return scene.serve(script)


def error_of(ask: Callable[[OutboundClient], object], client: OutboundClient) -> AculabError:
    try:
        ask(client)
    except AculabError as error:
        return error
    raise Missed("nothing was refused")


def searched(password: str, error: AculabError, what: str) -> None:
    response, refused = getattr(error, "response", None), getattr(error, "refusal", None)
    body = b"" if response is None else response.body
    told = [members_of(error), body.decode("utf-8", "replace"), body.decode("latin-1")]
    told += [] if response is None else [text for _, text in response.headers]
    told += [] if refused is None else [refused.text, *refused.details, refused.link]
    nothing_of(password, "\n".join(told), what)


def start(client: OutboundClient) -> object:
    return client.start(CALL)


def status(client: OutboundClient) -> object:
    return client.status("id-1")


def echoed(ask: Callable[[OutboundClient], object], *echoes: Echo) -> Callable[[Scene], None]:
    """The errors of the client, whatever the cloud echoes."""

    def play(scene: Scene) -> None:
        for echo in echoes:
            url = echoing(scene, echo).url
            for password in CANARIES:
                client = client_of(password, base_url=url)
                searched(password, error_of(ask, client), "an error")

    return play


def noted(got: list[tuple[int, str]], code: int, text: str) -> None:
    got.append((code, text))


def through_php(member: str, *echoes: Echo) -> Callable[[Scene], None]:
    """PHP's callback gets the body, and the service keeps the error."""

    def play(scene: Scene) -> None:
        for echo in echoes:
            scene.patch.setenv("ACULAB_BASE_URL", echoing(scene, echo).url)
            for password in CANARIES:
                service = php.OutboundService(*WHO, password)
                got: list[tuple[int, str]] = []
                service.setErrorCallback(partial(noted, got))
                asked: Any = {
                    "startInstance": php.OutboundInstanceConfiguration("+441908273800"),
                    "getInstanceStatus": "id-1",
                }[member]
                code = getattr(service, member)(asked)
                assert [found for found, _ in got] == [code]
                nothing_of(password, got[0][1], "what the callback is given")
                assert service.last_error is not None
                searched(password, service.last_error, "last_error")

    return play


def by_a_proxy(ask: Callable[[OutboundClient], object]) -> Callable[[Scene], None]:
    """A proxy that is asked for plain http sees our header, and may show it."""

    def play(scene: Scene) -> None:
        proxy = f"http://127.0.0.1:{echoing(scene, page(*KINDS)).port}"
        for password in CANARIES:
            client = client_of(password, base_url="http://127.0.0.1:9", proxy=proxy)
            searched(password, error_of(ask, client), "an error")

    return play


def proxys_own(scene: Scene) -> None:
    """And it sees its own password."""
    port = echoing(scene, page(*KINDS, status=b"407 Who?"), "Proxy-Authorization").port
    for password in CANARIES:
        quoted = "".join(f"%{byte:02x}" for byte in password.encode())
        proxy = f"http://user:{quoted}@127.0.0.1:{port}"
        client = client_of(base_url="http://127.0.0.1:9", proxy=proxy)
        searched(password, error_of(start, client), "an error")


def proxys_own_at_connect(scene: Scene) -> None:
    """The same in answer to a CONNECT, of which nothing is kept."""
    port = echoing(scene, page(*KINDS, status=b"407 Who?"), "Proxy-Authorization").port
    for password in CANARIES:
        quoted = "".join(f"%{byte:02x}" for byte in password.encode())
        proxy = f"http://user:{quoted}@127.0.0.1:{port}"
        client = client_of(base_url="https://localhost:9", proxy=proxy)
        searched(password, error_of(start, client), "an error")


def frames(ask: Callable[[OutboundClient], object]) -> Callable[[Scene], None]:
    """The error is clean: are its frames? A crash reporter shows their local variables."""

    def play(scene: Scene) -> None:
        url = echoing(scene, refusal(*KINDS)).url
        for password in CANARIES:
            client = client_of(password, base_url=url)
            error = error_of(ask, client)
            nothing_of(password, told_of(error), "the traceback")

    return play


COOKIE: Final = b"Set-Cookie: session=%b; Path=/"


def no_cookies(*, proxied: bool) -> Callable[[Scene], None]:
    """A cookie that the cloud sets is kept for nobody: not for this account, nor for the next."""

    def play(scene: Scene) -> None:
        def script(peer: Peer) -> None:
            given = peer.read_request().header("Authorization").encode()
            ids = b'["id-%d"]' % server.posts
            peer.say(answer(ids, HTTP + b"200 OK", COOKIE % given[6:], b"Set-Cookie2: a=b"))

        server = scene.serve(script)
        options: dict[str, Any] = {"base_url": server.url}
        if proxied:
            options = {"base_url": "http://127.0.0.1:9", "proxy": server.url}
        client, second = (client_of(password, **options) for password in CANARIES[:2])
        for one in (client, client, second, client):
            one.start(CALL)
        assert server.posts == 4
        kept = [
            name for one in server.requests for name, _ in one.headers if "cookie" in name.lower()
        ]
        expect(not kept, f"{kept} was sent")

    return play


RULES: Final = (
    *(
        Rule(
            65,
            f"-{name}-{kind}",
            f"echoed to a {name}, {kind}",
            echoed(ask, page(kind), refusal(kind)),
        )
        for name, ask in (("start", start), ("status", status))
        for kind in KINDS
    ),
    Rule(65, "-all", "everything at once", echoed(start, page(*KINDS), refusal(*KINDS))),
    Rule(65, "-headers", "in headers", echoed(start, headers(*KINDS))),
    Rule(65, "-headers-status", "in headers of a status", echoed(status, headers(*KINDS))),
    Rule(
        65,
        "-headers-bytes",
        "in headers, beyond ASCII",
        echoed(start, headers("plain", "json", ascii_only=False)),
    ),
    Rule(65, "-frames-start", "in the frames of the error of a start", frames(start)),
    Rule(65, "-frames-status", "in the frames of the error of a status", frames(status)),
    Rule(65, "-reason", "in the status line", echoed(start, reason)),
    Rule(65, "-hints", "in a cut list, as if it were ids", echoed(start, hinted)),
    *(
        Rule(65, f"-php-{member}", f"echoed to PHP's {member}", through_php(member, *every))
        for every in ((page(*KINDS), refusal(*KINDS), headers(*KINDS)),)
        for member in ("startInstance", "getInstanceStatus")
    ),
    Rule(65, "-proxy-start", "our header, by a proxy", by_a_proxy(start)),
    Rule(65, "-proxy-status", "our header, by a proxy, to a status", by_a_proxy(status)),
    Rule(65, "-proxy-own", "the proxy's own password, over http", proxys_own),
    Rule(65, "-proxy-connect", "the same, to a CONNECT", proxys_own_at_connect),
    Rule(66, "a", "cookies of one account, and of another", no_cookies(proxied=False)),
    Rule(66, "b", "the same from a proxy", no_cookies(proxied=True)),
)
