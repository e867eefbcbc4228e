"""Publish and reach back: who is found, what is refused, one act for all, and all of it undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.answers.models import CardLink
from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.domains.comments import reaching
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.states import Status
from app.domains.moderation.bulk import batches
from app.domains.moderation.models import Batch
from app.domains.moderation.states import BatchState
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import gap_drafts, reading, services
from app.search.models import Outcome
from tests.factories import (
    make_account,
    make_address,
    make_answer,
    make_article,
    make_card,
    make_link,
    make_question,
    make_resource,
)
from tests.support.client import Browser
from tests.support.smtp import MailServer

As = Callable[..., Browser]
CLICKS = "Why does my hip click when I swing the leg?"
TEXT = "Why the hip clicks when the leg swings, and what to do about a click."


class Site:
    """An author with an old article that readers asked under, and a new one that answers them."""

    def __init__(self, as_: As) -> None:
        self.author: Account = make_account(Role.AUTHOR)
        self.old: Article = make_article("Feet", text="About feet.", author=self.author)
        self.new: Article = make_article("Clicking hips", text=TEXT, author=self.author)
        self.browser = as_(self.author)
        self.path = f"/author/reach/article/{self.new.id}"

    def asked(self, title: str = CLICKS, **others: Any) -> Comment:
        question = make_question(title, **{"article": self.old, **others})
        with unit_of_work():
            services.index_question(question.id)
        reading.read_waiting()
        return question

    def page(self) -> str:
        return self.browser.get(self.path).text

    def send(self, *questions: Comment, **fields: Any) -> TestResponse:
        sent = {
            "how": "reply",
            "body": f"It is a tendon: [read this]({self.new.href}).",
            "card": "0",
            "key": "one-batch",
            "question": [str(one.id) for one in questions],
            "seen": "1",
            **fields,
        }
        return self.browser.submit(self.path, **sent)


@pytest.fixture
def site(as_: As) -> Site:
    return Site(as_)


def replies() -> list[Comment]:
    rows = select(Comment).where(Comment.by_author.is_(True), Comment.status == Status.APPROVED)
    return list(db.session.scalars(rows.order_by(Comment.id)))


def is_ticked(page: str, question: Comment) -> bool:
    return f'name="question" value="{question.id}" checked' in page


def test_an_open_question_that_the_article_answers_is_shown_and_ticked(site: Site) -> None:
    question = site.asked()
    other = site.asked("Which shoes do you wear at home on a cold tiled floor?")
    page = site.page()
    assert is_ticked(page, question)
    assert other.title not in page
    assert "Waiting for an answer" in page


def test_an_old_question_that_was_answered_elsewhere_is_shown_too(site: Site) -> None:
    question = site.asked()
    make_answer(question)
    assert question.title in site.page()


def test_a_question_whose_answer_leads_there_already_is_not_shown(site: Site) -> None:
    question = site.asked()
    make_answer(question, f"Read this: http://localhost{site.new.href}")
    assert question.title not in site.page()


def test_a_question_with_a_card_that_rests_on_it_is_not_shown(site: Site) -> None:
    question = site.asked()
    make_link(make_card(articles=[site.new]), question)
    assert question.title not in site.page()


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.REJECTED, Status.DELETED])
def test_v_hidden_questions_never_appear(site: Site, status: Status) -> None:
    question = site.asked()
    question.status = status
    db.session.commit()
    assert question.title not in site.page()


def test_v_a_draft_has_no_page_to_reach_back_from(site: Site) -> None:
    draft = make_article(author=site.author, status=ArticleStatus.DRAFT)
    assert site.browser.get(f"/author/reach/article/{draft.id}").status_code == 404


def test_nobody_reaches_back_from_another_authors_article(site: Site, as_: As) -> None:
    assert as_(make_account(Role.AUTHOR)).get(site.path).status_code in {403, 404}
    assert as_(make_account(Role.MODERATOR)).get(site.path).status_code == 403


def test_questions_that_the_draft_was_begun_for_come_first_and_ticked(site: Site) -> None:
    site.asked()
    wanted = site.asked("What about snapping?")
    with unit_of_work():
        draft = gap_drafts.begin("Snapping", [wanted.id], by=site.author)
        draft.status, draft.published_at = ArticleStatus.PUBLISHED, site.new.published_at
    page = site.browser.get(f"/author/reach/article/{draft.id}").text
    assert is_ticked(page, wanted)
    assert "The draft was begun for it" in page


def test_a_question_with_a_red_flag_is_never_ticked_by_itself(site: Site) -> None:
    question = site.asked(red_flag=True)
    page = site.page()
    assert question.title in page
    assert not is_ticked(page, question)


def test_one_look_shows_how_many_people_are_told_and_writes_nothing(site: Site) -> None:
    asker = make_address(proven=True)
    first, second = site.asked(address=asker), site.asked(f"{CLICKS} Again.", address=asker)
    db.session.add(MeToo(comment_id=first.id, address_id=make_address(proven=True).id))
    db.session.commit()
    page = site.send(first, second, seen=None).text
    assert "Reply and mail to 2 people" in page
    assert replies() == []


def test_the_reply_stands_below_each_question_as_the_authors(site: Site) -> None:
    questions = [site.asked(), site.asked(f"{CLICKS} Again.")]
    assert site.send(*questions).status_code == 303
    found = replies()
    assert [one.parent_id for one in found] == [one.id for one in questions]
    assert all(f'href="{site.new.href}"' in one.html for one in found)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act == reaching.ACT)).all()
    assert {one.batch for one in entries} == {"one-batch"}
    assert len(entries) == 2


def test_a_closed_article_does_not_keep_the_author_from_answering(site: Site) -> None:
    site.old.comments_open = False
    question = site.asked()
    assert site.send(question).status_code == 303
    assert len(replies()) == 1


def test_a_second_click_answers_nobody_twice(site: Site) -> None:
    question = site.asked()
    site.send(question)
    assert question.title not in site.page()
    assert site.send(question).status_code == 303
    assert len(replies()) == 1


def test_a_card_answers_all_of_them_in_one_batch(site: Site) -> None:
    card = make_card(owner=site.author)
    questions = [site.asked(), site.asked(f"{CLICKS} Again.")]
    site.send(*questions, how="card", card=str(card.id))
    links = db.session.scalars(select(CardLink)).all()
    assert {one.comment_id for one in links} == {one.id for one in questions}
    batches = db.session.scalars(select(AuditEntry.batch).where(AuditEntry.act == "link card"))
    assert set(batches) == {"one-batch"}


@pytest.mark.parametrize("way", ["reply", "card"])
def test_all_of_it_is_undone_from_the_record_as_one(site: Site, way: str) -> None:
    card = make_card(owner=site.author)
    site.send(site.asked(), site.asked(f"{CLICKS} Again."), how=way, card=str(card.id))
    page = site.browser.get("/moderation/log?batch=one-batch").text
    assert "Undo these 2 as one" in page
    ids = db.session.scalars(select(AuditEntry.id).where(AuditEntry.batch == "one-batch")).all()
    assert site.browser.submit("/moderation/undo", entry=[str(one) for one in ids]).status_code == (
        303
    )
    assert replies() == []
    assert db.session.scalar(select(func.count(CardLink.id))) == 0


def test_a_link_alone_is_refused_for_a_red_flag_and_nothing_is_done(site: Site) -> None:
    plain, flagged = site.asked(), site.asked(f"{CLICKS} It is numb.", red_flag=True)
    answer = site.send(plain, flagged, body=f"[Hips]({site.new.href})")
    assert answer.status_code == 422
    assert "red flag" in answer.text
    assert is_ticked(answer.text, plain)
    assert replies() == []


def test_more_than_five_hundred_are_refused_with_a_sentence(site: Site) -> None:
    question = site.asked()
    numbers = [question.id, *range(10_000, 10_500)]
    answer = site.send(question=[str(number) for number in numbers])
    assert answer.status_code == 422
    assert "more than 500 questions at once" in answer.text
    assert replies() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"question": []}, "Tick at least one question"),
        ({"body": "  "}, "Write what shall stand below each question"),
        ({"how": "card"}, "Choose the card"),
        ({"body": "x" * 10_001}, "10,000"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(
    site: Site, fields: dict[str, Any], said: str
) -> None:
    question = site.asked()
    answer = site.send(question, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert replies() == []


def test_a_question_hidden_meanwhile_is_left_out(site: Site) -> None:
    question = site.asked()
    question.status = Status.REJECTED
    db.session.commit()
    answer = site.send(question)
    assert "Nothing was left to answer" in site.browser.get(answer.location).text
    assert replies() == []


def test_questions_under_anothers_article_are_not_the_authors_to_answer(as_: As) -> None:
    """An admin answers as the author under their own articles alone."""
    admin = make_account(Role.ADMIN)
    site = Site(as_)
    site.browser = as_(admin)
    question = site.asked()
    assert question.title not in site.page()
    assert site.send(question).status_code == 403
    assert replies() == []


def test_a_resource_reaches_back_too(site: Site) -> None:
    question = site.asked()
    resource = make_resource("Hip swings", text="For a hip that clicks when the leg swings.")
    page = site.browser.get(f"/author/reach/resource/{resource.id}").text
    assert question.title in page


def test_the_page_of_editing_says_how_many_asked(site: Site) -> None:
    site.asked()
    page = site.browser.get(f"/author/articles/{site.new.id}").text
    assert "Who asked for this? 1 question to look at" in page


def test_the_asker_and_who_has_it_too_are_mailed_once(
    clock: Traveller, site: Site, mails: MailServer, deliver: Callable[[], int]
) -> None:
    asker = make_address("asker@example.com", proven=True)
    too = make_address("too@example.com", proven=True)
    question = site.asked(address=asker)
    db.session.add(MeToo(comment_id=question.id, address_id=too.id))
    db.session.commit()
    site.send(question)
    site.send(question)
    clock.shift(timedelta(minutes=5))
    deliver()
    deliver()
    assert [len(mails.to(f"{who}@example.com")) for who in ("asker", "too")] == [1, 1]


def many(site: Site, count: int) -> list[Comment]:
    """Open questions that are one batch by a job; every one has an asker of its own."""
    return [
        make_question(
            CLICKS, article=site.old, address=make_address(f"a{n}@example.com", proven=True)
        )
        for n in range(count)
    ]


def batch_of(answer: TestResponse) -> Batch:
    assert answer.status_code == 303
    db.session.rollback()
    return db.session.get_one(Batch, int(answer.location.rsplit("/", 1)[1]))


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two questions a transaction, so that few questions make several parts."""
    monkeypatch.setattr(reaching, "AT_ONCE", 2)
    monkeypatch.setattr(batches, "PART", 2)


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("way", ["reply", "card"])
def test_a_large_batch_goes_in_parts_with_a_page_that_tells_how_far_it_is(
    site: Site, deliver: Callable[[], int], way: str
) -> None:
    questions = many(site, 5)
    card = make_card(owner=site.author)
    answer = site.send(*questions, how=way, card=str(card.id))
    batch = batch_of(answer)
    with unit_of_work():
        batches.run_part(batch.id)
    page = site.browser.get(answer.location).text
    assert "Answering many questions" in page
    assert "2 of 5 texts" in page
    deliver()
    db.session.rollback()
    assert (batch.state, batch.done, batch.refused) == (BatchState.DONE, 5, 0)
    links = db.session.scalars(select(CardLink.comment_id)).all()
    answered = [one.parent_id or 0 for one in replies()] if way == "reply" else links
    assert sorted(answered) == [one.id for one in questions]


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("way", ["reply", "card"])
def test_a_large_batch_is_undone_as_one(site: Site, deliver: Callable[[], int], way: str) -> None:
    card = make_card(owner=site.author)
    answer = site.send(*many(site, 5), how=way, card=str(card.id))
    deliver()
    assert "Undo all of it" in site.browser.get(answer.location).text
    undoing = batch_of(site.browser.submit(f"{answer.location}/undo"))
    deliver()
    db.session.rollback()
    assert (undoing.done, undoing.refused) == (5, 0)
    assert replies() == []
    assert db.session.scalar(select(func.count(CardLink.id))) == 0


