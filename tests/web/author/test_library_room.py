"""Editing tags and resources in the browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.resources import links
from app.domains.resources.models import Resource
from app.domains.tags.models import Tag
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.outside.fetching import Seen
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_card, make_resource, make_tag
from tests.support.client import Browser
from tests.support.queries import Counted
from tests.support.settings import change_settings

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


# Links that fail


def fail(resource: Resource, times: int) -> None:
    """So many looks found nothing at its address; the second one is its death."""
    resource_id, url = resource.id, str(resource.url)
    for _ in range(times):
        with unit_of_work():
            links.keep(resource_id, url, Seen(404))


def test_the_list_says_which_links_are_dead_or_fail(room: Browser) -> None:
    dead, failing, fine = (
        make_resource(name, url=f"https://{name}.example/") for name in ("dead", "failing", "fine")
    )
    fail(dead, 2)
    fail(failing, 1)
    page = room.get("/author/resources").text
    assert "Dead since" in page
    assert page.count("it answers 404") == 2
    only = room.get("/author/resources?links=troubled").text
    assert (f">{dead.title}<" in only, f">{failing.title}<" in only) == (True, True)
    assert f">{fine.title}<" not in only
    assert only.index(f">{dead.title}<") < only.index(f">{failing.title}<")


def test_where_no_link_fails_the_list_says_whether_anybody_looks(room: Browser, app: Flask) -> None:
    make_resource("fine", url="https://fine.example/")
    assert "link checks are off" in room.get("/author/resources?links=troubled").text
    assert "Failing or dead links" not in room.get("/author/resources").text
    change_settings(app, link_checks=True)
    assert "about once a week" in room.get("/author/resources?links=troubled").text
    assert "not looked at yet" in room.get("/author/resources").text


def test_r28_readers_notice_nothing_of_a_dead_link(room: Browser, client: Browser) -> None:
    resource = make_resource("clam", url="https://clam.example/")
    before = client.get(resource.href).text
    fail(resource, 2)
    assert client.get(resource.href).text == before


def moved(title: str = "Clamshell") -> Resource:
    """A resource whose server says that its page has another address."""
    resource = make_resource(title, url="https://old.example/hip")
    with unit_of_work():
        seen = Seen(200, moved_to="https://new.example/hip?a=1&b=2")
        links.keep(resource.id, "https://old.example/hip", seen)
    return resource


def test_an_address_that_has_moved_is_replaced_by_one_button_and_put_back_by_another(
    room: Browser, client: Browser
) -> None:
    resource = moved()
    page = room.get(f"/author/resources/{resource.id}").text
    assert "This address has moved to" in page
    assert 'value="https://new.example/hip?a=1&amp;b=2"' in page
    answer = room.submit(
        f"/author/resources/{resource.id}/new-address", address="https://new.example/hip?a=1&b=2"
    )
    page = room.get(answer.location).text
    assert "leads to its new address" in page
    assert "This address has moved to" not in page
    assert "https://new.example/hip" in client.get(resource.href).text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "use new address")).one()
    assert f'name="entry" value="{entry.id}"' in room.get("/moderation/log").text
    assert room.submit("/moderation/undo", entry=str(entry.id)).status_code == 303
    db.session.expire_all()
    assert resource.url == "https://old.example/hip"


def test_a_new_address_leaves_answers_that_rest_on_it_as_right_as_they_were(
    room: Browser, deliver: Callable[[], int]
) -> None:
    resource = moved()
    card = make_card(resources=[resource])
    room.submit(
        f"/author/resources/{resource.id}/new-address", address="https://new.example/hip?a=1&b=2"
    )
    deliver()
    db.session.expire_all()
    assert resource.url == "https://new.example/hip?a=1&b=2"
    assert card.recheck_at is None


def test_an_address_that_is_offered_no_more_is_refused_in_a_sentence(room: Browser) -> None:
    resource = make_resource("Clamshell", url="https://old.example/hip")
    answer = room.submit(
        f"/author/resources/{resource.id}/new-address", address="https://new.example/hip"
    )
    assert answer.status_code == 409
    assert "not offered any more" in answer.text
