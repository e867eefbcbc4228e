"""Lists that moderators keep, after a tag was merged into another: they look for the other one,
until the merge is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.domains.moderation.models import SavedView
from app.domains.moderation.queue import saved_views
from app.domains.tags.events import TagMerged, TagUnmerged
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import Handler


def follow(event: TagMerged) -> None:
    """The merge's row in the record, written a moment ago, tells which lists followed."""
    changed = [view for view in _lists() if saved_views.wish_of(view).tag == event.tag_id]
    for view in changed:
        _look_for(view, event.into_id)
    if changed:
        entry = db.session.get_one(AuditEntry, event.entry_id)
        kept = {**entry.detail["kept"], "lists": [view.id for view in changed]}
        entry.detail = {**entry.detail, "kept": kept}


def go_back(event: TagUnmerged) -> None:
    """Lists that somebody had look for something else since are left alone."""
    entry = db.session.get_one(AuditEntry, event.entry_id)
    followed = set(entry.detail["kept"].get("lists", []))
    for view in _lists():
        if view.id in followed and saved_views.wish_of(view).tag == event.from_id:
            _look_for(view, event.tag_id)


def _lists() -> Sequence[SavedView]:
    return db.session.scalars(select(SavedView).order_by(SavedView.id)).all()


def _look_for(view: SavedView, tag_id: int) -> None:
    view.wish = saved_views.wish_of(view).but(tag=tag_id).written


REACTIONS: Mapping[type, Sequence[Handler]] = {TagMerged: (follow,), TagUnmerged: (go_back,)}
