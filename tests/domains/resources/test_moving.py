"""An address that has moved for good: which new one is offered, taken, and taken back."""

from __future__ import annotations

import pytest

from app.domains.resources import links, moving
from app.domains.resources.errors import MovedOn, MoveStands
from app.domains.resources.models import Resource
from app.infra.db import db
from app.infra.outside.fetching import Problem, Seen
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_resource

pytestmark = pytest.mark.usefixtures("app")
OLD, NEW = "https://old.example/hip", "https://new.example/hip"
MOVED = Seen(200, moved_to=NEW)


def see(resource: Resource, seen: Seen) -> str | None:
    """What is offered after this look."""
    ref, url = resource.id, str(resource.url)
    with unit_of_work():
        links.keep(ref, url, seen)
    return moving.offered(resource)


def test_the_new_address_is_offered_until_a_look_says_otherwise() -> None:
    resource = make_resource("Hips", url=OLD)
    refused = Seen(problem=Problem.PRIVATE, was_refused=True)
    assert see(resource, MOVED) == NEW
    assert see(resource, refused) == NEW
    assert see(resource, Seen(200)) is None


@pytest.mark.parametrize(
    "moved_to",
    ["", OLD, "https://new.example/", "https://new.example", "https://x.example/" + "a" * 2000],
    ids=["none", "itself", "front page", "front page without a slash", "too long"],
)
def test_what_is_no_new_address_is_not_offered(moved_to: str) -> None:
    assert see(make_resource("Hips", url=OLD), Seen(200, moved_to=moved_to)) is None


def test_a_front_page_that_moved_to_a_front_page_is_offered() -> None:
    resource = make_resource("Hips", url="http://old.example/")
    assert see(resource, Seen(200, moved_to="https://old.example/")) == "https://old.example/"


def test_what_was_found_of_another_address_is_not_offered() -> None:
    resource = make_resource("Hips", url=OLD)
    see(resource, MOVED)
    resource.url = "https://third.example/hip"
    db.session.commit()
    assert moving.offered(resource) is None


@pytest.mark.parametrize("address", ["", OLD, "https://evil.example/hip"])
def test_an_address_that_is_not_offered_is_not_taken(address: str) -> None:
    resource, by = make_resource("Hips", url=OLD), make_account("moderator")
    see(resource, MOVED)
    with pytest.raises(MovedOn), unit_of_work():
        moving.take(resource, address, by=by)
    assert resource.url == OLD


def test_one_that_leads_elsewhere_since_is_not_led_back() -> None:
    resource, by = make_resource("Hips", url=OLD), make_account("moderator")
    see(resource, MOVED)
    with unit_of_work():
        entry = moving.take(resource, NEW, by=by)
    assert moving.undoable([entry]) == {entry.id}
    resource.url = "https://third.example/hip"
    db.session.commit()
    assert moving.undoable([entry]) == frozenset()
    with pytest.raises(MoveStands), unit_of_work():
        moving.undo(entry, by=by)
