"""An author, and what readers ask under an article of theirs."""

from __future__ import annotations

from datetime import timedelta

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.infra import clock
from tests.factories import make_account, make_article, make_question

MARTA = "marta@example.com"
CLICKS = (
    "My hip clicks when I swing the leg",
    "Why does the hip make a clicking noise?",
    "Clicking hip on the stairs, is that bad?",
    "Is a clicking hip dangerous?",
)
OTHERS = ("Which shoes do you wear at home?", "Is coffee before training fine?")


def make_author(**others: object) -> Account:
    return make_account(Role.AUTHOR, name="Marta", email=MARTA, **others)  # type: ignore[arg-type]


def long_there(author: Account) -> Article:
    """An article that has been read for months."""
    months_ago = clock.now() - timedelta(days=200)
    return make_article(author=author, published_at=months_ago)


def ask(article: Article, *titles: str, days_ago: float = 3, **others: object) -> list[Comment]:
    """Published questions."""
    at = clock.now() - timedelta(days=days_ago)
    return [
        make_question(title, article=article, created_at=at, **others)  # type: ignore[arg-type]
        for title in titles
    ]
