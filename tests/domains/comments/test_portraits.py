"""Whose picture stands beside which text."""

from __future__ import annotations

import pytest
from flask import Flask

from app.domains.comments import services
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.faces import faces_of
from app.domains.comments.models import Comment
from app.engines.pictures import SEED_DIGITS
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address, make_article, make_comment

pytestmark = pytest.mark.usefixtures("app")


def seed(comment: Comment) -> str | None:
    return faces_of([comment.id])[comment.id].seed


def test_a_person_has_one_picture_under_every_article() -> None:
    account, address = make_account(), make_address(proven=True)
    assert seed(make_comment(account=account)) == seed(make_comment(account=account))
    own = {"address": address, "name": "Anna", "by_proven": True}
    assert seed(make_comment(**own)) == seed(make_comment(**own))
    assert len(seed(make_comment(account=account)) or "") == SEED_DIGITS


def test_two_people_of_one_name_have_two_pictures() -> None:
    ways = [
        {"account": make_account(name="Anna")},
        {"address": make_address(), "by_proven": True},
        {"address": make_address(), "by_proven": True},
    ]
    assert len({seed(make_comment(name="Anna", **one)) for one in ways}) == 3


def test_a18_an_address_that_was_only_typed_gives_nobodys_picture() -> None:
    address = make_address("anna@example.com", proven=True)
    make_comment(address=address, name="Anna", by_proven=True)
    assert seed(make_comment(address=address, name="Anna")) is None


def test_v14_a_picture_is_not_made_of_the_address_that_was_typed() -> None:
    address = make_address("anna@example.com", proven=True)
    comment = make_comment(address=address, by_proven=True)
    before = seed(comment)
    address.email, address.email_key = "other@example.com", "other@example.com"
    db.session.commit()
    assert seed(comment) == before


def test_v14_a_picture_does_not_tell_that_two_names_are_one_persons() -> None:
    address = make_address(proven=True)
    anna = make_comment(address=address, name="Anna", by_proven=True)
    nobody = make_comment(address=address, name="Somebody", by_proven=True)
    assert seed(anna) != seed(nobody)


def test_v14_another_site_draws_another_picture(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = make_comment(account=make_account())
    before = seed(comment)
    monkeypatch.setattr(app, "secret_key", "another secret of another site, long enough")
    assert seed(comment) not in (before, None)


def test_a_guest_is_known_by_what_was_proven_in_their_browser() -> None:
    address = make_address("anna@example.com", proven=True)
    article = make_article()

    def send(text: str, writer: Writer) -> bool:
        draft = Draft(source=text, name="Anna", email=address.email)
        with unit_of_work():
            return services.submit(article, None, draft, writer).by_proven

    assert send("My left hip clicks.", Writer(proven=frozenset({address.id})))
    assert not send("Buy my shoes today.", Writer())
