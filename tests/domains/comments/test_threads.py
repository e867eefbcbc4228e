"""What everyone may read of a thread, how it is cut, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domains.comments import counting, mending, threads
from app.domains.comments.faces import faces
from app.domains.comments.models import Comment
from app.domains.comments.queries import View
from app.domains.comments.states import Kind, Status
from app.infra import clock
from app.infra.db import db
from app.infra.paging import FIRST, Wanted
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)

pytestmark = pytest.mark.usefixtures("app")


def titles(article_id: int, view: View = View.NEWEST, wanted: Wanted = FIRST) -> list[str]:
    found = threads.published_thread(article_id, view=view, wanted=wanted)
    return [thread.lines[0].row.title for thread in found.threads if thread.lines[0].row]


def test_v01_only_approved_texts_are_drawn() -> None:
    article = make_article()
    for status in Status:
        make_question(article=article, status=status, title=status)
    assert titles(article.id) == ["approved"]


def test_v05_the_count_does_not_know_what_waits() -> None:
    article = make_article()
    make_comment(article=article)
    make_comment(article=article, status=Status.PENDING)
    assert threads.published_thread(article.id, view=View.NEWEST).comment_count == 1


def test_v12_a_reply_under_a_rejected_parent_stands_without_it() -> None:
    article = make_article()
    parent = make_comment("secret words", article=article, status=Status.REJECTED)
    make_comment("A reply.", parent=parent)
    (thread,) = threads.published_thread(article.id, view=View.NEWEST).threads
    assert [line.row is None for line in thread.lines] == [True, False]


def test_views_sort_and_sift() -> None:
    article = make_article()
    start = clock.now() - timedelta(days=1)
    for number, title in enumerate(["first", "second", "third"]):
        question = make_question(
            article=article, title=title, created_at=start + timedelta(hours=number)
        )
        if title == "second":
            make_answer(question)
    assert titles(article.id, View.NEWEST) == ["third", "second", "first"]
    assert titles(article.id, View.OLDEST) == ["first", "second", "third"]
    assert titles(article.id, View.ANSWERED) == ["second"]
    assert titles(article.id, View.UNANSWERED) == ["third", "first"]


def test_an_answer_that_waits_answers_nothing() -> None:
    question = make_question()
    make_comment(parent=question, by_author=True, status=Status.PENDING)
    assert titles(question.article_id, View.ANSWERED) == []


def test_twenty_five_threads_make_a_page() -> None:
    article = make_article()
    for number in range(26):
        make_question(article=article, title=str(number))
    first = threads.published_thread(article.id, view=View.NEWEST)
    assert (len(first.threads), first.ways.before) == (25, None)
    assert titles(article.id, wanted=Wanted(after=first.ways.after or "")) == ["0"]


@pytest.mark.parametrize("view", [View.NEWEST, View.OLDEST, View.UNANSWERED])
def test_r25_each_thread_is_seen_once_while_others_write_and_hide(view: View) -> None:
    article = make_article()
    start = clock.now() - timedelta(days=1)
    began = [
        make_question(article=article, created_at=start + timedelta(minutes=number // 2)).id
        for number in range(60)
    ]
    seen: list[int] = []
    wanted = FIRST
    while True:
        page = threads.published_thread(article.id, view=view, wanted=wanted)
        seen += [one.id for one in page.threads]
        if page.ways.after is None:
            break
        wanted = Wanted(after=page.ways.after)
        make_question(article=article, created_at=start - timedelta(days=len(seen)))
        db.session.get_one(Comment, page.threads[-1].id).status = Status.REJECTED
        db.session.commit()
    assert len(seen) == len(set(seen))
    assert set(began) <= set(seen)


def test_walking_back_through_threads_meets_the_first_page() -> None:
    article = make_article()
    for number in range(60):
        make_question(article=article, title=str(number))
    first = threads.published_thread(article.id, view=View.NEWEST)
    second = threads.published_thread(
        article.id, view=View.NEWEST, wanted=Wanted(after=first.ways.after or "")
    )
    third = threads.published_thread(
        article.id, view=View.NEWEST, wanted=Wanted(after=second.ways.after or "")
    )
    assert (len(third.threads), third.ways.after) == (10, None)
    again = threads.published_thread(
        article.id, view=View.NEWEST, wanted=Wanted(before=third.ways.before or "")
    )
    assert [one.id for one in again.threads] == [one.id for one in second.threads]
    back = threads.published_thread(
        article.id, view=View.NEWEST, wanted=Wanted(before=again.ways.before or "")
    )
    assert [one.id for one in back.threads] == [one.id for one in first.threads]
    assert back.ways.is_first


def test_a_long_discussion_is_counted_no_further_than_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article = make_article()
    for _ in range(4):
        make_comment(article=article)
    monkeypatch.setattr(counting, "COUNTED", 2)
    assert counting.comment_counts([article.id]) == {article.id: 3}


def test_many_long_threads_give_way_so_that_a_page_stays_small() -> None:
    article = make_article()
    for _ in range(10):
        root = make_comment(article=article)
        for _ in range(20):
            make_comment(parent=root)
    shown = threads.published_thread(article.id, view=View.NEWEST).threads
    drawn = [len(one.lines) for one in shown]
    assert len(set(drawn)) == 1
    assert sum(drawn) <= threads.LINES_ON_ARTICLE
    assert [one.left_out + len(one.lines) for one in shown] == [21] * 10


def test_a_long_thread_is_cut_and_says_how_much_is_left() -> None:
    root = make_comment()
    for _ in range(60):
        make_comment(parent=root)
    (thread,) = threads.published_thread(root.article_id, view=View.NEWEST).threads
    assert (len(thread.lines), thread.left_out) == (threads.REPLIES_SHOWN + 1, 20)


def test_depth_ends_at_four_and_says_to_whom() -> None:
    comment = make_comment(name="Depth 0")
    for depth in range(1, 7):
        comment = make_comment(parent=comment, name=f"Depth {depth}")
    (thread,) = threads.published_thread(comment.article_id, view=View.NEWEST).threads
    drawn = [
        (line.depth, line.in_reply_to.name if line.in_reply_to else None) for line in thread.lines
    ]
    assert drawn == [
        (0, None),
        (1, None),
        (2, None),
        (3, None),
        (4, None),
        (4, "Depth 4"),
        (4, "Depth 5"),
    ]


def test_the_badge_comes_from_the_row_and_not_from_the_name() -> None:
    author = make_account("author", name="Marta")
    article = make_article(author=author)
    make_comment(article=article, name="Marta (Author)")
    make_comment(article=article, account=author, by_author=True)
    shown = faces(Comment.article_id == article.id, order=(Comment.id,))
    assert [face.badge for face in shown] == [None, "author"]


def test_a_question_shows_the_resources_behind_its_tags() -> None:
    tag = make_tag("Clicking hip")
    make_resource("Quiet leg circle", tags=[tag])
    question = make_question(tags=[tag])
    (face,) = faces(Comment.id == question.id)
    assert [pointer.title for pointer in face.resources] == ["Quiet leg circle"]


def test_a_question_does_not_point_to_the_article_it_was_asked_under() -> None:
    tag = make_tag("Hip")
    article = make_article("Πόνος στο ισχίο", tags=[tag])
    (face,) = faces(Comment.id == make_question(article=article, tags=[tag]).id)
    assert face.resources == ()


def test_the_cost_of_a_thread_does_not_grow_with_it(count_queries) -> None:  # type: ignore[no-untyped-def]
    article = make_article()
    tag = make_tag()
    article_id = article.id
    for number in range(3):
        make_comment(parent=make_question(article=article, title=str(number), tags=[tag]))
    with count_queries() as few:
        threads.published_thread(article_id, view=View.NEWEST)
    for number in range(20):
        make_comment(parent=make_question(article=article, title=str(number), tags=[tag]))
    assert article.id  # loaded again, so that only the thread is counted
    with count_queries() as many:
        threads.published_thread(article_id, view=View.NEWEST)
    assert many.total == few.total <= 7


@pytest.mark.one_database
def test_r19_a_chain_of_two_thousand_replies_is_paged() -> None:
    root = make_question(title="Deep")
    now = clock.now()
    rows = [
        {
            "id": root.id + 1 + number,
            "parent_id": root.id + number,
            "root_id": root.id,
            "question_id": root.id,
            "article_id": root.article_id,
            "kind": Kind.COMMENT,
            "status": Status.APPROVED,
            "author_name": "Ann",
            "source": "deep",
            "html": "<p>deep</p>",
            "created_at": now + timedelta(seconds=number),
        }
        for number in range(2000)
    ]
    db.session.execute(Comment.__table__.insert(), rows)
    lines, bounds = threads.published_branch(root, page=1)
    assert (len(lines), bounds.count) == (threads.LINES_A_PAGE, 21)
    _, there = threads.published_branch(root, page=1, around=root.id + 1500)
    assert there.number == 16


def test_changing_the_kind_hangs_the_answers_on_the_new_question() -> None:
    root = make_comment()
    reply = make_comment(parent=root)
    below = make_comment(parent=reply)
    mending.change_kind(reply, Kind.QUESTION, by=make_account("moderator"))
    db.session.refresh(below)
    assert below.question_id == reply.id
    mending.change_kind(reply, Kind.COMMENT, by=make_account("moderator"))
    db.session.refresh(below)
    assert below.question_id is None


def test_the_tags_counts_tell_answered_from_open() -> None:
    tag = make_tag()
    make_answer(make_question(tags=[tag]))
    make_question(tags=[tag])
    make_question(tags=[tag], status=Status.PENDING)
    assert counting.question_counts() == {tag.id: (1, 1)}


def test_a_tag_with_more_questions_than_are_counted_says_so_and_no_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few, many = make_tag(), make_tag()
    make_tag()
    monkeypatch.setattr(counting, "OF_A_TAG", 2)
    for tag, number in ((few, 2), (many, 3)):
        for _ in range(number):
            make_question(tags=[tag])
    assert counting.question_counts() == {few.id: (0, 2), many.id: None}


def test_all_threads_stand_on_one_page_with_all_their_replies_when_that_is_asked_for() -> None:
    article = make_article()
    for _ in range(26):
        make_question(article=article)
    long = make_question(article=article)
    for _ in range(60):
        make_comment(parent=long)
    first = threads.published_thread(article.id, view=View.NEWEST)
    page = threads.published_thread(article.id, view=View.NEWEST, whole=True)
    assert (first.is_part, page.is_part, page.is_whole) == (True, False, True)
    assert (len(page.threads), sum(len(one.lines) for one in page.threads)) == (27, 87)


def test_v01_all_on_one_page_shows_nothing_that_waits() -> None:
    article = make_article()
    for status in Status:
        make_question(article=article, status=status, title=status)
    page = threads.published_thread(article.id, view=View.NEWEST, whole=True)
    assert [one.lines[0].row and one.lines[0].row.title for one in page.threads] == ["approved"]


def test_an_article_with_too_many_comments_for_one_page_keeps_its_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "MOST_AT_ONCE", 29)
    article = make_article()
    for _ in range(30):
        make_question(article=article)
    page = threads.published_thread(article.id, view=View.NEWEST, whole=True)
    assert (page.is_whole, len(page.threads), page.comment_count) == (False, 25, 30)
