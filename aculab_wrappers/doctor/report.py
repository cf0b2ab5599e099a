"""The findings as Markdown, to be pasted into an issue. Holds nothing that names the account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from .._core.settings import _LOOPBACK
from .._core.frozen import frozen
from .by_hand import BY_HAND
from .configuration import versions
from .veil import LEFT_OUT
from .verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from .answers import Heard
    from .assumptions import Finding
    from .step import Step
    from .veil import Veil

_CLIPPED: Final = 600
_HEADERS: Final = ("Content-Type", "WWW-Authenticate", "Server", "Allow", "Retry-After")


@frozen
class Asked:
    """Who was asked, when, and how.

    Attributes:
        base: The base URL.
        source: Where that comes from.
        proxied: Whether through a proxy.
        when: The moment, in UTC.
        requests: How many requests were sent.
        steps: The steps that were taken before.
    """

    base: str
    source: str
    proxied: bool
    when: datetime
    requests: int
    steps: Sequence[Step]


def markdown(asked: Asked, found: Sequence[Finding], veil: Veil) -> str:
    """The whole report."""
    lines = [
        "## aculab-wrappers doctor: assumed wire facts",
        "",
        *_circumstances(asked),
        "",
        *_table(found),
        "",
        *_received(found, veil),
        "### Not checked: these need a call, or could do harm",
        "",
        *(f"- {one.says} *By hand:* {one.how}" for one in BY_HAND),
    ]
    return "\n".join(lines)


def summary(found: Sequence[Finding]) -> str:
    """How many held, in one line."""
    counts = {word: sum(one.verdict is word for one in found) for word in Verdict}
    return ", ".join(f"{count} {word.value}" for word, count in counts.items())


def _circumstances(asked: Asked) -> Iterator[str]:
    way = "through a proxy" if asked.proxied else "without a proxy"
    yield f"- {versions()}"
    yield (
        f"- Asked: {asked.base} ({asked.source}), {way}, {asked.requests} requests, "
        f"{asked.when:%Y-%m-%d %H:%M} UTC"
    )
    if _LOOPBACK.match(urlsplit(asked.base).hostname or ""):
        yield "- That is this machine itself, a sandbox say: it proves nothing about Aculab Cloud."
    for step in asked.steps:
        yield f"- {step.name}: {step.state.value}" + _of_server(step)
    yield f"- No call was started: service_start was not asked. Left out here: {LEFT_OUT}."


def _of_server(step: Step) -> str:
    """What a step found that is about the server, and not about the user's own machine."""
    return f" ({'; '.join(step.found)})" if step.name in ("TLS", "Clock") else ""


def _table(found: Sequence[Finding]) -> Iterator[str]:
    yield f"**{summary(found)}**"
    yield ""
    yield "| fact | assumed | verdict |"
    yield "|---|---|---|"
    for one in found:
        why = f": {one.why}" if one.why else ""
        verdict = one.verdict.value
        marked = verdict if one.verdict is Verdict.HELD else f"**{verdict}**"
        yield f"| {one.assumption.id} | {one.assumption.says} | {_cell(f'{marked}{why}')} |"


def _received(found: Sequence[Finding], veil: Veil) -> Iterator[str]:
    """Each answer once, with the facts that it is about."""
    yield "### What was received"
    yield ""
    told: dict[str, tuple[Heard, list[str]]] = {}
    for one in found:
        if one.heard:
            told.setdefault(one.heard.request, (one.heard, []))[1].append(one.assumption.id)
    for request, (heard, facts) in told.items():
        yield f"{request} ({', '.join(facts)}):"
        yield ""
        yield from _fenced(_text_of(heard, veil))
        yield ""


def _text_of(heard: Heard, veil: Veil) -> str:
    if heard.response is None:
        return f"no answer: {heard.trouble}"
    lines = [f"HTTP {heard.status}"]
    for name in _HEADERS:
        text = heard.response.header(name)
        if text:
            lines.append(f"{name}: {_clipped(veil.over(text.encode()))}")
    if heard.response.fault:
        lines.append(f"(the body may not be whole: {heard.response.fault})")
    return "\n".join([*lines, "", _clipped(veil.over(heard.response.body))])


def _clipped(body: bytes) -> str:
    """The beginning of it, after secrets were taken out of the whole."""
    text = body[:_CLIPPED].decode("utf-8", "replace")
    shown = "".join(
        mark if mark.isprintable() or mark == "\n" else mark.encode("unicode_escape").decode()
        for mark in text
    )
    more = len(body) - _CLIPPED
    return f"{shown} ... and {more} more bytes" if more > 0 else shown


def _fenced(text: str) -> Iterator[str]:
    """A block that no text can end: its fence is longer than any in the text."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield fence + "text"
    yield from text.rstrip("\n").split("\n")
    yield fence


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
