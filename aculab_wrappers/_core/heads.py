"""The head of an answer: its status and its headers, of whatever number and length.

http.client gives up on the 101st header, on a line of 64 KiB, and on a flood of interim answers
only after it has read a few; whatever follows, ids included, is then lost. Here the one bound is
the size of all of it. And what cannot be read is kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .value import value

if TYPE_CHECKING:
    from .stream import Stream

MOST_HEAD: Final = 1_048_576
"""Most bytes of an answer's head, the interim answers before it included."""

_SWITCHING: Final = 101
_STATUS = re.compile(rb"HTTP/1\.[0-9]+[ \t]+([1-9][0-9]{2})(?:[ \t][^\n]*)?\r?\n")
_INTERIM = re.compile(
    rb"HTTP/1\.[0-9]+[ \t]+1(?!01)[0-9]{2}(?:[ \t][^\n]*)?\r?\n(?:[^\r\n][^\n]*\n)*\r?\n"
)

_BLANK_LINE = re.compile(rb"^\r?\n", re.MULTILINE)

BLANK: Final = (b"\r\n", b"\n")
"""The line at the end of a head."""


class NoHeadError(Exception):
    """What came is not the head of an HTTP answer. Never leaves the core."""


@value
class Head:
    """The head of an answer.

    Attributes:
        status: The HTTP status code.
        headers: (name, value) pairs in order, names as sent.
    """

    status: int
    headers: tuple[tuple[str, str], ...]

    def members(self, name: str) -> list[str]:
        """The members of all headers of that name, which are lists with commas, in lower case."""
        texts = [text.lower() for key, text in self.headers if key.lower() == name]
        return [member.strip() for text in texts for member in text.split(",")]


def read_head(stream: Stream, kept: bytearray) -> Head:
    """Read the head of the final answer; interim ones are skipped.

    Args:
        stream: Where it comes from.
        kept: Takes in what was read of the final head: it is there when reading fails, too.

    Raises:
        NoHeadError: what came is no head of an HTTP answer.
    """
    left = MOST_HEAD
    while True:
        kept.clear()
        found = _STATUS.fullmatch(_taken(stream.line(left), kept, left))
        if not found:
            what = (
                "what came is no HTTP answer" if kept else "the connection ended before an answer"
            )
            raise NoHeadError(what)
        headers = _headers(stream, kept, left)
        status = int(found[1])
        if status >= 200 or status == _SWITCHING:
            return Head(status, tuple(headers))
        left -= len(kept)


def has_begun(data: bytes) -> bool:
    """Whether a final answer has begun in `data`, after any number of interim ones."""
    place = 0
    while interim := _INTERIM.match(data, place):
        place = interim.end()
    found = _STATUS.match(data, place)
    return found is not None and (found[1] >= b"200" or found[1] == b"101")


def _headers(stream: Stream, kept: bytearray, left: int) -> list[tuple[str, str]]:
    found: list[tuple[str, list[str]]] = []
    lines = _taken(stream.until(_BLANK_LINE, left - len(kept)), kept, left)
    if not _BLANK_LINE.search(lines):
        raise NoHeadError("the connection ended in the head of the answer")
    for line in lines.decode("latin-1").split("\n")[:-2]:
        name, colon, text = line.partition(":")
        if line[0] in " \t" and found:  # the line before goes on
            found[-1][1].append(line.strip())
        elif colon and name.strip():
            found.append((name.strip(), [text.strip()]))
    return [(name, " ".join(parts)) for name, parts in found]


def _taken(came: bytes, kept: bytearray, left: int) -> bytes:
    kept += came
    if len(kept) >= left:
        raise NoHeadError(f"the head of the answer is longer than {MOST_HEAD} bytes")
    return came
