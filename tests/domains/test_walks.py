"""Every list that has pages, walked from its beginning to its end and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from app.domains.accounts import mail_stops
from app.domains.accounts.mail_stops import MailStop
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role, Stop
from app.domains.answers.models import AnswerCard
from app.domains.articles import authoring
from app.domains.articles import queries as articles
from app.domains.articles.models import Article, Image
from app.domains.articles.states import ArticleStatus
from app.domains.comments import answered_by, asked, listed, threads
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.comments.queries import View
from app.domains.resources import links
from app.domains.resources import queries as resources
from app.domains.resources.models import LinkCheck
from app.infra import clock
from app.infra.db import Model, db
from app.infra.jobs import Job
from app.infra.paging import FIRST, Wanted, Ways
from app.notifications import dead_letters
from app.notifications.states import Mail
from app.search import gap_report
from app.search.models import Gap
from tests.factories import (
    make_account,
    make_address,
    make_article,
    make_card,
    make_comment,
    make_link,
    make_question,
    make_resource,
    make_tag,
)

pytestmark = pytest.mark.usefixtures("app")

MANY, SIZE = 7, 3
"""Rows and rows a page: the last page is shorter, and two of the rows came at the same time."""
Page = tuple[list[int], Ways]
List = Callable[[Wanted], Page]
TITLES = ("a_b", "A_B", "_", "Über uns", "über_1_2", "100% \"sure\" & 'safe'", "Ωμέγα")


def at(number: int) -> Any:
    return clock.now() - timedelta(days=1, minutes=number // 2)


def ids_of(found: tuple[Sequence[Any], Ways]) -> Page:
    return [row.id for row in found[0]], found[1]


def some_articles(author: Account | None = None, **columns: Any) -> list[Article]:
    return [make_article(author=author, published_at=at(n), **columns) for n in range(MANY)]


def some_questions(**columns: Any) -> list[Comment]:
    article = make_article()
    own = [make_question(article=article, created_at=at(n), **columns) for n in range(MANY)]
    make_question(article=article, status="pending", **columns)
    return own


def some_cards(**columns: Any) -> list[AnswerCard]:
    """Two and two of them answered the same number of people."""
    question = make_question()
    cards = [make_card(updated_at=at(n), **columns) for n in range(MANY)]
    for card in cards[:2]:
        make_link(card, question)
    return cards


def drafts_and_others() -> List:
    author = make_account(Role.AUTHOR)
    some_articles(author)
    make_article(author=author, status=ArticleStatus.DRAFT)
    return lambda wanted: ids_of(authoring.desk_of(author, wanted, SIZE))


def an_authors_articles() -> List:
    author = make_account(Role.AUTHOR)
    some_articles(author)
    return lambda wanted: ids_of(articles.by_author(author, wanted, SIZE))


def the_front_page() -> List:
    some_articles()
    return lambda wanted: ids_of(articles.front_page(wanted, SIZE))


def a_month() -> List:
    month = at(0)
    for _ in range(MANY):
        make_article(published_at=month)
    return lambda wanted: ids_of(articles.published_in(month.year, month.month, wanted, SIZE))


def the_pictures() -> List:
    keep(*(Image(name=f"{n}.webp", width=1, height=1, size=1) for n in range(MANY)))
    return lambda wanted: ids_of(authoring.pictures(wanted, SIZE))


def the_resources() -> List:
    for title in TITLES:
        make_resource().title = title
    db.session.commit()
    return lambda wanted: ids_of(resources.all_resources(wanted=wanted, size=SIZE))


def the_failing_links() -> List:
    for number in range(MANY):
        found = make_resource(url="https://example.com/")
        dead_since = at(number) if number % 2 else None
        keep(LinkCheck(resource_id=found.id, url=found.url, failures=1, dead_since=dead_since))
    return lambda wanted: ids_of(links.troubled(wanted=wanted, size=SIZE))


def questions_in(view: View, *, is_of_tag: bool = False) -> Callable[[], List]:
    def make() -> List:
        tags = [make_tag()] if is_of_tag else []
        some_questions(tags=tags)
        tag_id = tags[0].id if tags else None
        return lambda wanted: ids_of(
            listed.questions(view=view, wanted=wanted, size=SIZE, tag_id=tag_id)
        )

    return make


def threads_in(view: View) -> Callable[[], List]:
    def make() -> List:
        article_id = some_questions()[0].article_id

        def read(wanted: Wanted) -> Page:
            page = threads.published_thread(article_id, view=view, wanted=wanted)
            return [one.id for one in page.threads], page.ways

        return read

    return make


def what_waits_for_an_answer() -> List:
    some_questions()
    return lambda wanted: ids_of(comments.waiting_for_answer(None, wanted=wanted, size=SIZE))


def what_somebody_wrote() -> List:
    reader = make_account()
    for number in range(MANY):
        make_comment(account=reader, created_at=at(number))
    return lambda wanted: ids_of(comments.written_by(reader, wanted=wanted, size=SIZE))


def cards_in(read: Callable[..., Any], **columns: Any) -> Callable[[], List]:
    def make() -> List:
        some_cards(**columns)

        def page(wanted: Wanted) -> Page:
            found, ways = read(wanted=wanted, size=SIZE)
            return [one.id for one in found], ways

        return page

    return make


def cards_that_were_no_help() -> List:
    for number in range(MANY):
        make_link(make_card(updated_at=at(number)), make_question(), helped=False)
    return cards_in(asked.not_helping)()


def the_questions_of_a_card() -> List:
    card = make_card()
    for question in some_questions():
        make_link(card, question)
    return lambda wanted: ids_of(answered_by.questions_of(card.id, wanted=wanted, size=SIZE))


def the_links_of_a_card() -> List:
    card = make_card()
    for number, question in enumerate(some_questions()):
        make_link(card, question, helped=(None, False)[number % 2], at=at(number))

    def read(wanted: Wanted) -> Page:
        found, ways = answered_by.linked_to(card.id, wanted=wanted, size=SIZE)
        return [link.id for _, link in found], ways

    return read


def the_gaps() -> List:
    for number, question in enumerate(some_questions()):
        gap = Gap(words=["hip"], question_ids=[question.id], people=1, oldest_at=at(0))
        gap.weight = 1.1 * (number // 2)
        keep(gap)

    def read(wanted: Wanted) -> Page:
        found, ways = gap_report.gaps(wanted=wanted, size=SIZE)
        return [gap.questions[0].id for gap in found], ways

    return read


def mails_that_were_given_up() -> List:
    now = clock.now()
    keep(*(Job(kind=Mail.PROVE, failed_at=now, last_error="Away") for _ in range(MANY)))
    return lambda wanted: ids_of(dead_letters.given_up(wanted=wanted, size=SIZE))


def addresses_from_which_mail_came_back() -> List:
    for _ in range(MANY):
        keep(MailStop(address_id=make_address().id, kind=Stop.HARD, why="gone"))

    def read(wanted: Wanted) -> Page:
        found, ways = mail_stops.all_in_force(wanted=wanted, size=SIZE)
        return [stop.address_id for stop in found], ways

    return read


def keep(*rows: Model) -> None:
    db.session.add_all(rows)
    db.session.commit()


LISTS: dict[str, Callable[[], List]] = {
    "the front page": the_front_page,
    "an author's articles": an_authors_articles,
    "a month": a_month,
    "an author's desk": drafts_and_others,
    "pictures": the_pictures,
    "resources by title": the_resources,
    "failing links": the_failing_links,
    "questions, newest first": questions_in(View.NEWEST),
    "questions, oldest first": questions_in(View.OLDEST),
    "questions without an answer": questions_in(View.UNANSWERED),
    "questions of a tag": questions_in(View.NEWEST, is_of_tag=True),
    "threads, newest first": threads_in(View.NEWEST),
    "threads, oldest first": threads_in(View.OLDEST),
    "threads without an answer": threads_in(View.UNANSWERED),
    "the author's inbox": what_waits_for_an_answer,
    "somebody's texts": what_somebody_wrote,
    "cards": cards_in(asked.most_asked),
    "retired cards": cards_in(asked.retired, retired_at=clock.now()),
    "cards to look at again": cards_in(asked.to_recheck, recheck_at=clock.now()),
    "cards that were no help": cards_that_were_no_help,
    "a card's questions": the_questions_of_a_card,
    "a card's links": the_links_of_a_card,
    "gaps": the_gaps,
    "mails that were given up": mails_that_were_given_up,
    "addresses from which mail came back": addresses_from_which_mail_came_back,
}


@pytest.mark.parametrize("name", LISTS)
def test_r25_a_list_shows_each_row_once_on_the_way_to_its_end_and_back(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_OF_A_PAGE", threads._OF_A_PAGE._replace(threads=SIZE))
    read = LISTS[name]()
    wanted, there = FIRST, []
    while True:
        ids, ways = read(wanted)
        there.append(ids)
        assert len(there) <= MANY, "goes round"
        if ways.after is None:
            break
        wanted = Wanted(after=ways.after)
    seen = [one for ids in there for one in ids]
    assert len(seen) == len(set(seen)) >= MANY
    assert {len(ids) for ids in there[:-1]} == {SIZE}
    back = [ids]
    while ways.before is not None:
        ids, ways = read(Wanted(before=ways.before))
        back.append(ids)
        assert len(back) <= MANY, "goes round"
    assert back[::-1] == there
