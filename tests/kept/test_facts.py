"""What is known of a version of the site: for whom it is kept, and how long."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.domains.accounts.models import Account
from app.domains.moderation.figures import openness
from app.domains.resources.models import Resource
from app.domains.tags.models import Tag
from app.infra.clock import now
from app.infra.kept.facts import FACTS, MOST, facts_of_site
from app.infra.kept.keeping import FOR_KEEPING
from app.infra.kept.marking import SITE
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support.client import Browser
from tests.support.queries import Counted

As = Callable[[Account], Browser]


@pytest.fixture
def tag(app: Flask) -> Tag:
    return factories.make_tag("hip")


@pytest.fixture
def resource(tag: Tag) -> Resource:
    return factories.make_resource("Leg circles", tags=[tag])


def test_a_new_question_asks_nothing_anew_of_what_stands_behind_its_tag(
    app: Flask,
    client: Browser,
    tag: Tag,
    resource: Resource,
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    article = factories.make_article()
    with count_queries() as counted:
        client.get("/tags/hip")
        first = list(counted.statements)
        factories.make_question("Why does it click?", article=article, tags=[tag])
        made = counted.total
        page = client.get("/tags/hip").text
    assert "Why does it click?" in page
    assert "Leg circles" in page
    assert [one for one in first if "FROM resource" in one]
    assert not [one for one in counted.statements[made:] if "FROM resource" in one], counted


def test_after_a_new_comment_the_pages_that_show_it_take_six_queries_at_most(
    client: Browser,
    resource: Resource,
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    article = factories.make_article(tags=resource.tags)
    question = factories.make_question(article=article, tags=resource.tags)
    factories.make_answer(question)
    with count_queries() as counted:
        for path in (article.href, question.href, "/tags/hip"):
            client.get(path)
            factories.make_comment("Mine too.", parent=question)
            if path == "/tags/hip":
                factories.make_answer(question)
            before = counted.total
            client.get(path)
            assert 0 < counted.total - before <= 6, (path, str(counted))


def test_a_readers_reply_leaves_the_lists_of_questions_as_they_are_kept(
    client: Browser,
    resource: Resource,
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    question = factories.make_question(tags=resource.tags)
    with count_queries() as counted:
        for path in ("/tags/hip", "/tags/", "/questions/"):
            client.get(path)
            factories.make_comment("Mine too.", parent=question)
            before = counted.total
            client.get(path)
            assert counted.total == before, (path, str(counted))
            factories.make_answer(question)
            before = counted.total
            client.get(path)
            assert counted.total > before, path


def test_a_setting_that_was_changed_shows_at_once(client: Browser, app: Flask) -> None:
    admin = factories.make_account("admin")
    for is_on in (True, False):
        with unit_of_work():
            openness.switch(is_on, seen=openness.with_version()[1], by=admin)
        assert ("How we moderate" in client.get("/").text) is is_on


def test_a_resource_with_another_name_stands_under_it_at_once(
    client: Browser, resource: Resource
) -> None:
    article = factories.make_article("Why hips click", tags=resource.tags)
    question = factories.make_question(article=article, tags=resource.tags)
    paths = "/tags/hip", article.href, question.href
    for path in paths:
        assert "Leg circles" in client.get(path).text

    with unit_of_work():
        resource.title = "Slow circles"

    for path in paths:
        page = client.get(path).text
        assert "Slow circles" in page, path
        assert "Leg circles" not in page, path


def test_an_article_whose_time_comes_stands_behind_its_tag_two_minutes_later(
    client: Browser, tag: Tag, clock: time_machine.Traveller
) -> None:
    soon = now() + timedelta(minutes=1)
    later = factories.make_article("Why hips click", tags=[tag], published_at=soon)
    assert later.title not in client.get("/tags/hip").text
    clock.shift(121)
    assert later.title in client.get("/tags/hip").text


def test_a_page_for_one_person_leaves_nothing_behind(
    app: Flask, as_: As, resource: Resource
) -> None:
    as_(factories.make_account()).get("/tags/hip")
    assert FACTS not in app.extensions


@pytest.mark.parametrize("environ", [{}, {FOR_KEEPING: {}}])
def test_nothing_is_known_where_the_site_has_no_version(
    app: Flask, environ: dict[str, object]
) -> None:
    with app.test_request_context("/", environ_overrides=environ):
        facts_of_site()["a"] = 1
        assert facts_of_site() == {}


def test_what_was_found_at_one_version_is_not_known_at_another(app: Flask) -> None:
    for version in (1, 2, 1):
        with app.test_request_context("/", environ_overrides={FOR_KEEPING: {SITE: version}}):
            assert facts_of_site() == {}
            facts_of_site()["a"] = version
            assert facts_of_site() == {"a": version}


def test_so_much_is_known_at_most(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides={FOR_KEEPING: {SITE: 1}}):
        for number in range(MOST + 5):
            facts_of_site()[number] = number
        assert len(facts_of_site()) == 5
