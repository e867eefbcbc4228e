"""The browsers that somebody is signed in with, and the mail about a new one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domains.accounts import mailed_links, sessions
from app.domains.accounts.models import Account, LoginSession
from app.domains.moderation import upkeep
from app.infra import clock as clocks
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import PASSWORD, make_account
from tests.support.client import Browser
from tests.support.smtp import MailServer, text_of

GOOD = "eleven patient otters in a row"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
Enter = Callable[[Account], Browser]
Deliver = Callable[[], int]


def browse(app: Flask, agent: str = FIREFOX) -> Browser:
    """A browser that nobody has used yet."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.environ_base["HTTP_USER_AGENT"] = agent
    browser.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    return browser


def sign_in(app: Flask, agent: str = FIREFOX, browser: Browser | None = None) -> Browser:
    browser = browser or browse(app, agent)
    answer = browser.submit("/sign-in", email="anna@example.com", password=PASSWORD)
    assert answer.status_code == 302
    return browser


@pytest.fixture
def anna(app: Flask) -> Account:
    return make_account(email="anna@example.com", username="anna")


def newest() -> LoginSession:
    return db.session.scalars(select(LoginSession).order_by(LoginSession.id.desc())).first()  # type: ignore[return-value]


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200


def not_me(mails: MailServer) -> str:
    found = re.search(r"https?://[^/\s]+(/account/not-me/\S+)", text_of(mails.messages[-1]))
    assert found is not None
    return found[1]


def test_a_session_is_known_by_browser_system_and_network(app: Flask, anna: Account) -> None:
    page = sign_in(app).get("/account/sessions")
    assert "Firefox on Windows" in page.text
    assert "203.0.113.0/24" in page.text
    assert "203.0.113.77" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_v14_the_full_address_of_a_machine_is_not_kept(app: Flask, anna: Account) -> None:
    sign_in(app)
    assert newest().network == "203.0.113.0/24"


def test_the_browser_in_use_is_marked_and_others_can_be_ended(app: Flask, anna: Account) -> None:
    there, here = sign_in(app), sign_in(app, PHONE)
    page = here.get("/account/sessions").text
    assert page.count("This is the browser you are using now.") == 1
    first = db.session.scalars(select(LoginSession.id).order_by(LoginSession.id)).first()
    assert here.submit(f"/account/sessions/{first}/end").status_code == 303
    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_a_session_that_ended_meanwhile_is_said_to_be_over(app: Flask, anna: Account) -> None:
    answer = sign_in(app).submit("/account/sessions/2147483647/end")
    assert answer.status_code == 404
    assert "signed out already" in answer.text


def test_signing_out_here_from_the_list_leaves(app: Flask, anna: Account) -> None:
    here = sign_in(app)
    assert here.submit(f"/account/sessions/{newest().id}/end").headers["Location"] == "/"
    assert not is_signed_in(here)


def test_p02_nobody_ends_or_sees_the_session_of_another(
    app: Flask, anna: Account, as_: Enter
) -> None:
    theirs = sign_in(app)
    session_id = newest().id
    other = as_(make_account())
    assert other.submit(f"/account/sessions/{session_id}/end").status_code == 404
    assert "203.0.113.0" not in other.get("/account/sessions").text
    assert is_signed_in(theirs)


def test_everywhere_else_is_ended_at_once(app: Flask, anna: Account) -> None:
    there, here = sign_in(app), sign_in(app, PHONE)
    here.submit("/account/sessions/end")
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert "You are signed in nowhere else." in here.get("/account/sessions").text


def test_the_last_visit_is_known_to_the_hour(
    app: Flask, anna: Account, clock: time_machine.Traveller
) -> None:
    here = sign_in(app)
    begun = newest().seen_at
    clock.shift(1800)
    here.get("/account/")
    assert newest().seen_at == begun
    clock.shift(1900)
    here.get("/account/")
    db.session.expire_all()
    assert newest().seen_at == clocks.now()


def test_what_a_session_came_from_is_gone_a_day_after_its_end(
    app: Flask, anna: Account, clock: time_machine.Traveller
) -> None:
    sign_in(app)
    clock.shift(sessions.LONGEST_SESSION.total_seconds() + 1)
    assert upkeep.forget_old()["sessions"] == 1
    assert db.session.scalars(select(LoginSession)).all() == []


def test_a_link_of_an_account_is_forgotten_a_month_after_its_end(
    app: Flask, anna: Account, clock: time_machine.Traveller
) -> None:
    with unit_of_work():
        mailed_links.make(mailed_links.NOT_ME, db.session.get_one(Account, anna.id))
    clock.shift(30 * 24 * 3600)
    assert upkeep.forget_old()["links of accounts"] == 0
    clock.shift(7 * 24 * 3600 + 1)
    assert upkeep.forget_old()["links of accounts"] == 1


def test_the_first_browser_is_no_news_and_the_second_is_mailed(
    app: Flask, anna: Account, mails: MailServer, deliver: Deliver
) -> None:
    sign_in(app)
    deliver()
    assert mails.messages == []
    sign_in(app, PHONE)
    deliver()
    (mail,) = mails.to("anna@example.com")
    assert "new browser" in str(mail["Subject"])
    assert "Browser: Safari" in text_of(mail)
    assert "System: iPhone" in text_of(mail)


