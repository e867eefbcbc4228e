"""The note that a reader sees whose text has a red flag: the rule's own, else the site's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domains.accounts.models import Account
from app.domains.screening.errors import UnfitRule
from app.domains.screening.rules import NOTE_LENGTH
from app.infra import admitted, stored_settings
from app.infra.language import _, sentence

SETTING = "red flag note"
FIRST = sentence(
    "Some of what you write should be looked at by somebody who can examine you. Please see a "
    "doctor soon, and do not wait for an answer here. If it came on suddenly or gets worse, or if "
    "you have pain in the chest or trouble breathing, call the emergency number now."
)
"""What a site begins with."""


def site_note() -> tuple[str, int]:
    """The site's note, and the version that a change of it must have seen."""
    value, version = stored_settings.read(SETTING)
    return str(FIRST if value is None else value["note"]), version


def change_note(note: str, *, seen: int, by: Account) -> None:
    """Put another note in the place of the site's. Raises UnfitRule for an empty one and one that
    is too long, and ChangedMeanwhile."""
    fit = admitted.body(note.strip(), "note", NOTE_LENGTH, UnfitRule)
    if not fit:
        raise UnfitRule(
            _("Write the note: who has a red flag should not see an empty one."), "note"
        )
    stored_settings.write(SETTING, {"note": fit}, seen=seen, by=by)


def note_of(verdict: Mapping[str, Any]) -> str:
    """The note of a text with a red flag, by its stored verdict: that of the rule which raised the
    flag, as it was then, else the site's as it is now."""
    flag = verdict.get("red_flag") or {}
    return str(flag.get("note") or "") or site_note()[0]
