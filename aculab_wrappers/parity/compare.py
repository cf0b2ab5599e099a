"""What differs between what was expected and what came. Each difference is one sentence."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from .._core.json_reader import NotJsonError, read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .cloud import Asked

Initial = dict[str, dict[str, Any]]
"""By class: the values that the members of its objects have at first."""

_ERROR: Final = ("error", "outcome", "http_status", "code")


def requests(expected: Sequence[Mapping[str, Any]], came: Sequence[Asked]) -> Iterator[str]:
    """The differences between the expected requests of a case and those that came."""
    if len(expected) != len(came):
        sent = ", ".join(f"{asked.method} {asked.target}" for asked in came) or "nothing"
        yield f"requests that must come: {len(expected)}; that came: {len(came)}: {sent}"
    for number, (wanted, asked) in enumerate(zip(expected, came, strict=False), 1):
        for difference in _request(wanted, asked):
            yield f"request {number}: {difference}"


def _request(wanted: Mapping[str, Any], asked: Asked) -> Iterator[str]:
    url = urlsplit(asked.target)
    absolute = bool(url.scheme)
    if asked.method != wanted["method"]:
        yield f"the method is {asked.method}, not {wanted['method']}"
    if url.path != wanted["path"]:
        yield f"the path is {url.path}, not {wanted['path']}"
    if absolute != (wanted.get("target") == "absolute"):
        yield f"the target is {'the whole URL' if absolute else 'the path alone'}"
    if url.query:
        yield "the target has a query, which ends up in logs"
    yield from _authorization(wanted, asked.headers.get("authorization", ""))
    for name, text in wanted.get("headers", {}).items():
        if asked.headers.get(name.lower()) != text:
            yield f"the header {name} is {asked.headers.get(name.lower())!r}, not {text!r}"
    if "form" in wanted:
        yield from _form(wanted, asked)


def _authorization(wanted: Mapping[str, Any], header: str) -> Iterator[str]:
    pair = f"{'/'.join(wanted['user'])}:{wanted['password']}"
    if header == "Basic " + base64.b64encode(pair.encode()).decode():
        return
    try:
        came = base64.b64decode(header.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        yield "the Authorization header is no Basic authentication in UTF-8"
        return
    user, _, password = came.partition(":")
    if user != "/".join(wanted["user"]):
        yield f"the user name is {user!r}, not {'/'.join(wanted['user'])!r}"
    elif password != wanted["password"]:
        yield "the password is another one"
    else:
        yield "the Authorization header is not spelt as 'Basic' and base64"


def _form(wanted: Mapping[str, Any], asked: Asked) -> Iterator[str]:
    try:
        fields = parse_qsl(
            asked.body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict"
        )
    except ValueError:
        yield "the body is no form"
        return
    names = sorted(name for name, _ in fields)
    if names != sorted(wanted["form"]):
        yield f"the form's fields are {names}, not {sorted(wanted['form'])}"
    sent = dict(fields)
    seen = set(sent) | set(asked.headers)
    for name, field in wanted["form"].items():
        if name not in sent:
            continue
        if "text" in field:
            yield from values(field["text"], sent[name], name)
            continue
        try:
            document = read_json(sent[name].encode())
        except NotJsonError as error:
            yield f"{name}: {error}"
            continue
        seen |= set(_members(document))
        yield from values(field["json"], document, name)
    for name in wanted.get("forbidden", ()):
        if name in seen:
            yield f"{name} was sent, and must not be"


def _members(document: object) -> Iterator[str]:
    """The name of every member of every object in it."""
    items: Iterable[object] = ()
    if isinstance(document, dict):
        yield from document
        items = document.values()
    elif isinstance(document, list):
        items = document
    for item in items:
        yield from _members(item)


def results(
    expected: Sequence[Mapping[str, Any]],
    reported: Sequence[Mapping[str, Any]],
    initial: Initial,
    *,
    outcomes: bool,
) -> Iterator[str]:
    """The differences between the expected results of a case's steps and the reported ones.

    Args:
        expected: One for each step.
        reported: What the driver said.
        initial: What the members of an object are at first.
        outcomes: Whether the driver knows this package's errors and outcomes.
    """
    if len(expected) != len(reported):
        yield f"results that must be reported: {len(expected)}; that were: {len(reported)}"
    for number, (wanted, came) in enumerate(zip(expected, reported, strict=False), 1):
        for difference in _result(wanted, came, initial, outcomes=outcomes):
            yield f"step {number}: {difference}"


def _result(
    wanted: Mapping[str, Any], came: Mapping[str, Any], initial: Initial, *, outcomes: bool
) -> Iterator[str]:
    if "raises" in wanted:
        if "raises" not in came:
            error = wanted["raises"]["error"]
            yield f"it returned {_text(came['returns'])}, and must raise {error}"
        elif outcomes:
            yield from _raised(wanted["raises"], came["raises"])
    elif "raises" in came:
        yield f"it raised {came['raises'].get('error')}: {came['raises'].get('message')}"
    else:
        yield from values(wanted["returns"], came["returns"], "result", initial)
        yield from values(wanted.get("out", {}), came.get("out", {}), "out", initial)
    yield from values(wanted.get("callback", []), came.get("callback", []), "callback", initial)
    if outcomes and "returns" in wanted:
        yield from values(wanted.get("outcome"), came.get("outcome"), "outcome")


def _raised(wanted: Mapping[str, Any], came: Mapping[str, Any]) -> Iterator[str]:
    for name in _ERROR:
        yield from values(wanted.get(name), came.get(name), f"the error's {name}")
    yield from values(wanted.get("ids", []), came.get("ids", []), "the error's ids")
    for text in wanted.get("says", ()):
        if text not in came.get("message", ""):
            yield f"its message does not say {text!r}: {came.get('message')!r}"


def values(wanted: Any, came: Any, place: str, initial: Initial | None = None) -> Iterator[str]:
    """The differences between two values, with their types: 1 is neither True nor 1.0."""
    if isinstance(wanted, dict) and "$text" in wanted:
        yield from _texts(wanted["$text"], came, place)
    elif type(wanted) is not type(came):
        yield f"{place} is {_text(came)}, not {_text(wanted)}"
    elif isinstance(wanted, list):
        if len(wanted) != len(came):
            yield f"{place} has {len(came)} items, not {len(wanted)}: {_text(came)}"
        for number, (item, other) in enumerate(zip(wanted, came, strict=False)):
            yield from values(item, other, f"{place}[{number}]", initial)
    elif isinstance(wanted, dict):
        yield from _objects(wanted, came, place, initial)
    elif wanted != came:
        yield f"{place} is {_text(came)}, not {_text(wanted)}"


def _objects(
    wanted: dict[str, Any], came: dict[str, Any], place: str, initial: Initial | None
) -> Iterator[str]:
    if initial is not None and "$object" in wanted:
        wanted = {**initial.get(wanted["$object"], {}), **wanted}
    for name in sorted(wanted.keys() - came.keys()):
        yield f"{place} lacks {name}"
    for name in sorted(came.keys() - wanted.keys()):
        yield f"{place} has {name} = {_text(came[name])}, and must not"
    for name in wanted:
        if name in came:
            yield from values(wanted[name], came[name], f"{place}.{name}", initial)


def _texts(wanted: Mapping[str, list[str]], came: Any, place: str) -> Iterator[str]:
    if not isinstance(came, str):
        yield f"{place} is {_text(came)}, not a text"
        return
    for text in wanted.get("holds", ()):
        if text not in came:
            yield f"{place} does not hold {text!r}: {_text(came)}"
    for text in wanted.get("lacks", ()):
        if text in came:
            yield f"{place} holds {text!r}: {_text(came)}"


def _text(came: Any) -> str:
    text = json.dumps(came, ensure_ascii=False)
    return text if len(text) <= 200 else text[:200] + "..."
