"""Job rows become mail: a letter is written from what holds now, and sent with nothing locked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from sqlalchemy import update

from app.domains.accounts import queries as accounts
from app.infra import letters
from app.infra.db import db
from app.infra.jobs import Job, JobFunction, PermanentFailure
from app.infra.mail import DeliveryProblem, Letter, NoSuchMailbox
from app.infra.unit_of_work import unit_of_work
from app.notifications import (
    account_letters,
    alarm,
    card_changes,
    card_letters,
    comment_letters,
    digest_letters,
    held_texts,
    last_word,
    me_too_letters,
    measure_letters,
    privacy_letters,
    report_letters,
    returned,
)
from app.notifications.following import letters as follow_letters
from app.notifications.replies import letters as reply_letters
from app.notifications.states import Mail

logger = logging.getLogger(__name__)

Writing = Callable[[Job], Letter | None]


def mailing(write: Writing) -> JobFunction:
    """The job function that sends what `write` answers, and ends quietly where that is None: what
    the mail was about is gone, or nobody wants it any more."""

    def run(job: Job) -> None:
        name = f"job {job.id}, {job.kind}"
        letter = write(job)
        db.session.rollback()  # no transaction stays open while a mail server thinks
        if letter is None:
            logger.info("%s: nothing to tell any more", name)
            return
        try:
            letters.send(letter)
        except (*DeliveryProblem, PermanentFailure) as problem:
            _note_mailbox(job, letter, problem)
            raise
        logger.info("%s: sent", name)

    return run


def _note_mailbox(job: Job, letter: Letter, problem: Exception) -> None:
    """Whom it could not be sent to, for the list of what was given up; and that nothing will be."""
    to, is_gone = accounts.find_address(letter.to), isinstance(problem, NoSuchMailbox)
    if to is None or (job.address_id == to.id and not is_gone):
        return
    with unit_of_work():
        db.session.execute(update(Job).where(Job.id == job.id).values(address_id=to.id))
        if is_gone:
            returned.refused(letter.to, str(problem))


JOBS: Mapping[str, JobFunction] = {
    Mail.RECEIVED: mailing(comment_letters.received),
    Mail.APPROVED: mailing(comment_letters.approved),
    Mail.ANSWERED: mailing(comment_letters.spoken_to),
    Mail.CARD_ANSWERED: mailing(card_letters.answered),
    Mail.CARD_CHANGED: mailing(card_changes.changed),
    Mail.CARD_NO_HELP: mailing(card_letters.no_help),
    Mail.REPLIED: mailing(comment_letters.spoken_to),
    Mail.REJECTED: mailing(comment_letters.rejected),
    Mail.DESK: mailing(digest_letters.desk),
    Mail.INBOX: mailing(digest_letters.inbox),
    Mail.HELD: mailing(held_texts.held),
    Mail.REPORT_OUTCOME: mailing(report_letters.outcome),
    Mail.WARNED: mailing(measure_letters.told),
    Mail.SHUT_OUT: mailing(measure_letters.told),
    Mail.ME_TOO: mailing(me_too_letters.proof),
    Mail.ME_TOO_ANSWERED: mailing(me_too_letters.answered),
    Mail.FOLLOW: mailing(follow_letters.asked),
    Mail.FOLLOWED: mailing(follow_letters.followed),
    Mail.PROVE: mailing(account_letters.prove),
    Mail.KNOWN: mailing(account_letters.known),
    Mail.RESET: mailing(account_letters.reset),
    Mail.NEW_PASSWORD: mailing(account_letters.new_password),
    Mail.NEW_ADDRESS: mailing(account_letters.new_address),
    Mail.ADDRESS_CHANGED: mailing(account_letters.address_changed),
    Mail.SIGN_IN: mailing(account_letters.sign_in),
    Mail.NEW_DEVICE: mailing(account_letters.new_device),
    Mail.SECOND_STEP: mailing(account_letters.second_step),
    Mail.LEAVING: mailing(privacy_letters.leaving),
    Mail.ERASED: last_word.send,
    Mail.COPY_READY: mailing(privacy_letters.copy_ready),
    Mail.IDENTITY_LINKED: mailing(account_letters.identity_changed),
    Mail.IDENTITY_UNLINKED: mailing(account_letters.identity_changed),
    Mail.OVERDUE: mailing(alarm.alarm),
    Mail.REPLY_REFUSED: mailing(reply_letters.refused),
    Mail.REPLY_WITHOUT_FILES: mailing(reply_letters.without_files),
}