@pytest.mark.usefixtures("few_at_once")
def test_a_second_click_finds_the_large_batch_that_runs(site: Site) -> None:
    questions = many(site, 3)
    first, second = site.send(*questions), site.send(*questions)
    assert first.location == second.location


@pytest.mark.usefixtures("few_at_once")
def test_what_changed_or_was_hidden_meanwhile_is_left_alone_and_told(
    site: Site, deliver: Callable[[], int]
) -> None:
    changed, hidden, *others = many(site, 5)
    answer = site.send(changed, hidden, *others)
    changed.version += 1
    hidden.status = Status.REJECTED
    db.session.commit()
    deliver()
    batch = batch_of(answer)
    assert (batch.done, batch.refused) == (3, 2)
    assert batches.left_alone(batch) == [changed.id, hidden.id]
    assert f"Text {hidden.id}" in site.browser.get(answer.location).text


@pytest.mark.usefixtures("few_at_once")
def test_a_large_batch_with_a_refused_question_does_not_begin(site: Site) -> None:
    flagged = make_question(CLICKS, article=site.old, red_flag=True)
    answer = site.send(flagged, *many(site, 3), body=f"[Hips]({site.new.href})")
    assert answer.status_code == 422
    assert "red flag" in answer.text
    assert db.session.scalar(select(func.count(Batch.id))) == 0


