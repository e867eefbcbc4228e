"""The whole index made anew, in pieces small enough that the site goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import select

from app.domains.answers.models import AnswerCard
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.resources.models import Resource
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import services
from app.search.models import SearchDocument

BATCH = 100
"""Things a transaction: about a tenth of a second each."""

Thing = tuple[str, int]
_INDEX = {
    "article": services.index_article,
    "resource": services.index_resource,
    "card": services.index_card,
    "question": services.index_question,
}


def everything() -> list[Thing]:
    """Kind and id of all that may belong in the index, and of all that stands there now."""
    found: set[Thing] = set()
    found |= {("article", ref) for ref in db.session.scalars(select(Article.id))}
    found |= {("resource", ref) for ref in db.session.scalars(select(Resource.id))}
    found |= {("card", ref) for ref in db.session.scalars(select(AnswerCard.id))}
    questions = select(Comment.id).where(Comment.kind == Kind.QUESTION)
    found |= {("question", ref) for ref in db.session.scalars(questions)}
    indexed = select(SearchDocument.kind, SearchDocument.ref)
    found |= {(kind, ref) for kind, ref in db.session.execute(indexed)}
    return sorted(found)


def reindex_all(progress: Callable[[int], object] = lambda _done: None) -> int:
    """Index everything that is published and forget what is not; how many things were looked at.

    Commits by itself, a batch at a time, and tells `progress` the size of each. Not to be called
    inside a unit of work.
    """
    things = everything()
    for batch in _batches(things):
        with unit_of_work():
            for kind, ref in batch:
                _INDEX[kind](ref)
        progress(len(batch))
    return len(things)


def _batches(things: list[Thing]) -> Iterator[list[Thing]]:
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]
