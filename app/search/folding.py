"""Questions that a card answers, folded into the card: who finds the question wants the answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import or_, select

from app.domains.answers.models import AnswerCard, CardLink, card_path
from app.infra.db import db
from app.search.alike import Alike


def folded(found: Sequence[Alike], *, without: Collection[tuple[str, int]] = ()) -> list[Alike]:
    """The same in the same order, with the card in the place of each question that it answers, and
    nothing twice. A card that did not help the asker is no answer, and one in `without` is left
    out. One query, or none."""
    questions = [one.ref for one in found if one.kind == "question"]
    cards = _cards_of(questions) if questions else {}
    kept: dict[tuple[str, int], Alike] = {}
    for one in found:
        card = cards.get(one.ref) if one.kind == "question" else None
        shown = one
        if card is not None:
            card_id, title, slug = card
            shown = replace(one, kind="card", ref=card_id, title=title, href=card_path(slug))
        if (shown.kind, shown.ref) not in without:
            kept.setdefault((shown.kind, shown.ref), shown)
    return list(kept.values())


def _cards_of(question_ids: Sequence[int]) -> dict[int, tuple[int, str, str]]:
    """Id, title and slug of the first card that answers each of these questions."""
    rows = db.session.execute(
        select(CardLink.comment_id, AnswerCard.id, AnswerCard.title, AnswerCard.slug)
        .join(AnswerCard, AnswerCard.id == CardLink.card_id)
        .where(
            CardLink.comment_id.in_(question_ids),
            AnswerCard.retired_at.is_(None),
            or_(CardLink.helped.is_(None), CardLink.helped.is_(True)),
        )
        .order_by(CardLink.at.desc(), CardLink.id.desc())
    )
    return {row.comment_id: (row.id, row.title, row.slug) for row in rows}
