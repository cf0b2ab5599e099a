"""What comes over a connection, by lines and blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import io


class Stream:
    """Reads lines and blocks. No error loses what came before it, as a BufferedReader's may."""

    def __init__(self, source: io.RawIOBase) -> None:
        self._source = source
        self._unread = bytearray()

    def line(self, most: int) -> bytes:
        """The next line with its end; without one if it is longer, or if the stream ends in it."""
        seen = 0
        while (end := self._unread.find(b"\n", seen) + 1) == 0:
            seen = len(self._unread)
            if seen >= most or not self._more():
                break
        return self._taken(min(end or most, most))

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
