"""Rows 60 and 61: arguments that cannot be sent, refused by name before anybody is asked."""

from __future__ import annotations

import socket
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final

import pytest

from aculab_wrappers import Call, InvalidInputError, NotSentError, OutboundClient

from ..transport.asking import chain
from .bench import Missed
from .canaries import members_of
from .cloud import says
from .rule import Rule, client_of, expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .rule import Scene

WHO: Final = ("1-2-0", "user@example.com", "My Service", "a password")
FIELDS: Final = ("cloud_id", "username", "service_name", "service_password")
VALUE: Final = "canary"


def nobody_is_asked(scene: Scene) -> list[object]:
    """From now on, whoever looks up a name or connects is noted."""
    asked: list[object] = []

    def note(*args: object, **_more: object) -> Any:
        asked.append(args)
        raise OSError("somebody is asked")

    scene.patch.setattr(socket, "getaddrinfo", note)
    scene.patch.setattr(socket.socket, "connect", note)
    return asked


def refused(make: Callable[[], object], named: str, *, unseen: str = "") -> Callable[[Scene], None]:
    """`make` is refused with an error that begins with what it names, and asks nobody."""

    def play(scene: Scene) -> None:
        asked = nobody_is_asked(scene)
        try:
            made = make()
        except InvalidInputError as error:
            text = str(error)
            expect(named in text, f"it does not name {named}: {text}")
            expect(not any(hasattr(one, "object") for one in chain(error)), "it holds the text")
            told = members_of(error)
            expect(not unseen or unseen not in told, f"it shows the value: {told}")
        else:
            raise Missed(f"it was taken: {made!r}")
        expect(not asked, f"somebody was asked: {asked}")

    return play


def credentials(field: str, value: object) -> Callable[[], object]:
    arguments: Any = [
        value if name == field else usual for name, usual in zip(FIELDS, WHO, strict=True)
    ]
    return lambda: OutboundClient(*arguments)


UNSENDABLE: Final[dict[str, object]] = {
    "cr": f"{VALUE}\r",
    "lf": f"{VALUE}\n",
    "header": f"{VALUE}\r\nX-Evil: 1",
    "nul": f"\0{VALUE}",
    "del": f"{VALUE}\x7f",
    "c1": f"{VALUE}\x85",
    "surrogate": f"{VALUE}\ud800",
    "bytes": VALUE.encode(),
    "none": None,
    "number": 5,
    "nan": float("nan"),
    "list": [VALUE],
}
SEPARATORS: Final = {"colon": f"{VALUE}:x", "slash": f"{VALUE}/x"}
NO_CLOUD: Final = {
    "userinfo": "x@evil/",
    "fragment": "evil/#",
    "port": "1-2-0.evil.example:443/",
    "dots": "..",
    "full-width": "１-2-0",
    "arabic": "١-2-0",
    "newline": "1-2-0\n",
    "percent": "1%2e2-0",
    "space": " 1-2-0",
    "long": "1" * 70,
    "long-number": "1-2-" + "0" * 70,
    "empty": "",
    "negative": "-1-2-0",
}


def rows_60() -> Iterator[Rule]:
    for field in FIELDS[1:]:
        bad = {**UNSENDABLE, **(SEPARATORS if field != "service_password" else {})}
        for name, value in bad.items():
            unseen = VALUE if field == "service_password" else ""
            make = credentials(field, value)
            yield Rule(
                60, f"-{field}-{name}", f"{field}: {name}", refused(make, field, unseen=unseen)
            )
    make = credentials("service_password", "")
    yield Rule(60, "-service_password-empty", "no password", refused(make, "service_password"))
    for name, parts in TAKEN.items():
        yield Rule(60, f"-taken-{name}", f"taken and sent: {name}", sent_as_utf_8(*parts))


TAKEN: Final = {
    "other-letters": ("żółw", "дом", "пароль密码😀"),
    "latin-1": ("ü", "é", "pässwörd"),
    "colon-in-password": ("u", "s", "a:b/c%00@"),
    "empty": ("", "", "p"),
    "10-kB": ("u" * 10_000, "s", "p" * 10_000),
}


def sent_as_utf_8(username: str, service: str, password: str) -> Callable[[Scene], None]:
    """What can be sent arrives as RFC 7617 has it, byte for byte."""

    def play(scene: Scene) -> None:
        server = scene.serve(says())
        OutboundClient("1-2-0", username, service, password, base_url=server.url).start(Call("x"))
        scheme, _, pair = server.requests[0].header("Authorization").partition(" ")
        assert scheme == "Basic"
        wanted = f"1-2-0/{username}/{service}:{password}"
        expect(b64decode(pair).decode() == wanted, "it came as something else")

    return play


def host_is_settled(scene: Scene) -> None:
    """No cloud id has a say in the host: it is only in the user name."""
    looked_up: list[object] = []

    def note(host: object, *_args: object, **_more: object) -> Any:
        looked_up.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "no")

    scene.patch.setattr(socket, "getaddrinfo", note)
    for cloud_id in ("0-0-0", "1-2-0", "999-999-999"):
        with pytest.raises(NotSentError):
            OutboundClient(cloud_id, *WHO[1:]).start(Call("x"))
    expect(set(looked_up) == {"ws.aculabcloud.net"}, f"asked for {looked_up}")


BAD_URLS: Final = {
    "userinfo": "https://ws.aculabcloud.net@evil.example",
    "plain": "http://evil.example",
    "like-loopback": "http://127.0.0.1.evil.example",
    "query": "https://ws.aculabcloud.net/?x=",
    "fragment": "https://ws.aculabcloud.net/#evil",
    "newline": "https://ws.aculabcloud.net\n",
    "backslash": "https://ws.aculabcloud.net\\@evil.example",
    "file": "file:///etc/passwd",
    "no-host": "https://",
    "port": "https://ws.aculabcloud.net:99999",
}


def rows_61() -> Iterator[Rule]:
    for name, cloud_id in NO_CLOUD.items():
        make = credentials("cloud_id", cloud_id)
        yield Rule(61, f"-{name}", f"cloud id: {name}", refused(make, "cloud_id"))
    yield Rule(61, "-host", "the host that is asked for", host_is_settled)
    for name, url in BAD_URLS.items():
        make_url: Any = lambda url=url: client_of(base_url=url)  # noqa: E731  one for each
        yield Rule(61, f"-url-{name}", f"base_url: {name}", refused(make_url, "base_url"))


RULES: Final = (*rows_60(), *rows_61())
