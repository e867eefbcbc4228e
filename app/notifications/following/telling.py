"""What is new becomes mail for its followers: each of them is told of one cause once, and what
comes in a short time, or in a day or a week where they wish so, is in one mail (`gathering`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from operator import attrgetter

from sqlalchemy import ColumnElement, Row, delete, exists, or_, select, tuple_, update

from app.domains.accounts.events import AccountMoved
from app.domains.accounts.models import Account
from app.domains.answers.events import CardLinked, CardReworded
from app.domains.articles.events import ArticlePublished, ArticleTagged
from app.domains.articles.models import Article
from app.domains.comments.events import CommentPublished, QuestionTagged
from app.domains.moderation.queue.meanwhile import first_published
from app.infra import clock
from app.infra.db import adding, db
from app.infra.jobs import KEPT, Job, enqueue
from app.infra.unit_of_work import unit_of_work
from app.notifications.card_changes import SETTLING
from app.notifications.following import gathering, news, services
from app.notifications.following.news import News, Sort
from app.notifications.following.states import Often
from app.notifications.handlers import UNDO_WINDOW
from app.notifications.models import Follow, FollowerTold

TELLING = "follow.tell"
FORGETTING = "follow.forget"
BATCH = 200
"""Followers a transaction."""
NEW_FOR = timedelta(days=1)
"""How far back the date of an article may lie that is told as new."""

Follower = Row[int, int, str]
"""The ids of a row and of its address, and how often."""


def comment_published(event: CommentPublished) -> None:
    """When it can no more be undone. What is let in again after a long time was told then."""
    first = first_published(event.comment_id)
    if first is None or first > clock.now() - KEPT:
        _ask_to_tell(Sort.COMMENT.cause(event.comment_id))


def card_linked(event: CardLinked) -> None:
    """Likewise."""
    _ask_to_tell(Sort.LINK.cause(event.link_id))


def card_reworded(event: CardReworded) -> None:
    """The first of several edits in a row keeps its job, which compares with what was before it."""
    followed = exists().where(Follow.card_id == event.card_id)
    if db.session.scalar(select(followed)):
        cause = Sort.REVISION.cause(event.revision_id)
        key = f"{TELLING}:card:{event.card_id}"
        enqueue(TELLING, {"cause": cause}, after=SETTLING, unique_key=key)


def article_published(event: ArticlePublished) -> None:
    """When its time has come, which may be changed until then: the last word on it holds. One that
    bears an older date was there before."""
    article = db.session.get(Article, event.article_id)
    if article is None or article.published_at is None:
        return
    if article.published_at < clock.now() - NEW_FOR:
        return
    cause = Sort.ARTICLE.cause(article.id)
    key = f"{TELLING}:{cause}"
    due = max(article.published_at, clock.now()) + UNDO_WINDOW
    if enqueue(TELLING, {"cause": cause}, after=due - clock.now(), unique_key=key) is None:
        db.session.execute(update(Job).where(Job.unique_key == key).values(run_at=due))


def question_tagged(event: QuestionTagged) -> None:
    """Its followers hear of what their tag was put on, unless they knew of it another way. What was
    published long ago is not told: nobody knows any more to whom it was told then."""
    first = first_published(event.comment_id)
    if first is None or first > clock.now() - KEPT:
        _ask_to_tell(Sort.COMMENT.cause(event.comment_id), event.tag_ids)


def article_tagged(event: ArticleTagged) -> None:
    """Likewise; one whose time has not come is told with all its tags when it does."""
    article = db.session.get(Article, event.article_id)
    now = clock.now()
    if article and article.published_at and now - KEPT < article.published_at <= now:
        _ask_to_tell(Sort.ARTICLE.cause(article.id), event.tag_ids)


def account_moved(event: AccountMoved) -> None:
    """What the owner follows goes along, and so do the mails that wait."""
    services.move(event.from_id, event.to_id)
    gathering.move(event.from_id, event.to_id)


def _ask_to_tell(cause: str, tag_ids: Collection[int] = ()) -> None:
    """One job for however many followers, of these tags alone where any are named; and none where
    nobody follows."""
    found = news.read(cause)
    if found and db.session.scalar(select(exists().where(_follows(found, tag_ids)))):
        payload = {"cause": cause, "tag_ids": list(tag_ids)}
        key = None if tag_ids else f"{TELLING}:{cause}"  # tags are put on more than once
        enqueue(TELLING, payload, after=UNDO_WINDOW, unique_key=key)


def tell(job: Job) -> None:
    """Put the news into the next mail of each follower. Commits by itself, some of them at a time,
    and may be repeated: nobody is told of one cause twice."""
    cause, tag_ids, last = job.payload["cause"], job.payload.get("tag_ids", ()), 0
    while True:
        with unit_of_work():
            found = news.read(cause)
            rows = _followers(found, tag_ids, last) if found else []
            _gather_for(cause, rows)
        if not rows:
            return
        last = rows[-1].id


def forget(_job: Job) -> None:
    """The periodic job: what was told so long ago that nobody asks for it any more."""
    while True:
        with unit_of_work():
            key = FollowerTold.address_id, FollowerTold.cause
            old = select(*key).where(FollowerTold.at < clock.now() - KEPT).limit(BATCH)
            keys = [tuple(row) for row in db.session.execute(old)]
            db.session.execute(delete(FollowerTold).where(tuple_(*key).in_(keys)))
        if not keys:
            return


def _follows(found: News, tag_ids: Collection[int]) -> ColumnElement[bool]:
    """Whom it is new for; where it was told before and these tags were put on since, whom by one of
    them that it still has."""
    if not tag_ids:
        return or_(*found.where)
    return Follow.tag_id.in_(found.tag_ids.intersection(tag_ids))


def _followers(found: News, tag_ids: Collection[int], last: int) -> Sequence[Follower]:
    """In the order of their ids; not those who know of it, and nobody whose account is shut out."""
    shut_out = exists().where(
        Account.address_id == Follow.address_id, Account.disabled_at.is_not(None)
    )
    return db.session.execute(
        select(Follow.id, Follow.address_id, Follow.often)
        .where(
            _follows(found, tag_ids),
            Follow.id > last,
            Follow.address_id.not_in(found.knowing),
            ~shut_out,
        )
        .order_by(Follow.id)
        .limit(BATCH)
    ).all()


def _gather_for(cause: str, rows: Sequence[Follower]) -> None:
    fresh = _not_told_before(cause, sorted({row.address_id for row in rows}))
    for row in sorted(rows, key=attrgetter("address_id", "id")):  # whoever else does so waits
        if row.address_id in fresh:
            fresh.remove(row.address_id)
            gathering.gather(row.address_id, Often(row.often), {"follow": row.id, "cause": cause})


def _not_told_before(cause: str, address_ids: Collection[int]) -> set[int]:
    """Those of these addresses for whom this is new, which it is for nobody from here on."""
    if not address_ids:
        return set()
    now = clock.now()
    rows = [{"address_id": one, "cause": cause, "at": now} for one in address_ids]
    added = db.session.scalars(
        adding(FollowerTold)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(FollowerTold.address_id)
    )
    return set(added)
