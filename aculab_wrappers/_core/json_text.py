"""Reading JSON that somebody else wrote: strict, bounded, and with one error of our own."""

from __future__ import annotations

import json
from typing import NoReturn


class NotJsonError(Exception):
    """The bytes are not JSON that can be relied on. Never leaves the core."""


def read_json(body: bytes) -> object:
    """Decode UTF-8 JSON (a byte order mark is allowed).

    Refused, beside what is no JSON at all: NaN and Infinity, a name given twice in one object,
    nesting beyond the interpreter's stack, and integers beyond its digit limit.

    Raises:
        NotJsonError: with the reason, which quotes nothing of the body.
    """
    try:
        return json.loads(
            body.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_unique
        )
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


def _refuse(_constant: str) -> NoReturn:
    raise NotJsonError("the body holds NaN or Infinity, which is not JSON")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotJsonError("the body names a member twice in one object")
    return made
