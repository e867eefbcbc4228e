"""Another address for an account: proven by its own link, told to the old one, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask

from app.domains.accounts import queries
from app.domains.accounts.models import Account, Address
from app.domains.measures.models import Measure
from app.domains.measures.states import MeasureKind
from app.infra.db import db
from tests.factories import PASSWORD, make_account
from tests.support.client import Browser
from tests.support.smtp import MailServer, text_of

OLD = "anna@example.com"
NEW = "anna@example.org"
GOOD = "eleven patient otters in a row"
Enter = Callable[[Account], Browser]
Deliver = Callable[[], int]


@pytest.fixture
def anna(app: Flask) -> Account:
    return make_account(email=OLD, username="anna")


def link_to(mails: MailServer, to: str) -> str:
    """The path of the link about an address in the newest mail to this one."""
    found = re.search(r"https?://[^/\s]+(/account/address/\S+)", text_of(mails.to(to)[-1]))
    assert found is not None
    return found[1]


def ask(browser: Browser, deliver: Deliver, email: str = NEW) -> None:
    assert browser.submit("/account/address", email=email).status_code == 303
    deliver()


def change(browser: Browser, mails: MailServer, deliver: Deliver, email: str = NEW) -> str:
    """Change the address; the path by which the old one takes it back."""
    ask(browser, deliver, email)
    assert browser.submit(link_to(mails, email)).status_code == 303
    deliver()
    return link_to(mails, OLD)


def address_of(account_id: int) -> str:
    db.session.expire_all()
    return db.session.get_one(Account, account_id).address.email


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200


def test_a13_only_the_link_in_the_new_mailbox_changes_the_address(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    ask(here, deliver)
    assert mails.to(OLD) == []
    path = link_to(mails, NEW)
    assert here.get(path).status_code == 200
    assert address_of(anna.id) == OLD
    assert here.submit(path).status_code == 303
    assert address_of(anna.id) == NEW
    assert here.submit("/sign-out").status_code == 303
    assert here.submit("/sign-in", email=OLD, password=PASSWORD).status_code == 422
    assert here.submit("/sign-in", email=NEW, password=PASSWORD).status_code == 302


def test_a13_the_old_address_is_told_and_the_new_one_proven(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    change(as_(anna), mails, deliver)
    assert "was changed" in str(mails.to(OLD)[-1]["Subject"])
    new = queries.find_account(NEW)
    assert new is not None
    assert new.address.is_proven
    assert new.is_proven


def test_a03_other_sessions_end_with_the_change(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    here, there = as_(anna), as_(anna)
    change(here, mails, deliver)
    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_a_link_opened_in_another_browser_signs_nobody_in_there(
    anna: Account, as_: Enter, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    ask(here, deliver)
    assert client.submit(link_to(mails, NEW)).headers["Location"] == "/sign-in"
    assert not is_signed_in(client)
    assert not is_signed_in(here)
    assert address_of(anna.id) == NEW


def test_a13_the_old_address_takes_it_back_for_a_week(
    anna: Account,
    as_: Enter,
    client: Browser,
    mails: MailServer,
    deliver: Deliver,
    clock: time_machine.Traveller,
) -> None:
    thief = as_(anna)
    back = change(thief, mails, deliver)
    clock.shift(7 * 24 * 3600 - 60)
    assert client.get(back).status_code == 200
    assert address_of(anna.id) == NEW
    assert client.submit(back).status_code == 303
    assert address_of(anna.id) == OLD
    assert not is_signed_in(thief)
    assert client.submit("/sign-in", email=OLD, password=PASSWORD).status_code == 422
    deliver()
    found = re.search(r"(/reset-password/\S+)", text_of(mails.to(OLD)[-1]))
    assert found is not None
    assert client.submit(found[1], password=GOOD).status_code == 303
    assert client.submit("/sign-in", email=OLD, password=GOOD).status_code == 302
    assert client.submit(back).status_code == 410


def test_a11_after_a_week_the_old_address_takes_nothing_back(
    anna: Account,
    as_: Enter,
    client: Browser,
    mails: MailServer,
    deliver: Deliver,
    clock: time_machine.Traveller,
) -> None:
    back = change(as_(anna), mails, deliver)
    clock.shift(7 * 24 * 3600)
    assert client.submit(back).status_code == 410
    assert address_of(anna.id) == NEW


def test_a13_a_thief_with_a_new_password_cannot_keep_the_owner_out(
    anna: Account, as_: Enter, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    thief = as_(anna)
    back = change(thief, mails, deliver)
    thief.submit("/account/password", current=PASSWORD, password=GOOD)
    assert client.submit(back).status_code == 303
    assert address_of(anna.id) == OLD


def test_a13_a_second_change_waits_until_the_first_cannot_be_taken_back(
    anna: Account,
    as_: Enter,
    mails: MailServer,
    deliver: Deliver,
    clock: time_machine.Traveller,
) -> None:
    here = as_(anna)
    change(here, mails, deliver)
    answer = here.submit("/account/address", email="third@example.com")
    assert answer.status_code == 409
    assert "less than a week ago" in answer.text
    clock.shift(7 * 24 * 3600 + 1)
    ask(as_(db.session.get_one(Account, anna.id)), deliver, "third@example.com")
    assert len(mails.to("third@example.com")) == 1


def test_a13_nobody_signs_up_with_an_address_that_may_be_taken_back(
    anna: Account, as_: Enter, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    back = change(as_(anna), mails, deliver)
    fields = {"name": "Bo Ek", "email": OLD, "password": GOOD}
    assert client.submit("/sign-up", **fields).status_code == 303
    assert queries.find_account(OLD) is None
    assert client.submit(back).status_code == 303
    assert address_of(anna.id) == OLD


def test_a11_the_link_works_once_and_for_an_hour(
    anna: Account,
    as_: Enter,
    mails: MailServer,
    deliver: Deliver,
    clock: time_machine.Traveller,
) -> None:
    here = as_(anna)
    ask(here, deliver)
    clock.shift(3600)
    assert here.submit(link_to(mails, NEW)).status_code == 410
    assert address_of(anna.id) == OLD


def test_a11_a_new_password_ends_the_link_to_a_new_address(
    anna: Account, as_: Enter, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    ask(here, deliver)
    here.submit("/account/password", current=PASSWORD, password=GOOD)
    assert client.submit(link_to(mails, NEW)).status_code == 410


def test_a11_of_two_links_the_second_dies_with_the_first_change(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    ask(here, deliver, "one@example.com")
    ask(here, deliver, "two@example.com")
    here.submit(link_to(mails, "one@example.com"))
    assert here.submit(link_to(mails, "two@example.com")).status_code == 410
    assert address_of(anna.id) == "one@example.com"


def test_a07_an_address_that_is_somebodys_is_answered_like_any_other(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    other = make_account(email="bo@example.com")
    here = as_(anna)
    answers = [here.submit("/account/address", email=one) for one in (NEW, "bo@example.com")]
    assert {answer.status_code for answer in answers} == {303}
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    deliver()
    assert [len(mails.to(one)) for one in (NEW, "bo@example.com")] == [1, 1]
    told = text_of(mails.to("bo@example.com")[0])
    assert "nothing was changed" in told
    assert "/account/address/" not in told
    assert address_of(other.id) == "bo@example.com"


def test_an_address_that_became_somebodys_meanwhile_is_not_taken_from_them(
    anna: Account, as_: Enter, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    ask(here, deliver)
    fields = {"name": "Bo Ek", "email": NEW, "password": GOOD}
    assert client.submit("/sign-up", **fields).status_code == 303
    assert here.submit(link_to(mails, NEW)).status_code == 410
    assert address_of(anna.id) == OLD


def test_ones_own_address_is_no_new_one(anna: Account, as_: Enter) -> None:
    answer = as_(anna).submit("/account/address", email="ANNA@EXAMPLE.COM")
    assert answer.status_code == 422
    assert "That is your address already." in answer.text


def test_who_never_proved_the_old_address_does_not_have_it_told(
    app: Flask, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    """It may be a stranger's, who would be handed the account by the link."""
    account = make_account(email=OLD, proven=False)
    here = as_(account)
    ask(here, deliver)
    here.submit(link_to(mails, NEW))
    deliver()
    assert mails.to(OLD) == []
    assert address_of(account.id) == NEW


