"""What `app.wiring` connects: the events that lead to a question outside, and its jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domains.comments.events import CommentDecided, OpinionWanted
from app.infra.events import Handler
from app.opinions import handlers
from app.opinions.jobs import JOBS

__all__ = ["JOBS", "REACTIONS"]

REACTIONS: Mapping[type, Sequence[Handler]] = {
    OpinionWanted: (handlers.opinion_wanted,),
    CommentDecided: (handlers.comment_decided,),
}
