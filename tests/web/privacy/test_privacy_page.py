"""The page that tells everybody what is kept, and where an admin chooses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.privacy import choices
from app.infra import periods
from app.infra.db import db
from app.infra.periods import Period
from app.infra.stored_settings import StoredSetting
from tests.factories import make_account, make_article
from tests.support.client import Browser

As = Callable[[Account], Browser]
pytestmark = pytest.mark.one_database
CHOSEN = {
    "networks": "10",
    "refused": "30",
    "texts": "go",
    "contact": "privacy@example.com",
    "words": "Run by **one** person.\n\n<script>alert(1)</script>",
    "version": "0",
}


def test_the_page_says_what_is_chosen_and_is_linked_from_everywhere(
    client: Browser, as_: As
) -> None:
    article = make_article()
    before = client.get("/privacy").text
    assert "90 days" in before
    assert 'href="/privacy"' in client.get("/").text
    assert client.get(f"/articles/{article.slug}/ask").text.count('href="/privacy"') == 2

    admin = as_(make_account(Role.ADMIN))
    assert admin.submit("/settings/privacy", **CHOSEN).status_code == 303

    after = client.get("/privacy").text
    assert "its name and its address after 30 days" in after
    assert "<strong>one</strong>" in after
    assert "privacy@example.com" in after
    assert "<script>alert" not in after
    assert choices.current().texts_go
    assert "text_trace" in admin.get("/settings/privacy").text


def test_what_cannot_be_promised_is_refused(as_: As) -> None:
    admin = as_(make_account(Role.ADMIN))
    for field, typed, said in (
        ("networks", "31", "from 1 to 30"),
        ("networks", "0", "from 1 to 30"),
        ("refused", "6", "from 7 to 90"),
        ("refused", "1e9", "from 7 to 90"),
        ("texts", "burn", "There is a problem"),
        ("contact", "x" * 301, "300"),
        ("words", "x" * 10_001, "10,000"),
        ("words", "a\x00b", "There is a problem"),
    ):
        answer = admin.submit("/settings/privacy", **{**CHOSEN, field: typed})
        assert (answer.status_code, said in answer.text) == (422, True), field
    assert choices.current().version == 0


def test_a_period_never_goes_beyond_what_is_promised(app: Flask) -> None:
    stored = {"periods": {"networks": 400, "refused": -3}}
    db.session.add(StoredSetting(name="privacy", value=stored))
    db.session.commit()
    assert (periods.days(Period.NETWORKS), periods.days(Period.REFUSED)) == (30, 7)


def test_of_two_admins_at_once_the_second_is_told(as_: As) -> None:
    admin = as_(make_account(Role.ADMIN))
    admin.submit("/settings/privacy", **CHOSEN)
    late = admin.submit("/settings/privacy", **CHOSEN)
    assert (late.status_code, "Somebody else changed" in late.text) == (409, True)
