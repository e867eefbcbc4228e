"""What the index does when something is published, changed or taken away."""

from __future__ import annotations

from sqlalchemy import select

from app.domains.answers.events import CardChanged, CardRetired
from app.domains.articles.events import ArticleChanged, ArticlePublished, ArticleRemoved
from app.domains.comments.events import CommentChanged, CommentHidden, CommentPublished
from app.domains.comments.models import Comment
from app.domains.resources.events import ResourceChanged, ResourceRemoved
from app.infra.db import db
from app.search import services


def article_changed(event: ArticlePublished | ArticleChanged | ArticleRemoved) -> None:
    services.index_article(event.article_id)
    services.index_questions_under(event.article_id)


def resource_changed(event: ResourceChanged | ResourceRemoved) -> None:
    services.index_resource(event.resource_id)


def card_changed(event: CardChanged | CardRetired) -> None:
    services.index_card(event.card_id)


def comment_changed(event: CommentPublished | CommentChanged | CommentHidden) -> None:
    """Look again at the comment, which may have become a question or ceased to be one, and at the
    question whose answers it belongs to."""
    services.index_question(event.comment_id)
    above = select(Comment.question_id).where(Comment.id == event.comment_id)
    question_id = db.session.scalar(above)
    if question_id is not None:
        services.index_question(question_id)
