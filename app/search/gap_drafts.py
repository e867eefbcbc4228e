"""An article begun for questions that nobody has answered. Verbs that flush, never commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.articles.services import ArticleText
from app.domains.articles.states import ArticleStatus
from app.domains.comments.models import Comment
from app.domains.resources.models import TITLE_LENGTH
from app.engines.text.escaping import as_markdown
from app.engines.text.excerpt import excerpt
from app.engines.text.heading import question_about
from app.infra import admitted, locks
from app.infra.db import db
from app.infra.language import _, sentence
from app.infra.refusal import Refusal, UnfitField
from app.search import gap_report
from app.search.models import DraftedFor

QUOTED = 300
"""Characters of a question in the draft; the whole of it is a link away."""
MOST_ATTACHED = 200


class NothingLeft(Refusal):
    public = sentence(
        "These questions are answered or hidden by now, so there is nothing to begin a draft for. "
        "Look again to see what is still open."
    )
    status = 409


def begin(words: str, question_ids: Collection[int], *, by: Account) -> Article:
    """Begin a draft about these words for those of these questions that are open: one of them, or
    the words as a question, is its title; they are quoted in it, and kept beside it so that they
    are the first to be told once it is published. A draft of the same person with the same title is
    found again, so that a second click makes no second one.

    Raises NothingLeft where no question is open any more, and UnfitField for words.
    """
    wanted = sorted(question_ids)[:MOST_ATTACHED]
    line = admitted.line(words[:TITLE_LENGTH], "title", TITLE_LENGTH, UnfitField)
    locks.take([f"gap draft {by.id}"])
    questions = gap_report.open_questions(wanted)
    if wanted and not questions:
        raise NothingLeft
    asked = [questions[ref].title for ref in wanted if ref in questions]
    heading = question_about(line, asked, TITLE_LENGTH)
    draft = _same_again(heading, by)
    if draft is None:
        inside = [questions[ref] for ref in wanted if ref in questions]
        draft = articles.draft(by, ArticleText(title=heading, source=_text(inside)), by=by)
    known = set(begun_for(draft.id))
    db.session.add_all(
        DraftedFor(article_id=draft.id, comment_id=ref) for ref in questions if ref not in known
    )
    db.session.flush()
    return draft


def begun_for(article_id: int) -> list[int]:
    """The ids of the questions that an article was begun for, the oldest first."""
    theirs = select(DraftedFor.comment_id).where(DraftedFor.article_id == article_id)
    return list(db.session.scalars(theirs.order_by(DraftedFor.comment_id)))


def _same_again(title: str, by: Account) -> Article | None:
    return db.session.scalar(
        select(Article)
        .where(
            Article.author_id == by.id,
            Article.title == title,
            Article.status == ArticleStatus.DRAFT,
        )
        .order_by(Article.id)
        .limit(1)
    )


def _text(questions: Sequence[Comment]) -> str:
    if not questions:
        return ""
    quoted = [
        f"[{as_markdown(one.title)}]({one.href})\n\n> {as_markdown(excerpt(one.html, QUOTED))}"
        for one in questions
    ]
    asked = _("What readers asked:")
    return f"{asked}\n\n" + "\n\n".join(quoted) + "\n"
