"""What is related to a thing: by likeness, readable by everyone, and found once an hour."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.domains.answers import keeping
from app.domains.answers.models import AnswerCard
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.resources import services as resources
from app.domains.resources.models import Resource
from app.domains.resources.services import ResourceText
from app.infra import clock, running
from app.infra.db import db
from app.infra.language import LANGUAGES, Manner, speaking
from app.infra.saying import say
from app.infra.unit_of_work import unit_of_work
from app.search import reading, related, services
from app.search.related import related_to
from tests.factories import make_article, make_card, make_question, make_resource
from tests.support.client import Browser
from tests.support.queries import Counted

pytestmark = pytest.mark.usefixtures("app")

Counting = Callable[[], AbstractContextManager[Counted]]
CLICKS = "The tendon slides over the hip bone, and the hip clicks on the stairs."


def index() -> None:
    """Everything there is, as after `search reindex` and a round of the worker."""
    with unit_of_work():
        for model, put in (
            (Article, services.index_article),
            (Resource, services.index_resource),
            (Comment, services.index_question),
            (AnswerCard, services.index_card),
        ):
            for row in db.session.query(model).all():
                put(row.id)
    reading.read_waiting()


def titles(kind: str, ref: int, **others: object) -> list[str]:
    return [one.title for one in related_to(kind, ref, **others)]  # type: ignore[arg-type]


def ask(title: str, **others: Any) -> Comment:
    """A question about clicking hips, under an article about something else."""
    if "article" not in others:
        others["article"] = make_article(f"Bread for {title}", text="Flour, water and salt.")
        others["article"].title = "Bread"
        db.session.commit()
    return make_question(CLICKS, title=title, **others)


def library() -> dict[str, int]:
    """One thing of each kind about clicking hips, and a few about bread; their ids."""
    article = make_article("Why the hip clicks", text=CLICKS)
    made = {
        "article": article.id,
        "resource": make_resource("When the hip clicks, rest the tendon", text=CLICKS).id,
        "card": make_card("The hip clicks: a tendon on the stairs", text=CLICKS).id,
        "question": ask("My hip clicks on the stairs").id,
    }
    for number in range(3):
        make_resource(f"Bread {number}", text="Flour and water. Wait until it has risen.")
    index()
    return made


@pytest.mark.parametrize("kind", ["article", "resource", "card", "question"])
def test_things_of_every_kind_that_say_the_same_are_related(kind: str) -> None:
    made = library()
    found = related_to(kind, made[kind])
    assert len(found) == 3
    assert {one.title for one in found} == {
        title
        for other, title in {
            "article": "Why the hip clicks",
            "resource": "When the hip clicks, rest the tendon",
            "card": "The hip clicks: a tendon on the stairs",
            "question": "My hip clicks on the stairs",
        }.items()
        if other != kind
    }


def test_each_leads_to_its_page_and_bears_a_readers_word(client: Browser) -> None:
    made = library()
    found = related_to("article", made["article"])
    assert {one.kind for one in found} == {"exercise", "answer", "question"}
    assert [client.get(one.href).status_code for one in found] == [200] * 3


def test_each_says_what_both_speak_of_and_nothing_of_who_wrote_it() -> None:
    made = library()
    whys = {str(one.why) for one in related_to("article", made["article"])}
    assert all(why.startswith("because both speak of “hip”") for why in whys), whys


def test_what_was_found_for_one_reader_is_told_the_next_in_another_language() -> None:
    made = library()
    read = []
    for tag in ("en", "de", "ar"):
        with speaking(Manner(LANGUAGES[tag])):
            read.append(say(related_to("article", made["article"])[0].why))
    assert [why.partition(" ")[0] for why in read] == ["because", "weil", "لأن"]


def test_the_reason_is_a_word_of_the_texts_that_says_something() -> None:
    article = make_article("Let me often lie on the side", text="The labrum aches at night.")
    make_resource("Often on the side: let go", text="For a labrum that aches at night.")
    index()
    (found,) = related_to("article", article.id)
    assert "labrum" in str(found.why)
    assert not {"often", "let", "Let"} & set(
        str(found.why).replace("“", " ").replace("”", " ").split()
    )


def test_at_most_four_are_shown() -> None:
    for number in range(6):
        make_resource(f"When the hip clicks, part {number}", text=CLICKS)
    article = make_article("Why the hip clicks", text=CLICKS)
    index()
    assert len(related_to("article", article.id)) == related.MOST_SHOWN == 4


def test_what_stands_on_the_page_already_is_left_out() -> None:
    made = library()
    resource = db.session.get_one(Resource, made["resource"])
    found = related_to("card", made["card"], shown=[resource.href])
    assert {one.kind for one in found} == {"article", "question"}


def test_an_article_leaves_out_the_questions_under_itself() -> None:
    article = make_article("Why the hip clicks", text=CLICKS)
    ask("My hip clicks here", article=article)
    ask("My hip clicks elsewhere")
    index()
    assert titles("article", article.id, outside=article.id) == ["My hip clicks elsewhere"]


def test_a_thing_that_nobody_has_read_yet_has_none_and_is_asked_again() -> None:
    article = make_article("Why the hip clicks", text=CLICKS)
    make_resource("When the hip clicks", text=CLICKS)
    assert titles("article", article.id) == []
    index()
    assert titles("article", article.id) == ["When the hip clicks"]


# What may not be seen


def hide_article(article_id: int) -> None:
    articles.unpublish(db.session.get_one(Article, article_id))


def hide_resource(resource_id: int) -> None:
    resources.remove_resource(db.session.get_one(Resource, resource_id))


def hide_card(card_id: int) -> None:
    keeping.retire(db.session.get_one(AnswerCard, card_id), by=None)


HIDE = {"article": hide_article, "resource": hide_resource, "card": hide_card}


@pytest.mark.parametrize("kind", list(HIDE))
def test_v03_what_is_taken_away_is_gone_from_what_was_found_before(kind: str) -> None:
    made = library()
    before = titles("question", made["question"])
    with unit_of_work():
        HIDE[kind](made[kind])
    after = titles("question", made["question"])
    assert (len(before), len(after)) == (3, 2)


def test_v03_a_question_that_is_withdrawn_or_never_was_public_is_related_to_nothing() -> None:
    article = make_article("Why the hip clicks", text=CLICKS)
    public = ask("My hip clicks")
    ask("Waiting: my hip clicks", status=Status.PENDING)
    ask("Draft: my hip clicks").article.status = "draft"
    db.session.commit()
    later = clock.now() + timedelta(days=1)
    make_article("Later: why the hip clicks", text=CLICKS, published_at=later)
    index()
    assert titles("article", article.id) == ["My hip clicks"]
    question = db.session.get_one(Comment, public.id)
    question.status = Status.REJECTED
    db.session.commit()
    with unit_of_work():
        services.index_question(public.id)
    assert titles("article", article.id) == []


def test_what_moved_is_linked_to_where_it_is_now() -> None:
    made = library()
    related_to("article", made["article"])
    with unit_of_work():
        resource = db.session.get_one(Resource, made["resource"])
        resources.edit_resource(
            resource,
            ResourceText(kind=resource.kind, title="Moved", slug="moved", source=CLICKS),
        )
    found = {one.title: one.href for one in related_to("article", made["article"])}
    assert found["Moved"] == "/resources/moved"


# What it costs


def test_it_is_found_once_an_hour_and_asked_with_one_query(
    count_queries: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = library()
    first = titles("article", made["article"])
    with count_queries() as counted:
        assert titles("article", made["article"]) == first
    assert counted.total == 1, counted
    monkeypatch.setattr(related, "SECONDS", -1.0)
    running.kept().pop("related")
    titles("article", made["article"])
    with count_queries() as again:
        titles("article", made["article"])
    assert again.total > 1


def test_what_is_kept_has_an_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(related, "MOST_KEPT", 2)
    made = library()
    for kind, ref in made.items():
        related_to(kind, ref)
    assert list(running.kept()["related"]) == list(made.items())[-2:]


def test_a_process_keeps_its_own(app: Flask, make_app: Callable[..., Flask]) -> None:
    made = library()
    related_to("article", made["article"])
    with make_app().app_context():
        assert "related" not in running.kept()


# On the pages


def test_every_page_of_a_thing_shows_what_is_related(client: Browser) -> None:
    made = library()
    paths = [
        db.session.get_one(Article, made["article"]).href,
        db.session.get_one(Resource, made["resource"]).href,
        db.session.get_one(AnswerCard, made["card"]).href,
        db.session.get_one(Comment, made["question"]).href,
    ]
    pages = [client.get(path) for path in paths]
    assert [page.status_code for page in pages] == [200] * 4
    for page in pages:
        beside = page.text.partition('aria-label="Related"')[2].partition("</aside>")[0]
        assert beside.count("<li>") == 3, page.text
        assert "Bread" not in beside


def test_a_page_without_anything_like_it_shows_no_empty_list(client: Browser) -> None:
    article = make_article("Why the hip clicks", text=CLICKS)
    index()
    assert 'aria-label="Related"' not in client.get(article.href).text
