"""Reading what a start asks for: the JSON of `outbound_parameters`, checked against the page.

Source: Aculab's page, table of properties; the newer page for `rest_calls` and `count`. Evidence:
    names, types and which are required are documented; that anything else is refused, and that
    one bad object refuses the whole request, is assumed.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from .._core.frozen import frozen
from .._core.json_reader import NotJsonError, read_json
from .._core.validation import check_address
from ..errors import InvalidInputError
from .answers import Problem, RefusedError, http_problem, malformed, missing, together, zero
from .destinations import is_telephone_number, shown
from .requests import value_of

if TYPE_CHECKING:
    from .accounts import Tier
    from .requests import Request
    from .services import Kind

START_NAMES: Final = ("outbound_parameters", "rest_calls")
MOST_CALLS: Final = 100_000
"""Most calls in one start. A limit of this sandbox; the real one is not public."""

_MEMBERS: Final = ("to", "from", "token", "outbound_parameters")
_MOST_PROBLEMS: Final = 20
_INTEGER = re.compile(r"\A[+-]?[0-9]{1,18}\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_JSON_TYPES: Final = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


@frozen
class WantedCall:
    """One call as a start asked for it. None: the member was not there."""

    to: str
    from_: str | None = None
    token: str | None = None
    outbound_parameters: str | None = None


def read_calls(request: Request, kind: Kind, tier: Tier = "production") -> tuple[WantedCall, ...]:
    """The calls that a service of this kind is asked to start, in order.

    Args:
        request: The request.
        kind: What the service is configured to call.
        tier: That of its account.

    Raises:
        RefusedError: what is asked is not what the page documents.
    """
    _refuse_uas_parameters(request)
    name, wanted = read_json_parameter(request, *START_NAMES)
    if not isinstance(wanted, list):
        return _checked([(name, wanted)], kind)
    if tier == "developer":
        raise RefusedError(
            http_problem(
                403,
                f"Forbidden: {name} is an array, expected one object: an array needs a "
                f"Production or Premium account",
                rule="tier",
            )
        )
    if not wanted:
        raise RefusedError(
            malformed(
                f"{name} is an empty array, expected an object or an array of objects", "calls"
            )
        )
    if len(wanted) > MOST_CALLS:
        raise RefusedError(
            http_problem(
                413,
                f"Content Too Large: received {len(wanted)} calls, expected at most {MOST_CALLS}",
                rule="limits",
            )
        )
    return _checked([(f"{name}[{index}]", item) for index, item in enumerate(wanted)], kind)


def read_json_parameter(request: Request, *names: str) -> tuple[str, object]:
    """The JSON in the one parameter that goes by any of the names, and the name it came by.

    Raises:
        RefusedError: 0001 not there, 0002 not JSON, 0003 there more than once.
    """
    found = value_of(request, *names)
    if found is None:
        raise RefusedError(missing(" or ".join(names) + _instead(request, names), "parameter"))
    name, text = found
    try:
        return name, read_json(text.encode("utf-8", "surrogatepass"))
    except NotJsonError as error:
        # The reader speaks of "the body", which here is the parameter.
        reason = str(error).removeprefix("the body")
    raise RefusedError(malformed(f"{name}{reason}; received {shown(text)}", "json"))


def type_of(found: object) -> str:
    """The JSON type of a value, for a message."""
    return _JSON_TYPES[type(found)]


def _checked(items: list[tuple[str, object]], kind: Kind) -> tuple[WantedCall, ...]:
    problems: list[Problem] = []
    calls = []
    for where, item in items:
        wrong = list(_problems(where, item, kind))
        problems += wrong
        if len(problems) >= _MOST_PROBLEMS:
            break
        if not wrong and isinstance(item, dict):
            calls.append(
                WantedCall(
                    item["to"],
                    item.get("from"),
                    item.get("token"),
                    item.get("outbound_parameters"),
                )
            )
    if problems:
        raise RefusedError(together(problems[:_MOST_PROBLEMS]))
    return tuple(calls)


def _problems(where: str, item: object, kind: Kind) -> list[Problem]:
    if not isinstance(item, dict):
        return [malformed(f"{where} is {type_of(item)}, expected an object with 'to'", "calls")]
    found = [
        _unknown_member(where, name) if name not in _MEMBERS else _bad_text(where, name, text)
        for name, text in item.items()
    ]
    problems = [problem for problem in found if problem]
    if "to" not in item:
        received = ", ".join(map(shown, list(item)[:5])) or "no members"
        why = f"{where}.to, the destination of the call; received {received}"
        problems.insert(0, missing(why, "to-required"))
    elif not problems and kind == "telephone" and not item.get("from"):
        problems += _without_from(where, item["to"])
    return problems


def _without_from(where: str, to: str) -> list[Problem]:
    # "Required only if to is a telephone number", and empty counts as missing (CID page). A
    # conference service may call a room whose name is a number.
    if not is_telephone_number(to):
        return []
    why = f"{where}.from, required because {where}.to {shown(to)} is a telephone number"
    return [missing(why, "from-required")]


def _bad_text(where: str, name: str, text: object) -> Problem | None:
    if not isinstance(text, str):
        return malformed(f"{where}.{name} is {type_of(text)}, expected a string", "members")
    if name == "to" and not text:
        return malformed(f"{where}.to is empty, expected a destination", "to-required")
    if name in ("token", "outbound_parameters"):
        lone = _SURROGATE.search(text)
        what = f"{where}.{name} holds half a surrogate pair, expected whole characters"
        return malformed(what, "characters") if lone else None
    try:
        check_address(text, f"{where}.{name}")
    except InvalidInputError as error:
        return malformed(str(error), "characters")
    return None


def _unknown_member(where: str, name: str) -> Problem:
    near = get_close_matches(name[:40].lower(), _MEMBERS, n=1, cutoff=0.7)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    expected = ", ".join(_MEMBERS)
    return malformed(
        f"{where} has a member {shown(name)}, which is not known; expected {expected}{hint}",
        "members",
    )


def _refuse_uas_parameters(request: Request) -> None:
    """`count` and `delimiter` start UAS applications; with a REST one they mean a mistake."""
    count = value_of(request, "count")
    if count and not _INTEGER.match(count[1]):
        raise RefusedError(malformed(f"count is {shown(count[1])}, expected a number", "uas"))
    if count and int(count[1]) == 0:
        raise RefusedError(zero("count is 0, expected 1 or more", "uas"))
    for name in ("count", "delimiter"):
        if value_of(request, name):
            raise RefusedError(
                malformed(
                    f"{name} starts UAS applications; a REST application is started once for each "
                    f"object in outbound_parameters",
                    "uas",
                )
            )


def _instead(request: Request, names: tuple[str, ...]) -> str:
    """What came instead of the parameter, to show the misspelling or the wrong form."""
    if request.unread:
        return (
            f"; the body came as {shown(request.unread)}, expected "
            f"application/x-www-form-urlencoded or multipart/form-data"
        )
    received = list(dict.fromkeys(name for name, _ in request.parameters))[:5]
    if not received:
        return "; no parameters were received"
    near = [name for name in received if get_close_matches(name[:40].lower(), names, n=1)]
    listed = ", ".join(shown(name) for name in received)
    return f"; received {listed}" + (f"; did you mean {names[0]!r}?" if near else "")
