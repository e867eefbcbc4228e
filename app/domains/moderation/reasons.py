"""The site's own list of reasons for a rejection, and giving one after the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domains.accounts.models import Account
from app.domains.comments import first_reasons, traces
from app.domains.comments.events import CommentRejected
from app.domains.comments.models import REASON_LENGTH, Comment
from app.domains.comments.states import Status
from app.domains.moderation import errors
from app.domains.moderation.queue import meanwhile
from app.infra import admitted, audit, stored_settings
from app.infra.db import db
from app.infra.events import record
from app.infra.language import LANGUAGES, _
from app.infra.refusal import UnfitField

SETTING = "reasons"
WORDS_LENGTH = 80
MOST = 30


@dataclass(frozen=True, slots=True)
class Reason:
    """`words` are short and for the desk; `sentence` is what the writer reads."""

    words: str
    sentence: str


FIRST = tuple(Reason(words, text) for words, text in first_reasons.REASONS.items())
"""What a site begins with, said in the language of whoever looks."""


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


def find(words: str) -> Reason:
    """The reason of the list that somebody chose by its short words, in whatever language they were
    shown, else the words themselves, which the writer then reads."""
    found = all_of_them()
    same = [one for one in found if one.words == words]
    said = (one for one in found if one in FIRST and first_reasons.is_said_as(one.words, words))
    return same[0] if same else next(said, Reason(words, words))


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
    chosen = find(reason.strip())
    comment.reject_reason = chosen.sentence
    comment.version += 1
    db.session.flush()
    if tell:
        record(CommentRejected(comment.id))
    detail = traces.difference(before, traces.seen(comment))
    return audit.write("reason", "comment", comment.id, by=by, reason=chosen.words, detail=detail)


def _admitted(number: int, reason: Reason) -> Reason:
    words = admitted.line(reason.words, f"words-{number}", WORDS_LENGTH, UnfitReasons)
    field = f"sentence-{number}"
    sentence = admitted.line(reason.sentence, field, REASON_LENGTH, UnfitReasons, may_be_empty=True)
    return _known(Reason(words, sentence or words))


def _known(typed: Reason) -> Reason:
    """A reason as it was typed; where nothing of one that a site begins with was changed, that one,
    in whatever language it was shown."""
    for language in LANGUAGES.values():
        say = language.catalogue.say
        for first in FIRST:
            if (say(first.words), say(first.sentence)) == (typed.words, typed.sentence):
                return first
    return typed


def _read(value: dict[str, Any]) -> tuple[Reason, ...]:
    kept = (Reason(one["words"], one["sentence"]) for one in value["reasons"])
    return tuple(next((first for first in FIRST if first == one), one) for one in kept)
