"""What was found for a question when it came in, kept for the desk and the inbox.

A job finds it, so that nobody waits while a text is sent; what is kept is ids and the reason, and
is shown with the titles and paths of now, as far as everyone may still read it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from typing import Any, Protocol

from sqlalchemy import BindParameter, Select, bindparam, func, select, tuple_

from app.domains.comments.events import CommentChanged, CommentHeld, CommentPublished
from app.domains.comments.models import Comment
from app.domains.comments.queries import is_open, published
from app.domains.comments.states import Kind, Status
from app.engines.text.excerpt import plain_text
from app.infra import clock
from app.infra.db import db, rows_of
from app.infra.jobs import Job, enqueue
from app.infra.unit_of_work import unit_of_work
from app.search import places
from app.search.alike import Alike, alike
from app.search.folding import folded
from app.search.models import SearchDocument, Suggestion

SUGGEST = "search.suggest"
AGAIN = "search.suggest_again"
MOST = 6
"""Things kept for a question: a few more than are shown, since some may go."""
_LOOKED_AT = 2 * MOST
"""So many may be questions that one card answers."""
ON_THE_SPOT = 3
"""Questions of a page that may be looked at while somebody waits for it."""
MOST_AGAIN = 200
"""Open questions of each sort, the newest, that are looked at anew when something is published."""
DUE = "search.due"
OFTEN = timedelta(minutes=5)
"""How often scheduled articles are looked for whose time has come."""
SETTLING = timedelta(minutes=1)
"""How long after a publication: more may follow, and the model has to read it first."""

Thing = tuple[str, int]


class Asked(Protocol):
    """What is looked at of a text."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def article_id(self) -> int: ...


def comment_came(event: CommentHeld | CommentPublished | CommentChanged) -> None:
    """Have a worker look for what answers a question that is new or says something else now."""
    kind = db.session.scalar(select(Comment.kind).where(Comment.id == event.comment_id))
    if kind == Kind.QUESTION:
        enqueue(
            SUGGEST,
            {"comment_id": event.comment_id},
            unique_key=f"{SUGGEST}:{event.comment_id}",
        )


def more_came(_event: object) -> None:
    """Have a worker look anew at what is open: there is more that may answer it now."""
    enqueue(AGAIN, {}, after=SETTLING, unique_key=AGAIN)


def look_for_due(_job: Job) -> None:
    """Articles become readable when their time comes, and no event tells of it: where one did since
    the last look at what is open, have it looked at again."""
    came = db.session.scalar(
        select(func.max(SearchDocument.visible_from)).where(
            SearchDocument.kind == "article", SearchDocument.visible_from <= clock.now()
        )
    )
    looked = db.session.scalar(
        select(func.max(Job.run_at)).where(Job.kind == AGAIN, Job.done_at.is_not(None))
    )
    if came is not None and (looked is None or looked < came):
        with unit_of_work():
            more_came(None)


def run(job: Job) -> None:
    comment = db.session.get(Comment, job.payload["comment_id"])
    if comment is not None and comment.kind == Kind.QUESTION:
        _keep(comment.id, _found_for(comment))


def run_again(_job: Job) -> None:
    look_again()


def look_again() -> int:
    """Look anew at the newest questions that wait, for a moderator or for an answer; how many.
    Commits by itself."""
    question = Comment.kind == Kind.QUESTION
    open_ones = (
        select(Comment.id).where(question, Comment.status == Status.PENDING),
        select(Comment.id).where(question, published(), is_open()),
    )
    ids: list[int] = []
    for wanted in open_ones:
        ids += db.session.scalars(wanted.order_by(Comment.id.desc()).limit(MOST_AGAIN))
    for comment_id in ids:
        comment = db.session.get(Comment, comment_id)
        if comment is not None:
            _keep(comment_id, _found_for(comment))
    return len(ids)


def for_comments(
    comments: Sequence[Asked], limit: int = 3, *, on_the_spot: int = ON_THE_SPOT
) -> dict[int, list[Alike]]:
    """What is like each of these questions, best first, by comment id; a comment of another kind
    has nothing. Only what everyone may read now. Looks at a few at once (`on_the_spot`; a list
    wants none) that no worker has looked at yet; the others have nothing so far."""
    questions = [one for one in comments if one.kind == Kind.QUESTION]
    found: dict[int, list[Alike]] = {one.id: [] for one in comments}
    if not questions:
        return found
    wanted = {"comment_ids": [one.id for one in questions]}
    kept = {row.comment_id: row.found for row in rows_of(_kept_for(), wanted)}
    now = _now({(entry["kind"], entry["ref"]) for entries in kept.values() for entry in entries})
    for comment_id, entries in kept.items():
        fresh = (_fresh(entry, now) for entry in entries)
        found[comment_id] = [one for one in fresh if one is not None][:limit]
    missing = [one for one in questions if one.id not in kept]
    for comment in missing[:on_the_spot]:
        found[comment.id] = _found_for(comment)[:limit]
    return found


@cache
def _kept_for() -> Select[int, list[dict[str, Any]]]:
    wanted: BindParameter[Any] = bindparam("comment_ids", expanding=True)
    return select(Suggestion.comment_id, Suggestion.found).where(Suggestion.comment_id.in_(wanted))


def _found_for(comment: Asked) -> list[Alike]:
    """Everything but itself and the article below which it stands, whose readers have read it."""
    text = plain_text(comment.html)
    title = comment.title if not text.startswith(comment.title) else ""
    without = {("question", comment.id), ("article", comment.article_id)}
    return folded(alike(text, title=title, limit=_LOOKED_AT, without=without))[:MOST]


def _keep(comment_id: int, found: Iterable[Alike]) -> None:
    """Keep what was found; a question that went meanwhile keeps nothing."""
    entries = [asdict(one) for one in found]
    db.session.rollback()
    with unit_of_work():
        if db.session.get(Comment, comment_id) is None:
            return
        row = db.session.get(Suggestion, comment_id)
        if row is None:
            db.session.add(Suggestion(comment_id=comment_id, found=entries))
        else:
            row.found, row.made_at = entries, clock.now()


def _now(things: Collection[Thing]) -> dict[Thing, tuple[str, str]]:
    """Title and path of those of these that everyone may read."""
    if not things:
        return {}
    rows = db.session.execute(
        select(SearchDocument.kind, SearchDocument.ref, SearchDocument.title).where(
            tuple_(SearchDocument.kind, SearchDocument.ref).in_(sorted(things)),
            SearchDocument.visible_from <= clock.now(),
        )
    ).all()
    titles = {(row.kind, row.ref): row.title for row in rows}
    paths = places.paths((kind, ref, title) for (kind, ref), title in titles.items())
    return {thing: (titles[thing], path) for thing, path in paths.items()}


def _fresh(entry: Mapping[str, Any], now: Mapping[Thing, tuple[str, str]]) -> Alike | None:
    found = now.get((entry["kind"], entry["ref"]))
    if found is None:
        return None
    lists = {name: tuple(entry[name]) for name in ("because", "tags")}
    return Alike(**{**entry, **lists, "title": found[0], "href": found[1]})
