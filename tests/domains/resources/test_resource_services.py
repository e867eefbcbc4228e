"""Adding, changing, finding and removing resources."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
import time_machine
from sqlalchemy import select

from app.domains.resources import policy, queries, services
from app.domains.resources.errors import ResourceSlugTaken, UnfitResource
from app.domains.resources.events import ResourceChanged, ResourceRemoved
from app.domains.resources.models import Resource
from app.domains.resources.services import ResourceText
from app.domains.resources.states import ResourceKind
from app.infra import events
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_resource, make_tag
from tests.support.queries import Counted

pytestmark = pytest.mark.usefixtures("app")

CLAM = ResourceText(
    kind=ResourceKind.EXERCISE, title="Clamshell, slowly", source="## Set-up\n\nLie."
)


def test_a_resource_is_added_with_safe_html_a_slug_and_its_tags() -> None:
    glutes = make_tag("Glutes")
    with unit_of_work():
        made = services.add_resource(replace(CLAM, tag_ids=[glutes.id]))
    assert made.slug == "clamshell-slowly"
    assert "<h2>Set-up</h2>" in made.html
    assert made.tags == [glutes]


def test_x01_the_text_of_a_resource_is_sanitised() -> None:
    with unit_of_work():
        made = services.add_resource(
            replace(CLAM, source="<script>alert(1)</script> [x](javascript:alert(1))")
        )
    assert "<script" not in made.html
    assert "href" not in made.html


def test_the_pictures_in_its_text_carry_their_sizes() -> None:
    with unit_of_work():
        made = services.add_resource(
            replace(CLAM, source="![Lying](/media/a.jpg)"), sizes={"/media/a.jpg": (40, 30)}
        )
    assert 'width="40"' in made.html


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (replace(CLAM, title=" "), "title"),
        (replace(CLAM, title="x" * 201), "title"),
        (replace(CLAM, summary="x" * 501), "summary"),
        (replace(CLAM, url="javascript:alert(1)"), "url"),
        (replace(CLAM, source=""), "url"),
        (replace(CLAM, source="x" * 50_001), "source"),
        (replace(CLAM, source="a\x00b"), "source"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_the_name_of_its_field(
    text: ResourceText, field: str
) -> None:
    with pytest.raises(UnfitResource) as refused, unit_of_work():
        services.add_resource(text)
    assert refused.value.field == field


def test_a_slug_belongs_to_one_resource() -> None:
    make_resource("Clamshell, slowly")
    with pytest.raises(ResourceSlugTaken), unit_of_work():
        services.add_resource(CLAM)


def test_adding_changing_and_removing_are_told_and_on_record() -> None:
    moderator = make_account("moderator")
    with unit_of_work():
        made = services.add_resource(CLAM, by=moderator)
        services.edit_resource(made, replace(CLAM, title="Clamshell"), by=moderator)
        services.remove_resource(made, by=moderator)
        assert events.recorded() == [
            ResourceChanged(made.id),
            ResourceChanged(made.id),
            ResourceRemoved(made.id),
        ]
    acts = db.session.execute(
        select(AuditEntry.act, AuditEntry.actor_id).order_by(AuditEntry.id)
    ).all()
    assert [tuple(act) for act in acts] == [
        (act, moderator.id) for act in ("create", "edit", "remove")
    ]
    assert db.session.scalars(select(Resource)).all() == []


def test_rendering_again_by_the_same_rules_changes_nothing() -> None:
    with unit_of_work():
        made = services.add_resource(CLAM)
        assert services.render_again(made) is False


def test_behind_a_tag_the_resource_that_was_changed_last_stands_first(
    clock: time_machine.Traveller,
) -> None:
    hip = make_tag("Hip")
    for title in ("Older", "Newer"):
        make_resource(title, tags=[hip])
        clock.shift(60)
    make_resource("Another tag", tags=[make_tag("Foot")])
    assert [one.title for one in queries.with_tag(hip.id, most=5)] == ["Newer", "Older"]


def test_behind_a_tag_stand_so_many_resources_at_most() -> None:
    hip = make_tag("Hip")
    make_resource("One", tags=[hip])
    make_resource("Two", tags=[hip])
    assert len(queries.with_tag(hip.id, most=1)) == 1


def test_a_list_of_resources_costs_three_queries_and_no_bodies(
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    hip = make_tag("Hip")
    for number in range(10):
        make_resource(f"Exercise {number}", tags=[hip])
    db.session.expunge_all()
    with count_queries() as counted:
        found, ways = queries.all_resources()
        assert [tag.name for resource in found for tag in resource.tags] == ["Hip"] * 10
    assert counted.total == 3, counted
    assert (ways.before, ways.after) == (None, None)


def test_a_list_of_one_kind_holds_no_other() -> None:
    video = make_resource("Video", kind=ResourceKind.VIDEO)
    make_resource("Exercise")
    assert queries.all_resources(kind=ResourceKind.VIDEO)[0] == [video]


@pytest.mark.parametrize(
    ("role", "may"), [("reader", False), ("moderator", True), ("author", True), ("admin", True)]
)
def test_p01_staff_may_edit_resources_and_readers_may_not(role: str, may: bool) -> None:
    assert policy.may_edit_resources(make_account(role)) is may
    assert policy.may_edit_resources(None) is False