def test_s15_an_address_is_mailed_five_times_a_day(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    for _ in range(7):
        ask(here, deliver)
    assert len(mails.to(NEW)) == 5


@pytest.mark.parametrize(
    "email",
    [
        "",
        "anna",
        "a@b,c@example.com",
        "a@b.example\r\nBcc: x@b.example",
        "a" * 300 + "@b.example",
    ],
)
def test_i03_what_is_no_address_is_refused_at_its_field(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver, email: str
) -> None:
    answer = as_(anna).submit("/account/address", email=email)
    assert answer.status_code == 422
    deliver()
    assert mails.messages == []


def test_p09_a_measure_is_not_escaped_by_another_address(anna: Account, as_: Enter) -> None:
    ban = {"kind": MeasureKind.BAN, "reason": "Advertises.", "by_name": "Ines"}
    measure = Measure(account_id=anna.id, **ban)
    db.session.add(measure)
    db.session.commit()
    answer = as_(anna).submit("/account/address", email=NEW)
    assert answer.status_code == 403
    assert "a moderator decided" in answer.text


@pytest.mark.parametrize("path", ["x", "0" * 40, "x/back", "0" * 40 + "/back"])
def test_p11_a_made_up_link_is_refused_in_words(client: Browser, path: str) -> None:
    assert client.get(f"/account/address/{path}").status_code == 410


def test_a11_the_two_links_are_none_of_each_other(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    back = change(here, mails, deliver)
    assert here.get(back.removesuffix("/back")).status_code == 410


def test_the_old_address_is_nobodys_account_after_the_change(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    change(as_(anna), mails, deliver)
    old = db.session.scalars(db.select(Address).where(Address.email == OLD)).one()
    assert queries.find_account_of(old) is None
