"""Five people ask the same in five wordings: one answer, found before the fifth has sent it, and
one key away from the moderator when they send it all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.domains.accounts.states import Role
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.infra.db import db
from app.search import reading, services
from tests.browser.people import keys_work, settled
from tests.factories import make_account, make_article, make_card, make_link, make_question

WORDINGS = (
    "My left hip clicks when I swing the leg, what does that mean?",
    "There is a popping noise in my hip whenever I lift the leg. Is that bad?",
    "Why does my hip snap when I get out of the car?",
    "Something clicks at the front of my hip in the leg circles, without pain.",
)
FIFTH = "Is it normal that the hip pops and clicks while I swing my leg to the side?"


@pytest.fixture
def article(live_server: str) -> Article:
    return make_article("Standing on one leg")


@pytest.fixture
def card(article: Article) -> AnswerCard:
    """The author's answer, which four questions have been given already."""
    made = make_card(
        "Why the hip clicks",
        text="A tendon slides over bone as the leg swings: a snap or pop without pain is normal.",
    )
    for wording in WORDINGS:
        question = make_question(wording, title=wording, article=article)
        make_link(made, question)
        services.index_question(question.id)
    services.index_card(made.id)
    db.session.commit()
    reading.read_waiting()
    return made


def asked() -> Comment:
    db.session.rollback()
    return db.session.query(Comment).filter_by(source=FIFTH).one()


def test_the_fifth_finds_the_card_before_sending(
    desktop: Page, article: Article, card: AnswerCard
) -> None:
    desktop.goto(article.href)
    desktop.get_by_label("Your question or comment").press_sequentially(FIFTH)

    offered = desktop.get_by_role("region", name="What may answer this already")
    expect(offered.get_by_role("link", name="Why the hip clicks")).to_be_visible()


def test_who_sends_it_all_the_same_is_answered_with_one_key(
    desktop: Page,
    page_as: Callable[..., Page],
    article: Article,
    card: AnswerCard,
    deliver: Callable[[], int],
) -> None:
    desktop.goto(article.href)
    desktop.get_by_label("Your question or comment").fill(FIFTH)
    offered = desktop.get_by_role("region", name="What may answer this already")
    expect(offered.get_by_role("link", name="Why the hip clicks")).to_be_visible()
    desktop.get_by_label("Your name").fill("Nadia")
    desktop.get_by_label("Your e-mail address").fill("nadia@example.com")
    desktop.get_by_role("button", name="Send").click()
    desktop.wait_for_url("**/asked/**")
    deliver()

    desk = page_as(make_account(Role.MODERATOR))
    desk.goto("/moderation/")
    keys_work(desk)
    first = desk.locator('[data-item][aria-current="true"] .suggestions li').first
    expect(first).to_contain_text("Why the hip clicks")
    desk.keyboard.press("1")
    settled(desk)

    question = asked()
    assert question.kind == Kind.QUESTION
    assert question.is_published
    assert db.session.query(CardLink).filter_by(comment_id=question.id).one().card_id == card.id
    desktop.reload()
    expect(desktop.get_by_role("heading", name="Your question is answered")).to_be_visible()
