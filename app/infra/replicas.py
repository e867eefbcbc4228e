"""Copies of the database that PostgreSQL keeps by streaming, and which of them may be read.

A thread for each copy compares what it has replayed with what the primary has written. A copy is
read only while it is known to have had everything at most `most_lag` seconds ago: one that is
away, that lags, or whose state nobody could find out, is left out by the mere passing of time.
While the primary cannot be asked no copy is read either: nobody could say what was hidden since.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections import deque
from collections.abc import Sequence
from time import monotonic

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
MOST_REMEMBERED = 600
"""Positions of the primary that are kept to be compared with: five minutes of looks."""
WAL_PAGE, PAGE_HEADERS = 8192, (24, 40)
_WRITTEN = text("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
_REPLAYED = text(
    "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint"
)


def written(primary: Engine) -> int:
    """How many bytes of log the primary has written since it was made: a position in time that
    every copy passes."""
    with primary.connect() as connection:
        position = int(connection.execute(_WRITTEN).scalar_one())
    # The place for the next record: a page that has a header and nothing more is not replayed.
    on_page = position % WAL_PAGE
    return position - on_page if on_page in PAGE_HEADERS else position


class Replica:
    """One copy: `replayed` is the position it is known to have reached."""

    def __init__(self, engine: Engine, primary: Engine, most_lag: float) -> None:
        self.engine = engine
        self.name = f"{engine.url.host or 'local'}:{engine.url.port or 5432}"
        self.replayed = 0
        self._primary = primary
        self._most_lag = most_lag
        self._had_everything_at = float("-inf")
        self._passed: deque[tuple[float, int]] = deque(maxlen=MOST_REMEMBERED)
        self._was_in = False
        self._began = monotonic()
        self._was_told = False

    def lag(self) -> float:
        """Seconds since it was last known to have everything; infinite before the first look."""
        return monotonic() - self._had_everything_at

    def is_in(self) -> bool:
        return self.lag() <= self._most_lag

    def leave_out(self) -> None:
        """It failed just now: not before the next look finds it well."""
        self._had_everything_at = float("-inf")

    def look(self) -> None:
        """Find out how far it is, and say so in the log where it was left out or comes back."""
        fault = ""
        try:
            began = monotonic()
            self._passed.append((began, written(self._primary)))
            with self.engine.connect() as connection:
                is_copy, replayed = connection.execute(_REPLAYED).one()
            if is_copy and replayed is not None:
                self._note(int(replayed))
            else:
                self.leave_out()
                fault = "is not a copy that follows a primary"
        except SQLAlchemyError as wrong:
            fault = f"could not be looked at: {str(wrong.__cause__ or wrong).strip()}"
        self._tell(fault)

    def _note(self, replayed: int) -> None:
        self.replayed = replayed
        while self._passed and self._passed[0][1] <= replayed:
            self._had_everything_at = self._passed.popleft()[0]

    def _tell(self, fault: str) -> None:
        is_in = self.is_in()
        if is_in and not self._was_in:
            logger.info("replica %s: anonymous pages are read from it", self.name)
        elif not is_in and not self._was_told:
            is_new = not self._was_in and monotonic() - self._began < self._most_lag
            if is_new and not fault:
                return  # it may need a moment for its first look
            reason = fault or f"it is more than {self._most_lag:g} seconds behind"
            logger.warning("replica %s: left out, %s", self.name, reason)
        self._was_in, self._was_told = is_in, not is_in


class Replicas:
    """All copies of a site, looked after from the first time that somebody asks for one."""

    def __init__(self, replicas: Sequence[Replica]) -> None:
        self._replicas = tuple(replicas)
        self._turn = itertools.count()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def choose(self, at_least: int = 0) -> Replica | None:
        """One that may be read and has reached this position, each in turn; None: the primary."""
        self._begin()
        fit = [one for one in self._replicas if one.replayed >= at_least and one.is_in()]
        return fit[next(self._turn) % len(fit)] if fit else None

    def leave_out(self, engine: Engine) -> None:
        """A request found that this copy does not answer."""
        for one in self._replicas:
            if one.engine is engine:
                one.leave_out()

    def stop(self) -> None:
        """End the threads, within a look of each."""
        self._stop.set()
        for thread in self._threads:
            thread.join(LOOK_SECONDS * 10)

    def _begin(self) -> None:
        """Not at the start of the program: threads do not follow into a server's forks."""
        if self._threads:
            return
        with self._lock:
            if not self._threads:
                self._threads = [
                    threading.Thread(target=self._follow, args=(one,), name="replica", daemon=True)
                    for one in self._replicas
                ]
                for thread in self._threads:
                    thread.start()

    def _follow(self, replica: Replica) -> None:
        while not self._stop.is_set():
            replica.look()
            self._stop.wait(LOOK_SECONDS)
