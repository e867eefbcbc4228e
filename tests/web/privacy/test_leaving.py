"""Having everything of one's own erased: asked for, taken back, and gone from every page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from app.domains.accounts import mailed_links
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments import me_too
from app.infra import clock as now
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import rebuild
from app.web.accounts.session import PROVEN
from tests.factories import (
    PASSWORD,
    make_account,
    make_address,
    make_answer,
    make_card,
    make_comment,
    make_link,
    make_question,
)
from tests.support.client import Browser
from tests.support.smtp import MailServer, text_of

As = Callable[[Account], Browser]
PAGE = "/account/erase"
NAME, EMAIL = "Zebedee Quillfeather", "zebedee@quill.example"


def link_in(mails: MailServer) -> str:
    (mail,) = mails.to(EMAIL)
    found = re.search(r"http://localhost(/stay/\S+)", text_of(mail))
    assert found is not None
    return found[1]


def test_an_account_that_is_to_be_erased_can_only_take_that_back(
    as_: As, client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    account = make_account(name=NAME, email=EMAIL)
    browser = as_(account)
    assert browser.submit(PAGE).status_code == 303
    deliver()
    link = link_in(mails)
    assert "Keep everything" in browser.get(PAGE).text
    assert browser.get("/account/").location == PAGE
    assert browser.submit("/account/", name="Other", bio="").status_code == 401
    entered = client.submit("/sign-in", email=EMAIL, password=PASSWORD, next="/account/sessions")
    assert entered.location == PAGE

    assert client.get(link.replace(link[-5:], "00000")).status_code == 410
    assert "Press the button" in client.get(link).text
    assert client.get("/account/").location == PAGE
    assert client.submit(link).status_code == 303
    assert client.get("/account/").status_code == 200
    with time_machine.travel(now.now() + timedelta(hours=25)):
        deliver()
    assert db.session.get_one(Account, account.id).name == NAME

    browser.submit(PAGE)
    assert browser.submit(f"{PAGE}/stay").status_code == 303
    assert browser.get("/account/").status_code == 200


def test_the_page_says_when_it_happens_while_a_former_address_may_be_taken_back(as_: As) -> None:
    account = make_account()
    browser = as_(account)
    assert "a day after you ask" in browser.get(PAGE).text
    with unit_of_work():
        mailed_links.make(mailed_links.OLD_ADDRESS, account, account.address)
    page = browser.get(PAGE).text
    assert "Your address was changed lately." in page
    assert "a day after you ask" not in page


def test_staff_are_told_what_to_do_first(as_: As) -> None:
    answer = as_(make_account(Role.MODERATOR)).submit(PAGE)
    assert (answer.status_code, "Ask an admin to end that first" in answer.text) == (409, True)


def test_v16_the_name_and_the_address_are_gone_from_every_surface(
    as_: As, client: Browser, deliver: Callable[[], int]
) -> None:
    writer = make_account(name=NAME, email=EMAIL)
    question = make_question("Why does my quokka hip click?", account=writer)
    article = question.article
    make_answer(question)
    reply = make_comment("It is the same for me.", parent=question)
    make_comment("A reply of mine.", parent=reply, account=writer)
    make_link(make_card(), question)
    other = make_question("Something else?", article=article)
    with unit_of_work():
        someone = me_too.Person(db.session.merge(writer), frozenset({writer.address_id}))
        me_too.say(db.session.merge(other), someone)
    rebuild.reindex_all()
    moderator = as_(make_account(Role.MODERATOR))
    surfaces = [
        *("/", "/questions/", "/search?q=quokka", "/sitemap.xml", "/feed.atom", question.href),
        *(article.href, f"{article.href}/feed.atom", f"/comments/{reply.id}/reply", other.href),
    ]
    desk = ["/moderation/", "/moderation/log", "/moderation/people", f"/moderation/{question.id}"]
    assert any(NAME in client.get(path).text for path in surfaces)
    as_(writer).submit(PAGE)
    with time_machine.travel(now.now() + timedelta(hours=25)):
        while deliver():
            pass
        for browser, paths in ((client, surfaces), (moderator, desk)):
            for path in paths:
                said = browser.get(path).text
                assert NAME not in said, path
                assert EMAIL not in said, path
        assert "a reader" in client.get(question.href).text
        client.set_cookie("threshold-looks", "de.")
        assert '<bdi class="name">jemand</bdi>' in client.get(question.href).text
        assert writer.username not in client.get(article.href).text


def test_a_guest_is_erased_from_the_browser_that_proved_the_address(
    app: Flask, client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    address = make_address(EMAIL, proven=True)
    question = make_question(address=address, name=NAME, by_proven=True)
    page = f"/your-data/{address.id}/erase"
    assert client.get(page).status_code == 404
    with client.session_transaction() as stored:
        stored[PROVEN] = [address.id]
    assert f"/your-data/{address.id}" in client.get("/your-questions").text
    assert client.submit(page).status_code == 303
    deliver()
    assert "is erased on" in client.get(page).text
    assert app.test_client().get(link_in(mails)).status_code == 200
    with time_machine.travel(now.now() + timedelta(hours=25)):
        while deliver():
            pass
    db.session.expire_all()
    assert (question.author_name, question.address_id) == ("a reader", None)
    assert NAME not in client.get(question.href).text
    assert "to take along" not in client.get("/your-questions").text


def test_an_admin_does_it_for_who_wished_so_in_writing_and_no_moderator(
    as_: As, mails: MailServer, deliver: Callable[[], int]
) -> None:
    account, admin = make_account(name=NAME, email=EMAIL), make_account(Role.ADMIN)
    desk, page = as_(admin), f"/moderation/people/account/{account.id}"
    assert as_(make_account(Role.MODERATOR)).submit(f"{page}/erase").status_code == 403
    assert desk.submit(f"/moderation/people/account/{admin.id}/erase").status_code == 409
    assert "Erase everything of theirs" in desk.get(page).text
    typed = make_question("Whose?").address_id
    assert "leaves the name" in desk.get(f"/moderation/people/address/{typed}").text
    assert "leaves the name" not in desk.get(page).text
    assert desk.submit(f"{page}/erase").status_code == 303
    assert desk.submit(f"{page}/erase").status_code == 409
    deliver()
    assert link_in(mails)
    assert "is erased on" in desk.get(page).text
    assert desk.submit(f"{page}/keep").status_code == 303
    done = select(AuditEntry.act, AuditEntry.actor_id).order_by(AuditEntry.id)
    acts = db.session.execute(done).all()
    assert [*map(tuple, acts)] == [("ask to erase", admin.id), ("keep from erasing", admin.id)]
    assert "Erase everything of theirs" in desk.get(page).text
