"""From the event to the job, from the answer to the move; and from every failure to the queue."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.comments import moves
from app.domains.comments.events import OpinionWanted
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures.models import Measure
from app.domains.measures.states import MeasureKind
from app.domains.screening import outside
from app.domains.screening.outside import ASK
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import record
from app.infra.jobs import LONGEST_PAUSES, Job
from app.infra.unit_of_work import unit_of_work
from app.opinions.handlers import TELL
from tests import factories
from tests.opinions.stranger import Stranger, answering, hangs
from tests.support.settings import change_settings

pytestmark = pytest.mark.usefixtures("app")
Deliver = Callable[[], int]
HAM = answering(b'{"verdict": "ham"}')
SPAM = answering(b'{"verdict": "spam", "words": "sold here before"}')
BROKEN = answering(b"oh", status="500 Oh")


def waiting(**columns: Any) -> Comment:
    return factories.make_comment("Thank you.", status=Status.PENDING, version=1, **columns)


def want(comment: Comment, *, decides: bool = True) -> None:
    """What the intake does when it places a text that is to be asked about."""
    comment_id = comment.id
    with unit_of_work():
        record(
            OpinionWanted(
                comment_id=comment_id,
                decides=decides,
                address="198.51.100.7",
                agent="Browser/1.0",
                referrer="https://search.example/",
            )
        )


def fresh(comment: Comment) -> Comment:
    return db.session.get_one(Comment, comment.id, populate_existing=True)


def the_job(kind: str = ASK) -> Job:
    found = db.session.scalar(
        select(Job).where(Job.kind == kind).execution_options(populate_existing=True)
    )
    assert found is not None
    return found


def sentences(comment: Comment) -> list[str]:
    return [one["sentence"] for one in fresh(comment).verdict["reasons"]]


def decide(comment: Comment, to: Status, by: Account) -> None:
    comment_id, by_id = comment.id, by.id
    with unit_of_work():
        moves.move(
            db.session.get_one(Comment, comment_id),
            to,
            act="approve" if to == Status.APPROVED else "spam",
            by=db.session.get_one(Account, by_id),
        )


def test_nobody_is_asked_unless_the_operator_says_so(deliver: Deliver) -> None:
    comment = waiting()
    want(comment)
    assert not outside.is_wanted()
    assert db.session.scalar(select(Job.id).where(Job.kind == ASK)) is None


def test_the_request_itself_calls_nobody(hook: Stranger) -> None:
    comment = waiting()
    want(comment)
    assert hook.asked == []
    assert fresh(comment).status == Status.PENDING
    assert sentences(comment) == [str(outside.ASKED)]


def test_a_text_taken_for_good_is_let_in_and_the_record_says_by_whom(
    hook: Stranger, deliver: Deliver
) -> None:
    hook.manner = HAM
    comment = waiting()
    want(comment)
    deliver()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == "comment")).one()
    assert fresh(comment).status == Status.APPROVED
    assert (entry.act, entry.actor_id, entry.actor_name) == ("let in", None, "The outside service")
    assert sentences(comment) == ["The outside service found nothing wrong."]


def test_a_text_taken_for_spam_is_marked_so_with_the_words(
    hook: Stranger, deliver: Deliver
) -> None:
    hook.manner = SPAM
    comment = waiting()
    want(comment)
    deliver()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == "comment")).one()
    assert fresh(comment).status == Status.SPAM
    assert (entry.act, entry.reason) == ("opinion spam", "sold here before")
    assert sentences(comment) == ["The outside service takes it for spam: “sold here before”"]


def test_what_the_service_cannot_tell_waits_for_a_person(hook: Stranger, deliver: Deliver) -> None:
    hook.manner = answering(b'{"verdict": "unsure"}')
    comment = waiting()
    want(comment)
    deliver()
    assert fresh(comment).status == Status.PENDING
    assert sentences(comment) == ["The outside service could not tell."]


@pytest.mark.parametrize("manner", [HAM, SPAM])
def test_of_a_held_text_the_answer_is_evidence_only(
    hook: Stranger, deliver: Deliver, manner: Any
) -> None:
    hook.manner = manner
    comment = waiting(verdict={"outcome": "hold", "reasons": [{"name": "a", "sentence": "A."}]})
    want(comment, decides=False)
    deliver()
    assert fresh(comment).status == Status.PENDING
    assert sentences(comment)[0] == "A."
    assert len(sentences(comment)) == 2


def test_the_question_holds_the_senders_machine_and_the_done_job_does_not(
    hook: Stranger, deliver: Deliver
) -> None:
    hook.manner = HAM
    comment = waiting()
    want(comment)
    deliver()
    sent = json.loads(hook.asked[0].body)
    assert (sent["address"], sent["agent"]) == ("198.51.100.7", "Browser/1.0")
    assert the_job().payload == {"comment_id": comment.id}
    assert the_job().done_at is not None


@pytest.mark.parametrize(
    "manner",
    [
        pytest.param(BROKEN, id="an error"),
        pytest.param(answering(b"<html>"), id="garbage"),
        pytest.param(answering(b'{"verdict": "ham"}', content_type="text/html"), id="a wrong type"),
        pytest.param(
            answering(b"", status="302 Found", more="Location: /ham\r\n"), id="a redirect"
        ),
        pytest.param(hangs, id="silence"),
    ],
)
def test_r28_a_question_that_fails_leaves_the_text_waiting_and_comes_back(
    hook: Stranger, deliver: Deliver, manner: Any
) -> None:
    hook.manner = manner
    comment = waiting()
    want(comment)
    deliver()
    assert fresh(comment).status == Status.PENDING
    assert sentences(comment) == ["The outside service gave no answer."]
    assert the_job().done_at is None
    assert the_job().failed_at is None


def test_a_later_answer_takes_the_failures_place(
    hook: Stranger, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    hook.manner = BROKEN
    comment = waiting()
    want(comment)
    deliver()
    hook.manner = HAM
    clock.shift(LONGEST_PAUSES[0])
    deliver()
    assert fresh(comment).status == Status.APPROVED
    assert sentences(comment) == ["The outside service found nothing wrong."]


def test_after_the_last_try_the_text_waits_for_people_and_the_machine_is_forgotten(
    hook: Stranger, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    hook.manner = BROKEN
    comment = waiting()
    want(comment)
    for pause in (timedelta(0), *LONGEST_PAUSES):
        clock.shift(pause)
        deliver()
    assert fresh(comment).status == Status.PENDING
    assert the_job().failed_at is not None
    assert the_job().payload == {"comment_id": comment.id}


def test_what_a_person_decided_meanwhile_stands(hook: Stranger, deliver: Deliver) -> None:
    hook.manner = HAM
    comment = waiting()
    want(comment)
    decide(comment, Status.SPAM, factories.make_account("moderator"))
    deliver()
    assert fresh(comment).status == Status.SPAM
    assert hook.asked == []
    assert the_job().payload == {"comment_id": comment.id}


def test_what_a_person_decides_while_the_service_thinks_stands(
    hook: Stranger, deliver: Deliver, as_: Callable[[Account], Any], app: Any
) -> None:
    comment = waiting()
    comment_id, moderator = comment.id, factories.make_account("moderator")
    desk = as_(moderator)

    def slowly(stranger: Stranger, connection: Any) -> None:
        desk.submit("/moderation/decide", verb="spam", item=f"{comment_id}:1")
        HAM(stranger, connection)

    hook.manner = slowly
    want(comment)
    deliver()
    assert len(hook.asked) == 1
    assert fresh(comment).status == Status.SPAM


def test_a_text_that_was_mended_meanwhile_is_not_let_in_by_the_answer(
    hook: Stranger, deliver: Deliver
) -> None:
    hook.manner = HAM
    comment = waiting()
    want(comment)
    with unit_of_work():
        fresh(comment).version = 2
    deliver()
    assert fresh(comment).status == Status.PENDING
    assert sentences(comment) == ["The outside service found nothing wrong."]


def test_a_text_that_changes_while_it_is_asked_about_is_asked_about_again(
    hook: Stranger, deliver: Deliver, clock: time_machine.Traveller, app: Any
) -> None:
    comment = waiting()
    comment_id = comment.id

    def slowly(stranger: Stranger, connection: Any) -> None:
        with app.app_context(), unit_of_work():
            db.session.get_one(Comment, comment_id).version += 1
        HAM(stranger, connection)

    hook.manner = slowly
    want(comment)
    deliver()
    assert fresh(comment).status == Status.PENDING
    assert the_job().done_at is None
    hook.manner = HAM
    clock.shift(LONGEST_PAUSES[0])
    deliver()
    assert fresh(comment).status == Status.PENDING
    assert the_job().done_at is not None


@pytest.mark.parametrize(
    "columns", [{"red_flag": True}, {"held_note": "Look, Ruth", "held_for": True}], ids=str
)
def test_what_a_person_must_see_is_never_let_in_by_an_answer(
    hook: Stranger, deliver: Deliver, columns: dict[str, Any]
) -> None:
    hook.manner = HAM
    if columns.pop("held_for", False):
        columns["held_for_id"] = factories.make_account("moderator").id
    comment = waiting(**columns)
    want(comment)
    deliver()
    assert fresh(comment).status == Status.PENDING


def test_a_reply_to_what_is_published_no_more_is_not_let_in(
    hook: Stranger, deliver: Deliver
) -> None:
    hook.manner = HAM
    comment = waiting(parent=factories.make_comment(status=Status.REJECTED))
    want(comment)
    deliver()
    assert fresh(comment).status == Status.PENDING


def test_a_sender_who_was_banned_meanwhile_is_not_let_in(hook: Stranger, deliver: Deliver) -> None:
    hook.manner = HAM
    comment = waiting()
    want(comment)
    db.session.add(Measure(kind=MeasureKind.BAN, address_id=comment.address_id, by_name="Ruth"))
    db.session.commit()
    deliver()
    assert fresh(comment).status == Status.PENDING


def test_a_service_that_was_turned_off_meanwhile_is_not_asked(
    hook: Stranger, deliver: Deliver, app: Any
) -> None:
    comment = waiting()
    want(comment)
    change_settings(app, opinion_service="none")
    deliver()
    assert hook.asked == []
    assert fresh(comment).status == Status.PENDING
    assert the_job().payload == {"comment_id": comment.id}


def test_r28_after_five_failures_nobody_calls_and_every_text_waits(
    hook: Stranger, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    hook.manner = BROKEN
    comments = [waiting() for _ in range(8)]
    for comment in comments:
        want(comment)
    deliver()
    assert len(hook.asked) == 5
    assert {fresh(comment).status for comment in comments} == {Status.PENDING}
    hook.manner = HAM
    clock.shift(timedelta(minutes=6))
    deliver()
    clock.shift(timedelta(minutes=6))
    deliver()
    assert {fresh(comment).status for comment in comments} == {Status.APPROVED}


def test_akismet_is_told_when_a_person_decides_otherwise(
    akismet: Stranger, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    akismet.manner = answering(b"true", content_type="text/plain")
    comment = waiting(network="198.51.100.0/24")
    want(comment)
    deliver()
    assert fresh(comment).status == Status.SPAM
    akismet.manner = answering(b"Thanks for making", content_type="text/plain")
    decide(comment, Status.APPROVED, factories.make_account("moderator"))
    clock.shift(timedelta(minutes=2))
    deliver()
    assert akismet.asked[-1].line == "POST /1.1/submit-ham HTTP/1.1"
    assert akismet.asked[-1].form["user_ip"] == "198.51.100.0"
    assert outside.told_of(fresh(comment).verdict) == "ham"


def test_akismet_hears_nothing_where_people_agree(
    akismet: Stranger, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    akismet.manner = answering(b"false", content_type="text/plain")
    comment = waiting(network="198.51.100.0/24")
    want(comment, decides=False)
    deliver()
    decide(comment, Status.APPROVED, factories.make_account("moderator"))
    clock.shift(timedelta(minutes=2))
    deliver()
    assert len(akismet.asked) == 1


def test_akismet_hears_a_change_of_mind_once_each_way(
    akismet: Stranger, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    akismet.manner = answering(b"false", content_type="text/plain")
    comment = waiting(network="198.51.100.0/24")
    want(comment)
    deliver()
    akismet.manner = answering(b"Thanks for making", content_type="text/plain")
    moderator = factories.make_account("moderator")
    for to in (Status.SPAM, Status.APPROVED):
        decide(comment, to, moderator)
        clock.shift(timedelta(minutes=2))
        deliver()
    verbs = [asked.line.split(" ")[1] for asked in akismet.asked]
    assert verbs == ["/1.1/comment-check", "/1.1/submit-spam", "/1.1/submit-ham"]


def test_nothing_is_told_once_the_network_is_forgotten(
    akismet: Stranger, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    akismet.manner = answering(b"false", content_type="text/plain")
    comment = waiting(network=None)
    want(comment)
    deliver()
    decide(comment, Status.SPAM, factories.make_account("moderator"))
    clock.shift(timedelta(minutes=2))
    deliver()
    assert len(akismet.asked) == 1


def test_a_hook_is_only_asked(hook: Stranger, deliver: Deliver) -> None:
    hook.manner = HAM
    comment = waiting(network="198.51.100.0/24")
    want(comment)
    deliver()
    decide(comment, Status.SPAM, factories.make_account("moderator"))
    assert db.session.scalar(select(Job.id).where(Job.kind == TELL)) is None
