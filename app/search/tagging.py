"""What follows when a tag has other words: its carriers are indexed anew, and questions that it
speaks of now get it, or lose it where it speaks of them no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, insert, select

from app.domains.comments.events import CommentChanged
from app.domains.comments.models import WORDS_LENGTH, Comment, CommentTag
from app.domains.comments.states import Kind, Status
from app.domains.screening.models import Rule
from app.domains.tags import queries as tags
from app.domains.tags.events import TagChanged
from app.engines.matching import Lexicon
from app.infra.db import db
from app.infra.events import record
from app.infra.jobs import Job, enqueue
from app.infra.kept.marking import COMMENTS
from app.infra.unit_of_work import unit_of_work
from app.search import services

INDEX = "tags.index"
FIND = "tags.find_again"
AT_ONCE = 100
"""Things that are indexed while somebody waits, about a tenth of a second; more wait for a job."""
BATCH = 100
"""Things a transaction."""
READ_AT_ONCE = 500
"""Questions that are read for a tag's words before anything is written."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A question that gets a tag for these words of its, or loses it (`words` None)."""

    comment_id: int
    words: str | None


def tag_changed(event: TagChanged) -> None:
    payload = {"tag_id": event.tag_id}
    carriers = services.carriers(event.tag_id)
    if len(carriers) > AT_ONCE:
        enqueue(INDEX, payload, unique_key=f"{INDEX}:{event.tag_id}")
    else:
        for put, ref in carriers:
            put(ref)
    enqueue(FIND, payload, unique_key=f"{FIND}:{event.tag_id}")


def index(job: Job) -> None:
    """Bring all that carries a tag in step with its words. Commits by itself, in batches."""
    carriers = services.carriers(job.payload["tag_id"])
    db.session.rollback()
    for start in range(0, len(carriers), BATCH):
        with unit_of_work():
            for put, ref in carriers[start : start + BATCH]:
                put(ref)


def find_again(job: Job) -> None:
    """Look for a tag's words in every question that is published or waits, but for those that a
    person tagged: their choice stands. Commits by itself; nothing is locked while texts are read.
    """
    tag_id = job.payload["tag_id"]
    lexicon = tags.lexicon()
    keeps = _is_given_by_a_rule(tag_id)
    last = 0
    while True:
        last, changes = _read(tag_id, lexicon, last, keeps=keeps)
        db.session.rollback()
        for start in range(0, len(changes), BATCH):
            with unit_of_work():
                _write(tag_id, changes[start : start + BATCH])
        if not last:
            return


def _read(tag_id: int, lexicon: Lexicon, after: int, *, keeps: bool) -> tuple[int, list[_Change]]:
    """The changes among the next questions, and the id of the last of them; 0 after the last."""
    carried = exists().where(CommentTag.comment_id == Comment.id, CommentTag.tag_id == tag_id)
    rows = db.session.execute(
        select(Comment.id, Comment.source, carried.label("carried"))
        .where(Comment.id > after, *_open_to_finding())
        .order_by(Comment.id)
        .limit(READ_AT_ONCE)
    ).all()
    changes = []
    for row in rows:
        found = {match.tag_id: match.words for match in lexicon.match(row.source)}
        if tag_id in found and not row.carried:
            changes.append(_Change(row.id, found[tag_id][:WORDS_LENGTH]))
        elif row.carried and tag_id not in found and not keeps:
            changes.append(_Change(row.id, None))
    return (rows[-1].id if rows else 0), changes


def _open_to_finding() -> tuple[ColumnElement[bool], ...]:
    by_hand = exists().where(CommentTag.comment_id == Comment.id, CommentTag.by_hand.is_(True))
    states = Comment.status.in_((Status.APPROVED, Status.PENDING))
    return Comment.kind == Kind.QUESTION, states, ~by_hand


def _is_given_by_a_rule(tag_id: int) -> bool:
    """Whether a live rule gives this tag: then a question may have it for other words."""
    giving = exists().where(Rule.tag_id == tag_id, Rule.is_live.is_(True))
    return bool(db.session.scalar(select(giving)))


def _write(tag_id: int, changes: Sequence[_Change]) -> None:
    """As things stand at this moment: somebody may have tagged one of them by hand meanwhile, or
    taken the tag away."""
    if tags.find_tag_by_id(tag_id) is None:
        return
    wanted = {change.comment_id: change.words for change in changes}
    rows = db.session.execute(
        select(Comment.id, Comment.status)
        .where(Comment.id.in_(wanted), *_open_to_finding())
        .order_by(Comment.id)
        .with_for_update()
    ).all()
    ids = [row.id for row in rows]
    ours = (CommentTag.comment_id.in_(ids), CommentTag.tag_id == tag_id)
    db.session.execute(delete(CommentTag).where(*ours), execution_options={COMMENTS: ids})
    found = [
        {"comment_id": one, "tag_id": tag_id, "by_hand": False, "words": wanted[one]}
        for one in ids
        if wanted[one] is not None
    ]
    if found:
        db.session.execute(insert(CommentTag), found)
    for row in rows:
        if row.status == Status.APPROVED:
            record(CommentChanged(row.id))
