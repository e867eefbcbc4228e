"""What `app.wiring` connects: the events that change what can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.domains.answers.events import CardChanged, CardRetired
from app.domains.articles.events import ArticleChanged, ArticlePublished, ArticleRemoved
from app.domains.comments.events import CommentChanged, CommentHidden, CommentPublished
from app.domains.resources.events import ResourceChanged, ResourceRemoved
from app.domains.tags.events import TagChanged
from app.infra.events import Handler
from app.infra.jobs import JobFunction
from app.search import forgetting, handlers, reading, tagging

JOBS: Mapping[str, JobFunction] = {
    reading.READ: reading.run,
    forgetting.FORGET: forgetting.run,
    tagging.INDEX: tagging.index,
    tagging.FIND: tagging.find_again,
}
PERIODS: Mapping[str, timedelta] = {
    reading.READ: reading.AGAIN,
    forgetting.FORGET: forgetting.AGAIN,
}
"""The kinds of job that come back by themselves, and how often."""

REACTIONS: Mapping[type, Sequence[Handler]] = {
    ArticlePublished: (handlers.article_changed,),
    ArticleChanged: (handlers.article_changed,),
    ArticleRemoved: (handlers.article_changed,),
    ResourceChanged: (handlers.resource_changed,),
    ResourceRemoved: (handlers.resource_changed,),
    CardChanged: (handlers.card_changed,),
    CardRetired: (handlers.card_changed,),
    CommentPublished: (handlers.comment_changed,),
    CommentChanged: (handlers.comment_changed,),
    CommentHidden: (handlers.comment_changed,),
    TagChanged: (tagging.tag_changed,),
}
