"""A text on its way in while an outside service is set: through the page, the job and the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domains.accounts.models import Account
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from tests import factories
from tests.opinions.stranger import Stranger, answering
from tests.support.client import Browser

As = Callable[[Account], Browser]


@pytest.fixture
def article(app: object) -> Article:
    return factories.make_article()


@pytest.fixture
def known(article: Article) -> Account:
    """A reader whom the rules would let in at once."""
    account = factories.make_account()
    for text in ("Thank you for this.", "The second exercise helped my knee."):
        factories.make_comment(text, article=article, account=account)
    return account


def write(browser: Browser, article: Article, text: str) -> Comment:
    answer = browser.submit(f"/articles/{article.slug}/ask", body=text)
    assert answer.status_code == 303
    return newest()


def newest() -> Comment:
    db.session.expire_all()
    return db.session.query(Comment).order_by(Comment.id.desc()).first()  # type: ignore[return-value]


def test_without_a_service_a_known_reader_is_published_at_once(
    article: Article, known: Account, as_: As
) -> None:
    assert write(as_(known), article, "My heel hurts less now.").status == Status.APPROVED


def test_with_a_service_a_known_reader_waits_for_its_answer_and_is_let_in(
    hook: Stranger, article: Article, known: Account, as_: As, deliver: Callable[[], int]
) -> None:
    hook.manner = answering(b'{"verdict": "ham"}')
    comment = write(as_(known), article, "My heel hurts less now.")
    assert comment.status == Status.PENDING
    assert hook.asked == []
    deliver()
    assert newest().status == Status.APPROVED


def test_what_the_answer_let_in_can_be_undone_at_the_desk(
    hook: Stranger, article: Article, known: Account, as_: As, deliver: Callable[[], int]
) -> None:
    hook.manner = answering(b'{"verdict": "ham"}')
    comment = write(as_(known), article, "My heel hurts less now.")
    deliver()
    moderator = as_(factories.make_account("moderator"))
    answer = moderator.submit(
        "/moderation/decide", verb="hold", item=f"{comment.id}:{newest().version}"
    )
    assert answer.status_code == 303
    assert newest().status == Status.PENDING


def test_staff_are_asked_about_by_nobody(
    hook: Stranger, article: Article, as_: As, deliver: Callable[[], int]
) -> None:
    comment = write(as_(article.author), article, "I answered this below.")
    deliver()
    assert comment.status == Status.APPROVED
    assert hook.asked == []


def test_a_new_reader_waits_for_a_person_whatever_the_answer(
    hook: Stranger, article: Article, as_: As, deliver: Callable[[], int]
) -> None:
    hook.manner = answering(b'{"verdict": "ham"}')
    write(as_(factories.make_account()), article, "Is it normal that my hip clicks?")
    deliver()
    assert len(hook.asked) == 1
    assert newest().status == Status.PENDING
