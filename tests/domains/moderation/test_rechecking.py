"""Answers whose links changed are marked to be looked at again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.articles.services import ArticleText
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import recheck_errors, rechecking
from app.domains.moderation.acts import undoing
from app.domains.resources import services as resources
from app.domains.resources.models import Resource
from app.domains.resources.services import ResourceText
from app.engines.text.render import render_reply
from app.infra.audit import AuditEntry
from app.infra.clock import now
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_article, make_comment, make_question, make_resource

pytestmark = pytest.mark.usefixtures("app")

Deliver = Callable[[], int]


def answer_with(link: str, **others: object) -> Comment:
    """A published answer of the author's with a link in it."""
    question = make_question()
    columns = {"account": question.article.author, "by_author": True, **others}
    made = make_comment(parent=question, **columns)  # type: ignore[arg-type]
    made.source = f"Read [this]({link})."
    made.html = render_reply(made.source)
    db.session.commit()
    return made


def text_of(resource: Resource, **changes: str) -> ResourceText:
    facts = {"title": resource.title, "slug": resource.slug, "source": resource.source, **changes}
    return ResourceText(kind=resource.kind, summary="", url="", tag_ids=(), **facts)


def edit(resource: Resource, **changes: str) -> None:
    resource_id = resource.id
    with unit_of_work():
        held = db.session.get_one(Resource, resource_id)
        resources.edit_resource(held, text_of(held, **changes))


def test_an_edited_resource_marks_the_answers_that_link_to_it(deliver: Deliver) -> None:
    resource, other = make_resource("Leg swings"), make_resource("Arm swings")
    linked = answer_with(f"/resources/{resource.slug}")
    deeper = answer_with(f"/resources/{resource.slug}#how-often")
    elsewhere = answer_with(f"/resources/{other.slug}")
    longer = answer_with(f"/resources/{resource.slug}-for-runners")
    edit(resource, source="Swing less.")
    deliver()
    assert linked.recheck_reason == deeper.recheck_reason == "“Leg swings” was changed."
    assert linked.recheck_at is not None
    assert (elsewhere.recheck_at, longer.recheck_at) == (None, None)


def test_a_full_address_of_this_site_is_found_too(deliver: Deliver) -> None:
    resource = make_resource("Leg swings")
    linked = answer_with(f"http://localhost/resources/{resource.slug}")
    edit(resource, source="Swing less.")
    deliver()
    assert linked.recheck_at is not None


def test_a_resource_that_moved_is_found_by_its_former_address(deliver: Deliver) -> None:
    resource = make_resource("Leg swings")
    linked = answer_with(f"/resources/{resource.slug}")
    edit(resource, slug="swings-of-the-leg")
    deliver()
    assert linked.recheck_reason == "“Leg swings” was moved to another address."


def test_a_removed_resource_marks_them(deliver: Deliver) -> None:
    resource = make_resource("Leg swings")
    linked = answer_with(f"/resources/{resource.slug}")
    resource_id = resource.id
    with unit_of_work():
        resources.remove_resource(db.session.get_one(Resource, resource_id))
    deliver()
    assert linked.recheck_reason == "“Leg swings” was taken away."


def test_a_new_resource_marks_nothing(deliver: Deliver) -> None:
    linked = answer_with("/resources/leg-swings")
    with unit_of_work():
        resources.add_resource(
            text_of(Resource(title="Leg swings", slug="", source="Swing.", kind="exercise"))
        )
    deliver()
    assert linked.recheck_at is None


def test_an_article_that_is_taken_offline_or_edited_marks_them(deliver: Deliver) -> None:
    article = make_article("Hips", author=make_account("author"))
    linked = answer_with(f"/articles/{article.slug}")
    article_id = article.id
    with unit_of_work():
        held = db.session.get_one(Article, article_id)
        articles.edit(
            held, ArticleText(title="Hips", slug="", summary="", source="New.", tag_ids=())
        )
    deliver()
    assert linked.recheck_reason == "“Hips” was changed."
    first = linked.recheck_at
    with unit_of_work():
        articles.unpublish(db.session.get_one(Article, article_id))
    deliver()
    assert linked.recheck_reason == "“Hips” was taken offline."
    assert linked.recheck_at == first


def test_only_published_answers_of_the_author_are_marked(deliver: Deliver) -> None:
    resource = make_resource("Leg swings")
    path = f"/resources/{resource.slug}"
    left = [
        answer_with(path, by_author=False),
        answer_with(path, status=Status.DELETED),
        answer_with(path, status=Status.PENDING),
    ]
    edit(resource, source="Swing less.")
    deliver()
    assert [one.recheck_at for one in left] == [None] * 3


def test_the_search_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rechecking, "SPAN", 2)
    answers = [answer_with("/resources/leg-swings") for _ in range(3)]
    place: int | None = 0
    stretches = 0
    while place is not None:
        place = rechecking.mark(["/resources/leg-swings"], "It changed.", after=place)
        stretches += 1
    db.session.commit()
    assert stretches == 3  # three questions and three answers
    assert all(one.recheck_at for one in answers)


def test_an_answer_that_is_still_right_waits_no_more_and_the_record_says_so() -> None:
    answer, by = answer_with("/resources/x"), make_account("moderator")
    answer.recheck_at, answer.recheck_reason = now(), "“X” was changed."
    db.session.commit()
    entry = still_right(answer, by)
    assert (answer.recheck_at, answer.recheck_reason) == (None, "")
    assert (entry.act, entry.actor_id) == ("still right", by.id)
    assert entry.detail["before"]["recheck_reason"] == "“X” was changed."


def test_undoing_puts_the_mark_back_as_it_was() -> None:
    answer, by = answer_with("/resources/x"), make_account("moderator")
    marked = now()
    answer.recheck_at, answer.recheck_reason = marked, "“X” was changed."
    db.session.commit()
    entry_id, by_id = still_right(answer, by).id, by.id
    with unit_of_work():
        undoing.undo(
            db.session.get_one(AuditEntry, entry_id), by=db.session.get_one(Account, by_id)
        )
    assert (answer.recheck_at, answer.recheck_reason) == (marked, "“X” was changed.")


def test_what_is_not_marked_cannot_be_called_still_right() -> None:
    with pytest.raises(recheck_errors.NothingToCheck):
        still_right(answer_with("/resources/x"), make_account("moderator"))
    assert db.session.scalars(select(AuditEntry)).all() == []


def still_right(comment: Comment, by: Account) -> AuditEntry:
    comment_id, by_id = comment.id, by.id
    with unit_of_work():
        held = db.session.get_one(Comment, comment_id)
        entry_id = rechecking.still_right(held, by=db.session.get_one(Account, by_id)).id
    return db.session.get_one(AuditEntry, entry_id)
