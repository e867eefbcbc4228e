"""Writing cards; a row in the record each time. Verbs that flush, never commit.

Who looks after one, and whether it is offered, is in `keeping`; what ties it to a question in
`linking`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.answers import events, policy
from app.domains.answers.addresses import give_address
from app.domains.answers.errors import StaleCard, UnfitCard
from app.domains.answers.models import TITLE_LENGTH, AnswerCard, CardRevision
from app.domains.answers.queries import find_to_change
from app.domains.answers.recording import put_on_record
from app.domains.articles.models import Article
from app.domains.resources.models import Resource
from app.domains.tags.queries import tags_with_ids
from app.engines.text.excerpt import plain_text
from app.engines.text.render import RENDER_VERSION, render_reply
from app.infra import admitted, clock
from app.infra.db import db
from app.infra.events import record
from app.infra.language import _

SOURCE_LENGTH = 20_000
"""Characters. A card stands in every thread that it answers; what is longer is an article."""


def create(
    title: str,
    source: str,
    tag_ids: Collection[int] = (),
    resource_ids: Collection[int] = (),
    article_ids: Collection[int] = (),
    *,
    by: Account | None,
    slug: str = "",
    owner: Account | None = None,
    origin_id: int | None = None,
) -> AnswerCard:
    """Write a card, with an address made of its title unless `slug` asks for another. `owner` owns
    it, else `by` if they may own one (None is a command); `origin_id` is the reply it was made of.

    Raises UnfitCard.
    """
    now = clock.now()
    owner = owner or (by if policy.may_own_cards(by) else None)
    card = AnswerCard(
        owner_id=owner.id if owner else None,
        origin_id=origin_id,
        created_at=now,
        updated_at=now,
        version=1,
        recheck_reason="",
    )
    _write(card, title, source)
    give_address(card, slug)
    db.session.add(card)
    _tie(card, tag_ids, resource_ids, article_ids)
    db.session.flush()
    put_on_record("create", card, by, detail={"after": _as_facts(card)})
    record(events.CardChanged(card.id))
    return card


def edit(
    card: AnswerCard,
    *,
    title: str,
    source: str,
    tag_ids: Collection[int],
    resource_ids: Collection[int],
    article_ids: Collection[int],
    by: Account | None,
    version: int,
    slug: str = "",
) -> AnswerCard:
    """Replace all that a card says, wherever it stands; what it said before is kept, and so is its
    address, unless another `slug` is asked for. Whoever edits it has looked whether it is still
    right.

    `version` is the one that the form was made from. Raises StaleCard and UnfitCard.
    """
    _hold(card, version)
    before = _as_facts(card)
    give_address(card, slug)
    _write(card, title, source)
    _tie(card, tag_ids, resource_ids, article_ids)
    after = _as_facts(card)
    if after == before:
        return card
    if _text(after) != _text(before):
        _keep_revision(card, before, by)
    quiet = {"tags": None, "slug": None}  # neither is drawn in a thread
    if {**after, **quiet} != {**before, **quiet}:
        card.updated_at = clock.now()
    card.recheck_at, card.recheck_reason = None, ""
    card.version += 1
    db.session.flush()
    changed = [name for name in after if after[name] != before[name]]
    detail = {
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }
    put_on_record("edit", card, by, detail=detail)
    record(events.CardChanged(card.id))
    return card


def bring_back(
    card: AnswerCard, revision: CardRevision, *, by: Account | None, version: int
) -> AnswerCard:
    """Let a card say again what it said before. Raises StaleCard."""
    return edit(
        card,
        title=revision.title,
        source=revision.source,
        tag_ids=[tag.id for tag in card.tags],
        resource_ids=[resource.id for resource in card.resources],
        article_ids=[article.id for article in card.articles],
        by=by,
        version=version,
    )


def render_again(card: AnswerCard) -> bool:
    """Render the source by today's rules; whether the HTML changed."""
    html = render_reply(card.source)
    changed = html != card.html
    card.html = html
    card.render_version = RENDER_VERSION
    return changed


def _hold(card: AnswerCard, version: int) -> None:
    """Hold the row until the transaction ends. Raises StaleCard when another save came first."""
    held = find_to_change(card.id)
    if held is None or held.version != version:
        raise StaleCard


def _write(card: AnswerCard, title: str, source: str) -> None:
    """Check both before either is set, so that a refused form leaves the card as it was."""
    tidy_title = admitted.line(title, "title", TITLE_LENGTH, UnfitCard)
    tidy_source = admitted.body(source, "source", SOURCE_LENGTH, UnfitCard)
    if not plain_text(render_reply(tidy_source)):
        raise UnfitCard(_("Write the answer: this text shows nothing."), "source")
    card.title, card.source = tidy_title, tidy_source
    render_again(card)


def _tie(
    card: AnswerCard,
    tag_ids: Collection[int],
    resource_ids: Collection[int],
    article_ids: Collection[int],
) -> None:
    card.tags = tags_with_ids(tag_ids)
    card.resources = list(db.session.scalars(select(Resource).where(Resource.id.in_(resource_ids))))
    card.articles = list(db.session.scalars(select(Article).where(Article.id.in_(article_ids))))


def _keep_revision(card: AnswerCard, before: dict[str, Any], by: Account | None) -> None:
    revision = CardRevision(
        card_id=card.id,
        title=before["title"],
        source=before["source"],
        editor_id=by.id if by else None,
        editor_name=by.name if by else "",
    )
    db.session.add(revision)
    db.session.flush()
    record(events.CardReworded(card.id, revision.id))


def _as_facts(card: AnswerCard) -> dict[str, Any]:
    return {
        "title": card.title,
        "source": card.source,
        "slug": card.slug,
        "tags": sorted(tag.id for tag in card.tags),
        "resources": sorted(resource.id for resource in card.resources),
        "articles": sorted(article.id for article in card.articles),
    }


def _text(facts: dict[str, Any]) -> tuple[str, str]:
    return facts["title"], facts["source"]
