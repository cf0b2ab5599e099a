"""Row 68: calls that cannot be sent, and lists with something else among the calls.

A call is built by itself, so its own error names the field; an error of a list names the place.
"""

from __future__ import annotations

import enum
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers import Call, csharp, java, php, python, vb

from .cloud import says, tokens
from .rows_arguments import WHO, refused
from .rule import Rule, client_of, expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .rule import Scene


class Odd(str):
    """Text that prints as something else."""

    __slots__ = ()

    def __str__(self) -> str:
        return "evil"


class Number(enum.StrEnum):
    OFFICE = "+441908273800"


BAD_TEXT: Final[dict[str, object]] = {
    "nan": float("nan"),
    "surrogate": "a\udfff",
    "bytes": b"+441908273800",
    "none": None,
    "number": 441908273800,
}
CONTROLS: Final = {"control": "4419\n", "nul": "4419\0", "c1": "4419\x9f"}
DIRECTIONS: Final = {f"U+{ord(mark):04X}": f"4419{mark}00" for mark in "\u202e\u200f\u2066\u061c"}


def call_with(field: str, value: object) -> Callable[[], object]:
    arguments: dict[str, Any] = {"to": "+441908273800", field: value}
    return lambda: Call(**arguments)


def anything(what: Any) -> Any:
    """`what`, as something that takes whatever it is given."""
    return what


def face_calls(field: str, value: object) -> dict[str, Callable[[], object]]:
    """The same field through each face."""
    to, given = "+441908273800", anything(value)

    def of_csharp() -> None:
        setattr(csharp.OutboundCall(to), {"token": "Token"}.get(field, "OutboundParameters"), given)

    def of_java() -> None:
        made = java.OutboundCall(to)
        {"token": made.setToken}.get(field, made.setOutboundParameters)(given)

    def of_php() -> None:
        made = php.OutboundInstanceConfiguration(to)
        {"token": made.setToken}.get(field, made.setOutboundParameters)(given)

    return {
        "csharp": of_csharp,
        "java": of_java,
        "php": of_php,
        "python": lambda: python.OutboundCalls(to, **anything({field: value})),
    }


def lists_of_wrong_items() -> dict[str, tuple[Callable[[], object], str]]:
    """A wrong item in each list that anything takes, and how it is named."""
    client = client_of(base_url="http://127.0.0.1:9")
    call, wrong = Call("x"), anything([5, "x", None, b"x"])
    net = csharp.OutboundRESTAPIService(*WHO)
    basic = vb.OutboundRESTAPIService(*WHO)
    java_service, php_service = java.OutboundRESTAPIService(*WHO), php.OutboundService(*WHO)
    configuration = php.OutboundInstanceConfiguration("x")
    tests: dict[str, tuple[Callable[[], object], str]] = {}
    for item in wrong:
        kind = type(item).__name__
        configurations = [configuration, configuration, item]
        tests |= {
            f"client-{kind}": (partial(client.start, [call, item]), "calls[1]"),
            f"csharp-{kind}": (partial(net.Start, [csharp.OutboundCall("x"), item]), "calls[1]"),
            f"vb-{kind}": (partial(basic.Start, [item, vb.OutboundCall("x")]), "calls[0]"),
            f"java-{kind}": (
                partial(java_service.start, [java.OutboundCall("x"), item]),
                "calls[1]",
            ),
            f"php-{kind}": (
                partial(php_service.startInstance, configurations),
                "instanceConfigurations[2]",
            ),
        }
        if not isinstance(item, str):
            ids = ["id", "id", item]
            tests[f"ids-{kind}"] = (partial(client.status, ids), "ids[2]")
            tests[f"php-ids-{kind}"] = (partial(php_service.getInstanceStatus, ids), "ids[2]")
    tests["ids-empty"] = (partial(client.status, ["id", ""]), "ids[1]")
    return tests


def arrives(make: Callable[[], Call], token: str) -> Callable[[Scene], None]:
    """It is taken, and comes as the text that it is."""

    def play(scene: Scene) -> None:
        server = scene.serve(says())
        client_of(base_url=server.url).start(make())
        (request,) = server.requests
        expect(tokens(request) == [token], "it came as something else")

    return play


def rows_68() -> Iterator[Rule]:
    for field, name in (
        ("to", "to"),
        ("from_", "from"),
        ("token", "token"),
        ("outbound_parameters",) * 2,
    ):
        bad = dict(BAD_TEXT)
        if field != "to":
            del bad["none"]  # it means: left out
        if field in ("to", "from_"):
            bad |= DIRECTIONS | CONTROLS
        for letter, value in bad.items():
            yield Rule(
                68, f"-{name}-{letter}", f"{name}: {letter}", refused(call_with(field, value), name)
            )
        for letter in (
            ("nan", "surrogate", "bytes") if name in ("token", "outbound_parameters") else ()
        ):
            for face, make in face_calls(field, BAD_TEXT[letter]).items():
                yield Rule(
                    68,
                    f"-{face}-{name}-{letter}",
                    f"{face}'s {name}: {letter}",
                    refused(make, name),
                )
    for letter, (make, named) in lists_of_wrong_items().items():
        yield Rule(68, f"-list-{letter}", f"a wrong item in a list: {letter}", refused(make, named))
    # What is passed transparently is refused only if JSON or UTF-8 cannot carry it.
    for letter, text in {
        **CONTROLS,
        "lines": "Dear customer,\r\n\tgood day.",
        **DIRECTIONS,
    }.items():
        make = partial(Call, "x", token=text, outbound_parameters=text)
        yield Rule(68, f"-data-{letter}", f"data for the page: {letter}", arrives(make, text))
    # No limit is documented, so a large token is sent: the cloud says what it thinks of it.
    large = "x" * 1_048_576
    yield Rule(
        68, "-large", "a token of 1 MB is taken", arrives(lambda: Call("x", token=large), large)
    )
    yield Rule(
        68,
        "-subclass",
        "text that prints as another",
        arrives(lambda: Call("x", token=Odd("t")), "t"),
    )
    yield Rule(
        68,
        "-enum",
        "text of an enum",
        arrives(lambda: Call(Number.OFFICE, token=Number.OFFICE), "+441908273800"),
    )


RULES: Final = tuple(rows_68())
