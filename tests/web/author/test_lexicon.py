"""Readers' words and merged tags in the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.tags.models import PhraseProposal, Tag, TagSynonym
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_question, make_tag
from tests.support.client import Browser

As = Callable[[Account], Browser]


@pytest.fixture
def room(app: Flask, as_: As) -> Browser:
    return as_(make_account("author"))


def propose(tag: Tag, *phrases: str) -> list[PhraseProposal]:
    rows = [PhraseProposal(tag_id=tag.id, phrase=phrase, seen=6) for phrase in phrases]
    db.session.add_all(rows)
    db.session.commit()
    return rows


def test_many_phrases_are_accepted_at_once_and_the_rest_waits(room: Browser) -> None:
    first, second, third = propose(
        make_tag("Hip clicking"), "popping hip", "hip thud", "creaky hip"
    )
    page = room.get("/author/lexicon").text
    assert "said by 6 people" in page
    ticked = [str(first.id), str(second.id)]
    assert room.submit("/author/lexicon", phrase=ticked, verb="yes").status_code == 303
    assert sorted(db.session.scalars(select(TagSynonym.phrase))) == ["hip thud", "popping hip"]
    assert db.session.get_one(PhraseProposal, third.id).state == "open"


def test_a_no_makes_no_synonym_and_a_decision_can_be_taken_back(room: Browser) -> None:
    (row,) = propose(make_tag("Hip clicking"), "popping hip")
    room.submit("/author/lexicon", phrase=str(row.id), verb="no")
    assert db.session.get_one(PhraseProposal, row.id).state == "declined"
    assert db.session.scalars(select(TagSynonym.phrase)).all() == []
    room.submit(f"/author/lexicon/{row.id}/take-back")
    db.session.expire_all()
    assert db.session.get_one(PhraseProposal, row.id).state == "open"
    assert room.submit(f"/author/lexicon/{row.id}/take-back").status_code == 409


@pytest.mark.parametrize("phrase", ["", "x", "999999", "1e3", "9" * 400, "-1"])
def test_odd_numbers_decide_nothing(room: Browser, phrase: str) -> None:
    assert room.submit("/author/lexicon", phrase=phrase, verb="yes").status_code == 303


def test_an_empty_lexicon_says_when_words_come(room: Browser) -> None:
    assert "at least three people" in room.get("/author/lexicon").text


def test_a_merge_is_looked_at_first_and_then_done(room: Browser, client: Browser) -> None:
    gone, into = make_tag("Popping hip"), make_tag("Hip clicking")
    question = make_question(tags=[gone])
    page = room.get(f"/author/tags/{gone.id}/merge?into={into.id}").text
    assert "1 question" in page
    answer = room.submit(f"/author/tags/{gone.id}/merge", into=str(into.id))
    assert answer.location == f"/author/tags/{into.id}"
    moved = client.get("/tags/popping-hip?view=unanswered")
    assert (moved.status_code, moved.location) == (301, "/tags/hip-clicking?view=unanswered")
    feed = client.get("/tags/popping-hip/feed.atom")
    assert (feed.status_code, feed.location) == (301, "/tags/hip-clicking/feed.atom")
    assert question.title in client.get("/tags/hip-clicking").text


def merge_number() -> str:
    """The entry of the record about the newest merge."""
    merges = select(AuditEntry.id).where(AuditEntry.act == "merge")
    return str(db.session.scalar(merges.order_by(AuditEntry.id.desc())))


def test_a_merge_is_undone_from_the_bar_and_the_old_address_leads_back(
    room: Browser, client: Browser
) -> None:
    gone, into = make_tag("Popping hip"), make_tag("Hip clicking")
    question = make_question(tags=[gone])
    room.submit(f"/author/tags/{gone.id}/merge", into=str(into.id))
    page = room.get(f"/author/tags/{into.id}").text
    assert f'name="entry" value="{merge_number()}"' in page
    answer = room.submit("/moderation/undo", entry=merge_number(), next="/author/tags")
    assert answer.location == "/author/tags"
    assert "“Popping hip” is a tag of its own again." in room.get("/author/tags").text
    assert client.get("/tags/popping-hip").status_code == 200
    assert question.title in client.get("/tags/popping-hip").text


def test_a_merge_is_undone_from_the_record_by_those_who_may_merge(room: Browser, as_: As) -> None:
    gone, into = make_tag("Popping hip"), make_tag("Hip clicking")
    room.submit(f"/author/tags/{gone.id}/merge", into=str(into.id))
    field = f'name="entry" value="{merge_number()}"'
    assert field in room.get("/moderation/log").text
    moderator = as_(make_account("moderator"))
    assert field not in moderator.get("/moderation/log").text
    assert moderator.submit("/moderation/undo", entry=merge_number()).status_code == 409
    author = as_(make_account("author"))
    assert author.submit("/moderation/undo", entry=merge_number()).status_code == 303
    assert field not in author.get("/moderation/log").text


@pytest.mark.parametrize("into", ["", "x", "999999", "9" * 40])
def test_a_merge_into_nothing_is_refused(room: Browser, into: str) -> None:
    tag = make_tag("Hip")
    assert room.submit(f"/author/tags/{tag.id}/merge", into=into).status_code == 409
    assert db.session.get(Tag, tag.id) is not None


def test_a_merge_into_itself_is_refused(room: Browser) -> None:
    tag = make_tag("Hip")
    answer = room.submit(f"/author/tags/{tag.id}/merge", into=str(tag.id))
    assert answer.status_code == 422
    assert "into itself" in answer.text


def test_a_moderator_who_may_edit_tags_may_not_merge_them(as_: As) -> None:
    """It would move the sections that moderators are limited to."""
    gone, into = make_tag("Popping hip"), make_tag("Hip clicking")
    moderator = as_(make_account("moderator"))
    assert moderator.submit(f"/author/tags/{gone.id}/merge", into=str(into.id)).status_code == 403
    assert "Merge into" not in moderator.get(f"/author/tags/{gone.id}").text


def test_tags_that_are_nearly_the_same_are_pointed_out(room: Browser) -> None:
    make_tag("Clicking hips")
    make_tag("Hip clicking")
    assert "These may be one" in room.get("/author/tags").text
