"""Reading JSON that somebody else wrote: strict, bounded, and with one error of our own."""

from __future__ import annotations

import json
import re
from typing import Final, NoReturn

MAX_DEPTH: Final = 100
"""Most lists and objects inside each other. What the cloud answers has two or three."""

_MARK: Final = b"\xef\xbb\xbf"
# Everything but what opens and closes, and what may hide it: strings.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NO_BRACKET = re.compile(rb"[^\[\]{}]+")


class NotJsonError(Exception):
    """The bytes are not JSON that can be relied on. Never leaves the core."""


def read_json(body: bytes) -> object:
    """Decode UTF-8 JSON (a byte order mark is allowed).

    Refused, beside what is invalid JSON: NaN and Infinity, a name given twice in one object,
    nesting beyond MAX_DEPTH, and integers beyond the interpreter's digit limit.

    Raises:
        NotJsonError: with the reason, which quotes nothing of the body.
    """
    # Before json sees it: its scanner recurses, and small thread stacks end with the process.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(body) > MAX_DEPTH:
        raise NotJsonError("the body is nested too deeply")
    try:
        return _DECODER.decode(body.removeprefix(_MARK).decode())
    except UnicodeDecodeError:
        reason = "the body is not UTF-8"
    except RecursionError:
        reason = "the body is nested too deeply"
    except json.JSONDecodeError as error:
        reason = f"the body is not JSON (character {error.pos})"
    except ValueError:
        reason = "the body holds a number that cannot be read"
    # Raised here, not above: the caught error holds the whole body.
    raise NotJsonError(reason)


def _depth(body: bytes) -> int:
    """Return how deep lists and objects stand inside each other, strings left out."""
    deepest = depth = 0
    for bracket in _NO_BRACKET.sub(b"", _STRING.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse(_constant: str) -> NoReturn:
    raise NotJsonError("the body holds NaN or Infinity, which is not JSON")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotJsonError("the body names a member twice in one object")
    return made


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_unique)
