"""What readers can report, and how much of it sends a text back: changed by an admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domains.accounts.models import Account
from app.domains.comments.first_reasons import is_said_as
from app.domains.moderation.reported import report_errors
from app.engines.text.slug import slugify
from app.infra import stored_settings
from app.infra.language import _, sentence

NAME = "reports"
KEY_LENGTH = 20
"""As wide as the column of a report's reason."""
WORDS_LENGTH = 80
MOST_REASONS = 12
OTHER = "other"
"""The last of every list. Whoever chooses it says in words what is meant."""
THRESHOLD = 5
"""Three members, or five guests."""
HIGHEST_THRESHOLD = 100
REASONS = {
    "spam": sentence("Advertising or spam"),
    "unkind": sentence("Unkind to a person"),
    "harmful": sentence("Wrong or harmful advice"),
    "private": sentence("Shows something private"),
    OTHER: sentence("Something else"),
}
"""What a site begins with, said in the reader's language; what it wrote itself stays as written."""


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """The reasons by their keys, in the order of the list, with `other` last; `retired` are those
    that older reports still name. `version` is what `change` wants to have seen."""

    reasons: Mapping[str, str] = field(default_factory=lambda: dict(REASONS))
    threshold: int = THRESHOLD
    retired: Mapping[str, str] = field(default_factory=dict)
    version: int = 0

    def words_for(self, key: str) -> str:
        """A reason as readers saw it, in the list or no more."""
        return self.reasons.get(key) or self.retired.get(key) or key


def current() -> ReportSettings:
    value, version = stored_settings.read(NAME)
    if value is None:
        return ReportSettings()
    return ReportSettings(
        reasons={**_said(dict(value["reasons"])), OTHER: REASONS[OTHER]},
        threshold=value["threshold"],
        retired=_said(value["retired"]),
        version=version,
    )


def change(lines: Sequence[str], threshold: int, *, seen: int, by: Account) -> None:
    """Save another list and threshold. A line whose words stand in the list already keeps its key.

    "Something else" is always last and need not be among the lines. Raises UnfitReasons for no
    reason at all, too many, or words that are too long; ChangedMeanwhile for another version.
    """
    before = current()
    typed = (_as_begun_with(line.strip()) for line in lines if line.strip())
    other = REASONS[OTHER]
    texts = [text for text in dict.fromkeys(typed) if text != other]
    _check(texts)
    reasons: dict[str, str] = {}
    known = {words: key for key, words in {**before.retired, **before.reasons}.items()}
    taken = {*before.reasons, *before.retired}
    for text in texts:
        key = known.get(text) or _free_key(text, taken)
        taken.add(key)
        reasons[key] = text
    reasons[OTHER] = other
    everything = {**before.retired, **before.reasons}
    value: dict[str, Any] = {
        "reasons": list(reasons.items()),
        "threshold": threshold,
        "retired": {key: words for key, words in everything.items() if key not in reasons},
    }
    stored_settings.write(NAME, value, seen=seen, by=by)


def _said(kept: Mapping[str, str]) -> dict[str, str]:
    """A stored list by its keys; where a line is as the site began with, it is said."""
    return {
        key: REASONS[key] if REASONS.get(key) == words else words for key, words in kept.items()
    }


def _as_begun_with(line: str) -> str:
    """The reason that a site begins with, where this is how one of our languages says it."""
    said = (words for words in REASONS.values() if is_said_as(words, line))
    return next(said, line)


def _check(texts: Sequence[str]) -> None:
    if not texts:
        raise report_errors.UnfitReasons(_("Give at least one reason beside “Something else”."))
    if len(texts) >= MOST_REASONS:
        raise report_errors.UnfitReasons(
            _("A list of more than %(number)s is read by nobody.", number=MOST_REASONS)
        )
    if any(len(text) > WORDS_LENGTH for text in texts):
        raise report_errors.UnfitReasons(
            _("A reason has at most %(number)s characters.", number=WORDS_LENGTH)
        )


def _free_key(words: str, taken: set[str]) -> str:
    stem = slugify(words)[: KEY_LENGTH - 3].rstrip("-") or "reason"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key
