"""Cards and answers whose ground gave way are marked, and only those."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine

from app.domains.accounts.models import Account
from app.domains.answers import keeping, rechecking
from app.domains.answers import services as cards
from app.domains.answers.errors import NothingToCheck
from app.domains.answers.models import AnswerCard
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.articles.services import ArticleText
from app.domains.comments.models import Comment
from app.domains.resources import links
from app.domains.resources import services as resources
from app.domains.resources.models import Resource
from app.domains.resources.services import ResourceText
from app.engines.text.render import render_reply
from app.infra.audit import AuditEntry
from app.infra.clock import now
from app.infra.db import db
from app.infra.outside.fetching import Problem, Seen
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_article, make_comment, make_question, make_resource

pytestmark = pytest.mark.usefixtures("app")

Deliver = Callable[[], int]
TEN = "one two three four five six seven eight nine ten"


def card(
    title: str,
    source: str = "It is a tendon.",
    *,
    on: Resource | Article | None = None,
    retired: bool = False,
) -> int:
    """A card, resting on a resource or an article; its id."""
    resource_ids = [on.id] if isinstance(on, Resource) else []
    article_ids = [on.id] if isinstance(on, Article) else []
    with unit_of_work():
        made = cards.create(title, source, (), resource_ids, article_ids, by=None)
        if retired:
            keeping.retire(made, by=None)
        return made.id


def answer_with(link: str) -> int:
    question = make_question()
    made = make_comment(parent=question, account=question.article.author, by_author=True)
    made.source = f"Read [this]({link})."
    made.html = render_reply(made.source)
    db.session.commit()
    return made.id


def reason(card_id: int) -> str | None:
    """Why a card is to be looked at again; None where it is not."""
    db.session.rollback()
    found = db.session.get_one(AnswerCard, card_id)
    return found.recheck_reason if found.recheck_at else None


def edit_resource(resource: Resource, **changes: str) -> None:
    resource_id = resource.id
    facts = {"title": resource.title, "slug": resource.slug, "source": resource.source, **changes}
    with unit_of_work():
        resources.edit_resource(
            db.session.get_one(Resource, resource_id), ResourceText(kind=resource.kind, **facts)
        )


def edit_article(article: Article, **changes: str) -> None:
    article_id = article.id
    facts = {"title": article.title, "source": article.source, **changes}
    with unit_of_work():
        articles.edit(db.session.get_one(Article, article_id), ArticleText(**facts))


def die(resource: Resource) -> None:
    """Two looks find that nothing is there any more."""
    resource_id, url = resource.id, str(resource.url)
    for _ in range(2):
        with unit_of_work():
            links.keep(resource_id, url, Seen(404))


# What marks a card


def test_an_edited_resource_marks_the_cards_that_rest_on_it_or_link_to_it(
    deliver: Deliver,
) -> None:
    resource, other = make_resource("Clamshell"), make_resource("Bridge")
    resting, elsewhere = card("Resting", on=resource), card("Elsewhere", on=other)
    linking = card("Linking", f"Do [this](/resources/{resource.slug}).")
    retired = card("Retired", on=resource, retired=True)
    edit_resource(resource, source="Do it slowly.")
    deliver()
    assert {reason(one) for one in (resting, linking, retired)} == {"“Clamshell” was changed."}
    assert reason(elsewhere) is None


def test_a_removed_resource_marks_the_cards_that_rested_on_it(deliver: Deliver) -> None:
    resource = make_resource("Clamshell")
    resting, linking = card("a", on=resource), card("b", "See [it](/resources/clamshell).")
    resource_id = resource.id
    with unit_of_work():
        rechecking.remove_resource(db.session.get_one(Resource, resource_id))
    deliver()
    assert reason(resting) == reason(linking) == "“Clamshell” was taken away."
    assert db.session.get(Resource, resource_id) is None


def test_an_article_taken_offline_marks_the_cards_that_rest_on_it(deliver: Deliver) -> None:
    article = make_article("Hips")
    resting = card("a", on=article)
    article_id = article.id
    with unit_of_work():
        articles.unpublish(db.session.get_one(Article, article_id))
    deliver()
    assert reason(resting) == "“Hips” was taken offline."


@pytest.mark.parametrize(
    ("changes", "is_marked"),
    [
        ({"source": TEN.replace("one", "eins").replace("two", "zwei")}, False),
        ({"source": TEN.replace("one two three", "eins zwei drei")}, True),
        ({"source": TEN + " eleven twelve thirteen"}, True),
        ({"title": "Hips and knees"}, True),
        ({}, False),
    ],
)
def test_an_article_edited_by_more_than_a_fifth_or_in_its_title_marks_them(
    changes: dict[str, str], is_marked: bool, deliver: Deliver
) -> None:
    article = make_article("Hips", text=TEN)
    resting, answer = card("a", on=article), answer_with(f"/articles/{article.slug}")
    edit_article(article, **changes)
    deliver()
    assert (reason(resting) is not None) == is_marked
    assert (db.session.get_one(Comment, answer).recheck_at is not None) == is_marked


# Links that died


def test_a_dead_link_marks_cards_and_answers_and_says_since_when(deliver: Deliver) -> None:
    resource = make_resource("Clamshell", url="https://videos.example/clam")
    resting, answer = card("a", on=resource), answer_with(f"/resources/{resource.slug}")
    other = answer_with("/resources/bridge")
    with time_machine.travel("2026-03-03T09:30:00+00:00", tick=False):
        die(resource)
        deliver()
    words = "The address of “Clamshell” has been dead since 3 March 2026."
    assert reason(resting) == db.session.get_one(Comment, answer).recheck_reason == words
    assert db.session.get_one(Comment, other).recheck_at is None


@pytest.mark.parametrize(
    "url",
    [
        "https://videos.example/clam",
        "https://videos.example/clam?a=1&b=2#t=3",
        "https://vidéos.example/größe",
        "https://videos.example/it's_(slow)",
    ],
)
def test_a_link_straight_to_the_dead_address_is_found_however_it_is_written(
    url: str, deliver: Deliver
) -> None:
    resource = make_resource("Clamshell", url=url)
    linking, answer = card("a", f"See [it](<{url}>)."), answer_with(f"<{url}>")
    longer = card("b", f"See [it](<{url}er>).")
    die(resource)
    deliver()
    assert reason(linking) is not None
    assert db.session.get_one(Comment, answer).recheck_at is not None
    assert reason(longer) is None


def test_a_link_that_only_fails_marks_nothing(deliver: Deliver) -> None:
    resource = make_resource("Clamshell", url="https://videos.example/clam")
    resting = card("a", on=resource)
    resource_id, url = resource.id, str(resource.url)
    with unit_of_work():
        links.keep(resource_id, url, Seen(problem=Problem.NOBODY))
    deliver()
    assert reason(resting) is None


def see(resource: Resource, seen: Seen) -> None:
    resource_id, url = resource.id, str(resource.url)
    with unit_of_work():
        links.keep(resource_id, url, seen)


def test_a_link_that_stays_dead_marks_once_and_not_each_week(deliver: Deliver) -> None:
    resource = make_resource("Clamshell", url="https://videos.example/clam")
    resting = card("a", on=resource)
    die(resource)
    deliver()
    author_id = make_account("author").id
    with unit_of_work():
        rechecking.still_right(
            db.session.get_one(AnswerCard, resting), by=db.session.get_one(Account, author_id)
        )
    for _ in range(3):
        see(resource, Seen(404))
        deliver()
    assert reason(resting) is None


def test_a_link_that_comes_alive_again_leaves_nothing_to_look_at(deliver: Deliver) -> None:
    resource = make_resource("Clamshell", url="https://videos.example/clam")
    resting, answer = card("a", on=resource), answer_with(f"/resources/{resource.slug}")
    die(resource)
    deliver()
    assert reason(resting) is not None
    see(resource, Seen(200))
    assert reason(resting) is None
    assert db.session.get_one(Comment, answer).recheck_at is None


def test_what_was_marked_for_something_else_since_stays_marked(deliver: Deliver) -> None:
    resource = make_resource("Clamshell", url="https://videos.example/clam")
    other = make_resource("Bridge", url="https://videos.example/bridge")
    with unit_of_work():
        resting = cards.create("a", "Text.", (), [resource.id, other.id], (), by=None).id
    die(resource)
    deliver()
    die(other)
    deliver()
    see(resource, Seen(200))
    assert "“Bridge”" in str(reason(resting))


# What takes the mark away


def marked(title: str = "a") -> int:
    made = card(title)
    with unit_of_work():
        found = db.session.get_one(AnswerCard, made)
        found.recheck_at, found.recheck_reason = now(), "“X” was changed."
    return made


def still_right(card_id: int, by: Account) -> AuditEntry:
    by_id = by.id
    with unit_of_work():
        held = db.session.get_one(AnswerCard, card_id)
        entry = rechecking.still_right(held, by=db.session.get_one(Account, by_id)).id
    return db.session.get_one(AuditEntry, entry)


def test_a_card_that_is_still_right_waits_no_more_and_the_record_says_so() -> None:
    one, by = marked(), make_account("author")
    entry = still_right(one, by)
    assert reason(one) is None
    assert (entry.act, entry.subject, entry.actor_id) == ("still right", "card", by.id)
    assert entry.detail["before"]["recheck_reason"] == "“X” was changed."
    assert db.session.get_one(AnswerCard, one).version == 1


def test_nothing_can_be_called_still_right_twice() -> None:
    one, by = marked(), make_account("author")
    still_right(one, by)
    with pytest.raises(NothingToCheck):
        still_right(one, by)


def test_an_edited_card_was_looked_at() -> None:
    one = marked()
    with unit_of_work():
        held = db.session.get_one(AnswerCard, one)
        cards.edit(
            held,
            title=held.title,
            source="It is another tendon.",
            tag_ids=(),
            resource_ids=(),
            article_ids=(),
            by=None,
            version=held.version,
        )
    assert reason(one) is None


def test_the_first_time_stays_and_the_newest_reason_is_told(deliver: Deliver) -> None:
    resource = make_resource("Clamshell")
    one = card("a", on=resource)
    edit_resource(resource, source="Slowly.")
    deliver()
    first = db.session.get_one(AnswerCard, one).recheck_at
    edit_resource(resource, title="Clamshells")
    deliver()
    assert reason(one) == "“Clamshells” was changed."
    assert db.session.get_one(AnswerCard, one).recheck_at == first


def test_those_that_wait_come_the_longest_marked_first() -> None:
    ids = []
    for day in (2, 1):
        with time_machine.travel(f"2026-03-0{day}T09:30:00+00:00", tick=False):
            ids.append(marked(f"day {day}"))
    card("not marked")
    assert [one.id for one in rechecking.waiting(limit=5)] == ids[::-1]
    assert rechecking.count_waiting() == 2
