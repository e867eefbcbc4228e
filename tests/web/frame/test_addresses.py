"""Addresses that templates keep are those that Flask makes."""

from __future__ import annotations

import pytest
from flask import Flask, url_for

from app.web import addresses
from app.web.addresses import known_url_for, numbered

pytestmark = pytest.mark.one_database
ASKED = [
    ("moderation.queue", {"lane": None}),
    ("moderation.queue", {"lane": "spam", "article": 7}),
    ("articles.show", {"slug": "why-hips-click"}),
    ("articles.archive", {"page": 2, "_anchor": "older"}),
    ("articles.archive", {"_external": True}),
]


@pytest.mark.parametrize(("endpoint", "values"), ASKED)
def test_a_kept_address_is_the_one_that_flask_makes(
    app: Flask, endpoint: str, values: dict[str, object]
) -> None:
    for root in ("", "/below"):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            for _ in range(2):
                assert known_url_for(endpoint, **values) == url_for(endpoint, **values)


def test_a_numbered_address_is_the_one_that_flask_makes(app: Flask) -> None:
    with app.test_request_context("/"):
        for number in (1, 2_147_483_647):
            made = numbered("moderation.person", "person_id", number, kind="account")
            assert made == url_for("moderation.person", person_id=number, kind="account")


def test_no_more_addresses_are_kept_than_fit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MOST", 3)
    monkeypatch.setattr(addresses, "_known", {})
    with app.test_request_context("/"):
        for page in range(10):
            known_url_for("articles.archive", page=page)
            assert len(addresses._known) <= 3
