"""A question on its way: asked by a guest, let in by a moderator, answered by the author, read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from playwright.sync_api import Page, expect

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.states import Status
from app.infra import clock
from tests.browser.conftest import PHONE
from tests.browser.people import ask, heading, keys_work, press, sign_in
from tests.factories import make_account, make_article, make_comment, make_resource, make_tag
from tests.support.smtp import MailServer, text_of

GUEST = "nadia@example.com"
QUESTION = "My left hip clicks when I swing the leg, what does that mean?"
ANSWER = "A tendon changes sides. Without pain it may go on clicking."
UNDO_IS_OVER = timedelta(minutes=1)


@dataclass(frozen=True)
class House:
    """A small site: an article, its author, a moderator, and an exercise behind a tag."""

    author: Account
    moderator: Account
    article: Article

    @property
    def path(self) -> str:
        return f"/articles/{self.article.slug}"


@pytest.fixture
def house() -> House:
    author = make_account(Role.AUTHOR, name="Marta Lind")
    article = make_article("Why your hip clicks", author=author)
    tag = make_tag("Clicking hip", synonyms=["hip clicks"])
    make_resource("Quiet leg circle", summary="Two minutes on your back.", tags=[tag])
    make_comment(
        "I was here before.",
        article=article,
        name="Early Bird",
        status=Status.PENDING,
        created_at=clock.now() - timedelta(hours=2),
    )
    return House(author, make_account(Role.MODERATOR, name="Ruth"), article)


def test_a_question_travels_from_a_guest_to_the_authors_answer(
    open_page: Callable[..., Page],
    house: House,
    mails: MailServer,
    deliver: Callable[[], int],
) -> None:
    guest = open_page(PHONE, color_scheme="dark")
    stranger, moderator, author = open_page(), open_page(), open_page()

    private = ask(guest, house.path, QUESTION, name="Nadia", email=GUEST)
    expect(guest.locator(".remark.own")).to_contain_text(QUESTION)
    nobody_else_sees_it(stranger, house, private)

    deliver()
    confirm_the_address(guest, mails.to(GUEST)[-1], private)

    approve_the_second_by_keyboard(moderator, house)

    answer_with_a_suggested_link(author, house)

    with time_machine.travel(UNDO_IS_OVER):
        deliver()
    assert [str(mail["Subject"]) for mail in mails.to(GUEST)] == [
        "Your question arrived: Why your hip clicks",
        f"Your question is published: {QUESTION}",
        f"Marta Lind answered: {QUESTION}",
    ]
    read_the_answer(guest, link_in(mails.to(GUEST)[-1], "/questions/"))
    guest.goto(private)
    heading(guest, "Your question is answered")


def nobody_else_sees_it(page: Page, house: House, private: str) -> None:
    for path in (house.path, "/questions/", "/search?q=swing", f"{house.path}/feed.atom", "/"):
        answer = page.request.get(path)
        assert answer.ok
        assert "swing the leg" not in answer.text()
        assert "Nadia" not in answer.text()
    guessed = page.request.get(private[:-1] + ("0" if private[-1] != "0" else "1"))
    assert guessed.status == 404


def confirm_the_address(page: Page, mail: EmailMessage, private: str) -> None:
    assert "swing the leg" not in text_of(mail), "words that nobody has read are mailed to nobody"
    page.goto(link_in(mail, "/prove/"))
    heading(page, "Confirm your address")
    page.get_by_role("button", name="This address is mine").click()
    expect(page.get_by_role("status").first).to_contain_text("Your address is confirmed")
    assert page.url == private


def approve_the_second_by_keyboard(page: Page, house: House) -> None:
    sign_in(page, house.moderator, "/moderation/")
    keys_work(page)
    chosen = page.locator('[data-item][aria-current="true"]')
    expect(chosen).to_contain_text("I was here before.")
    for key, words in (("j", QUESTION), ("k", "I was here before."), ("j", QUESTION)):
        page.keyboard.press(key)
        expect(chosen).to_contain_text(words)
    press(page, "a")
    expect(page.locator(".undo-bar")).to_contain_text("One text approved.")
    expect(page.locator("[data-item]")).to_have_count(1)


def answer_with_a_suggested_link(page: Page, house: House) -> None:
    sign_in(page, house.author, "/author/")
    box = page.get_by_label("Your answer")
    box.fill(f"{ANSWER} Try the")
    page.get_by_role("button", name="Insert the link to Quiet leg circle").click()
    expect(box).to_have_value(f"{ANSWER} Try the [Quiet leg circle](/resources/quiet-leg-circle)")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Your text is published")
    expect(page.locator("main")).to_contain_text("Nobody waits for an answer")


def read_the_answer(page: Page, address: str) -> None:
    page.goto(address)
    heading(page, QUESTION)
    question = page.locator("article.question-page")
    expect(question.get_by_role("link", name="Clicking hip")).to_be_visible()
    expect(question.locator(".pointers").get_by_role("link")).to_have_text("Quiet leg circle")
    answer = page.locator(".remark.by-author")
    expect(answer).to_contain_text(ANSWER)
    expect(answer.locator(".badge.author")).to_have_text("Author")
    answer.get_by_role("link", name="Quiet leg circle").click()
    heading(page, "Quiet leg circle")


def link_in(mail: EmailMessage, path: str) -> str:
    """The link of a mail's plain text that has this in its path."""
    found = re.search(rf"http\S+{path}\S+", text_of(mail))
    assert found is not None, text_of(mail)
    return found[0]


def test_without_script_a_question_travels_just_as_far(
    open_page: Callable[..., Page], page_as: Callable[..., Page], house: House
) -> None:
    plain = {"java_script_enabled": False}
    guest = open_page(**plain)
    moderator, author = page_as(house.moderator, **plain), page_as(house.author, **plain)

    ask(guest, house.path, QUESTION, name="Nadia", email=GUEST, looks_over=True)

    moderator.goto("/moderation/")
    waiting = moderator.locator("[data-item]", has_text=QUESTION)
    waiting.locator("a.item-row").click()
    waiting.get_by_role("button", name="Approve", exact=True).click()
    expect(moderator.locator(".undo-bar")).to_contain_text("One text approved.")

    author.goto("/author/")
    author.get_by_label("Your answer").fill(ANSWER)
    author.get_by_role("button", name="Insert the link to Quiet leg circle").click()
    heading(author, "Reply to Nadia")
    expect(author.locator("textarea[name=body]")).to_have_value(
        re.compile(r"clicking\.\n\n\[Quiet leg circle\]\(/resources/quiet-leg-circle\)$")
    )
    author.get_by_role("button", name="Send the reply").click()

    guest.goto("/questions/")
    guest.get_by_role("link", name=QUESTION).click()
    expect(guest.locator(".remark.by-author")).to_contain_text(ANSWER)
    guest.get_by_role("link", name="Reply to Marta Lind").click()
    guest.get_by_label("Your question or comment").fill("Thank you, that helps.")
    guest.get_by_label("Your name").fill("Nadia")
    guest.get_by_label("Your e-mail address").fill(GUEST)
    guest.get_by_role("button", name="Preview").click()
    expect(guest.locator(".preview .prose")).to_have_text("Thank you, that helps.")
    guest.get_by_role("button", name="Send the reply").click()
    heading(guest, "Your text waits for a moderator")
