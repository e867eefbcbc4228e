"""The rows about cards in the record."""

from __future__ import annotations

from typing import Any

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard
from app.infra import audit


def put_on_record(
    act: str,
    card: AnswerCard,
    by: Account | None,
    *,
    states: tuple[str | None, str | None] = (None, None),
    detail: dict[str, Any] | None = None,
) -> None:
    """Write what was done to a card, with its title and address of now."""
    audit.write(
        act,
        "card",
        card.id,
        by=by,
        from_state=states[0],
        to_state=states[1],
        detail={"title": card.title, "slug": card.slug, **(detail or {})},
    )
