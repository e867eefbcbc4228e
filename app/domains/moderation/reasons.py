"""The site's own list of reasons for a rejection, and giving one after the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domains.accounts.models import Account
from app.domains.comments import traces
from app.domains.comments.events import CommentRejected
from app.domains.comments.models import REASON_LENGTH, Comment
from app.domains.comments.states import Status
from app.domains.moderation import errors
from app.domains.moderation.queue import meanwhile
from app.infra import admitted, audit, stored_settings
from app.infra.db import db
from app.infra.events import record
from app.infra.language import _
from app.infra.refusal import UnfitField

SETTING = "reasons"
WORDS_LENGTH = 80
MOST = 30


@dataclass(frozen=True, slots=True)
class Reason:
    """`words` are short and for the desk; `sentence` is what the writer reads."""

    words: str
    sentence: str


FIRST = (
    Reason("Off the subject of this article", "It is not about the subject of this article."),
    Reason("Not kind to another person", "It is not kind to another person."),
    Reason("Advertising", "It advertises something."),
    Reason(
        "Asks for a diagnosis that nobody can give from a distance",
        "It asks for a diagnosis, which nobody can give from a distance. Please see somebody who "
        "can examine you.",
    ),
    Reason(
        "Says the same as an earlier comment",
        "It says the same as an earlier comment, which you will find under the article.",
    ),
)
"""What a site begins with."""


class UnfitReasons(UnfitField):
    """A list of reasons that cannot be kept; the field is `words-N`, `sentence-N` or empty."""


def all_of_them() -> tuple[Reason, ...]:
    """The site's reasons in its own order."""
    return with_version()[0]


def with_version() -> tuple[tuple[Reason, ...], int]:
    """The list, and the version that a change of it must have seen."""
    value, version = stored_settings.read(SETTING)
    return (FIRST if value is None else _read(value)), version


def listed() -> tuple[str, ...]:
    """The short words of the reasons, as the desk offers them."""
    return tuple(reason.words for reason in all_of_them())


def sentence_of(words: str) -> str:
    """What the writer reads of a reason: the list's sentence, else the words themselves."""
    return next((one.sentence for one in all_of_them() if one.words == words), words)


def change(reasons: Sequence[Reason], *, seen: int, by: Account) -> None:
    """Put another list in the place of this one. An empty one is fine: moderators then write their
    own words. Raises UnfitReasons, and ChangedMeanwhile."""
    if len(reasons) > MOST:
        raise UnfitReasons(
            _("%(number)s reasons are the most that a list can hold.", number=MOST), ""
        )
    fit = [_admitted(number, reason) for number, reason in enumerate(reasons)]
    for number, reason in enumerate(fit):
        if reason.words in {other.words for other in fit[:number]}:
            raise UnfitReasons(_("These words stand in the list twice."), f"words-{number}")
    value = {"reasons": [{"words": one.words, "sentence": one.sentence} for one in fit]}
    stored_settings.write(SETTING, value, seen=seen, by=by)


def give(
    comment: Comment, reason: str, *, tell: bool, by: Account, version: int
) -> audit.AuditEntry:
    """Give a rejected text its reason, or another one; `tell` sends it to the writer, who hears of
    one decision once. Raises StaleDecision and NotRejected."""
    if comment.version != version:
        raise errors.StaleDecision(meanwhile.happened_to(comment))
    if comment.status != Status.REJECTED:
        raise errors.NotRejected
    before = traces.seen(comment)
    comment.reject_reason = sentence_of(reason.strip())
    comment.version += 1
    db.session.flush()
    if tell:
        record(CommentRejected(comment.id))
    detail = traces.difference(before, traces.seen(comment))
    return audit.write("reason", "comment", comment.id, by=by, reason=reason.strip(), detail=detail)


def _admitted(number: int, reason: Reason) -> Reason:
    words = admitted.line(reason.words, f"words-{number}", WORDS_LENGTH, UnfitReasons)
    field = f"sentence-{number}"
    sentence = admitted.line(reason.sentence, field, REASON_LENGTH, UnfitReasons, may_be_empty=True)
    return Reason(words, sentence or words)


def _read(value: dict[str, Any]) -> tuple[Reason, ...]:
    return tuple(Reason(one["words"], one["sentence"]) for one in value["reasons"])
