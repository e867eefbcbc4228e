"""A thread of an article's page, drawn by itself, so that it can stand as it is when another one
changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import get_template_attribute

from app.domains.comments.threads import DrawnThread, Kept
from app.web.filters import ago_until
from app.web.questions.laid import Laid
from app.web.questions.lines import ThreadPen
from app.web.questions.remarks import GAP
from app.web.structured import MOST_COMMENTS, Told, told

LONGEST_STANDING = timedelta(minutes=10)
"""Though no change of it was told: somebody may have written to the database by hand."""
BYTES_OF_ONE_TOLD = 700


@dataclass(frozen=True, slots=True)
class Piece:
    """One drawn thread. `told` is how machines are told of it, None where it stood too far down for
    that. It stands `until` then if nothing that is marked changes: not at all with a card in it,
    which says how many people it has answered everywhere."""

    id: int
    lines: Laid
    kept: Kept
    told: Sequence[Told] | None
    until: datetime

    @property
    def size(self) -> int:
        """Bytes, about."""
        return self.lines.size + BYTES_OF_ONE_TOLD * len(self.told or ())


def pieces_of(
    threads: Sequence[DrawnThread], standing: Mapping[int, Piece], now: datetime
) -> list[Piece]:
    """A piece for each of these threads: drawn, or the one that stands."""
    pieces: list[Piece] = []
    before = 0
    for one in threads:
        tells = before < MOST_COMMENTS
        piece = standing[one.id] if one.stands else _drawn(one, now, tells=tells)
        pieces.append(piece)
        before += len(piece.lines.said)
    return pieces


def told_of(pieces: Sequence[Piece]) -> list[Told] | None:
    """How machines are told of the page that begins with these; None where one of them came up to
    where it has to be told, and was not."""
    found: list[Told] = []
    before = 0
    for piece in pieces:
        if before >= MOST_COMMENTS:
            break
        if piece.told is None:
            return None
        found += piece.told
        before += len(piece.lines.said)
    return found


def still_standing(
    pieces: Sequence[Piece], changed: Collection[int], now: datetime
) -> dict[int, Piece]:
    """Those that can be shown now without another look, by their threads' ids."""
    return {one.id: one for one in pieces if one.id not in changed and now < one.until}


def _drawn(thread: DrawnThread, now: datetime, *, tells: bool) -> Piece:
    pen = ThreadPen()
    html = str(get_template_attribute("macros/thread.html", "of_article")(thread, pen))
    return Piece(
        thread.id,
        Laid(html.split(GAP), pen.said),
        Kept(thread.length, len(thread.lines), thread.left_out),
        told(thread.lines) if tells else None,
        _until(thread, now),
    )


def _until(thread: DrawnThread, now: datetime) -> datetime:
    rows = [line.row for line in thread.lines if line.row is not None]
    if any(row.cards for row in rows):
        return now
    return min([now + LONGEST_STANDING, *(ago_until(row.created_at, now) for row in rows)])
