"""Where a new text goes, and which are refused."""

from __future__ import annotations

import pytest
from flask import Flask

from app.domains.comments import errors, services
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.events import CommentHeld, CommentPublished
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra import events
from tests.factories import make_account, make_address, make_article, make_comment, make_tag

pytestmark = pytest.mark.usefixtures("app")
TEXT = "My left hip clicks when I swing the leg, what does that mean?"


def guest(text: str = TEXT, **others: object) -> Draft:
    facts = {"name": "Anna Lind", "email": "anna@example.com", **others}
    return Draft(source=text, **facts)  # type: ignore[arg-type]


def submit(text: str = TEXT, *, writer: Writer | None = None, **others: object) -> Comment:
    return services.submit(make_article(), None, guest(text, **others), writer or Writer())


def test_a_guests_first_text_waits() -> None:
    assert submit().status == Status.PENDING


def test_a_waiting_text_tells_the_desk() -> None:
    comment = submit()
    assert events.recorded() == [CommentHeld(comment.id)]


def test_staff_pass() -> None:
    moderator = make_account("moderator")
    assert submit(writer=Writer(moderator)).status == Status.APPROVED


def test_a_passing_text_is_told_as_published() -> None:
    comment = submit(writer=Writer(make_account("moderator")))
    assert events.recorded() == [CommentPublished(comment.id, waited=False)]


def test_u01_an_account_that_looks_like_staff_who_joined_later_waits_for_a_look() -> None:
    reader = make_account(name="Coach", proven=True)
    for _ in range(2):
        make_comment(account=reader)
    assert submit(writer=Writer(reader, frozenset({reader.address_id}))).is_published
    make_account("author", name="Marta Lind", username="coach")
    held = submit("And my right one?", writer=Writer(reader, frozenset({reader.address_id})))
    assert held.status == Status.PENDING
    assert "name of staff" in [reason["name"] for reason in held.verdict["reasons"]]


def test_two_approved_texts_and_a_proven_address_pass() -> None:
    address = make_address("anna@example.com", proven=True)
    for _ in range(2):
        make_comment(address=address)
    writer = Writer(proven=frozenset({address.id}))
    assert submit(writer=writer).status == Status.APPROVED


def test_a18_typing_a_proven_address_passes_nothing() -> None:
    address = make_address("anna@example.com", proven=True)
    for _ in range(2):
        make_comment(address=address)
    assert submit(writer=Writer()).status == Status.PENDING


def test_one_approved_text_is_not_enough() -> None:
    address = make_address("anna@example.com", proven=True)
    make_comment(address=address)
    assert submit(writer=Writer(proven=frozenset({address.id}))).status == Status.PENDING


def test_s06_two_links_hold_even_a_trusted_writer() -> None:
    address = make_address("anna@example.com", proven=True)
    for _ in range(2):
        make_comment(address=address)
    text = "Look at https://a.example.com and [this][1]\n\n[1]: https://b.example.com"
    held = submit(text, writer=Writer(proven=frozenset({address.id})))
    assert held.status == Status.PENDING
    assert "links" in {reason["name"] for reason in held.verdict["reasons"]}


def test_the_hidden_field_makes_spam() -> None:
    assert submit(trap_filled=True).status == Status.SPAM


def test_s16_a_quick_typist_only_waits() -> None:
    assert submit(seconds_to_fill=0.5).status == Status.PENDING


def test_the_kind_is_guessed_from_the_text() -> None:
    assert submit("Thank you, that helped.").kind == Kind.COMMENT
    assert submit(TEXT).kind == Kind.QUESTION


def test_the_readers_choice_of_kind_stands() -> None:
    assert submit("Thank you, that helped.", kind=Kind.QUESTION).kind == Kind.QUESTION


def test_a_question_takes_its_title_from_the_text() -> None:
    assert (
        submit("Hello Marta.\n\nMy hip clicks. Is that bad?").title == "My hip clicks. Is that bad?"
    )


def test_a_question_gets_tags_from_its_words() -> None:
    tag = make_tag("Snapping hip", synonyms=["hip clicks"])
    found = submit("My hip clicked again, why?").tags
    assert [(link.tag_id, link.words, link.by_hand) for link in found] == [
        (tag.id, "hip clicked", False)
    ]


def test_s05_the_same_text_in_other_clothes_is_refused() -> None:
    submit("Is this normal?")
    with pytest.raises(errors.AlreadySaid):
        submit("IS  this \u200bnormal ?!")


def test_two_people_may_say_the_same() -> None:
    submit("Thank you.")
    assert submit("Thank you.", email="bo@example.com", name="Bo").status == Status.PENDING


def test_u01_a_guest_cannot_take_the_authors_name() -> None:
    make_account("author", name="Marta Lindqvist")
    with pytest.raises(errors.NameOfStaff):
        submit(name="Mаrtа Lindqvist")  # noqa: RUF001  (two Cyrillic letters, on purpose)


def test_a18_a_guest_cannot_take_the_authors_address() -> None:
    make_account("author", email="marta@example.com")
    with pytest.raises(errors.NameOfStaff):
        submit(email="Marta@example.com")


def test_a_reply_keeps_its_true_parent_and_its_question() -> None:
    article = make_article()
    question = make_comment(article=article, kind=Kind.QUESTION, title="Why?")
    first = make_comment(parent=question)
    reply = services.submit(article, first, guest(), Writer())
    assert (reply.parent_id, reply.root_id, reply.question_id) == (
        first.id,
        question.id,
        question.id,
    )


def test_p08_a_parent_under_another_article_is_refused() -> None:
    parent = make_comment()
    with pytest.raises(errors.ParentGone):
        services.submit(make_article(), parent, guest(), Writer())


@pytest.mark.parametrize("status", [status for status in Status if status != Status.APPROVED])
def test_p08_a_parent_nobody_can_read_is_refused(status: Status) -> None:
    parent = make_comment(status=status)
    with pytest.raises(errors.ParentGone):
        services.submit(parent.article, parent, guest(), Writer())


def test_the_articles_author_writes_as_the_author(app: Flask) -> None:
    article = make_article()
    answer = services.submit(article, None, Draft(source="Rest it."), Writer(article.author))
    assert answer.by_author


def test_a_moderator_does_not_write_as_the_author() -> None:
    assert not submit(writer=Writer(make_account("moderator"))).by_author


def test_only_the_authors_reply_links_to_pages_of_this_site() -> None:
    article = make_article()
    text = "See [this](/resources/clamshell)."
    answer = services.submit(article, None, Draft(source=text), Writer(article.author))
    question = services.submit(article, None, guest(text), Writer())
    assert ('href="/resources/clamshell"' in answer.html, "<a" in question.html) == (True, False)
