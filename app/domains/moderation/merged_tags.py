"""Lists that moderators keep, after a tag was merged into another: they look for the other one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.domains.moderation import saved_views
from app.domains.moderation.models import SavedView
from app.domains.tags.events import TagMerged
from app.infra.db import db
from app.infra.events import Handler


def follow(event: TagMerged) -> None:
    for view in db.session.scalars(select(SavedView)).all():
        wish = saved_views.wish_of(view)
        if wish.tag == event.tag_id:
            view.wish = wish.but(tag=event.into_id).written


REACTIONS: Mapping[type, Sequence[Handler]] = {TagMerged: (follow,)}
