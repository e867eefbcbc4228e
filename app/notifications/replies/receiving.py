"""A mail that came in, from its bytes to what became of it.

What is read of it is read while nothing is locked. Then one transaction places the text and writes
the row by which the same mail is known again; where the program dies before its end, neither is
there, and the mail server hands the mail over once more.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.domains.accounts import preferences
from app.domains.comments.states import Status
from app.domains.comments.texts import fingerprint
from app.engines.mailed import reading
from app.engines.mailed.errors import Unreadable
from app.engines.mailed.own_words import own_words
from app.engines.mailed.reading import Mail
from app.engines.text.masks import with_emails_masked
from app.infra import clock, language, locks, tokens
from app.infra.db import db
from app.infra.http import metrics
from app.infra.refusal import Refusal
from app.infra.unit_of_work import unit_of_work
from app.notifications.replies import addresses, letters, placing, senders
from app.notifications.replies.addresses import Opened
from app.notifications.replies.errors import (
    NoAddress,
    NoHeader,
    NoMail,
    NoPerson,
    NotSetUp,
    NotTaken,
    TooLate,
)
from app.notifications.replies.models import SENDER_LENGTH, WHY_LENGTH, MailedReply
from app.notifications.replies.states import Outcome

logger = logging.getLogger(__name__)

MOST_BYTES = reading.MOST_BYTES
OUTCOMES = {
    Status.APPROVED: Outcome.PUBLISHED,
    Status.PENDING: Outcome.WAITS,
    Status.SPAM: Outcome.SPAM,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail; what `why` is, `states.reason` says. `is_told`: of what was not taken
    the owner of the address reads why."""

    outcome: Outcome
    why: str = ""
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class _Come:
    """One mail with the key by which it is known again; `recipient` is where the mail server says
    that it came to."""

    mail: Mail
    key: str
    fault: str
    recipient: str

    def whose(self) -> Opened | None:
        return addresses.find([self.recipient, *self.mail.towards])


def take(raw: bytes, *, recipient: str = "") -> Taken:
    """Place what was answered by mail, or say why not; commits by itself. The same mail again, and
    the same words at the same place, change nothing. Raises NotSetUp."""
    if not addresses.is_on():
        raise NotSetUp
    come = _come(raw, recipient)
    taken = _placed(come)
    metrics.mailed_replies.labels(taken.outcome).inc()
    logger.info("a mail that came in: %s", taken.outcome)
    return taken


def _placed(come: _Come) -> Taken:
    owner = come.whose()
    manner = preferences.of_address(owner.address.id) if owner else language.of_site()
    with language.speaking(manner):  # a refusal with values in it is written down as it is told
        return _placed_or_refused(come)


def _placed_or_refused(come: _Come) -> Taken:
    try:
        opened = _open(come)
        own = own_words(come.mail.text, is_reply_address=addresses.recogniser())
        draft, ready = placing.drafted(opened, own)
        text_key = _key("words", opened, fingerprint(draft.source))
        with unit_of_work():
            opened = _open(come)
            if (known := _came_before(come.key, text_key)) is not None:
                return known
            comment = placing.place(opened, draft, ready)
            row = _row(come, Taken(OUTCOMES[Status(comment.status)]), opened)
            row.text_key, row.reply_id = text_key, comment.id
            db.session.flush()
            if come.mail.files:
                letters.tell_of_files(row)
            return Taken(Outcome(row.outcome))
    except Refusal as refusal:
        return _refused(come, refusal)


def _open(come: _Come) -> Opened:
    """Whose mail it is, as it stands now. Raises NotTaken and its kinds."""
    opened = come.whose()
    if come.mail.automatic:
        raise NoPerson(come.mail.automatic)
    if senders.is_this_site(come.mail):
        raise NoPerson("From")
    if opened is None:
        raise NoAddress
    if opened.is_late:
        raise TooLate
    if come.fault and not come.mail.senders:
        raise NoHeader
    senders.check(come.mail, opened.address)
    if come.fault:
        raise NoMail
    return opened


def _refused(come: _Come, refusal: Refusal) -> Taken:
    """Write down why, and have it told to the owner of the address it came to, if there is one."""
    outcome, is_told = Outcome.REFUSED, True
    if isinstance(refusal, NotTaken):
        outcome, is_told = refusal.outcome, refusal.is_told
    if come.fault and outcome is Outcome.UNKNOWN:
        outcome = Outcome.UNREADABLE
    taken = Taken(outcome, _why(outcome, refusal, come))
    with unit_of_work():
        if (known := _came_before(come.key)) is not None:
            return known
        opened = come.whose()
        row = _row(come, taken, opened)
        return replace(taken, is_told=is_told and letters.tell_refusal(row))


def _why(outcome: Outcome, refusal: Refusal, come: _Come) -> str:
    if outcome is Outcome.UNREADABLE:
        return come.fault
    if isinstance(refusal, NoPerson):
        return refusal.field
    return str(refusal.public) if outcome is Outcome.REFUSED else ""


def _row(come: _Come, taken: Taken, opened: Opened | None) -> MailedReply:
    row = MailedReply(
        key=come.key,
        outcome=taken.outcome,
        why=taken.why[:WHY_LENGTH],
        sender=_shown(come.mail.senders),
        files=come.mail.files,
        address_id=opened.address.id if opened else None,
        comment_id=opened.comment.id if opened else None,
        at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _came_before(key: str, text_key: str | None = None) -> Taken | None:
    """Whoever brings the same at this moment waits until this transaction ends."""
    keys = [key, text_key] if text_key else [key]
    locks.take(f"mailed reply {one}" for one in keys)
    is_same = MailedReply.key == key
    if text_key is not None:
        is_same |= MailedReply.text_key == text_key
    known = db.session.scalar(select(MailedReply.id).where(is_same).limit(1))
    return Taken(Outcome.REPEATED) if known is not None else None


def _come(raw: bytes, recipient: str) -> _Come:
    fault = ""
    try:
        mail = reading.read(raw)
    except Unreadable as unreadable:
        fault = unreadable.fault.value
        mail = _header_of(raw)
    named = tokens.fingerprint(raw.decode("latin-1")) if not mail.name else mail.name
    come = _Come(mail, "", fault, recipient[: reading.LONGEST_FIELD])
    key = _key("mail", come.whose(), named)
    return _Come(mail, key, fault, come.recipient)


def _header_of(raw: bytes) -> Mail:
    try:
        return reading.read_header(raw)
    except Unreadable:
        return Mail("", (), (), (), None, "", 0)


def _key(what: str, opened: Opened | None, named: str) -> str:
    place = f"{opened.address.id} {opened.comment.id}" if opened else "nowhere"
    return tokens.fingerprint(f"{what} {place} {named}")


def _shown(senders_: tuple[str, ...]) -> str:
    """Who it says it is from, without signs that nothing could show, and the addresses masked."""
    said = "".join(sign for sign in ", ".join(senders_)[:400] if sign.isprintable())
    return with_emails_masked(said)[:SENDER_LENGTH]
