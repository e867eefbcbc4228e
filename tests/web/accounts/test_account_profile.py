"""One's own page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.infra.db import db
from tests.factories import PASSWORD, make_account
from tests.support.client import Browser
from tests.support.queries import Counted

GOOD = "eleven patient otters in a row"
Enter = Callable[[Account], Browser]


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200


def test_p01_guests_are_asked_to_sign_in_and_change_nothing(client: Browser) -> None:
    for path in ("/account/", "/account/password"):
        assert client.get(path).headers["Location"] == f"/sign-in?next={path}"
    for path in ("/account/", "/account/password", "/account/sessions/end", "/account/prove"):
        assert client.submit(path, name="x").status_code == 401


def test_a_person_changes_their_name(as_: Enter) -> None:
    browser = as_(make_account(name="Anna"))
    assert browser.submit("/account/", name=" Anna \u200bBerg ", bio="").status_code == 303
    assert "Anna Berg" in browser.get("/account/").text


def test_u01_nobody_becomes_the_author_by_name(as_: Enter) -> None:
    make_account("author", name="Marta Lind")
    reader = make_account(name="Anna")
    answer = as_(reader).submit("/account/", name="Marta L\u0131nd")
    assert answer.status_code == 422
    assert "looks too much like" in answer.text
    assert db.session.scalars(select(Account.name).where(Account.id == reader.id)).one() == "Anna"


def test_the_fourth_change_of_name_in_a_month_is_refused_in_words(as_: Enter) -> None:
    browser = as_(make_account(name="Anna"))
    for name in ("Berta", "Clara", "Dora"):
        assert browser.submit("/account/", name=name, bio="").status_code == 303
    answer = browser.submit("/account/", name="Emma", bio="")
    assert answer.status_code == 429
    assert "several times this month" in answer.text


def test_p03_a_reader_has_no_bio_and_gets_no_role(as_: Enter) -> None:
    reader = make_account(name="Anna")
    as_(reader).submit("/account/", name="Anna", bio="Buy", role="admin", username="x", id="1")
    db.session.refresh(reader)
    assert (reader.bio, reader.role, reader.username != "x") == ("", "reader", True)


def test_an_author_has_a_bio(as_: Enter) -> None:
    author = make_account("author", name="Marta")
    browser = as_(author)
    browser.submit("/account/", name="Marta", bio="Coach.")
    assert "Coach." in browser.get("/account/").text
    assert browser.submit("/account/", name="Marta", bio="x" * 2001).status_code == 422


def test_a03_a_new_password_signs_every_other_browser_out(as_: Enter) -> None:
    account = make_account()
    here, there = as_(account), as_(account)
    with here.session_transaction() as stored:
        before = stored["_user_id"]
    answer = here.submit("/account/password", current=PASSWORD, password=GOOD)
    assert answer.status_code == 303
    assert is_signed_in(here)
    assert not is_signed_in(there)
    with here.session_transaction() as stored:
        assert stored["_user_id"] != before


def test_a_new_password_needs_the_old_one(as_: Enter) -> None:
    account = make_account()
    browser = as_(account)
    answer = browser.submit("/account/password", current="not this one", password=GOOD)
    assert answer.status_code == 422
    assert "That is not your password" in answer.text
    again = browser.submit("/sign-in", email=account.username, password=PASSWORD)
    assert again.status_code == 302


def test_a05_guessing_the_old_password_is_limited_as_signing_in_is(as_: Enter) -> None:
    browser = as_(make_account())
    for _ in range(10):
        browser.submit("/account/password", current="not this one", password=GOOD)
    answer = browser.submit("/account/password", current=PASSWORD, password=GOOD)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a09_a_new_password_is_judged_with_what_is_known_of_the_person(as_: Enter) -> None:
    browser = as_(make_account(name="Anna Bergström"))
    answer = browser.submit("/account/password", current=PASSWORD, password="Bergström1985")
    assert answer.status_code == 422


def test_a03_other_browsers_are_signed_out_at_ones_word(as_: Enter) -> None:
    account = make_account()
    here, there, somebody = as_(account), as_(account), as_(make_account())
    assert "Sign out everywhere else" in here.get("/account/sessions").text
    here.submit("/account/sessions/end")
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert is_signed_in(somebody)


def test_the_page_takes_as_many_queries_for_one_browser_as_for_many(
    as_: Enter, count_queries: Callable[[], AbstractContextManager[Counted]]
) -> None:
    account = make_account()
    browser = as_(account)

    def cost() -> int:
        with count_queries() as counted:
            browser.get("/account/sessions")
        return counted.total

    alone = cost()
    for _ in range(3):
        as_(account)
    assert cost() == alone


@pytest.mark.one_database
def test_one_can_have_the_link_mailed_again(as_: Enter) -> None:
    browser = as_(make_account(proven=False))
    assert "is not confirmed yet" in browser.get("/account/").text
    assert browser.submit("/account/prove").status_code == 303
