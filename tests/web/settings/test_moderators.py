"""The page where an admin limits moderators to sections."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.states import Status
from app.domains.moderation.queue import sections
from app.domains.tags.models import Tag
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_tag
from tests.support.client import Browser

As = Callable[..., Browser]
PAGE = "/settings/moderators"


def save(browser: Browser, moderator: Account, *tags: Tag, status: int = 303) -> str:
    answer = browser.submit(
        f"{PAGE}/{moderator.id}", **{f"m{moderator.id}-tags": [str(tag.id) for tag in tags]}
    )
    db.session.expire_all()
    assert answer.status_code == status
    return answer.text


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR, Role.AUTHOR])
def test_p05_nobody_but_admins_sees_or_changes_sections(as_: As, role: Role) -> None:
    person, moderator = make_account(role), make_account(Role.MODERATOR)
    browser = as_(person)
    assert browser.get(PAGE).status_code == 403
    save(browser, moderator, make_tag(), status=403)
    assert sections.of(moderator) is None


def test_p05_a_limited_moderator_does_not_free_themselves(as_: As) -> None:
    moderator, tag = make_account(Role.MODERATOR), make_tag()
    sections.limit(moderator, [tag.id], by=make_account(Role.ADMIN))
    save(as_(moderator), moderator, status=403)
    assert sections.of(moderator) == frozenset({tag.id})


def test_every_moderator_is_listed_with_their_sections(as_: As) -> None:
    admin, tag = make_account(Role.ADMIN), make_tag("hip")
    limited = make_account(Role.MODERATOR, name="Ruth Okafor")
    make_account(Role.MODERATOR, name="Tomasz Wieczorek")
    sections.limit(limited, [tag.id], by=admin)
    page = as_(admin).get(PAGE).text
    for words in ("Ruth Okafor", "Only hip.", "Tomasz Wieczorek", "Everywhere."):
        assert words in page


def test_a_site_without_moderators_says_how_to_make_one(as_: As) -> None:
    assert "Nobody is a moderator yet" in as_(make_account(Role.ADMIN)).get(PAGE).text


def test_sections_are_saved_and_taken_away_again(as_: As) -> None:
    browser, moderator = as_(make_account(Role.ADMIN)), make_account(Role.MODERATOR)
    hip, knee = make_tag("hip"), make_tag("knee")
    save(browser, moderator, hip, knee)
    assert sections.of(moderator) == frozenset({hip.id, knee.id})
    save(browser, moderator)
    assert sections.of(moderator) is None


def test_a_tag_that_is_gone_is_refused_and_nothing_is_changed(as_: As) -> None:
    browser, moderator, gone = (
        as_(make_account(Role.ADMIN)),
        make_account(Role.MODERATOR),
        make_tag(),
    )
    kept = make_tag("hip")
    save(browser, moderator, kept)
    db.session.delete(gone)
    db.session.commit()
    assert "not a valid choice" in save(browser, moderator, Tag(id=gone.id), status=422)
    assert sections.of(moderator) == frozenset({kept.id})


def test_authors_and_readers_are_not_limited(as_: As) -> None:
    browser, tag = as_(make_account(Role.ADMIN)), make_tag()
    text = save(browser, make_account(Role.AUTHOR), tag, status=422)
    assert "Only moderators are limited" in text
    assert browser.submit(f"{PAGE}/999").status_code == 404


def test_a_limited_moderator_finds_no_other_text_at_the_desk(as_: As) -> None:
    moderator, tag = make_account(Role.MODERATOR), make_tag("hip")
    inside = make_comment(
        "An inside text.", article=make_article(tags=[tag]), status=Status.PENDING
    )
    outside = make_comment("An outside text.", status=Status.PENDING)
    save(as_(make_account(Role.ADMIN)), moderator, tag)
    browser = as_(moderator)
    page = browser.get("/moderation/").text
    assert ("An inside text." in page, "An outside text." in page) == (True, False)
    assert browser.get(f"/moderation/{inside.id}").status_code == 200
    assert browser.get(f"/moderation/{outside.id}").status_code == 404
