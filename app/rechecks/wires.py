"""What `app.wiring` connects: changes to what answers link to, and the job that marks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domains.articles.events import ArticleChanged, ArticleRemoved
from app.domains.resources.events import LinkDied, LinkRevived, ResourceChanged, ResourceRemoved
from app.infra.events import Handler
from app.infra.jobs import JobFunction
from app.rechecks import handlers, jobs

REACTIONS: Mapping[type, Sequence[Handler]] = {
    ResourceChanged: (handlers.resource_changed,),
    ResourceRemoved: (handlers.resource_removed,),
    LinkDied: (handlers.link_died,),
    LinkRevived: (handlers.link_revived,),
    ArticleChanged: (handlers.article_changed,),
    ArticleRemoved: (handlers.article_removed,),
}
JOBS: Mapping[str, JobFunction] = {handlers.RECHECK: jobs.recheck}
