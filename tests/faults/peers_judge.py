"""What a caller was told, and whether it was the truth: one rule for this package and its peers."""

from __future__ import annotations

import enum
import json
import ssl
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import requests
import urllib3

from aculab_wrappers import (
    InvalidInputError,
    Outcome,
    StartedMismatchError,
    StartError,
    UnknownOutcomeError,
)

from ..transport.asking import SECRETS
from .peers_clients import NoIds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .row import Row


class Fault(enum.Enum):
    """Why a play counts as failed, the worst first. One play has one."""

    TWICE = "dialled again"
    WRONG = "took a wrong id or none for success"
    LOST = "lost an id that the cloud had sent"
    LEAK = "gave away the password or the TLS keys, or went to another server"
    LIE = "said something that is not so"
    HUNG = "went on after its time was over, or took all the memory"
    NO_TELLING = "left it open whether anything was sent"
    NO_CALL = "made no call where one could be made"


class Claim(enum.Enum):
    """What an error says of the request."""

    NOT_SENT = "nothing was sent"
    ANSWERED = "an answer came"
    UNKNOWN = "it was sent, and what became of it is not known"
    REFUSED = "the cloud refused"
    STARTED = "calls were started"
    NOTHING = "nothing that could be relied upon"


@dataclass(frozen=True)
class Told:
    """What a play came to, as far as the caller knows.

    Attributes:
        words: What the table prints.
        claim: What it says of the request.
        ids: The ids that the caller has in hand, if only in a text that hangs on an error.
        success: Whether it came back as an ordinary result.
        repeated: Whether all the ids are those of an earlier start.
    """

    words: str
    claim: Claim
    ids: tuple[str, ...] = ()
    success: bool = False
    repeated: bool = False
    leaks: bool = False
    slow: bool = False


def hung(words: str) -> Told:
    return Told(words, Claim.NOTHING, slow=True)


def of_ids(ids: list[str], *, repeated: bool) -> Told:
    return Told(_shown(ids), Claim.STARTED, tuple(ids), success=True, repeated=repeated)


def of_error(error: BaseException, sent_ids: tuple[str, ...]) -> Told:
    """What an error tells; `sent_ids` are looked for in all that hangs on it."""
    ours = next((e for e in (error, error.__cause__) if isinstance(e, StartError)), None)
    leaks = any(secret in f"{error} {error!r}" for secret in SECRETS)
    if ours is not None:
        found = _our_ids(ours)
        words = f"`{ours.outcome.name}`" + (f" {_shown(found)}" if found else "")
        return Told(words, _OURS[ours.outcome], tuple(found), leaks=leaks)
    words = f"`{type(error).__name__}`"
    if isinstance(error, InvalidInputError):
        return Told(words, Claim.NOT_SENT, leaks=leaks)
    if isinstance(error, NoIds):
        return Told(f"`{error}`", Claim.STARTED, success=True)
    if isinstance(error, AssertionError) and _in_a_row(error):
        return Told("a wrong id, or none", Claim.STARTED, success=True, repeated=True)
    text = "".join(_texts(error))
    found = [id_ for id_ in sent_ids if id_ in text]
    return Told(words, foreign_claim(error), tuple(found), leaks=leaks)


def foreign_claim(error: BaseException) -> Claim:
    """What the class of another library's error says, read in that library's favour.

    A class that is raised both when nothing was sent and when all was, says nothing.
    """
    known = set(reasons(error))
    if any(isinstance(one, _BEFORE) for one in known):
        return Claim.NOT_SENT
    answered = isinstance(error, _AFTER) or isinstance(getattr(error, "status", None), int)
    return Claim.ANSWERED if answered else Claim.NOTHING


def reasons(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it carries, as requests and urllib3 carry them."""
    yield error
    carried = [*getattr(error, "args", ()), getattr(error, "reason", None)]
    for one in carried:
        if isinstance(one, BaseException):
            yield from reasons(one)


def judged(row: Row, count: int, told: Told, harm: str | None) -> Fault | None:
    """Whether the play of a row failed, and how."""
    never = row.outcome is Outcome.NOT_SENT
    vague = (Claim.NOTHING, Claim.UNKNOWN) if never else (Claim.NOTHING,)
    found = (
        Fault.TWICE if count > row.tries else None,
        # It went out late, or else to a server that had proved nothing.
        (Fault.HUNG if row.waits else Fault.LEAK) if never and count > row.starts else None,
        _about_ids(row, count, told),
        Fault.LEAK if told.leaks or harm else None,
        Fault.HUNG if told.slow else None,
        Fault.LIE if _untrue(row, count, told) else None,
        Fault.NO_CALL if told.claim is Claim.NOT_SENT and not never else None,
        Fault.NO_TELLING if told.claim in vague else None,
    )
    return next((fault for fault in found if fault is not None), None)


def _about_ids(row: Row, count: int, told: Told) -> Fault | None:
    sent = row.ids or ()
    if told.success and (not told.ids or told.repeated):
        return Fault.WRONG
    if told.success and row.ids is not None and set(told.ids) - set(sent):
        return Fault.WRONG
    if count and set(sent) - set(told.ids) and not told.slow:
        return Fault.LOST
    return None


def _untrue(row: Row, count: int, told: Told) -> bool:
    if told.claim is Claim.NOT_SENT:
        return row.outcome is not Outcome.NOT_SENT and (count > 0 or row.starts == 0)
    if told.claim is Claim.REFUSED:
        return row.outcome is not Outcome.REJECTED
    if told.claim in (Claim.ANSWERED, Claim.STARTED):
        return row.outcome is Outcome.NOT_SENT and row.starts == 0
    return False


def _our_ids(error: StartError) -> list[str]:
    if isinstance(error, StartedMismatchError):
        return [one.id for one in error.invocations]
    return [*error.hinted_ids] if isinstance(error, UnknownOutcomeError) else []


def _shown(ids: list[str]) -> str:
    short = [id_ if 0 < len(id_) < 12 and id_.isprintable() else f"{id_[:6]!a}…" for id_ in ids]
    return ", ".join(short)


def _in_a_row(error: BaseException) -> bool:
    """Whether it is a row's own assertion that an id is the right one."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and Path(frames[-1].filename).name.startswith("rows_")


def _texts(error: BaseException) -> Iterator[str]:
    """Everything in which a caller might find what the answer said."""
    answer: Any = getattr(error, "response", None)
    yield from (str(error), repr(error.args), str(getattr(error, "doc", "")))
    if answer is not None:
        yield answer.text


_OURS: Final = {
    Outcome.NOT_SENT: Claim.NOT_SENT,
    Outcome.REJECTED: Claim.REFUSED,
    Outcome.UNKNOWN: Claim.UNKNOWN,
    Outcome.STARTED: Claim.STARTED,
}
_BEFORE: Final = (
    requests.ConnectTimeout,
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ProxyError,
    ssl.SSLCertVerificationError,
)
_AFTER: Final = (
    requests.HTTPError,
    requests.TooManyRedirects,
    requests.exceptions.RetryError,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    json.JSONDecodeError,
)
