"""A page of a list goes by an index to where it begins: it costs little of what a walk through the
table costs, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.articles import authoring
from app.domains.articles import queries as articles
from app.domains.articles.models import Article, Image
from app.domains.comments import answered_by, asked
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.resources import links
from app.domains.resources import queries as resources
from app.domains.resources.models import LinkCheck, Resource
from app.infra.db import Model, db, is_postgresql
from app.infra.paging import FIRST, Wanted, Ways
from app.search import gap_report
from app.search.models import Gap
from tests.factories import make_account, make_card
from tests.support.work import know_the_tables, work_of

pytestmark = pytest.mark.usefixtures("app")

MANY, SIZE, PART = 3_000, 10, 4
"""Rows of each table, rows of a page, and what part of a walk through the table it may cost."""
LITTLE = 60
"""Blocks of PostgreSQL that a page may take in any case: small rows stand in few of them."""
PUT_IN_ORDER = {
    "an author's desk": "what one author wrote, by what each article is; no index has that order",
    "resources": "what those who run the site wrote, by title in small letters",
    "retired cards": "cards, which are as many as those who run the site wrote",
    "no help": "cards, which are as many as those who run the site wrote",
    "one's texts": "what one person wrote, which an index of theirs leads to",
    "a card's links": "the links of one card, those that failed first, for its owner alone",
    "failing links": "few: an index of those alone leads to them",
    "cards to look at": "few: an index of those alone leads to them",
}
"""Lists that are sorted when they are asked for, and why that is little."""
BEGAN = datetime(2026, 1, 3, tzinfo=UTC)
TEXT = "<p>Why does it click?</p>" * 40
Read = Callable[[Wanted], tuple[Any, Ways]]


@dataclass(frozen=True)
class Library:
    author: Account
    reader: Account
    card_id: int
    """A card that answers all questions; the others answer none, though they say so."""


@pytest.fixture
def library() -> Library:
    author, reader, card = make_account("author"), make_account(), make_card()
    times = [BEGAN + timedelta(minutes=number) for number in range(MANY)]
    first = 10_000
    _fill(Article, [
        {"id": first + n, "slug": f"a{n}", "title": "Hips", "source": TEXT, "html": TEXT,
         "author_id": author.id, "status": "published", "created_at": at, "published_at": at}
        for n, at in enumerate(times)
    ])  # fmt: skip
    _fill(Image, [
        {"name": f"{n}.webp", "width": 1, "height": 1, "size": 1, "created_at": at}
        for n, at in enumerate(times)
    ])  # fmt: skip
    _fill(Resource, [
        {"id": first + n, "slug": f"r{n}", "kind": "video", "title": f"Steps {n}",
         "source": TEXT, "html": TEXT, "url": f"https://example.com/{n}"}
        for n in range(MANY)
    ])  # fmt: skip
    _fill(LinkCheck, [
        {"resource_id": first + n, "url": f"https://example.com/{n}", "failures": n % 100 == 0}
        for n in range(MANY)
    ])  # fmt: skip
    _fill(Comment, [
        {"id": first + n, "article_id": first, "author_name": "Ann", "source": "why",
         "html": TEXT, "kind": Kind.QUESTION, "status": Status.APPROVED, "created_at": at,
         "account_id": reader.id}
        for n, at in enumerate(times)
    ])  # fmt: skip
    _fill(Comment, [
        {"id": 1 + n, "article_id": first, "author_name": "Ruth", "source": "so",
         "html": TEXT, "kind": Kind.COMMENT, "status": Status.APPROVED, "created_at": times[n],
         "by_author": True, "question_id": first + n, "root_id": first + n}
        for n in range(0, MANY, 2)
    ])  # fmt: skip
    _fill(AnswerCard, [
        {"id": first + n, "slug": f"c{n}", "title": "Hips", "source": TEXT, "html": TEXT,
         "people": n % 50, "questions": n % 20, "not_helped": int(n % 100 == 1),
         "updated_at": at, "retired_at": at if n % 20 == 7 else None,
         "recheck_at": at if n % 100 == 3 else None}
        for n, at in enumerate(times)
    ])  # fmt: skip
    _fill(CardLink, [
        {"comment_id": first + n, "card_id": card.id, "how": "desk", "at": at,
         "helped": False if n % 2 else None}
        for n, at in enumerate(times)
    ])  # fmt: skip
    _fill(Gap, [
        {"words": ["hip"], "question_ids": [first], "people": 1, "oldest_at": at,
         "weight": n * 1.1}
        for n, at in enumerate(times)
    ])  # fmt: skip
    db.session.commit()
    know_the_tables()
    return Library(author, reader, card.id)


def _fill(model: type[Model], rows: list[dict[str, Any]]) -> None:
    db.session.execute(db.insert(model), rows)


def lists(of: Library) -> dict[str, tuple[type[Model], Read]]:
    """Each list with the table that it must not walk through."""
    author, size = of.author, SIZE
    return {
        "front page": (Article, lambda at: articles.front_page(at, size)),
        "an author's articles": (Article, lambda at: articles.by_author(author, at, size)),
        "a month": (Article, lambda at: articles.published_in(2026, 1, at, size)),
        "an author's desk": (Article, lambda at: authoring.desk_of(author, at, size)),
        "pictures": (Image, lambda at: authoring.pictures(at, size)),
        "resources": (Resource, lambda at: resources.all_resources(wanted=at, size=size)),
        "failing links": (Resource, lambda at: links.troubled(wanted=at, size=size)),
        "the inbox": (Comment, lambda at: comments.waiting_for_answer(None, wanted=at, size=size)),
        "one's texts": (Comment, lambda at: comments.written_by(of.reader, wanted=at, size=size)),
        "cards": (AnswerCard, lambda at: asked.most_asked(wanted=at, size=size)),
        "retired cards": (AnswerCard, lambda at: asked.retired(wanted=at, size=size)),
        "cards to look at": (AnswerCard, lambda at: asked.to_recheck(wanted=at, size=size)),
        "no help": (AnswerCard, lambda at: asked.not_helping(wanted=at, size=size)),
        "a card's questions": (
            Comment, lambda at: answered_by.questions_of(of.card_id, wanted=at, size=size)
        ),
        "a card's links": (
            Comment, lambda at: answered_by.linked_to(of.card_id, wanted=at, size=size)
        ),
        "gaps": (Gap, lambda at: gap_report.gaps(wanted=at, size=size)),
    }  # fmt: skip


def test_r25_a_page_of_a_list_costs_a_small_part_of_a_walk_through_its_table(
    library: Library,
) -> None:
    least = LITTLE if is_postgresql() else 0
    dear: dict[str, list[tuple[int, int]]] = {}
    for name, (model, read) in lists(library).items():
        whole = work_of(lambda model=model: db.session.execute(db.select(model.__table__)).all())
        _, ways = read(FIRST)
        assert ways.after, f"{name} has one page alone"
        for wanted in (FIRST, Wanted(after=ways.after)):
            cost = work_of(lambda read=read, wanted=wanted: read(wanted))
            if cost > max(whole / PART, least):
                dear.setdefault(name, []).append((cost, whole))
    assert {name: costs for name, costs in dear.items() if name not in PUT_IN_ORDER} == {}
