"""The findings as Markdown, to be pasted into an issue.

Nothing in it names the account. What a server says is printed without control characters.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from .._core.redaction import Redactor, secret_pattern
from .._core.settings import is_loopback
from .._core.validation import printable
from .assumptions import Verdict
from .configuration import describe_software

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .._core.credentials import Credentials
    from .._core.settings import Proxy
    from .assumptions import Answers, Finding, Reply
    from .checks import Examination

_MAX_SHOWN: Final = 600
"""Most bytes of a header or a body that are shown."""
_HEADERS: Final = ("Content-Type", "WWW-Authenticate", "Server", "Allow", "Retry-After")


class AccountRedactor:
    """Replaces the passwords, the user name and the service name by `***`."""

    __slots__ = ("_names", "_passwords")

    def __init__(self, credentials: Credentials, proxy: Proxy | None) -> None:
        _, username, service = credentials.user.split("/", 2)
        # A name is ordinary text: what only looks like an encoding of it is left as it is.
        self._names = [secret_pattern(text) or _whole_word(text) for text in (username, service)]
        headers = (credentials.authorization(), (proxy and proxy.authorization()) or "")
        self._passwords = Redactor((
            credentials.password(),
            proxy.password() if proxy else "",
            *(text.removeprefix("Basic ") for text in headers),
        ))  # fmt: skip

    def redact(self, text: bytes) -> bytes:
        """Return the text without them."""
        text = self._passwords.redact(text)
        for pattern in self._names:
            text = pattern.sub(b"***", text)
        return text

    def __repr__(self) -> str:
        return "<AccountRedactor>"


def _whole_word(text: str) -> re.Pattern[bytes]:
    """Return a pattern of a name that is too short to be looked for inside of words."""
    return re.compile(rb"(?<![A-Za-z0-9])" + re.escape(text.encode()) + rb"(?![A-Za-z0-9])")


def to_markdown(examination: Examination, answers: Answers, findings: Sequence[Finding]) -> str:
    """Return the whole report on an examination in which no step failed."""
    assert examination.credentials
    redactor = AccountRedactor(examination.credentials, examination.resolved.proxy)
    lines = [
        "## aculab-wrappers doctor: assumed wire facts",
        "",
        *_describe_circumstances(examination, len(answers.replies)),
        "",
        *_table(findings),
        "",
        *_describe_replies(findings, redactor),
        "### Not checked: what needs a call, or could do harm",
        "",
        "See docs/evidence.md, *What it leaves to you*: what that is, and how to check it by hand.",
    ]
    return "\n".join(lines)


def summarize(findings: Sequence[Finding]) -> str:
    """Return how many held, in one line."""
    counts = {word: sum(one.verdict is word for one in findings) for word in Verdict}
    return ", ".join(f"{count} {word.value}" for word, count in counts.items())


def _describe_circumstances(examination: Examination, requests: int) -> Iterator[str]:
    base_url, proxy = examination.resolved.base_url, examination.resolved.proxy
    yield f"- {describe_software()}"
    yield (
        f"- Asked: {base_url} ({examination.inputs.source('base_url')}), "
        f"{'through' if proxy else 'without'} a proxy, {requests} requests, "
        f"{datetime.now(tz=UTC):%Y-%m-%d %H:%M} UTC"
    )
    if is_loopback(urlsplit(base_url).hostname or ""):
        yield "- That is this machine itself, a sandbox say: it proves nothing about Aculab Cloud."
    for step in examination.done:
        # What is about the server, and not about the user's own machine.
        details = f" ({'; '.join(step.found)})" if step.name in ("TLS", "Clock") else ""
        yield f"- {step.name}: {step.state.value}{details}"
    yield (
        "- No call was started: service_start was not asked. "
        "Left out here: user name, service name and every password."
    )


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    yield f"**{summarize(findings)}**"
    yield ""
    yield "| fact | assumed | verdict |"
    yield "|---|---|---|"
    for one in findings:
        verdict = one.verdict.value
        marked = verdict if one.verdict is Verdict.HELD else f"**{verdict}**"
        text = f"{marked}: {one.reason}" if one.reason else marked
        cell = printable(text).replace("|", "\\|")
        yield f"| {one.assumption.id} | {one.assumption.text} | {cell} |"


def _describe_replies(findings: Sequence[Finding], redactor: AccountRedactor) -> Iterator[str]:
    """Yield each answer once, with the facts that it is about."""
    yield "### What was received"
    yield ""
    for reply in dict.fromkeys(one.reply for one in findings if one.reply):
        facts = [one.assumption.id for one in findings if one.reply is reply]
        yield f"{reply.request} ({', '.join(facts)}):"
        yield ""
        yield from _fenced(_describe_reply(reply, redactor))
        yield ""


def _describe_reply(reply: Reply, redactor: AccountRedactor) -> str:
    if reply.response is None:
        return f"no answer: {printable(reply.failure)}"
    lines = [f"HTTP {reply.status}"]
    for name in _HEADERS:
        text = reply.response.header(name)
        if text:
            # http.client reads a header's bytes as Latin-1, whatever they are.
            shown = _shorten(redactor.redact(text.encode("latin-1", "replace")))
            lines.append(f"{name}: {printable(shown)}")
    if reply.response.fault:
        lines.append(f"(the body may not be whole: {printable(reply.response.fault)})")
    return "\n".join([*lines, "", _shorten(redactor.redact(reply.response.body))])


def _shorten(body: bytes) -> str:
    """Return the beginning, after secrets were taken out of the whole. Line ends stay.

    Control characters are shown as escapes.
    """
    text = body[:_MAX_SHOWN].decode("utf-8", "replace")
    shown = "".join(
        mark if mark.isprintable() or mark == "\n" else mark.encode("unicode_escape").decode()
        for mark in text
    )
    more = len(body) - _MAX_SHOWN
    return f"{shown} ... and {more} more bytes" if more > 0 else shown


def _fenced(text: str) -> Iterator[str]:
    """Yield a block that no text can end: its fence is longer than any in the text."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield fence + "text"
    yield from text.rstrip("\n").split("\n")
    yield fence
