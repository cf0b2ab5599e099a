"""The body of an answer: where it ends, and whether it is whole.

http.client and urllib3 take a length that is no number for none, the first of two lengths for the
right one, and throw away what came when they do not like it. Of the answer to a start nothing may
be thrown away, and nothing taken for whole that is not proven to be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .heads import BLANK, MOST_HEAD
from .value import value

if TYPE_CHECKING:
    from .heads import Head
    from .stream import Stream

_BLOCK: Final = 65_536
_LONGEST_LINE: Final = 65_536
_NO_BODY: Final = (101, 204, 304)

_LENGTH = re.compile(r"[0-9]{1,18}")
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]+)[ \t]*(?:;[^\n]*)?\r?\n")


class BadBodyError(Exception):
    """The body is not whole; the message says why. Never leaves the core."""


@value
class Frame:
    """How a body is delimited.

    Attributes:
        length: Its bytes; None when its end is that of the connection, or of the chunks.
        chunked: Whether it comes in chunks.
        fault: Why its end cannot be relied on, or None.
    """

    length: int | None = None
    chunked: bool = False
    fault: str | None = None

    @property
    def ends(self) -> bool:
        """Whether the connection goes on behind it."""
        return self.chunked or self.length is not None


def frame_of(head: Head) -> Frame:
    """The frame of the body that follows `head`."""
    if head.status in _NO_BODY:
        return Frame(0)
    if head.members("transfer-encoding")[-1:] == ["chunked"]:
        return Frame(chunked=True)
    lengths = set(head.members("content-length"))
    if not lengths:
        return Frame()
    length = lengths.pop()
    if lengths or not _LENGTH.fullmatch(length):
        return Frame(fault="its Content-Length cannot be relied on")
    return Frame(int(length))


def read_body(stream: Stream, frame: Frame, body: bytearray, most: int) -> None:
    """Read a body into `body`, of which nothing is lost when that fails.

    Raises:
        BadBodyError: it is cut, or its frame is broken, or it is longer than `most` bytes.
        OSError: the connection broke, or the time was over.
    """
    if not frame.chunked:
        return _read(stream, frame.length, body, most)
    while size := _chunk_size(stream):
        _read(stream, size, body, most)
        if stream.line(2) not in BLANK:
            raise BadBodyError("a chunk has no end")
    left = MOST_HEAD
    while (trailer := stream.line(_LONGEST_LINE)) not in (*BLANK, b""):
        left -= len(trailer)
        if left < 0:
            raise BadBodyError("its trailers have no end")
    return None


def _read(stream: Stream, count: int | None, body: bytearray, most: int) -> None:
    """Read so many bytes; all there are if `count` is None."""
    while count is None or count > 0:
        block = stream.block(_BLOCK if count is None else min(count, _BLOCK))
        if not block and count is None:
            return
        if not block:
            raise BadBodyError("the connection ended")
        if count is not None:
            count -= len(block)
        body += block
        if len(body) > most:
            del body[most:]
            raise BadBodyError("that is the most that is read")


def _chunk_size(stream: Stream) -> int:
    found = _SIZE.fullmatch(stream.line(_LONGEST_LINE))
    if not found:
        raise BadBodyError("a chunk has no size")
    return int(found[1], 16)
