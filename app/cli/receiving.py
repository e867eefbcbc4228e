"""What is kept of a request's body: as much as its view takes, of a larger one mostly nothing.

Waitress takes a body to its end before anybody can refuse it, and puts a large one on the disk.
Here what will be refused goes by unkept, so that it costs neither memory nor disk, and the one
thread that receives for all is soon done with it. It is heard to its end all the same: a server
that hangs up on bytes it has not read takes its answer away from whoever sends them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from waitress.buffers import OverflowableBuffer
from waitress.parser import HTTPRequestParser

from app.infra.http.bodies import USUAL_LIMIT, Room

RoomFor = Callable[[str, str], Room]
"""How much is kept of what a request of this method and path brings."""


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Asks for a limit only where it could matter: bodies of the usual size are taken anywhere."""

    def __init__(self, manners: Any, room_for: RoomFor) -> None:
        super().__init__(manners)
        self._room_for = room_for

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked or self.content_length > USUAL_LIMIT:
            most, takes_beginning = self._room_for(self.command, self.path)
            if self.content_length > most and not takes_beginning:
                most = 0
            self.body_rcv.buf = Measured(self.adj.inbuf_overflow, most)


class Measured(OverflowableBuffer):  # type: ignore[misc]
    """Keeps the first `most` bytes at most, and is as long as all that came: so the program finds
    the length that it refuses."""

    def __init__(self, overflow: int, most: int) -> None:
        super().__init__(overflow)
        self._most, self._come = most, 0

    def __len__(self) -> int:
        return self._come

    def append(self, data: bytes) -> None:
        room = self._most - self._come
        self._come += len(data)
        if room > 0:
            super().append(data[:room])
