"""Acts that reach far ask who is there, once nobody has shown it for a while."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.domains.accounts import policy, queries
from app.domains.accounts.models import Account
from app.infra.db import db
from tests.factories import PASSWORD, make_account
from tests.support.client import Browser
from tests.support.smtp import MailServer, text_of

OLD = "anna@example.com"
NEW = "anna@example.org"
IDLE = 30 * 60 + 1
Enter = Callable[[Account], Browser]
Deliver = Callable[[], int]


@pytest.fixture
def anna(app: Flask) -> Account:
    return make_account(email=OLD)


def kept(page: str) -> dict[str, str]:
    """The fields that the page carries along."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def is_asked(browser: Browser) -> bool:
    return "Is it you?" in browser.submit("/account/address", email=NEW).text


def test_a_dangerous_act_goes_through_right_after_signing_in(anna: Account, as_: Enter) -> None:
    assert not is_asked(as_(anna))


def test_after_half_an_hour_of_rest_it_is_asked_who_is_there(
    anna: Account, as_: Enter, clock: time_machine.Traveller, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    clock.shift(IDLE)
    answer = here.submit("/account/address", email=NEW)
    assert answer.status_code == 403
    assert answer.headers["Cache-Control"] == "no-store"
    deliver()
    assert mails.messages == []


def test_who_goes_on_reading_is_not_asked_for_twelve_hours(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    here = as_(anna)
    for _ in range(28):
        clock.shift(25 * 60)
        here.get("/account/")
    assert not is_asked(here)
    clock.shift(25 * 60)
    assert is_asked(here)


def test_the_password_lets_the_very_same_form_go_on(
    anna: Account, as_: Enter, clock: time_machine.Traveller, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    clock.shift(IDLE)
    page = here.submit("/account/address", email=NEW).text
    fields = {name: value for name, value in kept(page).items() if name != "csrf_token"}
    assert fields == {"email": NEW}
    answer = here.submit("/account/address", **fields, **{"again-password": PASSWORD})
    assert answer.status_code == 303
    deliver()
    assert len(mails.to(NEW)) == 1
    assert not is_asked(here)


def test_a_wrong_password_does_nothing_and_keeps_the_form(
    anna: Account, as_: Enter, clock: time_machine.Traveller, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    clock.shift(IDLE)
    answer = here.submit("/account/address", email=NEW, **{"again-password": "not this one"})
    assert answer.status_code == 422
    assert "That is not your password." in answer.text
    assert kept(answer.text)["email"] == NEW
    assert "not this one" not in answer.text
    deliver()
    assert mails.messages == []


def test_a05_guesses_are_limited_there_too(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    here = as_(anna)
    clock.shift(IDLE)
    guesses = {"email": NEW, "again-password": "not this one"}
    answers = [here.submit("/account/address", **guesses) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_x04_what_is_carried_along_is_words(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    here = as_(anna)
    clock.shift(IDLE)
    evil = '"><script>alert(1)</script>\r\nsecond line'
    page = here.submit("/account/address", email=evil, **{'"><b>': evil}).text
    assert "<script>alert" not in page
    assert kept(page)["email"] == evil


def test_fields_that_come_twice_are_carried_along_twice(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    here = as_(anna)
    clock.shift(IDLE)
    page = here.submit("/account/address?a=1&b=2", item=["1", "2"]).text
    assert page.count('name="item"') == 2
    assert 'action="/account/address?a=1&amp;b=2"' in page


def test_without_a_password_a_mailed_link_shows_it_and_the_form_goes_on(
    anna: Account, as_: Enter, clock: time_machine.Traveller, mails: MailServer, deliver: Deliver
) -> None:
    anna.password_hash = None
    here = as_(anna)
    clock.shift(IDLE)
    page = here.submit("/account/address", email=NEW)
    assert "again-password" not in page.text
    waiting = here.submit("/account/address", email=NEW, **{"again-link": "yes"})
    token, fields = kept(waiting.text)["csrf_token"], {"email": NEW}
    deliver()
    found = re.search(r"(/sign-in/link/\S+)", text_of(mails.to(OLD)[-1]))
    assert found is not None
    here.submit(found[1])
    answer = here.post("/account/address", data={"csrf_token": token, **fields})
    assert answer.status_code == 303
    deliver()
    assert len(mails.to(NEW)) == 1


def test_a_made_up_password_shows_nothing_where_there_is_none(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    anna.password_hash = None
    here = as_(anna)
    clock.shift(IDLE)
    for password in ("", PASSWORD):
        answer = here.submit("/account/address", email=NEW, **{"again-password": password})
        assert answer.status_code == 403


def test_c01_the_question_comes_after_the_token(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    here = as_(anna)
    clock.shift(IDLE)
    data = {"email": NEW, "again-password": PASSWORD}
    assert here.post("/account/address", data=data).status_code == 400


def test_d08_a_clock_that_goes_back_keeps_no_proof(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    clock.shift(3600)
    here = as_(anna)
    clock.shift(-3600)
    assert is_asked(here)


def test_a_proof_is_of_one_session_and_goes_with_it(
    anna: Account, as_: Enter, client: Browser, clock: time_machine.Traveller
) -> None:
    there = as_(anna)
    clock.shift(IDLE)
    as_(anna)
    assert is_asked(there)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**4), st.integers(1, 10**5))
def test_a_proof_never_outlives_its_rest_or_its_whole_time(
    since_proof: int, since_active: int, idle: int, longest: int
) -> None:
    now = 2_000_000
    holds = policy.is_fresh(
        now - since_proof,
        now - since_active,
        now,
        idle=timedelta(seconds=idle),
        longest=timedelta(seconds=longest),
    )
    assert holds == (since_active <= idle and since_proof <= longest)


def test_the_address_is_what_it_was_while_nobody_answers(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    here = as_(anna)
    clock.shift(IDLE)
    here.submit("/account/address", email=NEW)
    db.session.expire_all()
    assert queries.find_account(OLD) is not None
