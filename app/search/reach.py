"""Who asked for it: the published questions that an article or a resource answers.

Turned round against `alike`: an article says far more than any question, so that what counts is
how much of the question it says, and not how much of it the question says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from app.domains.accounts.models import Account
from app.domains.answers.models import CardLink, card_article, card_resource
from app.domains.articles.models import Article
from app.domains.comments import policy
from app.domains.comments.models import Comment
from app.domains.comments.queries import is_answered, visible_questions
from app.domains.comments.states import Status
from app.domains.resources.models import Resource
from app.engines.matching.likeness import Library, profile, telling
from app.engines.matching.reasons import because
from app.engines.text.excerpt import plain_text
from app.infra import clock
from app.infra.db import db
from app.search import askers, candidates, gap_drafts, outcomes, seat, tuning
from app.search.alike import MEANING_ENOUGH, MEANING_TOO_LITTLE
from app.search.candidates import TITLE_COUNTS
from app.search.models import SearchDocument, SearchPosting

PLACE = "reach"
Kind = Literal["article", "resource"]
MOST = 500
GLANCE = 50
"""So many at most are counted for a page that only leads to them."""
CANDIDATES = 200
"""So many are looked at, or twice what is wanted: some say too little, or are answered so."""
LOOKED_FOR = 24
"""Of what it says, the stems that tell the most; questions are looked up by them."""
FIRST_PART = 4_000
"""Characters of a text that its stems are taken from."""
WORDS_ENOUGH = 0.5
"""The share of what a question says, each word by its rarity, that must be said in answer."""
TICKED_BY_WORDS, TICKED_BY_MEANING = 0.7, 0.6
"""From where a question is ticked before anybody has looked."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What was published. `gist` is its first part as plain text."""

    kind: Kind
    id: int
    title: str
    href: str
    gist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that a thing may answer. `because` are words of the question that the thing says
    too; `wanted` that the article was begun for it; `is_open` that nobody has answered it."""

    question: Comment
    ref: int
    score: float
    because: tuple[str, ...]
    wanted: bool
    is_open: bool
    is_ticked: bool
    people: frozenset[askers.Person]
    by_words: float
    by_meaning: float

    @property
    def kind(self) -> str:
        return "question"


def article(found: Article) -> Thing | None:
    """An article as what may be reached back from; None while not everyone may read it."""
    if not found.is_visible(clock.now()):
        return None
    gist = f"{found.summary}\n{plain_text(found.html)}"[:FIRST_PART]
    return Thing("article", found.id, found.title, found.href, gist)


def resource(found: Resource) -> Thing:
    gist = f"{found.summary}\n{plain_text(found.html)}"[:FIRST_PART]
    return Thing("resource", found.id, found.title, found.href, gist)


def questions_for(thing: Thing, by: Account, most: int = MOST) -> list[Asked]:
    """What it answers and does not stand below yet, as far as this person answers there as the
    author, at most `most`: first what it was begun for, then what is most like it."""
    enough = max(CANDIDATES, 2 * most)
    wanted = gap_drafts.begun_for(thing.id) if thing.kind == "article" else []
    stems = {stem: n for stem, n in _stems(thing).items() if n}
    library = candidates.library(stems)
    by_words = _by_words(stems, library, enough)
    near = seat.nearest(thing.title, thing.gist, enough, also=by_words)
    refs = {*wanted, *_questions_among({*by_words, *near})}
    found = _to_answer(refs, thing)
    likeness = _likeness(found, thing, stems, near)
    people = askers.of(found)
    kept = [
        Asked(
            question=question,
            ref=ref,
            score=likeness[ref].score,
            because=likeness[ref].because,
            wanted=ref in wanted,
            is_open=is_open,
            is_ticked=not question.red_flag and (ref in wanted or likeness[ref].is_sure),
            people=people[ref],
            by_words=likeness[ref].said,
            by_meaning=likeness[ref].meant or 0.0,
        )
        for ref, (question, is_open) in found.items()
        if (ref in wanted or likeness[ref].is_enough)
        and policy.writes_as_author(by, question.article)
    ]
    kept.sort(key=lambda one: (not one.wanted, not one.is_ticked, -one.score, one.question.id))
    return kept[:most]


@dataclass(frozen=True, slots=True)
class _Likeness:
    said: float
    meant: float | None
    because: tuple[str, ...]
    meaning_share: float

    @property
    def score(self) -> float:
        if self.meant is None:
            return self.said
        return (1 - self.meaning_share) * self.said + self.meaning_share * self.meant

    @property
    def is_enough(self) -> bool:
        if self.meant is None:
            return self.said >= WORDS_ENOUGH
        is_said = self.said >= WORDS_ENOUGH and self.meant >= MEANING_TOO_LITTLE
        return is_said or self.meant >= MEANING_ENOUGH

    @property
    def is_sure(self) -> bool:
        if self.meant is None:
            return self.said >= TICKED_BY_WORDS
        return self.meant >= TICKED_BY_MEANING and self.is_enough


def _stems(thing: Thing) -> Counter[str]:
    counts = Counter(telling(thing.gist))
    counts.update({stem: TITLE_COUNTS * n for stem, n in Counter(telling(thing.title)).items()})
    return counts


def _by_words(stems: Mapping[str, int], library: Library, most: int) -> list[int]:
    """The documents of the questions that say the most of what the thing is about."""
    telling_most = sorted(
        (stem for stem in stems if library.spread.get(stem)),
        key=lambda stem: (-library.rarity(stem) * min(stems[stem], TITLE_COUNTS), stem),
    )[:LOOKED_FOR]
    if not telling_most:
        return []
    rarity = case({stem: library.rarity(stem) for stem in telling_most}, value=SearchPosting.stem)
    found = db.session.scalars(
        select(SearchDocument.id)
        .join(SearchPosting, SearchPosting.document_id == SearchDocument.id)
        .where(SearchPosting.stem.in_(telling_most), SearchDocument.kind == "question")
        .group_by(SearchDocument.id)
        .order_by(func.sum(rarity).desc(), SearchDocument.id.desc())
        .limit(most)
    )
    return list(found)


def _questions_among(document_ids: Collection[int]) -> list[int]:
    theirs = select(SearchDocument.ref).where(
        SearchDocument.id.in_(document_ids), SearchDocument.kind == "question"
    )
    return list(db.session.scalars(theirs))


def _to_answer(refs: Collection[int], thing: Thing) -> dict[int, tuple[Comment, bool]]:
    """Those of these questions that everyone may read and that the thing does not answer yet, with
    whether they are open."""
    ids = visible_questions(Comment.id.in_(refs), ~_points_to(thing))
    rows = db.session.execute(
        select(Comment, is_answered())
        .join(Article, Article.id == Comment.article_id)
        .options(contains_eager(Comment.article))
        .where(Comment.id.in_(ids))
        .order_by(Comment.id)
    )
    return {question.id: (question, not answered) for question, answered in rows}


def _points_to(thing: Thing) -> ColumnElement[bool]:
    """Whether an answer below the question leads to the thing, or a card that rests on it."""
    answer = aliased(Comment)
    link = f'{thing.href}"'  # where an href ends, with or without the site's name
    in_words = exists().where(
        answer.question_id == Comment.id,
        answer.by_author.is_(True),
        answer.status == Status.APPROVED,
        answer.html.contains(link, autoescape=True),
    )
    rests_on, own_id = (
        (card_article, card_article.c.article_id)
        if thing.kind == "article"
        else (card_resource, card_resource.c.resource_id)
    )
    by_card = exists().where(
        CardLink.comment_id == Comment.id,
        CardLink.card_id == rests_on.c.card_id,
        own_id == thing.id,
    )
    return or_(in_words, by_card)


def _likeness(
    found: Mapping[int, tuple[Comment, bool]],
    thing: Thing,
    said: Mapping[str, int],
    near: Mapping[int, float],
) -> dict[int, _Likeness]:
    texts = {ref: f"{one.title}\n{plain_text(one.html)}" for ref, (one, _) in found.items()}
    stems = {ref: set(telling(text)) for ref, text in texts.items()}
    library = candidates.library(set().union(*stems.values()))
    whole = profile(thing.title, thing.gist)
    meant = _meant(found, near)
    share = tuning.meaning_share()
    return {
        ref: _Likeness(
            _share(stems[ref], said, library), meant.get(ref), because(text, whole, library), share
        )
        for ref, text in texts.items()
    }


def _share(stems: Collection[str], said: Collection[str], library: Library) -> float:
    """How much of a question is said in answer, each word by its rarity: 0 to 1."""
    total = sum(library.rarity(stem) for stem in stems)
    return sum(library.rarity(stem) for stem in stems if stem in said) / total if total else 0.0


def _meant(refs: Collection[int], near: Mapping[int, float]) -> dict[int, float]:
    """The cosine of each question; where there is a model, one that is not near has none of it."""
    if not near:
        return {}
    rows = db.session.execute(
        select(SearchDocument.id, SearchDocument.ref).where(
            SearchDocument.kind == "question", SearchDocument.ref.in_(refs)
        )
    )
    return {row.ref: near.get(row.id, 0.0) for row in rows}


def people_behind(chosen: Sequence[Asked]) -> int:
    """How many people asked these questions: each of them once."""
    return len(set().union(*(one.people for one in chosen)))


def note(thing: Thing, found: Sequence[Asked], chosen: Collection[int]) -> None:
    """Keep what was accepted of a reviewed batch and what was left out, so that the weights are
    tuned by it: the thing is what was asked with, the questions are what it found."""
    outcomes.reviewed(PLACE, thing.title, found, chosen)
