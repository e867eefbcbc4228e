"""Where a comment stands: moving a branch to another thread, splitting one off, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from sqlalchemy import select, update

from app.domains.accounts.models import Account
from app.domains.articles.models import Article
from app.domains.comments import errors, events, mending, traces
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra import audit, locks
from app.infra.db import db
from app.infra.events import record
from app.infra.language import _

IDS_A_STATEMENT = 500


def move_branch(
    comment: Comment, *, below: Comment | None, article: Article, by: Account, version: int
) -> audit.AuditEntry:
    """Hang a comment, with all that stands below it, under another comment or under an article.

    The caller has found `below` and `article` where everyone may read them. Raises StaleText, and
    NoPlace for a place that is inside the branch or where it stands already.
    """
    _check_version(comment, version)
    take_turns(comment, below)
    before = traces.seen(comment)
    if below is not None and below.id in branch_ids(comment):
        raise errors.NoPlace(
            _("A text cannot be moved below itself. Choose a place outside of it.")
        )
    if comment.parent_id == (below.id if below else None) and comment.article_id == article.id:
        raise errors.NoPlace(_("It stands there already."))
    hang(comment, below, article)
    return _written("move", comment, before, by)


def split_off(comment: Comment, *, by: Account, version: int) -> audit.AuditEntry:
    """Make a reply a question of its own, under the same article, with all that stands below it.

    Raises StaleText, and NoPlace for what is no reply.
    """
    _check_version(comment, version)
    take_turns(comment, None)
    if comment.parent_id is None:
        raise errors.NoPlace(_("It is no reply, so there is nothing to split it off from."))
    before = traces.seen(comment)
    hang(comment, None, comment.article)
    mending.set_kind(comment, Kind.QUESTION)
    if not comment.tags:
        mending.find_tags(comment)
    return _written("split off", comment, before, by)


def _check_version(comment: Comment, version: int) -> None:
    if comment.version != version:
        raise errors.StaleText
    if comment.status in (Status.WITHDRAWN, Status.DELETED):
        raise errors.NoPlace(_("What was taken back or deleted stays where it is."))


def _written(act: str, comment: Comment, before: traces.Values, by: Account) -> audit.AuditEntry:
    mending.changed(comment)
    detail = traces.difference(before, traces.seen(comment))
    return audit.write(act, "comment", comment.id, by=by, detail=detail)


def take_turns(comment: Comment, below: Comment | None) -> None:
    """Let others who move within these threads wait until this transaction ends."""
    threads = {comment.thread_id, *([below.thread_id] if below else [])}
    locks.take([f"thread {number}" for number in threads])


def branch_ids(comment: Comment) -> set[int]:
    """The ids of a comment and of all that stands below it, in whatever state."""
    members = (Comment.id == comment.thread_id) | (Comment.root_id == comment.thread_id)
    children: dict[int | None, list[int]] = {}
    for member, parent in db.session.execute(select(Comment.id, Comment.parent_id).where(members)):
        children.setdefault(parent, []).append(member)
    found: set[int] = set()
    waiting = [comment.id]
    while waiting:
        member = waiting.pop()
        if member not in found:
            found.add(member)
            waiting.extend(children.get(member, ()))
    return found


def hang(comment: Comment, below: Comment | None, article: Article) -> None:
    """Put a branch below a comment, or first under an article, and set what follows from it on
    every comment of the branch: its article, its thread and the question above. The caller
    records what happened to the comment itself."""
    branch = branch_ids(comment)
    old_thread = comment.thread_id
    questions = {comment.question_id} if comment.question_id else set()
    comment.parent_id = below.id if below else None
    comment.root_id = below.thread_id if below else None
    comment.article_id = article.id
    db.session.flush()
    for part in _parts(sorted(branch - {comment.id})):
        db.session.execute(
            update(Comment)
            .where(Comment.id.in_(part))
            .values(root_id=comment.thread_id, article_id=article.id)
        )
    db.session.expire(comment, ["article", "parent"])
    mending.link_answers(comment.thread_id)
    if old_thread not in branch and old_thread != comment.thread_id:
        mending.link_answers(old_thread)
    for one in _published_in((branch | questions) - {comment.id}):
        record(events.CommentChanged(one))


def _published_in(ids: Collection[int]) -> Iterator[int]:
    for part in _parts(sorted(ids)):
        rows = select(Comment.id).where(Comment.id.in_(part), Comment.status == Status.APPROVED)
        yield from db.session.scalars(rows.order_by(Comment.id))


def _parts(ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while part := list(islice(rest, IDS_A_STATEMENT)):
        yield part
