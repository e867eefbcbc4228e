"""The key of a writer's private page: made again from the row whenever it is mailed or shown."""

from __future__ import annotations

from app.domains.comments.models import Comment
from app.infra import tokens


def key_of(comment: Comment) -> str:
    return tokens.private_key("asked", comment.id, comment.nonce)


def opens(comment: Comment, key: str) -> bool:
    """Whether somebody who came with this key may see and change the text as its writer."""
    return tokens.opens(key, "asked", comment.id, comment.nonce)
