"""Serving until told to stop, and then to the end of what has begun.

Waitress alone dies of a TERM signal at once, with the answers that it owes. Here the signal closes
the door: nobody new is let in, whoever is inside gets the answer, and then the server ends.
"""

from __future__ import annotations

import signal
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

from app.cli.receiving import Parser, RoomFor

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PATIENCE_SECONDS = 25.0
"""How long answers may take after the signal; systemd and Docker kill later than that, if told so
(docs/running.md)."""
LOOK_SECONDS = 1.0
END_LOOK_SECONDS = 0.05


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """An answer that leaves the connection open where it is a 304.

    Waitress closes after whatever has no length, and would end the connection of every reader who
    comes back; a 304 ends with its headers (RFC 9112, 6.3)."""

    def set_close_on_finish(self) -> None:
        asked = self.request.headers.get("CONNECTION", "").lower()
        if not self.status.startswith("304") or self.version != "1.1" or asked == "close":
            super().set_close_on_finish()


class Channel(HTTPChannel):  # type: ignore[misc]
    task_class = Task

    def parser_class(self, manners: Any) -> Parser:
        return Parser(manners, self.server.room_for)


class Server:
    """Waitress, and what ends it in good order. `room_for` says how much is kept of a body, by
    method and path. Raises OSError where it cannot listen."""

    def __init__(self, app: WSGIApplication, *, room_for: RoomFor, **options: Any) -> None:
        self._map: dict[int, Any] = {}
        try:
            self._server = waitress.create_server(app, map=self._map, **options)
        except OSError:
            wasyncore.close_all(self._map)  # what waitress opened before it found the port taken
            raise
        for one in self._listening():
            one.channel_class, one.room_for = Channel, room_for
        self._is_told = False

    def run(self) -> None:
        """Serve until a TERM or INT signal came and all answers are sent; a second signal ends at
        once. To be called in the main thread, which gets the signals."""
        before = {
            one: signal.signal(one, self._on_signal) for one in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            while not self._is_told:
                self._turn(LOOK_SECONDS)
            self._drain()
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
            self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
            wasyncore.close_all(self._map)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_told:
            raise KeyboardInterrupt
        self._is_told = True
        for one in self._listening():
            one.trigger.pull_trigger()  # without an errand it takes no lock, and wakes the loop

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def _drain(self) -> None:
        self._turn(0)  # whoever knocked before is let in
        for one in self._listening():
            one.del_channel(self._map)
            one.socket.close()
        until = monotonic() + PATIENCE_SECONDS
        while self._owes_answers() and monotonic() < until:
            self._turn(END_LOOK_SECONDS)

    def _listening(self) -> list[BaseWSGIServer]:
        return [one for one in [*self._map.values()] if isinstance(one, BaseWSGIServer)]

    def _owes_answers(self) -> bool:
        return any(
            one.requests or one.total_outbufs_len
            for one in [*self._map.values()]
            if isinstance(one, HTTPChannel)
        )
