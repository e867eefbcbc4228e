"""Undoing: every act by its row in the record, exactly, unless something else happened since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.domains.accounts.models import Account
from app.domains.comments import mending, moving, traces
from app.domains.comments import services as writers
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import Kind, Status
from app.domains.moderation import errors, reasons, services
from app.domains.moderation.acts import record, undoing
from app.domains.moderation.models import Report
from app.domains.moderation.queue import holding
from app.domains.moderation.reported import reports
from app.domains.moderation.services import Decision, Verb
from app.domains.screening.models import SpamLesson
from app.infra import audit, clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_question, make_tag

pytestmark = pytest.mark.usefixtures("app")


def decide(comment: Comment, verb: Verb, **others: object) -> AuditEntry:
    decision = Decision(verb, make_account("moderator"), **others)  # type: ignore[arg-type]
    return services.decide(comment, decision, version=comment.version)


def undo(entry: AuditEntry) -> Comment:
    return undoing.undo(entry, by=make_account("moderator"))


def test_undo_puts_a_text_back_and_is_written_down() -> None:
    comment = make_comment(status=Status.PENDING)
    undo(decide(comment, Verb.SPAM))
    last = record.history(comment.id)[-1]
    assert comment.status == Status.PENDING
    assert (last.act, last.from_state, last.to_state) == ("undo", "spam", "pending")


def test_what_was_decided_since_cannot_be_undone_and_it_says_so() -> None:
    comment = make_comment(status=Status.PENDING)
    entry = decide(comment, Verb.SPAM)
    services.decide(
        comment, Decision(Verb.APPROVE, make_account("moderator", name="Tomasz")), version=2
    )
    with pytest.raises(errors.NothingToUndo, match="Tomasz approved it meanwhile"):
        undo(entry)


def test_undo_once_is_enough_and_it_says_who_did() -> None:
    entry = decide(make_comment(status=Status.PENDING), Verb.SPAM)
    undoing.undo(entry, by=make_account("moderator", name="Ruth"))
    with pytest.raises(errors.NothingToUndo, match="Ruth undid it already"):
        undoing.undo(entry, by=make_account("moderator"))


def test_decisions_are_undone_one_after_the_other_down_to_the_first() -> None:
    comment = make_comment(status=Status.PENDING)
    before = traces.seen(comment)
    first, second = decide(comment, Verb.APPROVE), decide(comment, Verb.SPAM)
    undo(second)
    undo(first)
    assert traces.seen(comment) == before


def test_an_act_on_other_things_does_not_stand_in_the_way() -> None:
    comment = make_comment(status=Status.PENDING)
    entry = decide(comment, Verb.APPROVE)
    mending.tag_by_hand(comment, {make_tag().id}, make_account("moderator"))
    undo(entry)
    assert (comment.status, len(comment.tags)) == (Status.PENDING, 1)


def test_what_the_writer_took_back_since_stays_taken_back() -> None:
    comment = make_comment(status=Status.PENDING)
    entry = decide(comment, Verb.APPROVE)
    writers.withdraw(comment)
    with pytest.raises(errors.NothingToUndo, match="Its writer took it back meanwhile"):
        undo(entry)
    assert comment.status == Status.WITHDRAWN


def test_an_edit_that_the_writer_changed_again_is_not_undone_over_their_words() -> None:
    comment = make_comment("First words.", status=Status.PENDING)
    entry = mending.edit(
        comment, "Mended.", title="", by=make_account("moderator"), version=comment.version
    )
    writers.edit_own(comment, "My own again.", None, writers.Writer())
    with pytest.raises(errors.NothingToUndo):
        undo(entry)
    assert comment.source == "My own again."


def edit(comment: Comment, by: Account) -> AuditEntry:
    return mending.edit(comment, "Other words?", title="", by=by, version=comment.version)


def tag(comment: Comment, by: Account) -> AuditEntry | None:
    return mending.tag_by_hand(comment, {make_tag().id}, by)


def make_chat(comment: Comment, by: Account) -> AuditEntry | None:
    return mending.change_kind(comment, Kind.CHAT, by=by)


def make_question_of_it(comment: Comment, by: Account) -> AuditEntry | None:
    return mending.change_kind(comment, Kind.QUESTION, by=by)


def move(comment: Comment, by: Account) -> AuditEntry:
    below = make_comment(article=make_article())
    return moving.move_branch(
        comment, below=below, article=below.article, by=by, version=comment.version
    )


def split(comment: Comment, by: Account) -> AuditEntry:
    return moving.split_off(comment, by=by, version=comment.version)


def hold(comment: Comment, by: Account) -> AuditEntry:
    colleague = make_account("moderator")
    return holding.hold_for(comment, colleague, "For you.", by=by, version=comment.version)


def release(comment: Comment, by: Account) -> AuditEntry:
    return holding.release(comment, by=by, version=comment.version)


def explain(comment: Comment, by: Account) -> AuditEntry:
    return reasons.give(comment, "Too long", tell=False, by=by, version=comment.version)


def approve(comment: Comment, by: Account) -> AuditEntry:
    return services.decide(comment, Decision(Verb.APPROVE, by), version=comment.version)


def reject(comment: Comment, by: Account) -> AuditEntry:
    decision = Decision(Verb.REJECT, by, reason="Advertising")
    return services.decide(comment, decision, version=comment.version)


def wait(comment: Comment, _by: Account) -> None:
    comment.status = Status.PENDING


def wait_held(comment: Comment, by: Account) -> None:
    wait(comment, by)
    hold(comment, by)


def mark_to_check(comment: Comment, _by: Account) -> None:
    comment.recheck_at, comment.recheck_reason = datetime(2026, 3, 1, tzinfo=UTC), "edited"


def report(comment: Comment, _by: Account) -> None:
    db.session.add(
        Report(comment_id=comment.id, browser="b", reason="other", weight=3, at=clock.now())
    )
    db.session.flush()
    reports.sum_up(comment)


Act = Callable[[Comment, Account], object]
ACTS: list[tuple[Act | None, Act]] = [
    (None, edit),
    (None, tag),
    (None, make_chat),
    (None, make_question_of_it),
    (make_chat, make_question_of_it),
    (None, move),
    (None, split),
    (wait, hold),
    (wait_held, release),
    (wait_held, reject),
    (wait_held, approve),
    (mark_to_check, approve),
    (mark_to_check, reject),
    (report, approve),
    (report, reject),
    (reject, explain),
    (reject, approve),
]


def everything() -> list[object]:
    """All rows that an act could change: comments but for their versions, tags, reports and what
    the model learnt from them. Texts that the acts make beside them are left out."""
    first = db.session.scalar(db.select(db.func.min(Comment.article_id)))
    comments = sorted(
        tuple(value for name, value in row.items() if name != "version")
        for row in db.session.execute(
            db.select(Comment.__table__).where(Comment.article_id == first)
        ).mappings()
    )
    tags = db.session.execute(db.select(CommentTag.__table__)).all()
    return [
        comments,
        sorted(tags),
        db.session.execute(db.select(Report.__table__)).all(),
        lessons(),
    ]


def lessons() -> list[tuple[object, ...]]:
    rows = db.session.execute(db.select(SpamLesson.comment_id, SpamLesson.is_spam))
    return sorted(tuple(row) for row in rows if row.is_spam is not None)


@pytest.mark.parametrize(
    ("prepare", "act"),
    ACTS,
    ids=[f"{one.__name__ if one else 'published'}-{act.__name__}" for one, act in ACTS],
)
def test_every_act_is_undone_exactly(prepare: Act | None, act: Act) -> None:
    make_tag("hip", synonyms=["clicking hip"])
    question, by = make_question(), make_account("moderator")
    comment = make_comment("And my clicking hip?", parent=question)
    make_comment("A reply to it.", parent=comment)
    if prepare is not None:
        prepare(comment, by)
    before = everything()
    entry = act(comment, by)
    assert isinstance(entry, AuditEntry)
    assert everything() != before
    undo(entry)
    assert everything() == before


def test_a_branch_goes_back_with_what_was_written_below_it_since() -> None:
    question = make_question()
    reply = make_comment("Mine too.", parent=question)
    entry = move(reply, make_account("moderator"))
    late = make_comment("And mine.", parent=reply)
    undo(entry)
    db.session.refresh(late)
    assert (late.article_id, late.root_id) == (question.article_id, question.id)
    assert late.question_id == question.id


def test_a_branch_does_not_go_back_below_what_stands_below_it_by_now() -> None:
    question = make_question()
    reply = make_comment("Mine too.", parent=question)
    by = make_account("moderator")
    entry = moving.split_off(reply, by=by, version=reply.version)
    moving.move_branch(
        question, below=reply, article=reply.article, by=by, version=question.version
    )
    with pytest.raises(errors.NothingToUndo, match="stands below it by now"):
        undo(entry)


def test_the_record_offers_to_undo_exactly_what_can_be_undone() -> None:
    comment = make_comment(status=Status.PENDING)
    approve, spam = decide(comment, Verb.APPROVE), decide(comment, Verb.SPAM)
    assert undoing.undoable([approve, spam]) == {spam.id}
    undo(spam)
    history = record.history(comment.id)
    assert undoing.undoable(history) == {approve.id}
    assert not undoing.undoable(history[-1:])


def test_a_row_from_before_the_record_kept_details_is_undone_by_its_states() -> None:
    comment = make_comment(status=Status.SPAM, decided_at=datetime(2026, 1, 1, tzinfo=UTC))
    by = make_account("moderator")
    old = audit.write("spam", "comment", comment.id, by=by, from_state="pending", to_state="spam")
    undo(old)
    assert (comment.status, comment.decided_at) == (Status.PENDING, None)


def test_the_tags_that_are_gone_from_the_site_stay_gone() -> None:
    tag, other = make_tag(), make_tag()
    comment = make_question(tags=[tag])
    entry = mending.tag_by_hand(comment, {other.id}, make_account("moderator"))
    assert entry is not None
    db.session.execute(db.delete(CommentTag).where(CommentTag.tag_id == tag.id))
    db.session.delete(tag)
    db.session.flush()
    undo(entry)
    assert comment.tags == []
