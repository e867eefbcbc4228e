"""Beginning and ending to follow, and whom a typed address can do nothing to."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import Traveller

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.articles.states import ArticleStatus
from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.jobs import Job
from app.notifications.following import keys, queries
from app.notifications.following.states import Often, Thing
from app.notifications.models import Follow
from app.notifications.states import Mail
from tests.factories import (
    make_account,
    make_address,
    make_article,
    make_card,
    make_question,
    make_tag,
)
from tests.support.client import Browser
from tests.support.queries import count_queries

As = Callable[[Account], Browser]
GUEST = "bo@example.com"
ASKED = {
    "body": "Why does my hip click at night?",
    "kind": "question",
    "name": "Bo Berg",
    "email": GUEST,
}


def followers() -> int:
    return db.session.scalar(select(func.count(Follow.id))) or 0


def link(name: str, often: Often = Often.DAILY, email: str = GUEST) -> str:
    """The address that is mailed to a guest."""
    address = db.session.scalars(select(Address).where(Address.email == email)).one()
    return f"/follow/{name}/{address.id}/{often}/{keys.confirming(address, name, often)}"


def test_a_member_follows_at_once_and_changes_and_ends_it(as_: As) -> None:
    article, account = make_article("Clicking hips"), make_account()
    member, place = as_(account), f"/follow/article-{article.id}"
    assert place in member.get(article.href).text
    answer = member.submit(place, often="at-once")
    assert (answer.status_code, answer.location) == (303, article.href)
    assert "You follow this" in member.get(place).text
    member.submit(place, often="weekly")
    how = queries.how_often([account.address_id], Thing.ARTICLE, article.id)
    assert how is Often.WEEKLY
    assert "Clicking hips" in member.get("/following/").text
    member.submit(f"{place}/stop")
    assert followers() == 0


def test_a_question_is_followed_from_its_page(as_: As) -> None:
    question = make_question()
    member = as_(make_account())
    assert f"/follow/question-{question.id}" in member.get(question.href).text
    member.submit(f"/follow/question-{question.id}", often="daily")
    assert followers() == 1


def test_s15_a_typed_address_follows_nothing_until_its_owner_says_so(client: Browser) -> None:
    article = make_article()
    name = f"article-{article.id}"
    sent = client.submit(f"/follow/{name}", email=GUEST, often="daily")
    assert sent.status_code == 303
    assert "A link is on its way" in client.get(sent.location).text
    assert followers() == 0

    mailed = link(name)
    assert "Do you want these mails?" in client.get(mailed).text
    assert followers() == 0, "a mail scanner opens links and begins nothing"
    assert client.submit(mailed).location == article.href
    assert followers() == 1


def test_an_address_that_somebody_else_has_proven_follows_nothing_by_being_typed(
    client: Browser,
) -> None:
    article = make_article()
    make_address(GUEST, proven=True)
    client.submit(f"/follow/article-{article.id}", email=GUEST, often="daily")
    assert followers() == 0


def test_s15_an_address_gets_five_such_links_a_day_and_the_answer_is_the_same(
    client: Browser,
) -> None:
    answers = set()
    for _ in range(7):
        name = f"article-{make_article().id}"
        answers.add(client.submit(f"/follow/{name}", email=GUEST, often="daily").status_code)
    mailed = select(func.count(Job.id)).where(Job.kind == Mail.FOLLOW)
    assert (answers, db.session.scalar(mailed)) == ({303}, 5)


def test_the_link_tells_nobody_more_about_the_browser_that_opened_it(client: Browser) -> None:
    """It is good for a week and more than once, so it proves nothing but the wish."""
    name = f"article-{make_article().id}"
    client.submit(f"/follow/{name}", email=GUEST, often="daily")
    client.submit(link(name))
    assert "no address was confirmed in this browser" in client.get("/following/").text
    address = db.session.scalars(select(Address).where(Address.email == GUEST)).one()
    assert address.proven_at is None


@pytest.mark.parametrize("change", ["key", "often", "thing", "age"])
def test_a_link_that_was_changed_or_is_late_begins_nothing(
    client: Browser, change: str, clock: Traveller
) -> None:
    first, second = make_article(), make_article()
    name = f"article-{first.id}"
    client.submit(f"/follow/{name}", email=GUEST, often="daily")
    mailed = link(name)
    if change == "key":
        mailed = mailed[:-1] + ("0" if mailed[-1] != "0" else "1")
    elif change == "often":
        mailed = mailed.replace("/daily/", "/at-once/")
    elif change == "thing":
        mailed = mailed.replace(name, f"article-{second.id}")
    else:
        clock.shift(keys.CONFIRM_LIFE.total_seconds() + 60)
    assert client.submit(mailed).status_code == 410
    assert followers() == 0


def test_a_member_whose_address_is_not_confirmed_gets_the_link_instead(as_: As) -> None:
    name, account = f"article-{make_article().id}", make_account(proven=False)
    member = as_(account)
    assert "is not confirmed yet" in member.get(f"/follow/{name}").text
    member.submit(f"/follow/{name}", often="daily")
    assert followers() == 0
    member.submit(link(name, email=account.address.email))
    assert followers() == 1


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b\nBcc: c@d.example", "x" * 300 + "@a.example"]
)
def test_what_is_no_address_is_refused_at_its_field(client: Browser, email: str) -> None:
    answer = client.submit(f"/follow/article-{make_article().id}", email=email, often="daily")
    assert answer.status_code == 422
    told = "not an e-mail address" if email else "Please fill this in."
    assert told in answer.text


def test_how_often_is_one_of_three(client: Browser) -> None:
    name = f"article-{make_article().id}"
    answer = client.submit(f"/follow/{name}", email=GUEST, often="hourly")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "name",
    ["article-0", "article-99999999999", "planet-1", "article-", "-", "article-1x", "query-²"],
)
def test_what_is_not_there_cannot_be_followed(client: Browser, name: str) -> None:
    assert client.get(f"/follow/{name}").status_code == 404
    assert client.submit(f"/follow/{name}", email=GUEST, often="daily").status_code == 404


def test_what_is_not_for_everyone_is_as_if_it_were_not_there(as_: As) -> None:
    draft = make_article(status=ArticleStatus.DRAFT)
    held = make_question(status=Status.PENDING)
    member = as_(make_account())
    for name in (f"article-{draft.id}", f"question-{held.id}"):
        assert member.submit(f"/follow/{name}", often="daily").status_code == 404
    assert followers() == 0


def test_nobody_ends_what_another_follows(client: Browser, as_: As) -> None:
    name = f"article-{make_article().id}"
    as_(make_account()).submit(f"/follow/{name}", often="daily")
    for stranger in (client, as_(make_account())):
        stranger.submit(f"/follow/{name}/stop")
        stranger.submit("/following/", end=name)
        stranger.submit("/following/", end="all")
    assert followers() == 1


def test_one_button_ends_all_of_it(as_: As) -> None:
    member = as_(make_account())
    for _ in range(3):
        member.submit(f"/follow/article-{make_article().id}", often="daily")
    assert followers() == 3
    member.submit("/following/", end="all")
    assert followers() == 0
    assert "You follow nothing at the moment." in member.get("/following/").text
    assert member.submit("/following/", end="nonsense").status_code == 404


def test_what_cannot_be_read_at_the_moment_is_listed_without_its_words(as_: As) -> None:
    article = make_article("A secret about hips")
    member = as_(make_account())
    member.submit(f"/follow/article-{article.id}", often="daily")
    member.get("/following/")  # where the sentence about the new one is shown, once
    db.session.get_one(type(article), article.id).status = ArticleStatus.DRAFT
    db.session.commit()
    page = member.get("/following/").text
    assert "Something that cannot be read at the moment" in page
    assert "A secret about hips" not in page


def test_a_second_click_on_the_form_sends_one_mail(app: Flask, client: Browser) -> None:
    name = f"article-{make_article().id}"
    page = client.get(f"/follow/{name}").text
    ticket = page.split('name="ticket" type="hidden" value="')[1].split('"')[0]
    for _ in range(2):
        client.submit(f"/follow/{name}", email=GUEST, often="daily", ticket=ticket)
    assert db.session.scalar(select(func.count(Job.id)).where(Job.kind == Mail.FOLLOW)) == 1


def mailed_links() -> int:
    return db.session.scalar(select(func.count(Job.id)).where(Job.kind == Mail.FOLLOW)) or 0


def test_the_box_in_the_form_is_not_ticked(client: Browser) -> None:
    page = client.get(f"/articles/{make_article().slug}/ask").text
    (box,) = re.findall(r'<input[^>]*name="follow"[^>]*>', page)
    assert "checked" not in box


def test_a_guest_who_ticks_the_box_gets_the_link_and_follows_nothing_yet(client: Browser) -> None:
    article = make_article()
    sent = client.submit(f"/articles/{article.slug}/ask", **ASKED, follow="y")
    assert (followers(), mailed_links()) == (0, 1)
    assert "Nothing is sent before you open it." in client.get(sent.location).text
    client.submit(link(f"article-{article.id}", Often.AT_ONCE))
    assert followers() == 1


def test_whoever_leaves_the_box_alone_follows_nothing(client: Browser, as_: As) -> None:
    article = make_article()
    client.submit(f"/articles/{article.slug}/ask", **ASKED)
    as_(make_account()).submit(f"/articles/{article.slug}/ask", body=ASKED["body"], kind="")
    assert (followers(), mailed_links()) == (0, 0)


def test_a_member_who_ticks_the_box_follows_at_once(as_: As) -> None:
    article, account = make_article(), make_account()
    as_(account).submit(f"/articles/{article.slug}/ask", body=ASKED["body"], kind="", follow="y")
    how = queries.how_often([account.address_id], Thing.ARTICLE, article.id)
    assert how is Often.AT_ONCE


def test_who_replies_and_ticks_the_box_follows_the_question(as_: As) -> None:
    question, account = make_question(), make_account()
    as_(account).submit(
        f"/comments/{question.id}/reply", body="Mine does so too, since May.", kind="", follow="y"
    )
    how = queries.how_often([account.address_id], Thing.QUESTION, question.id)
    assert how is Often.AT_ONCE


def test_a_refused_text_begins_nothing(client: Browser) -> None:
    client.submit(f"/articles/{make_article().slug}/ask", **{**ASKED, "body": ""}, follow="y")
    assert (followers(), mailed_links()) == (0, 0)


def test_tags_cards_and_authors_are_followed_from_their_pages(as_: As) -> None:
    tag, card, author = make_tag(), make_card(), make_account(Role.AUTHOR)
    member = as_(make_account())
    for name, page in (
        (f"tag-{tag.id}", f"/tags/{tag.slug}"),
        (f"card-{card.id}", card.href),
        (f"author-{author.id}", f"/authors/{author.username}"),
    ):
        assert f"/follow/{name}" in member.get(page).text
        answer = member.submit(f"/follow/{name}", often="daily")
        assert (answer.status_code, answer.location) == (303, page)
    assert followers() == 3
    assert tag.name in member.get("/following/").text


def test_a_reader_cannot_be_followed(as_: As) -> None:
    reader = make_account()
    answer = as_(make_account()).submit(f"/follow/author-{reader.id}", often="daily")
    assert answer.status_code == 404


def test_the_page_of_many_followed_things_costs_as_few_queries_as_of_one(as_: As) -> None:
    account = make_account()
    member = as_(account)

    def follow(number: int) -> None:
        ids = [make_article(author=account).id for _ in range(number)]
        row = {"address_id": account.address_id, "often": "daily"}
        db.session.add_all([Follow(article_id=one, **row) for one in ids])
        db.session.commit()

    follow(1)
    member.get("/following/")
    with count_queries() as few:
        member.get("/following/")
    follow(30)
    with count_queries() as many:
        member.get("/following/")
    assert many.total == few.total, many
