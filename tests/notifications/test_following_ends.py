"""What ends following, or lets it rest, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.domains.comments import mending, moving
from app.domains.comments.models import Comment
from app.infra.db import db
from app.infra.jobs import KEPT, Job
from app.infra.unit_of_work import unit_of_work
from app.notifications.following import queries, services, telling
from app.notifications.following.errors import FollowsTooMuch
from app.notifications.following.states import Often, Thing
from app.notifications.models import Follow, FollowerTold
from tests.factories import make_account, make_article, make_tag
from tests.notifications.followers import BO, Pass, follows, say
from tests.notifications.steps import html_of, link_below
from tests.support.client import Browser
from tests.support.smtp import MailServer


def test_what_is_followed_no_more_is_not_in_a_mail_that_waited(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article()
    address = follows(article, often=Often.DAILY)
    say(article)
    pass_time()
    with unit_of_work():
        services.end([address.id], Thing.ARTICLE, article.id)
    pass_time(timedelta(days=1))
    assert mails.to(BO) == []


def test_what_is_hidden_rests_and_goes_on_when_it_is_back(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article()
    address = follows(article)
    article.status = ArticleStatus.DRAFT
    db.session.commit()
    say(article)
    pass_time()
    assert mails.to(BO) == []
    assert [one.now for one in queries.all_of([address.id])] == [None]
    db.session.get_one(Article, article.id).status = ArticleStatus.PUBLISHED
    db.session.commit()
    say(article, "And another one since then, is it so?", email="li@example.org")
    pass_time()
    assert len(mails.to(BO)) == 1


def test_following_goes_with_what_is_deleted(app: Flask) -> None:
    article = make_article()
    follows(article)
    db.session.delete(db.session.get_one(Article, article.id))
    db.session.commit()
    assert db.session.scalars(select(Follow)).all() == []


def test_an_account_that_is_shut_out_hears_nothing(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article()
    make_account(email=BO, disabled=True)
    follows(article)
    say(article)
    pass_time()
    assert mails.to(BO) == []


def test_an_account_that_is_shut_out_gets_no_mail_that_waited(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article, bo = make_article(), make_account(email=BO)
    follows(article, often=Often.DAILY)
    say(article)
    pass_time()
    with unit_of_work():
        accounts.disable(db.session.get_one(Account, bo.id))
    pass_time(timedelta(days=1))
    assert mails.to(BO) == []


def test_what_was_moved_elsewhere_or_lost_its_tag_is_not_in_a_mail_that_waited(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article, other, tag = make_article(), make_article(), make_tag("hip")
    follows(article, often=Often.DAILY)
    follows(tag, email="ada@example.com", often=Often.DAILY)
    asked, by_id = say(article, "Why does my hip click?"), make_account(Role.MODERATOR).id
    pass_time()
    with unit_of_work():
        by, text = db.session.get_one(Account, by_id), db.session.get_one(Comment, asked.id)
        moving.move_branch(text, below=None, article=other, by=by, version=text.version)
        mending.tag_by_hand(text, set(), by)
    pass_time(timedelta(days=1))
    assert [*mails.to(BO), *mails.to("ada@example.com")] == []


def test_one_click_from_a_mail_program_ends_it_without_a_session(
    app: Flask, client: Browser, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article()
    address = follows(article)
    say(article)
    pass_time()
    (mail,) = mails.to(BO)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(mail["List-Unsubscribe"]).strip("<>")
    path = link.removeprefix("https://questions.example.org")
    assert "“" + article.title in client.get(path).text
    assert queries.how_often([address.id], Thing.ARTICLE, article.id) is Often.AT_ONCE
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert queries.all_of([address.id]) == []
    assert "No more of these mails" in client.post(path).text, "and a second click says so too"


def test_one_click_in_a_mail_about_several_things_ends_all_of_them(
    app: Flask, client: Browser, mails: MailServer, pass_time: Pass
) -> None:
    first, second = make_article(), make_article()
    for article in (first, second):
        address = follows(article)
        say(article, f"What of {article.title}?", email=f"r{article.id}@example.org")
    pass_time()
    (mail,) = mails.to(BO)
    path = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("https://questions.example.org")
    client.post(path)
    assert queries.all_of([address.id]) == []


def test_a_mail_leads_to_the_page_with_all_that_is_followed(
    app: Flask, client: Browser, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article("Clicking hips")
    address = follows(article)
    say(article)
    pass_time()
    (mail,) = mails.to(BO)
    path = link_below(mail, "/following/").removeprefix("https://questions.example.org")
    assert path in html_of(mail)
    assert "Clicking hips" in client.get(path).text
    client.submit(path, end=f"article-{article.id}")
    assert queries.all_of([address.id]) == []
    assert "You follow nothing at the moment." in client.get(path).text
    assert client.get(path[:-2]).status_code == 404


def test_what_was_told_is_forgotten_with_the_mails_themselves(
    app: Flask, pass_time: Pass, clock: Traveller
) -> None:
    article = make_article()
    follows(article)
    say(article)
    pass_time()
    assert len(db.session.scalars(select(FollowerTold)).all()) == 1
    clock.shift(KEPT + timedelta(days=2))
    telling.forget(Job(kind=telling.FORGETTING, payload={}))
    assert db.session.scalars(select(FollowerTold)).all() == []


def test_nobody_follows_more_than_can_be_overlooked(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    first, second = make_article(), make_article()
    follows(first)
    follows(first, often=Often.WEEKLY)
    with pytest.raises(FollowsTooMuch):
        follows(second)
