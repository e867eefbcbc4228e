"""What guests wrote comes to whoever proves the address, and to nobody who only types it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts import services as accounts
from app.domains.accounts.events import AccountConfirmed
from app.domains.accounts.models import Account, Address
from app.domains.comments import private_links
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import record
from app.infra.unit_of_work import unit_of_work
from app.notifications.recipients import writer_of
from tests.factories import (
    PASSWORD,
    make_account,
    make_address,
    make_article,
    make_comment,
    make_question,
)
from tests.support.client import Browser

As = Callable[[Account], Browser]
YOURS = "/your-questions"
EMAIL = "anna@example.com"


def another(app: Flask) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


def ask(browser: Browser, body: str, **fields: str) -> Comment:
    article = make_article()
    guest = {"name": "Anna", "email": EMAIL, "kind": "", **fields}
    assert browser.submit(f"/articles/{article.slug}/ask", body=body, **guest).status_code == 303
    return db.session.scalars(select(Comment).where(Comment.article_id == article.id)).one()


def prove(browser: Browser, email: str = EMAIL) -> str | None:
    address = db.session.scalars(select(Address).where(Address.email == email)).one()
    path = f"/prove/{address.id}/{accounts.proof_key(address)}"
    answer = browser.submit(path)
    assert answer.status_code == 303
    return answer.location


def fresh(comment: Comment) -> Comment:
    return db.session.get_one(Comment, comment.id, populate_existing=True)


def sign_in(browser: Browser, login: str) -> None:
    assert browser.submit("/sign-in", email=login, password=PASSWORD).status_code == 302


def test_a_guest_who_proves_the_address_comes_to_what_they_asked(client: Browser) -> None:
    question = ask(client, "Why does my left hip click?")
    assert prove(client) == YOURS
    page = client.get(YOURS)
    assert "Why does my left hip click?" in page.text
    assert f"/asked/{question.id}/{private_links.key_of(question)}" in page.text
    assert "Are these yours too?" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_what_is_asked_after_the_proof_stands_there_too(client: Browser) -> None:
    ask(client, "Why does my left hip click?")
    prove(client)
    ask(client, "And what does my right knee do?")
    assert "And what does my right knee do?" in client.get(YOURS).text


def test_v09_p02_typing_an_address_shows_nothing_of_its_owners(app: Flask, client: Browser) -> None:
    question = ask(client, "Why does my left hip click?")
    prove(client)
    stranger = another(app)
    ask(stranger, "Something else entirely, about shoes.")
    page = stranger.get(YOURS).text
    assert "No address is confirmed in this browser yet." in page
    assert "hip" not in page
    assert private_links.key_of(question) not in page


def test_p02_what_a_stranger_typed_with_an_address_is_not_its_owners_by_itself(
    app: Flask, client: Browser
) -> None:
    planted = ask(another(app), "I sell shoes, cheap and good.")
    ask(client, "Why does my left hip click?")
    prove(client)
    page = client.get(YOURS).text
    assert page.index("Why does my left hip click?") < page.index("Are these yours too?")
    assert page.index("Are these yours too?") < page.index("I sell shoes")
    assert not fresh(planted).by_proven


def test_its_owner_says_which_are_theirs(app: Flask, client: Browser) -> None:
    on_the_phone = ask(another(app), "Which shoes do you wear?")
    ask(client, "Why does my left hip click?")
    prove(client)
    assert client.submit(YOURS, text=str(on_the_phone.id)).status_code == 303
    page = client.get(YOURS).text
    assert "Which shoes do you wear?" in page
    assert "Are these yours too?" not in page
    assert fresh(on_the_phone).by_proven


def test_p02_nobody_claims_a_text_sent_with_an_address_they_did_not_prove(
    app: Flask, client: Browser, as_: As
) -> None:
    theirs = make_comment(address=make_address("bo@example.com", proven=True), by_proven=True)
    typed = make_comment(address=make_address("unproven@example.com"))
    ask(client, "Why does my left hip click?")
    prove(client)
    unproven = make_account(email="carl@example.com", proven=False)
    carls = make_comment(address=unproven.address)
    for browser, text in [
        (client, theirs),
        (client, typed),
        (another(app), typed),
        (as_(make_account()), theirs),
        (as_(unproven), carls),
    ]:
        assert browser.submit(YOURS, text=str(text.id)).status_code == 403
    assert {fresh(one).account_id for one in (theirs, typed, carls)} == {None}
    assert [fresh(one).by_proven for one in (theirs, typed, carls)] == [True, False, False]


def test_p02_a_members_own_texts_are_claimed_by_nobody_else(client: Browser) -> None:
    member = make_account(email=EMAIL)
    text = make_comment(account=member)
    prove(client)
    assert client.submit(YOURS, text=str(text.id)).status_code == 403
    assert fresh(text).account_id == member.id


def test_an_account_made_later_claims_it_all(client: Browser) -> None:
    question = ask(client, "Why does my left hip click?")
    prove(client)
    account = make_account(email="late@example.com", proven=False)
    account.address = db.session.scalars(select(Address).where(Address.email == EMAIL)).one()
    db.session.commit()
    sign_in(client, account.username)
    assert fresh(question).account_id == account.id
    assert fresh(question).author_name == "Anna"
    assert "Why does my left hip click?" in client.get("/account/questions").text
    assert client.get(YOURS).location == "/account/questions"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "claim")).one()
    assert (entry.subject_id, entry.detail) == (account.id, {"texts": 1})


def test_what_was_sent_from_the_browser_in_which_its_account_signs_in_is_known(
    client: Browser,
) -> None:
    account = make_account(email=EMAIL)
    question = ask(client, "Why does my left hip click?")
    sign_in(client, account.username)
    assert fresh(question).by_proven
    assert "Why does my left hip click?" in client.get("/account/questions").text


def test_a18_signing_in_to_an_account_that_is_not_proven_says_nothing_of_texts(
    client: Browser,
) -> None:
    account = make_account(email=EMAIL, proven=False)
    question = ask(client, "Why does my left hip click?")
    sign_in(client, account.username)
    assert not fresh(question).by_proven


def test_a18_an_account_that_only_claims_its_address_gets_nothing(as_: As) -> None:
    stranger = make_account(email=EMAIL, proven=False)
    make_question("Why does my left hip click?", address=stranger.address, by_proven=True)
    page = as_(stranger).get("/account/questions").text
    assert "hip" not in page
    assert "Are these yours too?" not in page


def test_an_account_claims_what_was_written_signed_out(as_: As) -> None:
    account = make_account(email=EMAIL)
    text = make_comment(address=account.address, by_proven=True)
    browser = as_(account)
    assert "Are these yours too?" in browser.get("/account/questions").text
    assert browser.submit(YOURS, text=str(text.id)).location == "/account/questions"
    assert fresh(text).account_id == account.id


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.DELETED])
def test_nobody_is_asked_about_what_is_over(as_: As, status: Status) -> None:
    account = make_account(email=EMAIL)
    make_comment(address=account.address, status=status)
    assert "Are these yours too?" not in as_(account).get("/account/questions").text


@pytest.mark.parametrize("ticked", ["", "0", "-1", "\u0661", "9" * 40])
def test_p11_nothing_that_could_be_ticked_changes_nothing(client: Browser, ticked: str) -> None:
    ask(client, "Why does my left hip click?")
    prove(client)
    assert client.submit(YOURS, text=ticked).status_code in (303, 403)


def test_what_is_not_theirs_is_answered_once_and_claimed_by_nobody(
    app: Flask, client: Browser
) -> None:
    typed = ask(another(app), "I sell shoes, cheap and good.")
    ask(client, "Why does my left hip click?")
    prove(client)
    assert client.submit(f"{YOURS}/not-mine", text=str(typed.id)).status_code == 303
    page = client.get(YOURS).text
    assert "I sell shoes" not in page
    assert "Are these yours too?" not in page
    assert client.submit(YOURS, text=str(typed.id)).status_code == 403
    assert (fresh(typed).by_proven, fresh(typed).account_id) == (False, None)
    assert writer_of(fresh(typed)) is None, "nothing about it is mailed to them"


def test_an_account_gets_nothing_that_its_owner_said_somebody_else_wrote(as_: As) -> None:
    account = make_account(email=EMAIL)
    text = make_comment(address=account.address, by_proven=True)
    browser = as_(account)
    browser.submit(f"{YOURS}/not-mine", text=str(text.id))
    with unit_of_work():
        record(AccountConfirmed(account.id))
    assert fresh(text).account_id is None
    assert "Are these yours too?" not in browser.get("/account/questions").text


def test_p02_nobody_disowns_a_text_sent_with_an_address_they_did_not_prove(
    client: Browser, as_: As
) -> None:
    theirs = make_comment(address=make_address("bo@example.com", proven=True), by_proven=True)
    ask(client, "Why does my left hip click?")
    prove(client)
    for browser in (client, as_(make_account())):
        answer = browser.submit(f"{YOURS}/not-mine", text=str(theirs.id))
        assert answer.status_code == 403
    assert fresh(theirs).disowned_at is None
