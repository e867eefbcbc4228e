"""Things that carry tags, and what carries which."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard, card_tag
from app.domains.articles.models import article_tag
from app.domains.comments.models import CommentTag
from app.domains.moderation.models import DeskSection
from app.domains.resources.models import resource_tag
from app.domains.screening.models import Rule
from app.domains.tags import merging
from app.domains.tags.models import FormerTagSlug, Tag
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications.models import Follow
from tests.factories import (
    make_account,
    make_address,
    make_article,
    make_comment,
    make_resource,
    make_rule,
)

THINGS = 4
HANGING = ("article", "resource", "card", "comment", "section", "rule", "follow")


def do(tag: Tag, into: Tag, by: Account) -> AuditEntry:
    ids = (tag.id, into.id, by.id)
    with unit_of_work():
        entry = merging.merge(
            db.session.get_one(Tag, ids[0]),
            db.session.get_one(Tag, ids[1]),
            db.session.get_one(Account, ids[2]),
        )
    db.session.expire_all()
    return entry


def make_card(title: str) -> AnswerCard:
    card = AnswerCard(slug=title, title=title, source="It is a tendon.", html="<p>It is.</p>")
    db.session.add(card)
    db.session.commit()
    return card


def carried() -> dict[str, set[tuple[Any, ...]]]:
    """What carries which tag, in every table that has tags."""
    tables = {
        "article": select(article_tag.c.article_id, article_tag.c.tag_id),
        "resource": select(resource_tag.c.resource_id, resource_tag.c.tag_id),
        "card": select(card_tag.c.card_id, card_tag.c.tag_id),
        "comment": select(CommentTag.comment_id, CommentTag.tag_id),
        "section": select(DeskSection.account_id, DeskSection.tag_id),
        "rule": select(Rule.id, Rule.tag_id),
        "follow": select(Follow.address_id, Follow.tag_id),
    }
    return {
        name: {tuple(row) for row in db.session.execute(statement)}
        for name, statement in tables.items()
    }


@pytest.fixture
def house(app: Flask) -> dict[str, list[int]]:
    """Some things of every kind that can carry a tag."""
    article = make_article()
    return {
        "article": [make_article().id for _ in range(THINGS)],
        "resource": [make_resource().id for _ in range(THINGS)],
        "card": [make_card(f"card-{number}").id for number in range(THINGS)],
        "comment": [make_comment(article=article).id for _ in range(THINGS)],
        "section": [make_account("moderator").id for _ in range(THINGS)],
        "rule": [make_rule(effect="tag").id for _ in range(THINGS)],
        "follow": [make_address().id for _ in range(THINGS)],
    }


def hang(house: dict[str, list[int]], kind: str, which: int, tag_id: int, by_hand: bool) -> None:
    ref = house[kind][which]
    if kind == "rule":
        db.session.get_one(Rule, ref).tag_id = tag_id
        return
    row: dict[str, dict[str, Any]] = {
        "article": {"article_id": ref},
        "resource": {"resource_id": ref},
        "card": {"card_id": ref},
        "comment": {"comment_id": ref, "by_hand": by_hand, "words": ""},
        "section": {"account_id": ref},
        "follow": {"address_id": ref, "often": "daily"},
    }
    table = {
        "article": article_tag,
        "resource": resource_tag,
        "card": card_tag,
        "comment": CommentTag.__table__,
        "section": DeskSection.__table__,
        "follow": Follow.__table__,
    }[kind]
    db.session.execute(insert(table).values(tag_id=tag_id, **row[kind]))


def take_down() -> None:
    db.session.rollback()
    rows = CommentTag.__table__, DeskSection.__table__, Follow.__table__
    for table in (article_tag, resource_tag, card_tag, *rows):
        db.session.execute(delete(table))
    for rule in db.session.scalars(select(Rule)):
        rule.tag_id = None
    db.session.execute(delete(FormerTagSlug))
    db.session.execute(delete(Tag))
    db.session.commit()


hangings = st.sets(
    st.tuples(
        st.sampled_from(HANGING),
        st.integers(0, THINGS - 1),
        st.integers(0, 2),
    ),
    max_size=40,
)
