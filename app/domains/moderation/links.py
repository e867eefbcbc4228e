"""Links in moderators' mails: each opens one text for one person, and decides on it once.

The link is the authority, and nobody has to sign in. Its secret is an HMAC of the row, so that the
same link can stand in the next mail; only its fingerprint is kept. Whoever copies the database can
open nothing, and neither can a mail scanner: opening shows, and only a button decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import link_errors, services
from app.domains.moderation.models import DeskLink
from app.domains.moderation.policy import may_moderate
from app.domains.moderation.queue import meanwhile, sections
from app.domains.moderation.services import Decision, Verb
from app.infra import clock, tokens
from app.infra.audit import AuditEntry
from app.infra.db import db

LIFE = timedelta(hours=72)
LONG_ENOUGH = timedelta(hours=24)
"""A link with more than this left stands in the next mail again."""
PURPOSE = "desk-link"
VERBS = frozenset({Verb.APPROVE, Verb.REJECT})


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that is alive: whose it is, and the text it is about."""

    link: DeskLink
    account: Account
    comment: Comment


def secrets_for(account: Account, texts: Sequence[Comment]) -> dict[int, str]:
    """The secret of each text's link for this moderator, by comment id; makes what is missing."""
    known = _alive(account, [text.id for text in texts])
    found: dict[int, str] = {}
    for text in texts:
        link = known.get((text.id, text.version))
        kept = _secret_of(link) if link is not None else None
        found[text.id] = kept or tokens.private_key(PURPOSE, *_named(_make(account, text)))
    return found


def open_link(secret: str) -> Opened:
    """What a link opens. Raises a refusal of `link_errors` for one that is dead, saying why."""
    link = db.session.scalar(
        select(DeskLink).where(DeskLink.fingerprint == tokens.fingerprint(secret))
    )
    if link is None or not tokens.opens(secret, PURPOSE, *_named(link)):
        raise link_errors.NoSuchLink
    comment = comments.find(link.comment_id)
    account = db.session.get(Account, link.account_id)
    if comment is None or account is None:
        raise link_errors.NoSuchLink
    _check_person(account, comment)
    _check_link(link, comment)
    return Opened(link, account, comment)


def decide(secret: str, verb: str, *, reason: str, tell: bool) -> tuple[Opened, AuditEntry]:
    """Approve or reject through a link, as the moderator it was mailed to. Raises what `open_link`
    raises, and UnknownVerdict."""
    comments.find_to_change(open_link(secret).comment.id)  # of two at once the second waits here
    if verb not in VERBS:
        raise link_errors.UnknownVerdict
    opened = open_link(secret)
    entry = services.decide(
        opened.comment,
        Decision(Verb(verb), opened.account, reason=reason, tell=tell),
        version=opened.link.version,
    )
    opened.link.used_at = clock.now()
    db.session.flush()
    return opened, entry


def _check_person(account: Account, comment: Comment) -> None:
    if not account.is_active:
        raise link_errors.AccountClosed
    if not may_moderate(account):
        raise link_errors.NoModeratorAnyMore
    if not sections.may_decide_on(account, comment):
        raise link_errors.OtherSections


def _check_link(link: DeskLink, comment: Comment) -> None:
    if link.used_at is not None:
        raise link_errors.LinkUsed(meanwhile.happened_to(comment))
    if comment.status != Status.PENDING:
        raise link_errors.DecidedMeanwhile(meanwhile.happened_to(comment))
    if comment.version != link.version:
        raise link_errors.TextChanged(meanwhile.happened_to(comment))
    if link.expires_at <= clock.now():
        raise link_errors.LinkExpired


def _alive(account: Account, comment_ids: Sequence[int]) -> dict[tuple[int, int], DeskLink]:
    found = db.session.scalars(
        select(DeskLink)
        .where(
            DeskLink.comment_id.in_(comment_ids),
            DeskLink.account_id == account.id,
            DeskLink.used_at.is_(None),
            DeskLink.expires_at > clock.now() + LONG_ENOUGH,
        )
        .order_by(DeskLink.id)
    )
    return {(link.comment_id, link.version): link for link in found}


def _make(account: Account, comment: Comment) -> DeskLink:
    now = clock.now()
    link = DeskLink(
        fingerprint=tokens.new_nonce(),  # until the row's id is known
        comment_id=comment.id,
        account_id=account.id,
        version=comment.version,
        created_at=now,
        expires_at=now + LIFE,
    )
    db.session.add(link)
    db.session.flush()
    link.fingerprint = tokens.fingerprint(tokens.private_key(PURPOSE, *_named(link)))
    db.session.flush()
    return link


def _secret_of(link: DeskLink) -> str | None:
    """None for a link made with a secret of the site that is taken no more."""
    return tokens.private_key_of(link.fingerprint, PURPOSE, *_named(link))


def _named(link: DeskLink) -> tuple[str | int, ...]:
    """The time to the microsecond keeps the id of a row that was removed from matching."""
    made = link.created_at.isoformat()
    return (link.id, made, link.account_id, link.comment_id, link.version)
