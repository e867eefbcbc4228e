"""Editing tags and resources in the browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.resources.models import Resource
from app.domains.tags.models import Tag
from app.infra.db import db
from tests.factories import make_account, make_resource, make_tag
from tests.support.client import Browser
from tests.support.queries import Counted

Counting = Callable[[], AbstractContextManager[Counted]]


@pytest.fixture
def room(app: Flask, as_: Callable[[Account], Browser]) -> Browser:
    """A moderator's."""
    return as_(make_account("moderator"))


def test_a_moderator_makes_a_tag_with_a_synonym_a_line(room: Browser) -> None:
    answer = room.submit(
        "/author/tags/new", name="Clicking hip", synonyms="hip clicks\r\n\r\n Hip Clicks \r\nsnaps"
    )
    assert answer.status_code == 303
    tag = db.session.scalars(select(Tag)).one()
    assert tag.slug == "clicking-hip"
    assert [synonym.phrase for synonym in tag.synonyms] == ["hip clicks", "snaps"]


def test_a_tag_is_changed_and_its_form_shows_what_is_saved(room: Browser) -> None:
    tag = make_tag("Hip", synonyms=["hips"])
    room.submit(f"/author/tags/{tag.id}", name="The hip", slug="hip", synonyms="hip joint")
    page = room.get(f"/author/tags/{tag.id}").text
    assert 'value="The hip"' in page
    assert "hip joint" in page
    assert "hips" not in page


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": ""}, "seen"),
        ({"slug": "knee"}, "Another tag has this address"),
        ({"synonyms": "kept words\n" + "x" * 81}, "at most 80 fit"),
        ({"description": "kept words " + "x" * 2000}, "at most 2,000 fit"),
    ],
)
def test_a_refused_tag_says_why_and_keeps_what_was_typed(
    room: Browser, fields: dict[str, str], problem: str
) -> None:
    make_tag("Knee")
    tag = make_tag("Hip")
    typed = {"name": "Hip joint", "synonyms": "kept words", **fields}
    answer = room.submit(f"/author/tags/{tag.id}", **typed)
    assert answer.status_code == 422
    assert problem in answer.text
    assert "kept words" in answer.text
    assert tag.name == "Hip"


def test_a_moderator_adds_a_resource_with_tags(room: Browser, client: Browser) -> None:
    tag = make_tag("Hip")
    answer = room.submit(
        "/author/resources/new",
        kind="video",
        title="Clamshell",
        url="https://youtu.be/dQw4w9WgXcQ",
        source="Do it **slowly**.",
        tags=[tag.id],
    )
    assert answer.status_code == 303
    page = client.get("/resources/clamshell").text
    assert "<strong>slowly</strong>" in page
    assert "Clamshell" in client.get("/tags/hip").text


def test_x03_a_resource_leads_to_the_web_or_is_refused(room: Browser) -> None:
    answer = room.submit(
        "/author/resources/new", kind="page", title="Kept", url="javascript:alert(1)"
    )
    assert answer.status_code == 422
    assert "begins with http:// or https://" in answer.text
    assert 'value="Kept"' in answer.text
    assert db.session.scalars(select(Resource)).all() == []


@pytest.mark.parametrize("kind", ["", "article", "script"])
def test_p03_a_kind_that_does_not_exist_is_refused(room: Browser, kind: str) -> None:
    answer = room.submit(
        "/author/resources/new", kind=kind, title="Kept", url="https://example.org"
    )
    assert answer.status_code == 422
    assert db.session.scalars(select(Resource)).all() == []


def test_a_resource_is_changed(room: Browser) -> None:
    resource = make_resource("Clam")
    room.submit(
        f"/author/resources/{resource.id}",
        kind="exercise",
        title="Clamshell",
        slug="clam",
        source="Slowly.",
    )
    assert (resource.title, resource.slug) == ("Clamshell", "clam")


def test_a_resource_is_removed_for_good(room: Browser, client: Browser) -> None:
    resource = make_resource("Clam", tags=[make_tag("Hip")])
    answer = room.submit(f"/author/resources/{resource.id}/remove")
    assert answer.status_code == 303
    assert client.get("/resources/clam").status_code == 404
    assert client.get("/tags/hip").status_code == 200


@pytest.mark.parametrize("path", ["/author/tags", "/author/resources"])
def test_the_lists_cost_the_same_for_one_row_as_for_twenty(
    room: Browser, count_queries: Counting, path: str
) -> None:
    make_resource(tags=[make_tag(synonyms=["word"])])
    with count_queries() as one:
        assert room.get(path).status_code == 200
    for number in range(19):
        make_resource(tags=[make_tag(synonyms=[f"word {number}"])])
    with count_queries() as twenty:
        room.get(path)
    assert twenty.total == one.total, twenty


def test_x14_template_signs_in_a_form_come_back_as_they_were_typed(room: Browser) -> None:
    hostile = '{{7*7}}${7*7}{% raw %}"><script>alert(1)</script>'
    answer = room.submit("/author/tags/new", name=hostile, slug="x", description="y" * 3000)
    assert answer.status_code == 422
    assert "{{7*7}}${7*7}{% raw %}" in answer.text
    assert "<script>alert" not in answer.text
