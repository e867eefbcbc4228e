"""The list of reasons for a rejection, as an admin changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.moderation import reasons
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.language import LANGUAGES, Manner, speaking
from tests.factories import make_account
from tests.support.client import Browser

As = Callable[[Account], Browser]
GERMAN, SPANISH = Manner(LANGUAGES["de"]), Manner(LANGUAGES["es"])


@pytest.fixture
def admin(as_: As) -> Browser:
    return as_(make_account(Role.ADMIN))


def save(admin: Browser, *rows: tuple[str, str, str], version: int = 0, **others: Any) -> Any:
    words, sentences, orders = zip(*rows, strict=True)
    return admin.submit(
        "/settings/reasons",
        words=list(words),
        sentence=list(sentences),
        order=list(orders),
        version=str(version),
        **others,
    )


def test_a_site_begins_with_reasons(admin: Browser) -> None:
    assert "Advertising" in admin.get("/settings/reasons").text


def test_reasons_are_added_ordered_and_taken_away(admin: Browser) -> None:
    rows = (("Too long", "It is too long.", "2"), ("Spam", "", "1"), ("Old", "", "3"))
    assert save(admin, *rows, remove="2").status_code == 303
    assert [(one.words, one.sentence) for one in reasons.all_of_them()] == [
        ("Spam", "Spam"),
        ("Too long", "It is too long."),
    ]
    assert db.session.scalars(db.select(AuditEntry.act)).one() == "change reasons"


def test_what_a_site_begins_with_stays_in_every_language_beside_what_it_wrote(as_: As) -> None:
    with speaking(GERMAN):
        shown = [(str(one.words), str(one.sentence)) for one in reasons.FIRST]
    changed = [*shown[:2], (shown[2][0], "Er wirbt."), ("Advert", "It advertises something.")]
    rows = [(*one, str(place)) for place, one in enumerate(changed)]
    assert save(as_(make_account(Role.ADMIN, language="de")), *rows).status_code == 303
    with speaking(SPANISH):
        said = [(str(one.words), str(one.sentence)) for one in reasons.all_of_them()]
        assert said[:2] == [(str(one.words), str(one.sentence)) for one in reasons.FIRST[:2]]
    assert said[2:] == changed[2:]
    assert reasons.find("Werbung").sentence == "Er wirbt."


def test_a_list_may_be_empty(admin: Browser) -> None:
    save(admin, ("", "", "1"))
    assert reasons.listed() == ()


def test_the_same_words_twice_are_refused_and_kept_in_the_form(admin: Browser) -> None:
    answer = save(admin, ("Spam", "One.", "1"), ("Spam", "Two.", "2"))
    assert answer.status_code == 422
    assert "twice" in answer.text
    assert "Two." in answer.text


@pytest.mark.parametrize("words", ["x" * 81, "a\x00b"])
def test_words_that_cannot_be_kept_are_refused(admin: Browser, words: str) -> None:
    assert save(admin, (words, "", "1")).status_code == 422


def test_a_list_changed_meanwhile_is_not_written_over(admin: Browser) -> None:
    save(admin, ("Spam", "", "1"))
    late = save(admin, ("Other", "", "1"))
    assert late.status_code == 409
    assert "Other" in late.text
    assert reasons.listed() == ("Spam",)
