"""The gap report: which open questions become a subject, how much it matters, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import func, insert, select

from app.domains.articles.states import ArticleStatus
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.states import Status
from app.infra import clock
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.language import LANGUAGES, Manner, speaking
from app.infra.refusal import Refusal
from app.infra.unit_of_work import unit_of_work
from app.search import gap_drafts, gap_report, gaps
from app.search.models import Gap, SearchDocument, SearchVector
from tests.factories import (
    make_account,
    make_address,
    make_answer,
    make_article,
    make_card,
    make_comment,
    make_link,
    make_question,
)

pytestmark = pytest.mark.usefixtures("app")

CLICKS = (
    "My hip clicks when I swing the leg",
    "Why does the hip make a clicking noise?",
    "Clicking hip on the stairs, is that bad?",
)
OTHERS = ("Which shoes do you wear at home?", "Is coffee before training fine?")


def ask(*titles: str, **others: object) -> list[Comment]:
    return [make_question(title, **others) for title in titles]


def found() -> list[Gap]:
    gaps.look_again()
    return list(db.session.scalars(select(Gap).order_by(Gap.weight.desc())))


def test_open_questions_that_share_rare_words_are_one_subject() -> None:
    alike = ask(*CLICKS)
    ask(*OTHERS)
    (gap,) = found()
    assert set(gap.question_ids) == {one.id for one in alike}
    assert {"hip", "clicking"} <= set(gap.words)
    assert gap.people == 3


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.REJECTED, Status.DELETED])
def test_hidden_questions_never_appear(status: Status) -> None:
    ask(CLICKS[0])
    ask(*CLICKS[1:], status=status)
    assert found() == []


def test_questions_under_a_draft_never_appear() -> None:
    draft = make_article(status=ArticleStatus.DRAFT)
    ask(*CLICKS, article=draft)
    assert found() == []


def test_answered_questions_are_no_gap() -> None:
    first, second, _ = ask(*CLICKS)
    make_answer(first)
    make_link(make_card(), second)
    assert found() == []


def test_a_person_who_asks_twice_is_counted_once() -> None:
    ask(*CLICKS, address=make_address("bo@example.com", proven=True))
    (gap,) = found()
    assert gap.people == 1


def test_one_question_that_many_people_have_is_a_gap_of_its_own() -> None:
    (question,) = ask(CLICKS[0])
    for _ in range(3):
        db.session.add(MeToo(comment_id=question.id, address_id=make_address(proven=True).id))
    db.session.commit()
    (gap,) = found()
    assert gap.question_ids == [question.id]
    assert gap.people == 4


def test_seven_people_for_three_weeks_stand_before_one_for_a_year() -> None:
    now = clock.now()
    assert gaps.weight(7, now - timedelta(days=23), now) > gaps.weight(
        1, now - timedelta(days=365), now
    )
    assert gaps.weight(2, now - timedelta(days=9), now) > gaps.weight(2, now, now)


def test_questions_in_other_words_are_one_subject_where_a_model_has_read_them() -> None:
    questions = ask("Snapping at the groin", "A pop in my hip joint", OTHERS[0])
    vectors = np.eye(3, dtype=np.float32)
    vectors[1] = vectors[0]
    for question, vector in zip(questions, vectors, strict=True):
        document = SearchDocument(
            kind="question",
            ref=question.id,
            title=question.title,
            body="",
            visible_from=clock.now(),
        )
        db.session.add(document)
        db.session.flush()
        db.session.add(SearchVector(document_id=document.id, model="m", vector=vector.tobytes()))
    db.session.commit()
    (gap,) = found()
    assert set(gap.question_ids) == {questions[0].id, questions[1].id}


def test_shared_words_of_another_meaning_are_no_subject_where_a_model_says_so() -> None:
    questions = ask("The hip clicks on the left", "A hip that clicks: which camera shutter?")
    for question, vector in zip(questions, np.eye(2, dtype=np.float32), strict=True):
        document = SearchDocument(
            kind="question", ref=question.id, title="", body="", visible_from=clock.now()
        )
        db.session.add(document)
        db.session.flush()
        db.session.add(SearchVector(document_id=document.id, model="m", vector=vector.tobytes()))
    db.session.commit()
    assert found() == []


def test_looking_again_replaces_what_was_found() -> None:
    first, *_ = ask(*CLICKS)
    assert len(found()) == 1
    made = db.session.scalar(select(func.max(Gap.id)))
    make_answer(first)
    (gap,) = found()
    assert first.id not in gap.question_ids
    assert db.session.scalar(select(func.count(Gap.id))) == 1
    assert made is not None


def test_the_job_looks_only_when_something_changed() -> None:
    ask(*CLICKS)
    gaps.run(Job(kind=gaps.JOB))
    with unit_of_work():
        db.session.execute(Gap.__table__.delete())
    gaps.run(Job(kind=gaps.JOB))
    assert db.session.scalar(select(func.count(Gap.id))) == 0
    ask("And a third hip that clicks")
    gaps.run(Job(kind=gaps.JOB))
    assert db.session.scalar(select(func.count(Gap.id))) == 1


def test_the_job_looks_again_where_somebody_else_has_the_question_too() -> None:
    first, *_ = ask(*CLICKS)
    gaps.run(Job(kind=gaps.JOB))
    with unit_of_work():
        db.session.add(MeToo(comment_id=first.id, address_id=make_address().id))
    gaps.run(Job(kind=gaps.JOB))
    assert db.session.scalar(select(Gap.people)) == 4


def test_what_is_no_open_question_is_no_reason_to_look_again() -> None:
    first, *_ = ask(*CLICKS)
    gaps.run(Job(kind=gaps.JOB))
    with unit_of_work():
        db.session.execute(Gap.__table__.delete())
    ask("A hip that waits", status=Status.PENDING)
    make_comment(article=first.article)
    gaps.run(Job(kind=gaps.JOB))
    assert db.session.scalar(select(func.count(Gap.id))) == 0


def test_the_report_leaves_out_what_was_hidden_since_with_its_words() -> None:
    first, second, third = ask("Zanzibar hip clicks", "Zanzibar hip clicks again", "The hip clicks")
    gaps.look_again()
    for one in (first, second):
        one.status = Status.REJECTED
    db.session.commit()
    (gap,), _ = gap_report.gaps()
    assert [one.id for one in gap.questions] == [third.id]
    assert "zanzibar" not in gap.title.casefold()


def test_a_draft_has_its_questions_quoted_and_attached() -> None:
    author = make_account("author")
    first, second, third = ask(*CLICKS)
    hidden = make_question("Hidden *hip*", status=Status.PENDING)
    with unit_of_work():
        ids = [first.id, second.id, third.id, hidden.id]
        with speaking(Manner(LANGUAGES["de"])):
            draft = gap_drafts.begin("hip, clicking", ids, by=author)
    assert draft.source.startswith("Was Leser gefragt haben:\n\n[")
    assert draft.title == "Why does the hip make a clicking noise?"
    assert draft.status == ArticleStatus.DRAFT
    assert first.href in draft.source
    assert "Hidden" not in draft.source
    assert gap_drafts.begun_for(draft.id) == [first.id, second.id, third.id]


def test_the_same_draft_begun_twice_is_one() -> None:
    author = make_account("author")
    ids = [one.id for one in ask(*CLICKS)]
    with unit_of_work():
        first = gap_drafts.begin("hip, clicking", ids, by=author).id
    with unit_of_work():
        assert gap_drafts.begin("hip, clicking", ids, by=author).id == first


def test_no_draft_is_begun_for_what_is_answered_or_hidden() -> None:
    (question,) = ask(CLICKS[0], status=Status.REJECTED)
    with unit_of_work(), pytest.raises(gap_drafts.NothingLeft):
        gap_drafts.begin("hip", [question.id], by=make_account("author"))


def test_signs_in_a_question_mean_nothing_in_the_draft() -> None:
    (question,) = ask("Is it [a](javascript:alert) *hip*?")
    with unit_of_work():
        draft = gap_drafts.begin("hip", [question.id], by=make_account("author"))
    assert 'href="javascript' not in draft.html
    assert "<em>" not in draft.html


@pytest.mark.parametrize("title", ["", "\0", "   "])
def test_a_draft_without_a_title_is_refused_with_a_sentence(title: str) -> None:
    with unit_of_work(), pytest.raises(Refusal):
        gap_drafts.begin(title, [], by=make_account("author"))


def test_a_thousand_open_questions_stand_in_one_gap_each_at_most() -> None:
    article = make_article()
    words = ["hip", "knee", "foot", "desk", "shoe", "stairs", "sleep", "neck", "run", "walk"]
    rows = [
        {
            "article_id": article.id,
            "kind": "question",
            "status": "approved",
            "title": f"{words[n % 10]} {words[n // 10 % 10]} number{n // 5}",
            "author_name": "Bo",
            "source": "x",
            "html": f"<p>About {words[n // 100]} again.</p>",
            "nonce": f"nonce{n}",
            "by_author": False,
        }
        for n in range(1000)
    ]
    with unit_of_work():
        db.session.execute(insert(Comment), rows)
    gaps.look_again()
    seen = [ref for gap in db.session.scalars(select(Gap)) for ref in gap.question_ids]
    assert len(seen) == len(set(seen))
    assert len(seen) <= 1000
