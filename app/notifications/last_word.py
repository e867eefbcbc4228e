"""The last mail to somebody who was erased, that it is done. No row names them any more, so the
mail's own bears their address: until it is sent or given up, and two days at most. Nobody sends it
again by hand, since then there is nobody to send it to.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from app.domains.accounts import queries as accounts
from app.domains.privacy.events import Erased
from app.engines.text.masks import with_emails_masked
from app.infra import clock, jobs, language, letters, remains
from app.infra.db import db
from app.infra.jobs import Job, PermanentFailure
from app.infra.language import LANGUAGES, Manner
from app.infra.mail import DeliveryProblem, Letter
from app.infra.unit_of_work import unit_of_work
from app.notifications.names import name_of
from app.notifications.states import Mail

logger = logging.getLogger(__name__)

FORGETTING = "last_word.forget"
KEPT = timedelta(days=2)
"""Longer than all tries take (`jobs.LONGEST_PAUSES`)."""


def erased(event: Erased) -> None:
    payload = {
        "erasure_id": event.erasure_id,
        "email": event.email,
        "language": event.language,
        "zone": event.zone,
        "texts_go": event.texts_go,
    }
    jobs.enqueue(Mail.ERASED, payload, once_key=f"{Mail.ERASED}:erasure {event.erasure_id}")


def send(job: Job) -> None:
    """The job. Raises what `mail.send` raises where trying again may help; otherwise it ends with
    the address forgotten, whether the mail went or not."""
    job_id, is_last = job.id, jobs.is_last_try(job.attempts)
    letter = _letter(job)
    db.session.rollback()  # no transaction stays open while a mail server thinks
    if letter is None:
        logger.info("job %s: too late to tell somebody that they were erased", job_id)
    else:
        try:
            letters.send(letter)
        except (*DeliveryProblem, PermanentFailure) as problem:
            if not is_last and not isinstance(problem, PermanentFailure):
                raise
            told = with_emails_masked(str(problem))
            logger.warning("job %s: the last mail to somebody is given up: %s", job_id, told)
        else:
            logger.info("job %s: sent", job_id)
    with unit_of_work():
        _forget([job_id])
    remains.cut_log()


def _letter(job: Job) -> Letter | None:
    email = str(job.payload.get("email", ""))
    key = accounts.email_key(email) if email else None
    if key is None or job.created_at < clock.now() - KEPT:
        return None
    spoken = LANGUAGES.get(job.payload["language"], language.of_site().language)
    with language.speaking(Manner(spoken, job.payload["zone"])):
        return letters.write(
            Mail.ERASED.template,
            key=name_of(job, key),
            to=email,
            texts_go=job.payload["texts_go"],
        )


def forget(_job: Job) -> None:
    """The periodic job: no address outlasts its time, whatever became of the mail."""
    old = select(Job.id).where(Job.kind == Mail.ERASED, Job.created_at < clock.now() - KEPT)
    with unit_of_work():
        _forget(db.session.scalars(old.where(Job.payload["email"].as_string() != "")).all())


def _forget(ids: Sequence[int]) -> None:
    """What failed for good is laid aside with it."""
    forgetting = (
        update(Job)
        .where(Job.id.in_(ids))
        .values(payload={}, last_error="", failed_at=None, done_at=clock.now())
    )
    db.session.execute(forgetting, execution_options={"synchronize_session": False})
