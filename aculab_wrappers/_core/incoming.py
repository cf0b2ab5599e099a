"""An answer as it comes in: its head, its body, and whatever comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .bodies import BadBodyError, Frame, frame_of, read_body
from .heads import NoHeadError, read_head
from .troubles import innermost
from .wire import HttpResponse

if TYPE_CHECKING:
    from .exchange import Exchange
    from .heads import Head
    from .stream import Stream

_MOST_FURTHER: Final = 15
"""Most answers after the first one that are read."""
_AFTER: Final = (0.02, 1.0)
"""Seconds of silence, and seconds at all, after which no further answer is looked for. Our request
says that the connection is to end with its answer: where the server ends it, nothing is waited."""
_AFTER_JUNK: Final = (1.0, 5.0)
"""The same for the rest of what is no answer."""


class Incoming:
    """One answer."""

    def __init__(self, stream: Stream, here: Exchange, most: int) -> None:
        self._stream, self._here, self._most = stream, here, most
        self._raw, self._body = bytearray(), bytearray()
        self._head: Head | None = None
        self._fault: str | None = "it was broken off"
        self._further: list[Incoming] = []
        self.whole = False
        """Whether the answer has been read to its end, good or bad."""

    @property
    def status(self) -> int:
        """The HTTP status code, or 0 while there is none."""
        return self._head.status if self._head else 0

    @property
    def response(self) -> HttpResponse:
        """What there is of the answer: without a head, its status is 0 and its body all of it."""
        if self._head is None:
            return HttpResponse(0, (), bytes(self._raw) + self._stream.unread, self._fault)
        further = tuple(one.response for one in self._further if one.status)
        return HttpResponse(
            self.status, self._head.headers, bytes(self._body), self._fault, further
        )

    @property
    def so_far(self) -> HttpResponse | None:
        """The same, and None if nothing came."""
        found = self.response
        return found if found.status or found.body else None

    def read(self) -> None:
        """Read the answer, and any that come after it.

        Raises:
            NoHeadError: what came is no HTTP answer.
            OSError: the connection broke, or the time was over, before there was a head.
        """
        try:
            frame = self._read_one()
        except NoHeadError as error:
            self._fault = str(error)
            self._here.linger(*_AFTER_JUNK)
            self._read_body(Frame(), self._raw)
            raise
        self.whole = True
        if frame.ends and not self._fault:
            self._read_further()

    def _read_one(self) -> Frame:
        self._head = read_head(self._stream, self._raw)
        frame = frame_of(self._head)
        self._fault = self._read_body(frame, self._body) or frame.fault
        return frame

    def _read_body(self, frame: Frame, body: bytearray) -> str | None:
        """What is wrong with it: once something came, no error may lose it."""
        try:
            read_body(self._stream, frame, body, self._most)
        except BadBodyError as error:
            why = str(error)
        except Exception as error:
            over = self._here.over
            why = "the time was over" if over else f"the connection broke: {innermost(error)}"
        else:
            return None
        return f"the body was cut after {len(body)} bytes: {why}"

    def _read_further(self) -> None:
        """Something on the way may have sent the request twice, and now pass on both answers."""
        self._here.linger(*_AFTER)
        left = self._most
        try:
            while len(self._further) < _MOST_FURTHER:
                one = Incoming(self._stream, self._here, left)
                self._further.append(one)
                one._read_one()
                left -= len(one._body)
        except Exception:  # noqa: S110  the answer is there: others can only add ids to it
            pass
