"""A writer's own acts: sending, changing and taking back. Verbs that flush, never commit."""

from __future__ import annotations

from datetime import datetime

from app.domains.accounts import naming
from app.domains.accounts import queries as accounts
from app.domains.accounts import services as account_services
from app.domains.accounts.models import Account, Address
from app.domains.articles.models import Article
from app.domains.comments import (
    errors,
    events,
    intake,
    lookalikes,
    mending,
    names_in_thread,
    places,
    policy,
    storing,
    texts,
)
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.models import Comment
from app.domains.comments.moves import move
from app.domains.comments.preparing import Prepared, prepare
from app.domains.comments.states import Kind, Status
from app.domains.comments.texts import fingerprint
from app.domains.screening import copies
from app.engines.networks import shortened
from app.engines.spam.language import language_of
from app.engines.text.kinds import guess_kind
from app.engines.text.render import RENDER_VERSION
from app.infra import clock, locks
from app.infra.db import db
from app.infra.events import record

PLACES = {"pass": Status.APPROVED, "hold": Status.PENDING, "spam": Status.SPAM}


def submit(
    article: Article,
    parent: Comment | None,
    draft: Draft,
    writer: Writer,
    ready: Prepared | None = None,
) -> Comment:
    """Place a new text under an open article: published for the trusted, else in the queue.

    The caller has asked `policy.may_ask` and `articles.policy.takes_comments`, and knows of
    repeats; `ready` is the draft as `prepare` made it before the transaction began. Raises
    ParentGone, NameOfStaff, NameInThread, MixedAlphabets, AlreadySaid, ShutOut.
    """
    ready = ready or prepare(draft, writer)
    _take_turns(draft, writer)
    if parent is not None:
        places.hold(parent)
        _check_parent(parent, article)
    comment = _written(article, parent, draft, writer, ready)
    looked = intake.look(comment, draft, writer, ready)
    intake.refuse_shut_out(looked)
    intake.refuse_repetition(comment, looked)
    intake.mark(comment, looked)
    comment.status = PLACES[looked.verdict.outcome]
    if comment.status == Status.APPROVED:
        comment.published_at = comment.created_at
    storing.store(comment)
    if comment.is_question:
        comment.tags = mending.found_tags(ready.source)
    intake.keep(comment, looked, writer)
    is_proven = writer.has_proven(comment.address_id)
    lookalikes.count_asker(comment, looked.alike, is_proven=is_proven)
    if comment.status == Status.APPROVED:
        record(events.CommentPublished(comment.id, waited=False))
    elif comment.status == Status.PENDING:
        record(events.CommentHeld(comment.id))
    return comment


def _take_turns(draft: Draft, writer: Writer) -> None:
    """Let whoever writes as the same sender wait until this is placed: a text sent twice at once
    is seen to be one."""
    sender = f"account:{writer.account.id}" if writer.account else f"guest:{draft.email.casefold()}"
    locks.take([f"write {sender}"])


def bring_in(
    article: Article,
    parent: Comment | None,
    *,
    source: str,
    status: Status,
    at: datetime,
    account: Account | None = None,
    address: Address | None = None,
    name: str = "",
    url: str | None = None,
    kind: Kind | None = None,
    by_author: bool = False,
) -> Comment:
    """A comment with a history of its own, from another site or the demo: it passes no rule, and
    nobody is mailed. The caller brings parents before children and indexes what it brought."""
    comment = Comment(
        article_id=article.id,
        kind=kind or guess_kind(source),
        status=status,
        account=account,
        address_id=account.address_id if account else address.id if address else None,
        author_name=account.name if account else name,
        author_url=url,
        by_author=by_author,
        created_at=at,
        published_at=at if status == Status.APPROVED else None,
        text_key=fingerprint(source),
        version=1,
    )
    if parent is not None:
        _hang_below(comment, parent)
    texts.put(comment, source)
    comment.language = language_of(source)
    db.session.add(comment)
    db.session.flush()
    if comment.is_question:
        mending.find_tags(comment)
    return comment


def _hang_below(comment: Comment, parent: Comment) -> None:
    comment.parent_id = parent.id
    comment.root_id = parent.thread_id
    comment.question_id = parent.id if parent.is_question else parent.question_id


def _check_parent(parent: Comment, article: Article) -> None:
    if parent.article_id != article.id or parent.status != Status.APPROVED:
        raise errors.ParentGone


def _written(
    article: Article, parent: Comment | None, draft: Draft, writer: Writer, ready: Prepared
) -> Comment:
    comment = Comment(
        article_id=article.id,
        article=article,
        created_at=clock.now(),
        network=shortened(writer.origin.address) if writer.origin else None,
        version=1,
        tags=[],  # known to be none, so that nobody asks the database
    )
    if parent is not None:
        _hang_below(comment, parent)
    if writer.account is not None:
        comment.account = writer.account
        comment.account_id = writer.account.id  # the intake asks before it is stored
        comment.address_id = writer.account.address_id
        comment.author_name = writer.account.name
        comment.by_author = policy.writes_as_author(writer.account, article)
    else:
        _refuse_name(draft, parent, writer)
        comment.address_id = account_services.claim(draft.email)
        comment.author_name = draft.name
        comment.by_proven = writer.has_proven(comment.address_id)
    _put(comment, ready)
    return comment


def _refuse_name(draft: Draft, parent: Comment | None, writer: Writer) -> None:
    """A guest is called what they please, but like nobody whom readers could take them for."""
    if accounts.passes_for_staff(draft.name, draft.email):
        raise errors.NameOfStaff
    naming.refuse_unreadable(draft.name)
    if parent is not None:
        names_in_thread.refuse_lookalike(parent, draft.name, writer)


def _put(comment: Comment, ready: Prepared) -> None:
    """Give a new comment its text, with all that was made of it."""
    comment.kind, comment.source, comment.title = ready.kind, ready.source, ready.title
    comment.html, comment.render_version = ready.html, RENDER_VERSION
    comment.language, comment.text_key = ready.language, ready.text_key


def screen_again(comment: Comment, draft: Draft, writer: Writer) -> None:
    """Let today's checks speak on a text that is placed already; its state stays."""
    looked = intake.look(comment, draft, writer, prepare(draft, writer))
    _screened_again(comment, looked, writer)


def _screened_again(comment: Comment, looked: intake.Looked, writer: Writer) -> None:
    intake.mark(comment, looked)
    copies.forget(comment.id)
    intake.keep(comment, looked, writer)


def withdraw(comment: Comment) -> None:
    """The writer takes a text back. Raises NotPendingAnyMore when there is nothing to take back."""
    if not policy.may_withdraw(comment):
        raise errors.NotPendingAnyMore
    move(comment, Status.WITHDRAWN, act="withdraw", by=None)


def edit_own(comment: Comment, source: str, kind: Kind | None, writer: Writer) -> None:
    """The writer changes a waiting text; it stays in the queue and is screened again. Raises
    NotPendingAnyMore, ShutOut."""
    if not policy.may_edit_own(comment):
        raise errors.NotPendingAnyMore
    texts.revise(comment, source, editor=writer.account, editor_name=comment.author_name)
    if kind is not None:
        mending.set_kind(comment, kind)
    comment.text_key = fingerprint(source)
    comment.language = language_of(source)
    draft = Draft(source=source)
    looked = intake.look(comment, draft, writer, prepare(draft, writer))
    intake.refuse_shut_out(looked)
    if comment.is_question:
        mending.find_tags(comment)
    _screened_again(comment, looked, writer)
