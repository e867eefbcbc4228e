"""Answer cards in the author's room: writing, changing, retiring, and making one of a reply."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.answers import queries
from app.domains.answers.models import AnswerCard, CardLink, CardRevision
from app.domains.comments.states import Kind, Status
from app.infra import clock as time
from app.infra.db import db
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_card,
    make_comment,
    make_link,
    make_question,
    make_resource,
    make_tag,
)
from tests.support.client import Browser

As = Callable[[Account], Browser]


@pytest.fixture
def author(as_: As) -> Browser:
    return as_(make_account(Role.AUTHOR))


def _only_card() -> AnswerCard:
    return db.session.scalars(select(AnswerCard)).one()


def _saved(card: AnswerCard, **changes: object) -> dict[str, object]:
    return {"title": card.title, "source": card.source, "version": card.version, **changes}


def test_an_author_writes_a_card(author: Browser) -> None:
    tag, resource, article = make_tag(), make_resource(), make_article()
    answer = author.submit(
        "/author/cards/new",
        title="Why it clicks",
        source="A **tendon**.",
        tags=tag.id,
        resources=resource.id,
        articles=article.id,
    )
    card = _only_card()
    assert answer.location == f"/author/cards/{card.id}"
    assert (card.tags, card.resources, card.articles) == ([tag], [resource], [article])
    assert "A <strong>tendon</strong>." in card.html


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "", "source": "Rest it."},
        {"title": "Hips", "source": ""},
        {"title": "Hips", "source": "x" * 20_001},
        {"title": "x" * 201, "source": "Rest it."},
    ],
)
def test_what_cannot_be_saved_keeps_what_was_typed(author: Browser, fields) -> None:
    answer = author.submit("/author/cards/new", **fields)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert fields["source"][:50] in answer.text
    assert db.session.scalar(select(func.count(AnswerCard.id))) == 0


def test_ids_that_nothing_has_are_left_out(author: Browser) -> None:
    author.submit(
        "/author/cards/new",
        title="Hips",
        source="Rest it.",
        resources=["77", "99999999999999999999", "-1"],
    )
    assert _only_card().resources == []


def test_the_preview_shows_the_text_without_saving_it(author: Browser) -> None:
    answer = author.submit("/author/cards/new", title="", source="A **tendon**.", act="preview")
    assert "<p>A <strong>tendon</strong>.</p>" in answer.text
    assert db.session.scalar(select(func.count(AnswerCard.id))) == 0
    live = author.submit("/author/cards/preview", source="A **tendon**.")
    assert live.text == "<p>A <strong>tendon</strong>.</p>\n"
    assert author.submit("/author/cards/preview", source="x" * 20_001).status_code == 422


def test_a_save_changes_the_card_and_keeps_what_it_said(author: Browser) -> None:
    card = make_card("Hips", text="Rest it.")
    author.submit(f"/author/cards/{card.id}", **_saved(card, source="Move it."))
    assert _only_card().source == "Move it."
    page = author.get(f"/author/cards/{card.id}").text
    assert "What it said before" in page
    assert "Rest it." in page


def test_a_stale_form_is_refused_with_the_text_in_it(author: Browser) -> None:
    card = make_card(text="Rest it.")
    old = _saved(card, source="Freeze it.")
    author.submit(f"/author/cards/{card.id}", **_saved(card, source="Move it."))
    answer = author.submit(f"/author/cards/{card.id}", **old)
    assert answer.status_code == 409
    assert "Somebody saved this card after you opened it" in answer.text
    assert "Freeze it." in answer.text
    assert _only_card().source == "Move it."


def test_a_former_text_is_brought_back(author: Browser) -> None:
    card = make_card(text="Rest it.")
    author.submit(f"/author/cards/{card.id}", **_saved(card, source="Move it."))
    former = db.session.scalars(select(CardRevision)).one()
    path = f"/author/cards/{card.id}/revisions/{former.id}"
    assert author.submit(path, version="1").status_code == 409
    author.submit(path, version="2")
    assert _only_card().source == "Rest it."


def test_a_revision_of_another_card_is_not_brought_back(author: Browser) -> None:
    card, other = make_card(text="Rest it."), make_card()
    author.submit(f"/author/cards/{card.id}", **_saved(card, source="Move it."))
    former = db.session.scalars(select(CardRevision)).one()
    path = f"/author/cards/{other.id}/revisions/{former.id}"
    assert author.submit(path, version="1").status_code == 404


def test_a_card_is_retired_and_restored(author: Browser) -> None:
    card = make_card("Hips")
    author.submit(f"/author/cards/{card.id}/retire")
    assert "Hips" not in author.get("/author/cards").text
    assert "Hips" in author.get("/author/cards?list=retired").text
    author.submit(f"/author/cards/{card.id}/restore")
    assert "Hips" in author.get("/author/cards").text


def test_a_card_moves_to_another_address_and_leads_on_from_the_old_one(author: Browser) -> None:
    card = make_card("The hip")
    path = f"/author/cards/{card.id}"
    assert author.submit(path, **_saved(card, slug="clicking-hips")).status_code == 303
    assert author.get("/answers/the-hip").headers["Location"] == "/answers/clicking-hips"
    taken = author.submit("/author/cards/new", title="Knees", source="Rest.", slug="the-hip")
    assert taken.status_code == 422
    assert "Another answer has this address" in taken.text
    assert "Rest." in taken.text


def test_a_card_whose_owner_left_is_shown_and_may_be_taken_over(
    author: Browser, client: Browser
) -> None:
    card = make_card("The hip")
    path = f"/author/cards/{card.id}"
    assert "Look after it" not in author.get(path).text
    assert author.submit(f"{path}/take-over").status_code == 409
    card.owner.disabled_at = time.now()
    db.session.commit()
    assert card.owner.name in client.get(card.href).text
    assert "Look after it" in author.get(path).text
    assert author.submit(f"{path}/take-over").status_code == 303
    assert "Look after it" not in author.get(path).text


def test_the_lists_show_what_does_not_help_and_what_to_look_at_again(author: Browser) -> None:
    useless, old = make_card("Useless"), make_card("Old")
    make_link(useless, make_question(), helped=False, reason="It hurts at night.")
    old.recheck_at, old.recheck_reason = time.now(), "“Swing” was changed."
    assert "Useless" in author.get("/author/cards?list=not-helping").text
    assert "Old" not in author.get("/author/cards?list=not-helping").text
    assert "“<bdi>Swing</bdi>” was changed." in author.get("/author/cards?list=recheck").text
    assert "It hurts at night." in author.get(f"/author/cards/{useless.id}").text


def test_a_list_that_does_not_exist_is_the_first(author: Browser) -> None:
    assert "Most asked" in author.get("/author/cards?list=nothing").text


def test_a_card_is_taken_away_from_a_question(author: Browser) -> None:
    card, question = make_card(), make_question(title="Is it bad?")
    link = make_link(card, question)
    assert "Is it bad?" in author.get(f"/author/cards/{card.id}").text
    path = f"/author/cards/links/{link.id}/unlink"
    author.submit(path)
    assert queries.links_of(question.id) == []
    assert author.submit(path).status_code == 404


# A card of a reply, in one act


def test_a_reply_becomes_a_card_that_answers_its_question_at_once(author: Browser) -> None:
    tag, resource = make_tag("hip"), make_resource("Side steps")
    question = make_question(title="Is it bad?", tags=[tag])
    reply = make_answer(question, "No. Do the [steps](/resources/side-steps).")
    reply.html = reply.html.replace(
        "<p>", '<p><a href="http://localhost/resources/side-steps">s</a>'
    )
    answer = author.submit(f"/author/cards/of/{reply.id}")
    card = _only_card()
    assert answer.location == f"/author/cards/{card.id}"
    assert (card.title, card.source, card.origin_id) == ("Is it bad?", reply.source, reply.id)
    assert (card.tags, card.resources) == ([tag], [resource])
    assert [link.card_id for link in queries.links_of(question.id)] == [card.id]


def test_the_same_reply_becomes_one_card_however_often_it_is_pressed(author: Browser) -> None:
    reply = make_answer(make_question())
    for _ in range(2):
        author.submit(f"/author/cards/of/{reply.id}")
    assert db.session.scalar(select(func.count(AnswerCard.id))) == 1
    assert db.session.scalar(select(func.count(CardLink.id))) == 1


def test_a_reply_that_became_a_card_is_folded_below_it(author: Browser, client: Browser) -> None:
    question = make_question()
    reply = make_answer(question, "Rest it.")
    make_comment("And then?", parent=reply)
    author.submit(f"/author/cards/of/{reply.id}")
    for path in (question.href, question.article.href):
        page = client.get(path).text
        assert page.count("This reply became the answer above") == 1
        assert "And then?" in page


@pytest.mark.parametrize(
    "columns",
    [{"status": Status.PENDING}, {"kind": Kind.CHAT}, {"by_author": False, "account": "reader"}],
)
def test_only_a_published_answer_of_the_staff_becomes_a_card(author: Browser, columns) -> None:
    columns = {"by_author": True, **columns}
    if columns.pop("account", None):
        columns["account"] = make_account()
    reply = make_comment("Rest it.", parent=make_question(), **columns)
    assert author.submit(f"/author/cards/of/{reply.id}").status_code == 409
    assert db.session.scalar(select(func.count(AnswerCard.id))) == 0


def test_the_thread_offers_it_to_authors_and_to_nobody_else(as_: As, client: Browser) -> None:
    question = make_question()
    reply = make_answer(question)
    offered = f'action="/author/cards/of/{reply.id}"'
    assert offered in as_(make_account(Role.AUTHOR)).get(question.href).text
    for browser in (client, as_(make_account()), as_(make_account(Role.MODERATOR))):
        assert offered not in browser.get(question.href).text


def test_the_desk_offers_it_to_authors(as_: As) -> None:
    reply = make_answer(make_question())
    offered = f'action="/author/cards/of/{reply.id}"'
    assert offered in as_(make_account(Role.ADMIN)).get(f"/moderation/{reply.id}").text
    assert offered not in as_(make_account(Role.MODERATOR)).get(f"/moderation/{reply.id}").text
