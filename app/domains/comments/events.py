"""What happened to a comment."""

from dataclasses import dataclass, field


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
class QuestionTagged:
    """Somebody put these tags on a published question by hand."""

    comment_id: int
    tag_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CommentRejected:
    """A moderator said no and wants the writer to know why."""

    comment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionWanted:
    """The outside service shall be asked about a new text (`screening.outside.is_wanted`).

    `decides`: nothing else stands against the text, so the answer lets it in or marks it as spam;
    otherwise it only adds to what the desk knows. `address`, `agent` and `referrer` are the
    origin's, which no column keeps.
    """

    comment_id: int
    decides: bool
    address: str = ""
    agent: str = field(default="", repr=False)
    referrer: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CommentDecided:
    """A person moved a comment to another state, by a verdict or by undoing one."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class MeTooClaimed:
    """Somebody typed an address to say that they have a question too; its owner shall say so."""

    comment_id: int
    address_id: int


@dataclass(frozen=True, slots=True)
class MeTooChanged:
    """Somebody said that they have a question too, or that they have it no more."""

    comment_id: int