def test_a_known_browser_is_not_mailed_again_after_signing_out(
    app: Flask, anna: Account, mails: MailServer, deliver: Deliver
) -> None:
    here = sign_in(app)
    here.submit("/sign-out")
    sign_in(app, browser=here)
    deliver()
    assert mails.messages == []


def test_a_browser_known_to_one_account_is_new_to_another(
    app: Flask, anna: Account, mails: MailServer, deliver: Deliver
) -> None:
    sign_in(app)
    shared = browse(app)
    make_account(email="bo@example.com")
    shared.submit("/sign-in", email="bo@example.com", password=PASSWORD)
    shared.submit("/sign-out")
    sign_in(app, browser=shared)
    shared.submit("/sign-out")
    shared.submit("/sign-in", email="bo@example.com", password=PASSWORD)
    deliver()
    assert [str(mail["To"]) for mail in mails.messages] == ["anna@example.com"]


@pytest.mark.parametrize("value", ["x", "a.b!c.d", "!" * 3000, "." * 400])
def test_p11_a_made_up_mark_makes_no_browser_known(
    app: Flask, anna: Account, mails: MailServer, deliver: Deliver, value: str
) -> None:
    sign_in(app)
    browser = browse(app)
    browser.set_cookie("threshold-browser", value)
    sign_in(app, browser=browser)
    deliver()
    assert len(mails.messages) == 1


def test_a_thief_who_signs_out_at_once_is_told_of_all_the_same(
    app: Flask, anna: Account, mails: MailServer, deliver: Deliver
) -> None:
    sign_in(app)
    sign_in(app, PHONE).submit("/sign-out")
    deliver()
    assert len(mails.messages) == 1


def test_s15_who_signed_up_with_a_strangers_address_mails_them_nothing_so(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email="anna@example.com", proven=False)
    for _ in range(3):
        sign_in(app)
    deliver()
    assert mails.messages == []


def test_a03_the_link_ends_every_session_and_the_password(
    app: Flask, anna: Account, mails: MailServer, deliver: Deliver
) -> None:
    owner = sign_in(app)
    thief = sign_in(app, PHONE)
    deliver()
    reader = browse(app)
    path = not_me(mails)
    assert reader.get(path).status_code == 200
    assert is_signed_in(thief)  # looking changes nothing: mail scanners follow links
    assert reader.submit(path).headers["Location"] == "/account/not-me"
    assert "second step" not in reader.get("/account/not-me").text
    assert not is_signed_in(thief)
    assert not is_signed_in(owner)
    again = browse(app, PHONE).submit("/sign-in", email="anna@example.com", password=PASSWORD)
    assert again.status_code == 422
    deliver()
    found = re.search(r"(/reset-password/\S+)", text_of(mails.to("anna@example.com")[-1]))
    assert found is not None
    assert reader.submit(found[1], password=GOOD).headers["Location"] == "/sign-in"


def test_a11_that_link_works_once_and_for_a_week(
    app: Flask,
    anna: Account,
    mails: MailServer,
    deliver: Deliver,
    clock: time_machine.Traveller,
) -> None:
    sign_in(app)
    sign_in(app, PHONE)
    sign_in(app)
    deliver()
    path = not_me(mails)
    assert browse(app).submit(path).status_code == 303
    assert browse(app).submit(path).status_code == 410
    other = re.search(r"(/account/not-me/\S+)", text_of(mails.messages[0]))
    assert other is not None
    clock.shift(7 * 24 * 3600)
    assert browse(app).get(other[1]).status_code == 410


def test_a_thief_who_changes_the_password_does_not_end_that_link(
    app: Flask, anna: Account, mails: MailServer, deliver: Deliver
) -> None:
    sign_in(app)
    thief = sign_in(app, PHONE)
    deliver()
    path = not_me(mails)
    thief.submit("/account/password", current=PASSWORD, password=GOOD)
    assert browse(app).submit(path).status_code == 303
    assert not is_signed_in(thief)


def test_changing_the_password_here_is_no_news_but_makes_other_browsers_new(
    app: Flask, anna: Account, mails: MailServer, deliver: Deliver
) -> None:
    there, here = sign_in(app), sign_in(app)
    deliver()
    before = len(mails.messages)
    here.submit("/account/password", current=PASSWORD, password=GOOD)
    deliver()
    assert len(mails.messages) == before + 1  # of the password
    there.submit("/sign-in", email="anna@example.com", password=GOOD)
    deliver()
    assert "new browser" in str(mails.messages[-1]["Subject"])


def test_a02_the_mark_of_a_browser_is_for_the_server_alone(app: Flask, anna: Account) -> None:
    answer = browse(app).submit("/sign-in", email="anna", password=PASSWORD)
    (cookie,) = [
        one for one in answer.headers.getlist("Set-Cookie") if one.startswith("threshold-browser")
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_browser_in_use_is_told_by_the_hour_as_it_is_written_down(
    client: Browser, as_: Enter, clock: time_machine.Traveller
) -> None:
    account = make_account()
    here = as_(account)
    client.submit("/sign-in", email=account.username, password=PASSWORD)
    assert "Used within the last hour." in here.get("/account/sessions").text
    clock.shift(timedelta(hours=3))
    assert "Last used" in here.get("/account/sessions").text