@pytest.mark.usefixtures("few_at_once")
def test_who_lost_the_right_to_answer_there_answers_nothing_more(
    site: Site, deliver: Callable[[], int]
) -> None:
    answer = site.send(*many(site, 3))
    site.old.author = make_account(Role.AUTHOR)
    site.author.role = Role.MODERATOR
    db.session.commit()
    deliver()
    batch = batch_of(answer)
    assert (batch.done, batch.refused) == (0, 3)
    assert replies() == []


@pytest.mark.usefixtures("few_at_once")
def test_each_asker_of_a_large_batch_is_mailed_once(
    clock: Traveller, site: Site, mails: MailServer, deliver: Callable[[], int]
) -> None:
    site.send(*many(site, 5))
    for _ in range(3):
        deliver()
        clock.shift(timedelta(minutes=5))
    assert [len(mails.to(f"a{n}@example.com")) for n in range(5)] == [1] * 5


def noted() -> list[tuple[int, bool]]:
    rows = db.session.scalars(select(Outcome).where(Outcome.place == "reach").order_by(Outcome.id))
    return [(row.ref, row.taken) for row in rows]


def test_what_was_accepted_and_what_was_left_out_is_kept_for_tuning(site: Site) -> None:
    taken, left_out = site.asked(), site.asked(f"{CLICKS} Again.")
    site.send(taken)
    site.send(taken)
    assert sorted(noted()) == [(taken.id, True), (left_out.id, False)]
    row = db.session.scalars(select(Outcome).where(Outcome.taken.is_(True))).one()
    assert (row.kind, row.asked) == ("question", site.new.title)
    assert 0.5 <= row.by_words <= 1


@pytest.mark.usefixtures("few_at_once")
def test_a_large_batch_is_kept_for_tuning_once(site: Site) -> None:
    chosen = [site.asked(f"{CLICKS} {word}.") for word in ("Again", "Still", "Always")]
    left_out = site.asked()
    site.send(*chosen)
    site.send(*chosen)
    assert sorted(noted()) == [*((one.id, True) for one in chosen), (left_out.id, False)]
