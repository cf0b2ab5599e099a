"""What a destination is: a telephone number, a SIP address or a conference room."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .services import Kind

_NUMBER = re.compile(r"\A\+?[0-9]+(-[0-9]+)*\Z")
_PREFIX = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]*):")

_SHOWN = 60


def is_telephone_number(to: str) -> bool:
    """Digits, optionally separated by single dashes, or anything after `tel:`.

    Source: protocol notes 5. Evidence: documented; a leading '+' without `tel:` is assumed.
    """
    return bool(_NUMBER.match(to)) or _prefix(to) == "tel"


def digits_of(number: str) -> str:
    """The digits of a telephone number, without prefix, '+' and dashes; "" if it is none."""
    bare = number[4:] if _prefix(number) == "tel" else number
    return bare.replace("-", "").lstrip("+") if _NUMBER.match(bare) else ""


def normal(to: str) -> str:
    """One spelling for each destination: the digits of a number; the rest without prefix."""
    prefix = _prefix(to)
    return digits_of(to) or (to[4:] if prefix in ("sip", "con") else to)


def mismatch(to: str, kind: Kind) -> str:
    """Why a service of this kind cannot call `to`, or "" if it can.

    A telephone service calls numbers, SIP addresses, and what stands behind any prefix but `con:`.
    A conference service calls `con:` and whatever has neither prefix nor '@', digits included.

    Source: Aculab's page, its first Note; protocol notes 5 for the prefixes. Evidence: documented
        that a mismatch fails; that a bare name is a room, never a SIP address, is assumed (the
        newer pages, which have `con:`, read it as a SIP address).
    """
    if kind == "telephone":
        if _may_be_room(to) and not is_telephone_number(to):
            return _explained(to, "a conference room", "telephone numbers and SIP addresses")
    elif not _may_be_room(to):
        what = "a telephone number" if is_telephone_number(to) else "a SIP address"
        return _explained(to, what, "a conference")
    return ""


def shown(text: str) -> str:
    """The text in quotes for a message, cut when it is long."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def _prefix(to: str) -> str:
    found = _PREFIX.match(to)
    return found[1].lower() if found else ""


def _may_be_room(to: str) -> bool:
    prefix = _prefix(to)
    return prefix == "con" or not (prefix or "@" in to)


def _explained(to: str, what: str, configured: str) -> str:
    return f"{shown(to)} is {what}, and this outbound service is configured to call {configured}"
