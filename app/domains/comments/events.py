"""What happened to a comment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommentHeld:
    """A new text waits for a moderator."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentPublished:
    """A comment became readable for everyone; `waited` when a moderator let it in."""

    comment_id: int
    waited: bool


@dataclass(frozen=True, slots=True)
class CommentHidden:
    """A published comment is readable no more."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentChanged:
    """The text, kind, title or tags of a published comment changed."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentRejected:
    """A moderator said no and wants the writer to know why."""

    comment_id: int
