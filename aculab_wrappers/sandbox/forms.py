"""Reading the forms that the console's buttons send, strictly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from .answers import RefusedError, http_problem
from .quoting import quoted
from .requests import value_of

if TYPE_CHECKING:
    from .requests import Request
    from .sandbox import Sandbox
    from .services import Service

_SWITCH: Final = {"true": True, "on": True, "1": True, "false": False, "": False, "0": False}


def fields(request: Request, *names: str) -> dict[str, str]:
    """The fields that are there, each of them once; what else comes is refused."""
    check_names(request, *names)
    found = [value_of(request, name) for name in names]
    return dict(pair for pair in found if pair)


def check_names(request: Request, *names: str) -> None:
    """Refuse a field of another name, and a body that has no fields."""
    if request.unread:
        expected = " and ".join(names) or "empty"
        raise bad_field(f"the body is {quoted(request.unread)}, expected a form: {expected}")
    for name, _ in request.parameters:
        if name not in names:
            expected = ", ".join(names) or "no field"
            raise bad_field(f"{quoted(name)} is no field of this form, expected {expected}")


def known_service(sandbox: Sandbox, given: dict[str, str]) -> Service:
    """The service that the field `user` names."""
    user = given.get("user")
    for service in sandbox.services:
        if service.user == user:
            return service
    what = "is missing" if user is None else f"{quoted(user)} is no service of this sandbox"
    raise bad_field(f"user {what}, expected cloudID/username/service_name")


def number(given: dict[str, str], name: str) -> float:
    """The number in a field."""
    text = given.get(name, "")
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise bad_field(f"{name} is {quoted(text)}, expected a number")
    return found


def switch(given: dict[str, str], name: str) -> bool:
    """Whether the box of a field is ticked."""
    found = _SWITCH.get(given[name])
    if found is None:
        raise bad_field(f"{name} is {quoted(given[name])}, expected true or false")
    return found


def bad_field(what: str) -> RefusedError:
    """The refusal of a form."""
    return RefusedError(http_problem(400, f"Bad Request: {what}"))
