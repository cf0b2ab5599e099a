"""The fifth step: the form of the credentials. Whether they are right is not asked here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .._core.credentials import Credentials
from ..errors import InvalidInputError
from .given import VARIABLES
from .step import Notes

if TYPE_CHECKING:
    from .given import Given
    from .step import Step

NAME: Final = "Credentials"
_PARTS: Final = ("cloud_id", "username", "service")
_GOOD: Final = ("1-2-0", "user", "service")


def look(given: Given) -> tuple[Step, Credentials | None]:
    """Check the form of each part, and that there is a password. No part but the id is shown.

    Returns:
        The step, and the credentials unless something is missing or malformed.
    """
    notes = Notes(NAME, "cloud id, user name, service name and service password; no value is shown")
    texts = [given.text(name) for name in _PARTS]
    if not any(texts) and not given.account_needed:
        notes.warn(
            "no account is given: there is nothing to check",
            f"set {', '.join(VARIABLES[name] for name in _PARTS)} (or the options)",
        )
        return notes.step(), None
    for place, name in enumerate(_PARTS):
        _part(notes, name, texts[place], place)
    password = _password(notes, given)
    try:
        if notes.failed or password is None:
            return notes.step(), None
        cloud_id, username, service = (text or "" for text in texts)
        return notes.step(), Credentials(cloud_id, username, service, password)
    finally:
        del password  # see Credentials


def _part(notes: Notes, name: str, text: str | None, place: int) -> None:
    label = {"cloud_id": "cloud id", "username": "user name", "service": "service name"}[name]
    if not text:
        notes.fail(
            f"{label}: missing", f"set {VARIABLES[name]}, or give --{name.replace('_', '-')}"
        )
        return
    parts = [*_GOOD]
    parts[place] = text
    cloud_id, username, service = parts
    try:
        Credentials(cloud_id, username, service, "-")
    except InvalidInputError as error:
        # Its text quotes a malformed cloud id, which may be the whole user name.
        notes.fail(f"{label}: {str(error).partition(', not ')[0]}", *_part_advice(label, text))
        return
    if text != text.strip():
        notes.warn(f"{label}: begins or ends with a blank", "see whether the blank belongs there")
    else:
        notes.saw(f"{label}: its form is right")


def _part_advice(label: str, text: str) -> tuple[str, ...]:
    if "/" in text:
        return ("give the three parts on their own: this package joins them with '/'",)
    if label == "cloud id":
        return (f"the {label} is the first part of a service's login: three numbers, like 1-2-0",)
    return ()


def _password(notes: Notes, given: Given) -> str | None:
    """The password. Nothing is said of it but whether it is there and can be sent."""
    password = None
    try:
        password = given.password()
        if not password:
            missing = "service password: none is given"
            advice = f"set {VARIABLES['password']}, or give --password-file FILE"
            if given.account_needed:
                notes.fail(missing, advice)
            else:
                notes.warn(missing, f"{advice}; on a terminal the other commands ask for it")
            return None
        Credentials(*_GOOD, password)
    except InvalidInputError as error:
        notes.fail(f"{error}", "correct the password, or where it is read from")
        return None
    else:
        if password != password.strip():
            notes.warn("service password: begins or ends with a blank",
                       "see whether the blank belongs there, or came with the copying")  # fmt: skip
        else:
            notes.saw("service password: there, and can be sent")
        return password
    finally:
        del password
