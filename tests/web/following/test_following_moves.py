"""What somebody follows when their address changes, and under many clicks at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.events import AccountMoved
from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.infra.db import db
from app.infra.events import record
from app.infra.unit_of_work import unit_of_work
from app.notifications import services as mail
from app.notifications.following import queries, services
from app.notifications.following.states import Often, Thing
from app.notifications.models import Follow
from app.notifications.queries import refused_by
from app.notifications.states import Topic
from tests.factories import make_account, make_address, make_article
from tests.notifications.steps import ask
from tests.security.test_races import at_once, copies, posting, statuses
from tests.support.client import Browser
from tests.support.smtp import MailServer, text_of

OLD, NEW = "anna@example.com", "anna@example.org"
As = Callable[[Account], Browser]
Deliver = Callable[[], int]


def link_to(mails: MailServer, to: str) -> str:
    """The path of the link about an address in the newest mail to this one."""
    found = re.search(r"https?://[^/\s]+(/account/address/\S+)", text_of(mails.to(to)[-1]))
    assert found is not None
    return found[1]


def followed_by(account_id: int) -> list[str]:
    account = db.session.get_one(Account, account_id, populate_existing=True)
    return [one.name for one in queries.all_of([account.address_id])]


def test_what_is_followed_goes_along_to_another_address_and_comes_back_with_the_old_one(
    app: Flask, as_: As, mails: MailServer, deliver: Deliver
) -> None:
    anna, article = make_account(email=OLD), make_article()
    browser, name = as_(anna), f"article-{article.id}"
    browser.submit(f"/follow/{name}", often="daily")
    browser.submit("/account/address", email=NEW)
    deliver()
    browser.submit(link_to(mails, NEW))
    deliver()
    assert followed_by(anna.id) == [name]
    assert [row.often for row in db.session.scalars(select(Follow))] == ["daily"]
    browser.submit(link_to(mails, OLD))
    assert followed_by(anna.id) == [name]


def test_a_mail_that_waits_goes_to_the_new_address(
    app: Flask,
    as_: As,
    mails: MailServer,
    deliver: Deliver,
    clock: time_machine.Traveller,
) -> None:
    anna, article = make_account(email=OLD), make_article()
    browser, author = as_(anna), article.author
    browser.submit(f"/follow/article-{article.id}", often="daily")
    said = ask(article, "It is a tendon. Let it be for now.", account=author, kind=None)
    assert db.session.get_one(Comment, said.id).is_published
    deliver()
    clock.shift(timedelta(minutes=1))
    browser.submit("/account/address", email=NEW)
    deliver()
    browser.submit(link_to(mails, NEW))
    ask(article, "Walk on it, slowly at first.", account=author, kind=None)
    deliver()
    clock.shift(timedelta(minutes=1))
    deliver()
    clock.shift(timedelta(days=1))
    deliver()
    assert "It is a tendon." in text_of(mails.to(NEW)[-1])
    assert "Walk on it" in text_of(mails.to(NEW)[-1])
    assert "It is a tendon." not in "".join(map(text_of, mails.to(OLD)))


def test_a_mail_that_could_not_be_sent_goes_to_the_new_address(
    app: Flask, as_: As, mails: MailServer, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    anna, article = make_account(email=OLD), make_article()
    as_(anna).submit(f"/follow/article-{article.id}", often="at-once")
    ask(article, "It is a tendon. Let it be for now.", account=article.author, kind=None)
    ids = anna.address_id, make_address(NEW, proven=True).id
    mails.answers.append("452 the mailbox is full")
    for _ in range(3):
        deliver()
        clock.shift(timedelta(minutes=2))
    assert mails.recipients == [OLD]
    with unit_of_work():
        account = db.session.get_one(Account, anna.id)
        account.address_id = ids[1]
        record(AccountMoved(*ids))
    for _ in range(2):
        deliver()
        clock.shift(timedelta(minutes=2))
    assert "It is a tendon." in text_of(mails.to(NEW)[-1])
    assert mails.recipients == [OLD, NEW]


def test_what_both_addresses_follow_is_followed_once_as_the_new_one_did(app: Flask) -> None:
    old, new, article = make_account(), make_account(), make_article()
    ids = old.address_id, new.address_id
    with unit_of_work():
        services.follow(ids[0], Thing.ARTICLE, article.id, Often.AT_ONCE)
        services.follow(ids[1], Thing.ARTICLE, article.id, Often.WEEKLY)
        services.move(*ids)
    rows = db.session.scalars(select(Follow)).all()
    assert [(row.address_id, row.often) for row in rows] == [(ids[1], "weekly")]


def test_what_one_refuses_goes_along_to_another_address_and_comes_back_with_the_old_one(
    app: Flask,
) -> None:
    account, new = make_account(), make_address()
    old = account.address
    with unit_of_work():
        account.address = new
        mail.unsubscribe(old.id, Topic.REPLIES)
        mail.unsubscribe(old.id, Topic.DESK)
        mail.unsubscribe(new.id, Topic.DESK)
        record(AccountMoved(old.id, new.id))
    assert (refused_by(old.id), refused_by(new.id)) == (set(), {"replies", "desk"})
    with unit_of_work():
        account.address = old
        record(AccountMoved(new.id, old.id))
    assert (refused_by(old.id), refused_by(new.id)) == ({"replies", "desk"}, set())


def test_s18_twenty_clicks_at_once_follow_once(as_: As) -> None:
    article, account = make_article(), make_account()
    browsers = copies(as_(account), 20)
    answers = at_once(
        [posting(one, f"/follow/article-{article.id}", often="daily") for one in browsers]
    )
    assert set(statuses(answers)) <= {303, 503}
    assert len(db.session.scalars(select(Follow)).all()) == 1
