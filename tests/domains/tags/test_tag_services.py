"""Making and changing tags."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.tags import services
from app.domains.tags.errors import TagSlugTaken, UnfitTag
from app.domains.tags.events import TagChanged
from app.domains.tags.models import Tag
from app.infra import events
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_tag

pytestmark = pytest.mark.usefixtures("app")


def phrases(tag: Tag) -> list[str]:
    return [synonym.phrase for synonym in tag.synonyms]


def test_a_tag_without_a_slug_gets_one_from_its_name() -> None:
    with unit_of_work():
        services.create_tag("Clicking hip")
    assert db.session.scalars(select(Tag.slug)).all() == ["clicking-hip"]


def test_synonyms_are_trimmed_and_kept_once_whatever_their_case() -> None:
    with unit_of_work():
        tag = services.create_tag(
            "Clicking hip",
            synonyms=["  hip clicks ", "Hip  Clicks", "", "snapping hip", "CLICKING HIP"],
        )
        assert phrases(tag) == ["hip clicks", "snapping hip"]


def test_a_second_tag_with_the_same_slug_is_refused() -> None:
    make_tag("Clicking hip")
    with pytest.raises(TagSlugTaken), unit_of_work():
        services.create_tag("clicking  HIP")


@pytest.mark.parametrize(
    ("name", "synonyms", "field"),
    [
        ("\u200b", [], "name"),
        ("x" * 81, [], "name"),
        ("hip\x00", [], "name"),
        ("hip", ["y" * 81], "synonyms"),
        ("hip", ["\u2060 \u200b"], "synonyms"),
    ],
)
def test_a_word_that_cannot_be_seen_or_does_not_fit_is_refused(
    name: str, synonyms: list[str], field: str
) -> None:
    with pytest.raises(UnfitTag) as refused, unit_of_work():
        services.create_tag(name, synonyms=synonyms)
    assert refused.value.field == field


def test_an_edit_forgets_the_synonyms_that_are_left_out_and_keeps_the_rows_of_the_others() -> None:
    tag = make_tag("Hip", synonyms=["hip clicks", "hip pops"])
    kept = next(synonym.id for synonym in tag.synonyms if synonym.phrase == "hip pops")
    with unit_of_work():
        services.edit_tag(tag, name="Hip", synonyms=["hip pops", "hip snaps"])
    assert {synonym.phrase: synonym.id for synonym in tag.synonyms}["hip pops"] == kept
    assert phrases(tag) == ["hip pops", "hip snaps"]


def test_an_edit_tells_that_the_tag_changed_and_one_that_changes_nothing_is_silent() -> None:
    tag = make_tag("Hip", synonyms=["hips"])
    with unit_of_work():
        services.edit_tag(tag, name="Hip", synonyms=["hips"])
        assert events.recorded() == []
        services.edit_tag(tag, name="Hips", slug="hip", synonyms=["hips"])
        assert events.recorded() == [TagChanged(tag.id)]


def test_an_edit_may_keep_its_own_slug_but_not_take_anothers() -> None:
    tag = make_tag("Hip")
    make_tag("Knee")
    with unit_of_work():
        services.edit_tag(tag, name="The hip", slug="hip")
    with pytest.raises(TagSlugTaken), unit_of_work():
        services.edit_tag(tag, name="The hip", slug="knee")


def test_who_made_and_who_changed_a_tag_is_on_record_with_both_texts() -> None:
    moderator = make_account("moderator")
    with unit_of_work():
        tag = services.create_tag("Hip", by=moderator)
        services.edit_tag(tag, name="Hips", slug="hip", by=moderator)
    made, changed = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert (made.act, made.actor_id, made.subject) == ("create", moderator.id, "tag")
    assert (changed.act, changed.subject_id) == ("edit", tag.id)
    assert changed.detail["before"]["name"] == "Hip"
    assert changed.detail["after"]["name"] == "Hips"


def test_a_refused_tag_leaves_the_session_able_to_go_on() -> None:
    tag = make_tag("Hip")
    make_tag("Knee")
    with unit_of_work():
        with pytest.raises(TagSlugTaken):
            services.edit_tag(tag, name="Hip", slug="knee")
        services.create_tag("Foot")
    assert set(db.session.scalars(select(Tag.slug))) == {"hip", "knee", "foot"}


@pytest.mark.parametrize(
    "name",
    [
        "hip CLICKING",
        "Hip  Clicking",
        "Hi\u0440 cli\u0441king",  # a Cyrillic er and es
        "\uff28ip clicking",  # as wide as a Chinese letter
        "Hip\u200b clicking",
    ],
)
def test_a_name_that_reads_like_another_tags_is_refused(name: str) -> None:
    make_tag("Hip clicking")
    with pytest.raises(UnfitTag, match="There is a tag “Hip clicking” already") as refused:
        services.create_tag(name, slug="another-one")
    assert refused.value.field == "name"


@pytest.mark.parametrize("name", ["C++", "C#", "Hip clicking 2", "Hip-clicking"])
def test_names_that_differ_in_signs_or_numbers_are_different(name: str) -> None:
    make_tag("C")
    make_tag("Hip clicking", synonyms=["hip click"])
    with unit_of_work():
        assert services.create_tag(name, slug="another-one").name == name


def test_a_synonym_that_is_another_tags_name_is_refused_with_a_way_out() -> None:
    make_tag("Knee")
    with pytest.raises(UnfitTag, match=r"“KNEE” is the name of the tag “Knee”.*merge them") as told:
        services.create_tag("Hip", synonyms=["hips", "KNEE"])
    assert told.value.field == "synonyms"


def test_a_name_that_another_tag_is_found_by_is_refused() -> None:
    make_tag("Hip clicking", synonyms=["popping hip"])
    with pytest.raises(UnfitTag, match="“Popping hip” is a synonym of the tag “Hip clicking”"):
        services.create_tag("Popping hip")


def test_one_word_may_be_a_synonym_of_two_tags() -> None:
    make_tag("Hip flexors", synonyms=["psoas"])
    with unit_of_work():
        assert phrases(services.create_tag("Lower back", synonyms=["psoas"])) == ["psoas"]


def test_a_tag_keeps_the_words_it_had_before_there_was_a_rule() -> None:
    make_tag("Knee")
    tag = make_tag("Hip", synonyms=["knee"])
    with unit_of_work():
        services.edit_tag(tag, name="Hip", description="Another one.", synonyms=["knee"])
    assert tag.description == "Another one."


def test_a_tag_may_change_the_case_of_its_name_and_swap_it_with_a_synonym() -> None:
    tag = make_tag("Hip clicking", synonyms=["popping hip"])
    with unit_of_work():
        services.edit_tag(tag, name="Popping Hip", synonyms=["Hip clicking"])
    assert tag.phrases == ("Popping Hip", "Hip clicking")


def test_two_who_give_two_tags_one_name_at_once_are_not_both_heard(app: Flask) -> None:
    barrier = Barrier(2, timeout=20)

    def run(slug: str) -> str:
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work():
                    services.create_tag("Hip clicking", slug=slug)
            except UnfitTag:
                return "refused"
            return "made"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(run, ("one", "two"))) == ["made", "refused"]
