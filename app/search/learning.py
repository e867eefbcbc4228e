"""Cards that were linked to questions teach the words in which readers ask what a tag is about.

Made anew for a tag whenever a link with it comes or goes, from the questions that are linked then:
a link that is taken back is unlearnt by that, and nothing has to be counted twice or backwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, or_, select

from app.domains.accounts.models import Account
from app.domains.answers.events import CardChanged, CardLinked, CardUnlinked
from app.domains.answers.models import CardLink, card_tag
from app.domains.articles.models import Article
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import Kind, Status
from app.domains.tags import proposals, queries
from app.domains.tags.models import PhraseProposal
from app.engines.matching import TagPhrases
from app.engines.matching.phrases import phrases, worth_proposing
from app.infra import running
from app.infra.db import db
from app.infra.jobs import Job, enqueue
from app.infra.unit_of_work import unit_of_work

LEARN = "tags.learn"
PAUSE = timedelta(seconds=30)
"""Links of one sitting are learnt together, and one that is undone at once never is."""
LINKED_READ = 2_000
"""Linked questions of a tag that are read, the newest."""
OTHERS_READ = 1_000
"""Questions about something else that a phrase is held against, the newest."""
EXAMPLES = 3
LONGEST_READ = 2_000
"""Characters of a question."""


def card_linked(event: CardLinked) -> None:
    card_id = db.session.scalar(select(CardLink.card_id).where(CardLink.id == event.link_id))
    if card_id is not None:
        _ask(_tags_of(card_id))


def card_changed(event: CardUnlinked | CardChanged) -> None:
    _ask(_tags_of(event.card_id))


def learn(job: Job) -> None:
    """Propose what the questions linked for a tag say. Reads without a lock, then writes."""
    tag_id = job.payload["tag_id"]
    tag = queries.find_tag_by_id(tag_id)
    if tag is None:
        return
    asked = db.session.execute(_linked(tag_id).where(_in_our_language()).limit(LINKED_READ)).all()
    inside = [
        (_writer(row.account_id, row.address_id, row.id), _text(row.title, row.source))
        for row in asked
    ]
    outside = [
        _text(row.title, row.source)
        for row in db.session.execute(_about_something_else(tag_id).limit(OTHERS_READ))
    ]
    known = [TagPhrases(one.id, one.phrases) for one in queries.all_tags()]
    names = {row.author_name for row in asked} | _authors(row.article_id for row in asked)
    found = worth_proposing(inside, outside, known, names=names)
    db.session.rollback()
    with unit_of_work():
        now = queries.find_tag_by_id(tag_id)
        if now is not None:
            proposals.keep(now, {one.words: one.people for one in found})


def examples(rows: Iterable[PhraseProposal]) -> dict[int, list[Comment]]:
    """By proposal: questions in which the words stand, at most three of the newest that everybody
    may read."""
    wanted = list(rows)
    found: dict[int, list[Comment]] = {row.id: [] for row in wanted}
    by_tag: dict[int, list[PhraseProposal]] = {}
    for row in wanted:
        by_tag.setdefault(row.tag_id, []).append(row)
    for tag_id, own in by_tag.items():
        said = {row.id: set(phrases(row.phrase)) for row in own}
        ids = _linked(tag_id).with_only_columns(Comment.id).limit(OTHERS_READ)
        published = select(Comment).where(
            Comment.id.in_(ids.subquery().select()), Comment.status == Status.APPROVED
        )
        for question in db.session.scalars(published.order_by(Comment.id.desc())):
            stems = phrases(_text(question.title, question.source)).keys()
            for row in own:
                longest = max(said[row.id], key=len, default=())
                if longest in stems and len(found[row.id]) < EXAMPLES:
                    found[row.id].append(question)
    return found


def _ask(tag_ids: Iterable[int]) -> None:
    for tag_id in tag_ids:
        enqueue(LEARN, {"tag_id": tag_id}, after=PAUSE, unique_key=f"{LEARN}:{tag_id}")


def _tags_of(card_id: int) -> list[int]:
    return list(db.session.scalars(select(card_tag.c.tag_id).where(card_tag.c.card_id == card_id)))


def _linked(tag_id: int) -> Select[int, str, str, int | None, int | None, str, int]:
    """Questions that a card with this tag answers, unless the asker said that it does not."""
    answering = (
        select(CardLink.comment_id)
        .join(card_tag, card_tag.c.card_id == CardLink.card_id)
        .where(
            card_tag.c.tag_id == tag_id, or_(CardLink.helped.is_(None), CardLink.helped.is_(True))
        )
    )
    return (
        select(
            Comment.id,
            Comment.title,
            Comment.source,
            Comment.account_id,
            Comment.address_id,
            Comment.author_name,
            Comment.article_id,
        )
        .where(Comment.id.in_(answering))
        .order_by(Comment.id.desc())
    )


def _in_our_language() -> ColumnElement[bool]:
    """Words of another language would find the tag in no text that is written here; of a text that
    is too short to tell nothing is known."""
    ours = running.settings().site_language.partition("-")[0].casefold()
    return Comment.language.in_(("", ours))


def _authors(article_ids: Iterable[int]) -> set[str]:
    """Whom the readers of these articles greet."""
    authors = (
        select(Account.name)
        .join(Article, Article.author_id == Account.id)
        .where(Article.id.in_(set(article_ids)))
        .distinct()
    )
    return set(db.session.scalars(authors))


def _about_something_else(tag_id: int) -> Select[int, str, str]:
    """Published questions that neither carry the tag nor are linked for it."""
    linked = _linked(tag_id).with_only_columns(Comment.id).order_by(None)
    carrying = select(CommentTag.comment_id).where(CommentTag.tag_id == tag_id)
    return (
        select(Comment.id, Comment.title, Comment.source)
        .where(
            Comment.kind == Kind.QUESTION,
            Comment.status == Status.APPROVED,
            Comment.id.not_in(linked),
            Comment.id.not_in(carrying),
        )
        .order_by(Comment.id.desc())
    )


def _text(title: str, source: str) -> str:
    """A question as it was typed; its title is the first words of it, or a sentence of its own."""
    body = source[:LONGEST_READ]
    return body if body.startswith(title[:20]) else f"{title}.\n\n{body}"


def _writer(account_id: int | None, address_id: int | None, comment_id: int) -> str:
    """Who typed it: of a person's many questions each phrase counts once."""
    if address_id is not None:
        return f"address {address_id}"
    return f"account {account_id}" if account_id is not None else f"text {comment_id}"
