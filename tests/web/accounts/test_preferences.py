"""The language, time zone and theme that somebody chose: on pages, kept ones too, and in mails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.domains.accounts import preferences
from app.domains.accounts.models import Account
from app.domains.accounts.preferences import NoSuchChoice
from app.domains.accounts.states import Role
from app.infra import site_language, stored_settings
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications import topics
from app.notifications.states import Topic
from tests import factories
from tests.support.client import Browser

PLACE = "/account/preferences"
As = Callable[[Account], Browser]
GERMAN = '<html lang="de" dir="ltr"'
ENGLISH = '<html lang="en" dir="ltr">'


def _choose(browser: Browser, **fields: str) -> None:
    answer = browser.submit(PLACE, **{"language": "", "theme": "", "time_zone": "", **fields})
    assert answer.status_code == 303


def test_a_guest_keeps_a_language_and_a_theme_without_a_session(app: Flask) -> None:
    browser = Browser(app)
    article = factories.make_article("Why hips click")
    db.session.commit()
    _choose(browser, language="de", theme="dark", next="/archive/")
    cookie = browser.get_cookie("threshold-looks")
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site) == ("de.dark", True, "Lax")

    only_looks = Browser(app)
    only_looks.set_cookie("threshold-looks", cookie.value)
    others = Browser(app)
    for _ in range(2):  # drawn, and kept
        theirs, german = others.get(article.href), only_looks.get(article.href)
        assert f'{GERMAN} data-theme="dark">' in german.text
        assert ENGLISH in theirs.text
        assert german.headers["ETag"] != theirs.headers["ETag"]
        assert "Set-Cookie" not in german.headers


@pytest.mark.parametrize(
    "value", ["xx.dark", "de", "../../de.dark", "de.dark; x", "DE.DARK", "." * 3000]
)
@pytest.mark.one_database
def test_p11_a_cookie_that_is_none_of_ours_changes_nothing(app: Flask, value: str) -> None:
    browser = Browser(app)
    browser.set_cookie("threshold-looks", value)
    assert '<html lang="en" dir="ltr"' in browser.get("/").text


def test_an_accounts_choices_hold_in_every_browser(app: Flask, as_: As) -> None:
    person = factories.make_account(Role.READER)
    db.session.commit()
    _choose(as_(person), language="ar", theme="light", time_zone="Europe/Berlin")
    page = as_(person).get("/account/")
    assert '<html lang="ar" dir="rtl" data-theme="light">' in page.text
    assert preferences.of_address(person.address_id).zone == "Europe/Berlin"


def test_who_says_no_to_a_sort_of_mail_gets_none_until_they_say_yes(app: Flask, as_: As) -> None:
    person = factories.make_account(Role.READER)
    db.session.commit()
    browser = as_(person)
    _choose(browser, mails="reports")
    db.session.expire_all()
    assert topics.wanted_by(person) == [Topic.REPORTS]
    _choose(browser, mails="replies")
    db.session.expire_all()
    assert topics.wanted_by(person) == [Topic.REPLIES]


@pytest.mark.parametrize(
    ("field", "value"), [("language", "xx"), ("theme", "pink"), ("time_zone", "../etc/passwd")]
)
@pytest.mark.one_database
def test_what_is_on_no_list_is_refused_at_its_field(as_: As, field: str, value: str) -> None:
    person = factories.make_account(Role.READER)
    db.session.commit()
    answer = as_(person).submit(
        PLACE, **{"language": "", "theme": "", "time_zone": "", field: value}
    )
    assert answer.status_code == 422
    assert "Choose one of the list." in answer.text
    with pytest.raises(NoSuchChoice):
        preferences.choose(
            person, **{"tag": None, "zone": None, "theme": None, _NAMES[field]: value}
        )


_NAMES = {"language": "tag", "theme": "theme", "time_zone": "zone"}


def test_the_sites_language_is_that_of_whoever_chose_none(app: Flask, as_: As) -> None:
    admin = factories.make_account(Role.ADMIN)
    article = factories.make_article("Why hips click")
    db.session.commit()
    guest = Browser(app)
    before = guest.get(article.href)
    assert ENGLISH in before.text
    as_(admin).submit("/settings/language", language="de", time_zone="Europe/Berlin", version="0")
    after = guest.get(article.href)
    assert GERMAN in after.text
    assert (preferences.of_address(admin.address_id)) == site_language.manner()
    with unit_of_work():
        db.session.get_one(Account, admin.id).language = "en"
    assert ENGLISH in as_(admin).get("/account/").text


@pytest.mark.one_database
def test_the_record_names_the_language_of_the_site_and_no_tag(app: Flask, as_: As) -> None:
    admin = factories.make_account(Role.ADMIN)
    with unit_of_work():
        admin.language = "en"
        site_language.change(tag="es", zone="UTC", seen=0, by=admin)
    assert "<dt>Language</dt>" in as_(admin).get("/moderation/log").text


@pytest.mark.one_database
def test_a_language_that_was_stored_as_a_tag_is_still_that_of_the_site(app: Flask) -> None:
    admin = factories.make_account(Role.ADMIN)
    told = {"tag": "es", "zone": "Europe/Madrid"}
    stored_settings.write(site_language.SETTING, told, seen=0, by=admin)
    found = site_language.with_version()
    assert (found.tag, found.zone) == ("es", "Europe/Madrid")


@pytest.mark.one_database
def test_the_preferences_show_themselves_in_a_language_before_it_is_chosen(app: Flask) -> None:
    browser = Browser(app)
    shown = browser.get(f"{PLACE}?language=ar&next=//evil.example/")
    assert '<html lang="ar" dir="rtl">' in shown.text
    assert "evil.example" not in shown.text
    assert ENGLISH in browser.get("/").text
