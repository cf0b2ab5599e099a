"""What comes over a connection, by lines and blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import io

_LINE_END = re.compile(b"\n")


class Stream:
    """Reads lines and blocks. No error loses what came before it, as a BufferedReader's may."""

    def __init__(self, source: io.RawIOBase) -> None:
        self._source = source
        self._unread = bytearray()

    def line(self, most: int) -> bytes:
        """The next line with its end; without one if it is longer, or if the stream ends in it."""
        return self.until(_LINE_END, most)

    def until(self, end: re.Pattern[bytes], most: int) -> bytes:
        """What comes next, up to the first match of `end`, of one or two bytes, and with it.

        Without a match if it is longer than `most`, or if the stream ends before.
        """
        seen = 0
        while (found := end.search(self._unread, seen)) is None:
            seen = max(len(self._unread) - 1, 0)
            if seen >= most or not self._more():
                break
        return self._taken(min(found.end() if found else most, most))

    def block(self, most: int) -> bytes:
        """Whatever comes next, at most so many bytes; nothing at the end of the stream."""
        if not self._unread:
            self._more()
        return self._taken(most)

    @property
    def unread(self) -> bytes:
        """What came and was not asked for yet."""
        return bytes(self._unread)

    def _more(self) -> bool:
        came = self._source.read(65_536)
        self._unread += came or b""
        return bool(came)

    def _taken(self, most: int) -> bytes:
        taken = bytes(self._unread[:most])
        del self._unread[:most]
        return taken
