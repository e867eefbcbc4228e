"""Writing cards, changing them, and what is kept of what they said."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domains.accounts.states import Role
from app.domains.answers import addresses, events, keeping, policy, queries, services
from app.domains.answers.choices import live_choices
from app.domains.answers.errors import CardHasOwner, StaleCard, UnfitCard
from app.domains.answers.models import AnswerCard
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import recorded
from tests.factories import make_account, make_article, make_card, make_resource, make_tag

pytestmark = pytest.mark.usefixtures("app")


def _edit(card: AnswerCard, **changes: object) -> AnswerCard:
    now = {
        "title": card.title,
        "source": card.source,
        "tag_ids": [tag.id for tag in card.tags],
        "resource_ids": [one.id for one in card.resources],
        "article_ids": [one.id for one in card.articles],
        "by": card.owner,
        "version": card.version,
    }
    return services.edit(card, **{**now, **changes})


def _last_row(subject: str = "card") -> AuditEntry:
    rows = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id.desc())
    return db.session.scalars(rows).first()


def test_a_card_is_made_with_all_that_it_rests_on() -> None:
    author = make_account(Role.AUTHOR)
    tag, resource, article = make_tag("hip"), make_resource(), make_article()
    card = services.create(
        "Why the hip clicks", "A **tendon**.", [tag.id], [resource.id], [article.id], by=author
    )
    assert (card.slug, card.html) == ("why-the-hip-clicks", "<p>A <strong>tendon</strong>.</p>\n")
    assert (card.owner_id, card.tags, card.resources) == (author.id, [tag], [resource])
    assert card.articles == [article]
    assert recorded() == [events.CardChanged(card.id)]
    assert (_last_row().act, _last_row().actor_id) == ("create", author.id)


def test_two_cards_of_one_title_have_two_addresses() -> None:
    slugs = [services.create("The hip", "Rest it.", by=None).slug for _ in range(3)]
    assert slugs == ["the-hip", "the-hip-2", "the-hip-3"]


def test_a_card_keeps_its_address_when_its_title_changes() -> None:
    card = make_card("The hip")
    assert _edit(card, title="The hip and the knee").slug == "the-hip"


def test_a_former_address_leads_on_and_is_given_to_no_other_card() -> None:
    card = services.create("The hip", "Rest it.", by=None)
    _edit(card, slug="Clicking hips")
    assert (card.slug, addresses.find_former("the-hip")) == ("clicking-hips", card)
    assert services.create("The hip", "Rest it.", by=None).slug == "the-hip-2"
    with pytest.raises(UnfitCard) as refused:
        services.create("Knees", "Rest it.", slug="the-hip", by=None)
    assert refused.value.field == "slug"


def test_an_address_that_a_card_has_again_is_no_former_one() -> None:
    card = services.create("The hip", "Rest it.", by=None)
    was = card.updated_at
    for slug in ("hips", "the-hip"):
        _edit(card, slug=slug)
    assert (card.slug, addresses.find_former("the-hip")) == ("the-hip", None)
    assert addresses.find_former("hips") == card
    assert (card.updated_at, queries.revisions(card)) == (was, [])


def test_the_address_of_another_card_is_refused() -> None:
    make_card("The hip")
    card = make_card("The knee")
    with pytest.raises(UnfitCard):
        _edit(card, slug="the-hip")
    assert card.slug == "the-knee"


def test_a_card_whose_owner_left_is_looked_after_by_another_author() -> None:
    card, other = make_card(), make_account(Role.AUTHOR, name="Marta")
    with pytest.raises(CardHasOwner):
        keeping.take_over(card, by=other)
    card.owner.disabled_at = card.created_at
    keeping.take_over(card, by=other)
    assert (card.owner, _last_row().act, _last_row().detail["after"]) == (
        other,
        "take over",
        {"owner": "Marta"},
    )
    with pytest.raises(CardHasOwner):
        keeping.take_over(card, by=make_account(Role.ADMIN))


@pytest.mark.parametrize("left", ["erased", "a reader now"])
def test_who_was_erased_or_writes_no_more_looks_after_no_card(left: str) -> None:
    card, other = make_card(), make_account(Role.AUTHOR)
    if left == "erased":
        card.owner = None
    else:
        card.owner.role = Role.READER
    keeping.take_over(card, by=other)
    assert card.owner == other


def test_an_edit_keeps_what_the_card_said_and_says_what_changed() -> None:
    card = make_card(text="Rest it.")
    _edit(card, source="Move it.")
    kept = queries.revisions(card)[0]
    assert (kept.title, kept.source, kept.editor_name) == (card.title, "Rest it.", card.owner.name)
    assert _last_row().detail["before"] == {"source": "Rest it."}
    assert _last_row().detail["after"] == {"source": "Move it."}
    assert (card.version, card.html) == (2, "<p>Move it.</p>\n")


def test_a_save_that_changes_nothing_leaves_no_trace() -> None:
    card = make_card()
    was = card.updated_at
    _edit(card)
    assert (card.version, card.updated_at, queries.revisions(card)) == (1, was, [])
    assert recorded() == []


def test_tags_alone_do_not_make_a_card_look_edited() -> None:
    card, tag = make_card(), make_tag()
    was = card.updated_at
    _edit(card, tag_ids=[tag.id])
    assert (card.updated_at, card.version, card.tags) == (was, 2, [tag])


def test_another_resource_is_news_for_readers() -> None:
    card, resource = make_card(), make_resource()
    was = card.updated_at
    _edit(card, resource_ids=[resource.id])
    assert card.updated_at > was


def test_an_edit_of_an_older_version_is_refused_and_changes_nothing() -> None:
    card = make_card(text="Rest it.")
    _edit(card, source="Move it.")
    with pytest.raises(StaleCard):
        _edit(card, source="Freeze it.", version=1)
    assert card.source == "Move it."


def test_a_former_text_comes_back_as_an_edit_of_its_own() -> None:
    card = make_card(text="Rest it.", resources=[make_resource()])
    _edit(card, source="Move it.")
    former = queries.revisions(card)[0]
    services.bring_back(card, former, by=card.owner, version=card.version)
    assert (card.source, len(card.resources)) == ("Rest it.", 1)
    assert [one.source for one in queries.revisions(card)] == ["Move it.", "Rest it."]


def test_whoever_edits_a_card_has_looked_at_it_again() -> None:
    card = make_card()
    card.recheck_at, card.recheck_reason = card.created_at, "A resource changed."
    _edit(card, source="Still so.")
    assert (card.recheck_at, card.recheck_reason) == (None, "")


@pytest.mark.parametrize(
    ("title", "source", "field"),
    [
        ("", "Rest it.", "title"),
        (" \u200b ", "Rest it.", "title"),
        ("x" * 201, "Rest it.", "title"),
        ("The hip", "", "source"),
        ("The hip", "   \n ", "source"),
        ("The hip", "x" * 100_000, "source"),
        ("The hip", "---", "source"),
    ],
)
def test_a_card_without_a_title_or_an_answer_is_refused(title, source, field) -> None:
    with pytest.raises(UnfitCard) as refused:
        services.create(title, source, by=None)
    assert refused.value.field == field


def test_markup_in_a_card_is_shown_and_not_run() -> None:
    card = services.create("The hip", "<script>alert(1)</script> [x](javascript:alert(1))", by=None)
    assert "<script" not in card.html
    assert "javascript:" not in card.html.replace("(javascript:", "")


def test_a_title_of_emoji_makes_a_card_that_can_be_found() -> None:
    card = services.create("🦵🦵", "Rest it.", by=None)
    assert queries.find(card.slug) is not None


def test_a_retired_card_can_come_back() -> None:
    card = make_card()
    keeping.retire(card, by=card.owner)
    keeping.retire(card, by=card.owner)
    assert (card.retired_at is not None, live_choices()) == (True, [])
    assert (_last_row().from_state, _last_row().to_state) == ("live", "retired")
    keeping.restore(card, by=card.owner)
    assert (card.retired_at, live_choices()) == (None, [(card.id, card.title)])
    assert recorded() == [events.CardRetired(card.id), events.CardChanged(card.id)]


def test_a_card_whose_owner_is_gone_still_stands() -> None:
    card = make_card()
    owner = card.owner
    db.session.delete(owner)
    db.session.commit()
    assert queries.find(card.slug).owner is None


@pytest.mark.parametrize(
    ("role", "writes"),
    [(Role.READER, False), (Role.MODERATOR, False), (Role.AUTHOR, True), (Role.ADMIN, True)],
)
def test_only_authors_and_admins_write_cards(role, writes) -> None:
    assert policy.may_write_cards(make_account(role)) == writes
    assert not policy.may_write_cards(None)
