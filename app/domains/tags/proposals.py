"""Words that readers used, proposed as synonyms of a tag: kept, accepted, declined, taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.domains.accounts.models import Account
from app.domains.tags import queries, services
from app.domains.tags.models import (
    ACCEPTED,
    DECLINED,
    OPEN,
    PHRASE_LENGTH,
    PhraseProposal,
    Tag,
)
from app.infra import audit, clock
from app.infra.db import db
from app.infra.language import sentence
from app.infra.refusal import Refusal

A_PAGE = 50
COUNTED = 1_000
"""Pages say "more than" of more, and cost no more."""
LATELY = 10


class AlreadyDecided(Refusal):
    public = sentence("Somebody decided on this meanwhile. Look at the list again.")
    status = 409


def count_open() -> int:
    """How many wait, counted to COUNTED."""
    some = select(PhraseProposal.id).where(PhraseProposal.state == OPEN).limit(COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def waiting(limit: int = A_PAGE) -> list[PhraseProposal]:
    """Open proposals with their tags: tag by tag, those that most people used first."""
    found = db.session.scalars(
        select(PhraseProposal)
        .join(PhraseProposal.tag)
        .options(contains_eager(PhraseProposal.tag).selectinload(Tag.synonyms))
        .where(PhraseProposal.state == OPEN)
        .order_by(func.lower(Tag.name), Tag.id, PhraseProposal.seen.desc(), PhraseProposal.phrase)
        .limit(limit)
    )
    return list(found)


def decided_lately() -> list[PhraseProposal]:
    """What was decided last, newest first."""
    found = db.session.scalars(
        select(PhraseProposal)
        .options(joinedload(PhraseProposal.tag))
        .where(PhraseProposal.state != OPEN)
        .order_by(PhraseProposal.last_at.desc(), PhraseProposal.id.desc())
        .limit(LATELY)
    )
    return list(found)


def find_to_change(proposal_id: int) -> PhraseProposal | None:
    return db.session.scalar(
        select(PhraseProposal).where(PhraseProposal.id == proposal_id).with_for_update()
    )


def keep(tag: Tag, seen: Mapping[str, int]) -> None:
    """Have these phrases proposed for a tag, each with the number of people who used it. Open ones
    that are not among them any more go; what was decided stays decided, whatever its case."""
    rows = db.session.scalars(
        select(PhraseProposal).where(PhraseProposal.tag_id == tag.id).with_for_update()
    ).all()
    known = {row.phrase.casefold(): row for row in rows}
    wanted = {phrase: count for phrase, count in seen.items() if len(phrase) <= PHRASE_LENGTH}
    for phrase, count in wanted.items():
        row = known.get(phrase.casefold())
        if row is None:
            db.session.add(PhraseProposal(tag_id=tag.id, phrase=phrase, seen=count))
        elif row.state == OPEN and row.seen != count:
            row.seen, row.last_at = count, clock.now()
    folded = {phrase.casefold() for phrase in wanted}
    gone = [row.id for row in rows if row.state == OPEN and row.phrase.casefold() not in folded]
    if gone:
        db.session.execute(delete(PhraseProposal).where(PhraseProposal.id.in_(gone)))
    db.session.flush()


def decide(accepted: Collection[int], declined: Collection[int], by: Account) -> tuple[int, int]:
    """Say yes and no to proposals; how many of each were still open. An accepted phrase becomes a
    synonym of its tag, a declined one is not proposed again. Left open are what is in both, and
    what another tag is called by now."""
    wanted = set(accepted) ^ set(declined)
    rows = db.session.scalars(
        select(PhraseProposal)
        .options(joinedload(PhraseProposal.tag, innerjoin=True).selectinload(Tag.synonyms))
        .where(PhraseProposal.id.in_(wanted), PhraseProposal.state == OPEN)
        .order_by(PhraseProposal.id)
        .with_for_update(of=PhraseProposal)
    ).all()
    no = [row for row in rows if row.id in set(declined)]
    yes = [
        row
        for row in rows
        if row not in no and queries.find_named(row.phrase, but=row.tag_id) is None
    ]
    for tag in {row.tag_id: row.tag for row in yes}.values():
        mine = [row.phrase for row in yes if row.tag_id == tag.id]
        _give(tag, [*(one.phrase for one in tag.synonyms), *mine], by)
    for row in (*yes, *no):
        row.state = ACCEPTED if row in yes else DECLINED
        row.decided_by, row.last_at = by.name, clock.now()
    _write("decline words", no, by)
    db.session.flush()
    return len(yes), len(no)


def take_back(proposal: PhraseProposal, by: Account) -> None:
    """Open a proposal again; the synonym that an accepted one became is taken from the tag. Raises
    AlreadyDecided where it is open."""
    if proposal.state == OPEN:
        raise AlreadyDecided
    if proposal.state == ACCEPTED:
        tag = proposal.tag
        folded = proposal.phrase.casefold()
        kept = [one.phrase for one in tag.synonyms if one.phrase.casefold() != folded]
        _give(tag, kept, by)
    proposal.state, proposal.decided_by, proposal.last_at = OPEN, "", clock.now()
    _write("propose words again", [proposal], by)
    db.session.flush()


def _give(tag: Tag, phrases: Sequence[str], by: Account) -> None:
    services.edit_tag(
        tag,
        name=tag.name,
        slug=tag.slug,
        description=tag.description,
        synonyms=phrases,
        by=by,
    )


def _write(act: str, rows: Sequence[PhraseProposal], by: Account) -> None:
    for row in rows:
        audit.write(act, "tag", row.tag_id, by=by, detail={"words": row.phrase, "seen": row.seen})
