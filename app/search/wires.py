"""What `app.wiring` connects: the events that change what can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.domains.answers.events import CardChanged, CardLinked, CardRetired, CardUnlinked
from app.domains.articles.events import ArticleChanged, ArticlePublished, ArticleRemoved
from app.domains.comments.events import CommentChanged, CommentHeld, CommentHidden, CommentPublished
from app.domains.resources.events import ResourceChanged, ResourceRemoved
from app.domains.tags.events import TagChanged
from app.infra.events import Handler
from app.infra.jobs import JobFunction
from app.search import (
    forgetting,
    gaps,
    handlers,
    learning,
    reading,
    stored,
    tagging,
    taking,
    tuning,
)

JOBS: Mapping[str, JobFunction] = {
    reading.READ: reading.run,
    gaps.JOB: gaps.run,
    forgetting.FORGET: forgetting.run,
    learning.LEARN: learning.learn,
    stored.SUGGEST: stored.run,
    stored.AGAIN: stored.run_again,
    stored.DUE: stored.look_for_due,
    tagging.INDEX: tagging.index,
    tagging.FIND: tagging.find_again,
    tuning.TUNE: tuning.run,
}
PERIODS: Mapping[str, timedelta] = {
    reading.READ: reading.AGAIN,
    gaps.JOB: gaps.AGAIN,
    forgetting.FORGET: forgetting.AGAIN,
    stored.DUE: stored.OFTEN,
    tuning.TUNE: tuning.AGAIN,
}
"""The kinds of job that come back by themselves, and how often."""

REACTIONS: Mapping[type, Sequence[Handler]] = {
    ArticlePublished: (handlers.article_changed, stored.more_came),
    ArticleChanged: (handlers.article_changed,),
    ArticleRemoved: (handlers.article_changed,),
    ResourceChanged: (handlers.resource_changed, stored.more_came),
    ResourceRemoved: (handlers.resource_changed,),
    CardChanged: (handlers.card_changed, learning.card_changed, stored.more_came),
    CardLinked: (learning.card_linked,),
    CardUnlinked: (learning.card_changed,),
    CardRetired: (handlers.card_changed,),
    CommentChanged: (handlers.comment_changed, stored.comment_came),
    CommentHidden: (handlers.comment_changed,),
    TagChanged: (tagging.tag_changed,),
}
LATER: Mapping[type, Sequence[Handler]] = {
    CardLinked: (taking.card_linked,),
    CommentHeld: (stored.comment_came,),
    CommentPublished: (handlers.comment_changed, stored.comment_came),
}
"""What a worker does a moment later. What is hidden or changed leaves the index at once."""
